import { beforeAll, describe, expect, it } from 'vitest';
import type { Machine } from './harness.ts';
import { draft, newMigration, otherLab, outline, signedDraft } from './migration.ts';

const LAB = ['--lab', 'lab.roster.json'];
let machine: Machine;

beforeAll(async () => {
  machine = await newMigration();
});

/** The page of an outline in a language, its lines joined and its special spaces kept. */
async function page(lang: 'fr' | 'en', members: unknown = outline()): Promise<string> {
  const fresh = await newMigration();
  await draft(fresh, members);
  const { data } = await fresh.migrate('instructions', 'show', 'lab.json', ...LAB, '--lang', lang);
  return data.sections.flatMap(({ title, lines }: { title: string; lines: string[] }) => [title, ...lines]).join('\n');
}

/** The good outline with another window. */
function withWindow(window: object): object {
  const members = outline();
  const { from: _, ...rest } = members.datasets[0].window;
  members.datasets[0].window = { ...rest, ...window };
  return members;
}

describe('the page', () => {
  it('tells a laboratory what it would sign, in English', async () => {
    const text = await page('en');
    for (const sentence of [
      'This is a draft. Nobody has signed it',
      'Laboratoire du Parc (SIREN 732\u00a0829\u00a0320) is the controller',
      'Ancien Éditeur (France) is the processor',
      'Alice Martin, with the account alice, bound to confidentiality since 1\u00a0March\u00a02026',
      "Jean Vert (Nouveau SIL) proposed this list. Only the laboratory's signature gives it effect.",
      'Ancien SIL, version 8.2, which is no longer maintained',
      '- NAISSANCE, under the name “birth_date”',
      '- COMMENTAIRE P — allergies connues',
      'is on or after 7\u00a0May\u00a02017 (that day included)',
      'A row whose date is empty stays; one whose date is impossible stops the extraction.',
      'expects 129,276 rows in the source',
      'Every field that is not named above stays',
      'sftp.parc.example, port 2222, in this country: France',
      'No data may leave the European Economic Area.',
      'before the laboratory has signed its approval',
      'every recipient has signed that the rows are in the new system',
      'The contract C-2026-17 holds up to and including 30\u00a0June\u00a02027',
      'evidence for 3,650 days',
    ]) {
      expect(text).toContain(sentence);
    }
  });

  it('shows which column gets which name where the source has no header, and how such a source is written', async () => {
    const members = outline();
    const [{ dialect, fields }] = members.datasets;
    const asked = [...fields.map(({ name }: { name: string }) => name), members.datasets[0].window.field];
    const header = ['LIBRE', ...new Set(asked)];
    Object.assign(dialect, { header, preamble: 3, trailingDelimiter: true, doubleQuote: false, newline: 'cr' });
    const english = await page('en', members);
    for (const sentence of [
      'Its first 3 lines are skipped',
      'No cell of it holds its own quote',
      'A carriage return alone ends its rows',
      'ends with a delimiter that no cell follows',
      'It has no header row',
      '- column 1: LIBRE',
      `- column 2: ${header[1]}`,
    ]) {
      expect(english).toContain(sentence);
    }
    const french = await page('fr', members);
    expect(french).toContain('Elle n’a pas de ligne d’en-tête');
    expect(french).toContain(`- colonne 2\u00a0: ${header[1]}`);
  });

  it('tells windows over instants, years of two digits, and several windows', async () => {
    const { impossibleDate, emptyDate } = { impossibleDate: 'withhold', emptyDate: 'refuse' };
    const faults = { impossibleDate, emptyDate };
    const births = {
      field: 'NAISSANCE',
      format: 'DD/MM/YY',
      pivot: 1930,
      to: { date: '2017-05-06', inclusive: false },
      ...faults,
    };
    const made = {
      field: 'FAIT',
      format: 'epoch-milliseconds',
      from: { date: '2017-05-07', offset: '+02:00', inclusive: true },
      ...faults,
    };
    const members = outline();
    members.datasets[0].window = { any: [births, made] };
    const english = await page('en', members);
    for (const sentence of [
      'A row leaves only if at least one of these conditions holds:',
      '- its date “NAISSANCE”, written DD/MM/YY, its years of two digits from 1930 to 2029, is before 6\u00a0May\u00a02017 (that day excluded);',
      '- its date “FAIT”, written as milliseconds since 1970-01-01T00:00:00Z, is on or after 7\u00a0May\u00a02017 at UTC+02:00 (that day included).',
      'A row whose date “FAIT” is empty stops the extraction; one whose date is impossible stays, unless another condition holds.',
    ]) {
      expect(english).toContain(sentence);
    }
    members.datasets[0].window = { all: [births, made] };
    const french = await page('fr', members);
    for (const sentence of [
      'Une ligne ne sort que si toutes ces conditions sont remplies\u00a0:',
      '- sa date «\u00a0NAISSANCE\u00a0», écrite DD/MM/YY, les années à deux chiffres allant de 1930 à 2029, est antérieure au 6\u00a0mai\u00a02017 (ce jour exclu)\u202f;',
      'est égale ou postérieure au 7\u00a0mai\u00a02017 à l’heure UTC+02:00 (ce jour inclus).',
      'Une ligne dont la date «\u00a0FAIT\u00a0» est vide arrête l’extraction',
    ]) {
      expect(french).toContain(sentence);
    }
  });

  it('says first what deserves a second look, and says so where nothing does', async () => {
    const cautious = outline();
    cautious.datasets[0].fields = [{ name: 'IPP' }];
    expect(await page('en', cautious)).toContain('Nothing asks for more, or protects less, than the cautious choice');
    const bold = outline();
    bold.datasets[0].fields.push({ name: 'NIR' });
    bold.datasets.push({ name: 'doctors', dialect: bold.datasets[0].dialect, fields: [{ name: 'CODE' }] });
    Object.assign(bold, {
      suite: 'sealedbox',
      gates: { delivery: [], purge: ['receipt'] },
      transfers: { outsideEea: true, countries: ['CH'], safeguard: 'adequacy' },
      deadlines: { ...bold.deadlines, atPurge: 'keep' },
    });
    const text = await page('en', bold);
    for (const sentence of [
      'The NIR leaves “patients” (NIR)',
      'Free text leaves “patients” (COMMENTAIRE P)',
      'No date limits the rows of “doctors”',
      'leave the European Economic Area, for Switzerland',
      'Nobody of the laboratory approves the extraction',
      'before anybody has said that the rows are in the new system',
      'not protected against a future quantum computer',
      'missing at the deadline, the copies are kept',
    ]) {
      expect(text).toContain(sentence);
    }
    expect((await page('fr', bold)).match(/second regard\n(?:- .*\n){8}/)).not.toBeNull();
  });

  it('and in French, with French spaces and apostrophes', async () => {
    const text = await page('fr');
    for (const sentence of [
      'Ceci est un projet. Personne ne l’a signé',
      'Ce qui sort de «\u00a0patients\u00a0»',
      '- NAISSANCE, sous le nom «\u00a0birth_date\u00a0»',
      'égale ou postérieure au 7\u00a0mai\u00a02017 (ce jour inclus)',
      'engagement de confidentialité du 1er\u00a0mars\u00a02026',
      'attend dans la source\u00a0: 129\u202f276.',
      'Agissent pour lui\u00a0:',
      'au plus tard le 15\u00a0décembre\u00a02026 à 12\u00a0h\u00a000 (UTC)',
    ]) {
      expect(text).toContain(sentence);
    }
    expect(text).not.toMatch(/ [:;?!»]|« |[a-z]'[a-z]/);
  });

  it('F10 says of each bound whether its day belongs to the window', async () => {
    const both = withWindow({
      from: { date: '2017-05-07', inclusive: false },
      to: { date: '2020-01-01', inclusive: true },
    });
    expect(await page('en', both)).toContain(
      'is after 7\u00a0May\u00a02017 (that day excluded) and on or before 1\u00a0January\u00a02020 (that day included).',
    );
    expect(await page('fr', both)).toContain(
      'est postérieure au 7\u00a0mai\u00a02017 (ce jour exclu) et égale ou antérieure au 1er\u00a0janvier\u00a02020 (ce jour inclus).',
    );
  });

  it('never changes the letters of a name, whatever the language does to them', async () => {
    const members = outline();
    members.datasets[0].fields[0].name = "D'ENTREE : «N» !";
    expect(await page('fr', members)).toContain("- D'ENTREE : «N» !");
  });

  it('says what else may be: no window, a link, a transfer, a service, no approval', async () => {
    const members = outline();
    const { window: _, expected: __, ...patients } = members.datasets[0];
    members.datasets = [
      { ...patients, ceiling: { rows: 1000 } },
      { ...patients, name: 'results', link: { field: 'IPP', to: 'patients', toField: 'IPP' } },
    ];
    members.transfers = { outsideEea: true, countries: ['CH'], safeguard: 'adequacy decision' };
    members.processor.operators[0].unattended = true;
    members.gates = { delivery: [], purge: ['receipt'] };
    members.deadlines.atPurge = 'keep';
    members.suite = 'sealedbox';
    const text = await page('en', members);
    expect(text).toContain('rows of any date leave');
    expect(text).toContain('More than 1,000 rows never leave.');
    expect(text).toContain('among the “IPP” of the rows of “patients” that leave');
    expect(text).toContain('for Switzerland only. The safeguard is: adequacy decision');
    expect(text).toContain('a service that deletes without anybody watching, and may act like the others');
    expect(text).toContain('without another approval');
    expect(text).toContain('they are kept and an alert is raised');
    expect(text).toContain('without protection against a future quantum computer');
  });

  it('fits 80 columns, whatever the language', async () => {
    await draft(machine);
    for (const lang of ['fr', 'en']) {
      const { text } = await machine.migrate('instructions', 'show', 'lab.json', ...LAB, '--lang', lang);
      expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });
});

describe('the language', () => {
  it('is what was asked for, else the system’s, else English', async () => {
    const fresh = await newMigration();
    await draft(fresh);
    const show = ['instructions', 'show', 'lab.json', ...LAB];
    expect((await fresh.migrate(...show)).data.language).toBe('en');
    fresh.env['LANG'] = 'fr_FR.UTF-8';
    expect((await fresh.migrate(...show)).data.language).toBe('fr');
    expect((await fresh.migrate(...show, '--lang', 'en')).data.language).toBe('en');
    await expect(fresh.migrate(...show, '--lang', 'de')).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});

describe('the signature', () => {
  it('is shown as complete, as unchecked without a roster, and as refused when the document was altered', async () => {
    const fresh = await newMigration();
    await signedDraft(fresh);
    const show = ['instructions', 'show', 'lab.json', '--lang', 'en'];
    expect((await fresh.migrate(...show, ...LAB)).data.status).toMatchObject({ state: 'complete', threshold: 1 });
    const unchecked = await fresh.migrate(...show);
    expect(unchecked.data.status).toEqual({ state: 'unchecked', signatures: 1 });
    expect(unchecked.text).toContain('could not be checked');
    fresh.write('lab.json', fresh.read('lab.json').replace('"IPP"', '"NIR"'));
    await expect(fresh.migrate(...show, ...LAB)).rejects.toMatchObject({ code: 'E_SIG' });
  });

  it('of somebody else has no effect, and another roster is a problem', async () => {
    const fresh = await newMigration();
    await signedDraft(fresh);
    await otherLab(fresh);
    const { data, text, warnings } = await fresh.migrate(
      ...['instructions', 'show', 'lab.json', '--lang', 'en', '--lab', 'other/lab.roster.json'],
    );
    expect(data).toMatchObject({ status: { state: 'foreign' }, problem: { code: 'E_LAB' } });
    expect(text).toMatch(/It has\s+no effect\./);
    expect(warnings).toEqual([expect.stringContaining('E_LAB')]);
  });

  it('of a draft with a forbidden field comes with a warning', async () => {
    const fresh = await newMigration();
    await draft(fresh);
    fresh.write('lab.json', fresh.read('lab.json').replace('"IPP"', '"MDP"'));
    const { data, warnings } = await fresh.migrate('instructions', 'show', 'lab.json', ...LAB);
    expect(data.problem.code).toBe('E_CREDENTIAL');
    expect(warnings).toHaveLength(1);
  });
});
