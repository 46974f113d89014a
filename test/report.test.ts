/** The report of a job (F21), in both languages: complete, refused and revoked */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Actor, CommandResult } from '@sealift/demo/actor';
import { ending } from '@sealift/demo/cast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Migration } from './rig/migration.ts';
import { requireOutput } from './rig/output.ts';
import { textOf } from './rig/report-text.ts';
import { SmallJob } from './rig/small-job.ts';

const LAB = ['--lab', 'lab.roster.json'];

/** Gives the laboratory the vendor's manifest under a name. */
async function hand({ cast, local }: Pick<Migration, 'cast'> & { local: string }, name: string): Promise<void> {
  await writeFile(cast.lab.path(name), await readFile(local));
}

/** The report of a manifest, written under a name of its own. */
async function reported(actor: Actor, manifest: string, ...words: readonly string[]): Promise<string> {
  const output = `${manifest}.${words.join('').replaceAll(/[^a-z]/g, '')}.html`;
  const ran = await actor.migrate(['report', manifest, '-o', output, '--json', ...LAB, ...words]);
  expect(ran.exitCode, ran.stderr).toBe(0);
  requireOutput('report', ran.stdout);
  return readFile(actor.path(output), 'utf8');
}

describe('F21: the report of a job', () => {
  let job: SmallJob;
  let en = '';
  let fr = '';

  beforeAll(async () => {
    job = await SmallJob.start('received');
    const { migration } = job;
    await hand({ cast: job.cast, local: migration.local('manifest.json') }, 'before.json');
    await migration.play(ending(migration.job));
    await hand({ cast: job.cast, local: migration.local('manifest.json') }, 'manifest.json');
    en = await reported(job.cast.lab, 'manifest.json', '--lang', 'en', '--witness', 'before.json');
    fr = await reported(job.cast.lab, 'manifest.json', '--lang', 'fr');
  }, 120_000);
  afterAll(() => job?.migration.stop());

  it('says in short what was asked, what left, what stayed, where it went and what is left of it', () => {
    const text = textOf(en);
    const { patients, results } = job.truth;
    const left = patients.onOrAfterCutoff + results.ofKeptPatients;
    const stayed = patients.rows + results.rows - left;
    expect(text).toContain(
      'signed what may leave MegaBus 7.2: 22 fields of 2 datasets. Dr Claire Moreau signed for it.',
    );
    expect(text).toContain(`${left} rows left in 22 columns; ${stayed} rows and 15 columns stayed.`);
    expect(text).toContain('Complete: every step that the instructions ask for is there.');
    expect(text).toContain('Novalis SIL opened every file, counted again, and signed the receipt');
    expect(text).toContain('nobody can prove a deletion');
  });

  it('has every section that its contents name, in both languages', () => {
    for (const html of [en, fr]) {
      const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
      expect(targets).toEqual(['counts', 'datasets', 'steps', 'files', 'claims', 'check', 'instructions', 'words']);
      for (const target of targets) expect(html).toContain(`<section id="${target}"`);
    }
    expect(en).toContain('<html lang="en">');
    expect(fr).toContain('<html lang="fr">');
  });

  it('F08: shows rows by year as a picture, and the same numbers as a list', () => {
    const [, figure = ''] = /<figure class="years">(.*?)<\/figure>/s.exec(en) ?? [];
    expect(figure).toMatch(
      /<svg [^>]*role="img" aria-label="Bar chart from 20\d\d to 20\d\d: \d+ rows left and \d+ stayed\./,
    );
    const years = [...textOf(figure).matchAll(/(\d{4}) left (\d+) stayed (\d+)/g)].map(([, , left]) => Number(left));
    expect(years.reduce((sum, rows) => sum + rows, 0)).toBe(job.truth.patients.onOrAfterCutoff);
    expect(figure.match(/<rect class="left"/g)?.length).toBe(years.filter((rows) => rows > 0).length);
  });

  it('has the matrix of fields: a line for each that was asked for, and every other column of the source by name', () => {
    const [, patients = ''] = /<article aria-labelledby="dataset-patients">(.*?)<\/article>/s.exec(en) ?? [];
    const text = textOf(patients);
    for (const column of job.truth.patients.columns) expect(text).toContain(column);
    expect(
      patients.match(/<td class="mark">yes<\/td><td class="mark">yes<\/td><td class="mark">yes<\/td>/g),
    ).toHaveLength(14);
    expect(text).toContain('14 other columns of the source, not asked for: all stayed');
  });

  it('tells who did what in which role, and by which keys they are recognised', () => {
    const text = textOf(en);
    for (const line of [
      'Dr Claire Moreau (signs for the laboratory)',
      'Jean Petit (operator of the processor) · entry 0',
      'Novalis SIL (recipient), taken in by purge service on',
      'purge service (unattended service of the processor)',
      'Confidentiality undertaking: 5\u00a0January\u00a02026',
    ]) {
      expect(text).toContain(line);
    }
    expect(text.match(/(?:[a-z2-7]{4} ){12}[a-z2-7]{4}/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it('says what was checked: the roster that was given, and the manifest that was kept', () => {
    expect(textOf(en)).toContain('which was given as a file');
    expect(textOf(en)).toMatch(/It continues, unchanged, an earlier manifest of \d+ entries/);
    expect(textOf(fr)).toContain('Aucun manifeste antérieur');
  });

  it('says of every claim what `migrate verify` says', async () => {
    const verified = await job.cast.lab.migrate(['verify', 'manifest.json', ...LAB, '--json']);
    const { claims } = JSON.parse(verified.stdout) as { claims: { claim: string; reason: string }[] };
    for (const { claim, reason } of claims) {
      expect(textOf(en)).toContain(claim);
      expect(textOf(en)).toContain(reason);
    }
  });

  it('is set as French is: narrow spaces, typographic apostrophes, grouped numbers, ordinals', () => {
    const prose = textOf(fr.replaceAll(/<pre.*?<\/pre>/gs, ''));
    expect(prose.match(/[^\s\u202f"\d][;?!](?=\s|$)/gm)).toBeNull();
    expect(prose.match(/ [:;?!»]|« /g)).toBeNull();
    expect(prose.match(/.{0,40}'.{0,20}/g)).toBeNull();
    expect(prose).toMatch(/\d\u202f\d{3}/);
  });

  it('needs nothing outside itself and no script', () => {
    for (const html of [en, fr]) {
      expect(html).not.toMatch(/<(?:script|link|img|iframe|object|embed|base|form|input)\b| on[a-z]+=| style=/i);
      expect(html.match(/(?:src|href)="[^#][^"]*"/g)).toBeNull();
      expect(html).not.toMatch(/url\(|@import|https?:/);
      expect(html).toMatch(
        /content="default-src &#39;none&#39;; style-src &#39;sha256-.{44}&#39;; base-uri &#39;none&#39;/,
      );
    }
  });

  it('holds no value of a patient', () => {
    expect(job.canaries.length).toBeGreaterThan(0);
    for (const canary of job.canaries) expect([en.includes(canary), fr.includes(canary)]).toEqual([false, false]);
  });

  it('gives commands of stock tools that do what it says', async () => {
    const { lab } = job.cast;
    const [, printed = ''] = /<pre class="signature">(.*?)<\/pre>/s.exec(en) ?? [];
    const run = (): ReturnType<typeof spawnSync> =>
      spawnSync('bash', ['-ec', textOf(printed)], { cwd: lab.folder, encoding: 'utf8' });
    const checked = run();
    expect(String(checked.stdout) + String(checked.stderr)).toContain('Signature Verified Successfully');
    const whole = await readFile(lab.path('manifest.json'), 'utf8');
    await writeFile(lab.path('manifest.json'), whole.replace('"MegaBus"', '"MegaBuz"'));
    expect(run().status).not.toBe(0);
    await writeFile(lab.path('manifest.json'), whole);
  });

  it('overwrites nothing, and prints no PDF where there is no Chromium', async () => {
    const { lab } = job.cast;
    const report = (...words: readonly string[]): Promise<CommandResult> =>
      lab.migrate(['report', 'manifest.json', ...LAB, ...words], { env: { CHROME_PATH: '/nowhere/chromium' } });
    await writeFile(lab.path('taken.html'), 'mine');
    expect((await report('-o', 'taken.html')).stderr).toContain('E_EXISTS');
    expect(await readFile(lab.path('taken.html'), 'utf8')).toBe('mine');
    await mkdir(lab.path('tables'));
    await writeFile(lab.path('tables/years.csv'), 'mine');
    expect((await report('-o', 'free.html', '--csv', 'tables')).stderr).toContain('E_EXISTS');
    await expect(readFile(lab.path('free.html'))).rejects.toThrow('ENOENT');
    const printed = await report('-o', 'free.pdf');
    expect([printed.exitCode, printed.stderr]).toEqual([9, expect.stringContaining('E_BROWSER')]);
    expect(printed.stderr).toContain('hint: ');
  });

  async function text(name: string, lang: 'fr' | 'en'): Promise<string> {
    await hand({ cast: job.cast, local: job.migration.local('manifest.json') }, name);
    return textOf(await reported(job.cast.lab, name, '--lang', lang));
  }

  it('F21: is there when the extraction was refused, which says so and counts nothing', async () => {
    await job.migration.restore('authorised');
    const { vendor } = job.cast;
    const source = await readFile(vendor.path('patients.csv'), 'latin1');
    await writeFile(vendor.path('patients.csv'), source.replace('NIR', 'NIS'), 'latin1');
    const refused = await vendor.migrate(['extract', '--instructions', 'lab.json', '--identity', 'jean.key.json']);
    expect(refused.exitCode).toBe(4);
    const en = await text('refused.json', 'en');
    expect(en).toContain('Incomplete: steps that the instructions ask for are missing.');
    expect(en).toContain('No extraction is recorded: by this journal, no data left the laboratory’s system.');
    expect(en).toContain('E_FIELD_MISSING');
    expect(en).toContain('1 refusal or alert on the way');
    expect(en.indexOf('“migrate extract” was refused')).toBeLessThan(en.indexOf('The extraction is missing.'));
    expect(await text('refuse.json', 'fr')).toContain('Rien n’a été extrait');
  });

  it('F21: is there when the laboratory ended the job, with the reason', async () => {
    await job.migration.restore('delivered');
    const { lab, vendor } = job.cast;
    await hand({ cast: job.cast, local: job.migration.local('manifest.json') }, 'manifest.json');
    const reason = ['--reason', 'the scope was <b>wrong</b>'];
    const revoked = await lab.migrate(['revoke', 'manifest.json', ...LAB, '--identity', 'lab.key.json', ...reason]);
    expect(revoked.exitCode, revoked.stderr).toBe(0);
    await writeFile(vendor.path('revocation.json'), await readFile(lab.path('revocation.json')));
    const accepted = await vendor.migrate(['accept', 'revocation.json', '--identity', 'jean.key.json']);
    expect(accepted.exitCode, accepted.stderr).toBe(0);
    const en = await text('revoked.json', 'en');
    expect(en).toContain('Laboratoire du Port ended it on');
    expect(en).toContain('the scope was <b>wrong</b>');
    expect(en).toContain('copies may still lie with Logilab Services');
  });
});
