import { describe, expect, it } from 'vitest';
import { Machine } from './harness.ts';
import { newMigration, outline } from './migration.ts';

const CANARIES = [
  'CANARI-LENOIR',
  'Zénobie',
  'zenobie.canari@exemple.invalid',
  '06 98 76 54 32',
  'VIH +',
  'canari-secret-7',
];
const HEADER = ['IPP', 'NOM', 'PRENOM', 'EMAIL', 'TEL', 'NAISSANCE', 'COMMENTAIRE P', 'MOT DE PASSE'];

/** A dump in which every row is a canary. */
function dump(): string {
  const [nom, prenom, email, tel, comment, secret] = CANARIES;
  const row = (index: number): string =>
    [
      100000 + index,
      nom,
      prenom,
      email,
      tel,
      `${String(1 + (index % 28)).padStart(2, '0')}/05/1961`,
      comment,
      secret,
    ].join(';');
  return [HEADER.join(';'), ...Array.from({ length: 200 }, (_, index) => row(index)), ''].join('\r\n');
}

function machineWith(content: string | Uint8Array): Machine {
  const machine = new Machine();
  machine.write('patients.csv', content);
  return machine;
}

describe('inspect', () => {
  it('F02 shows kinds in words, and what to do about credentials and free text', async () => {
    const { text, data } = await machineWith(dump()).migrate('inspect', 'patients.csv');
    expect(text).toMatch(/^NAISSANCE +birth date +100 % +100 % +28 +10$/m);
    expect(text).toContain('MOT DE PASSE: a credential by its name\n  it can never be listed');
    expect(text).toContain('free text, which may hold diagnoses: COMMENTAIRE P');
    expect(data).toMatchObject({ rows: 200, header: 'present', dialect: { delimiter: ';', newline: 'crlf' } });
  });

  it('F02 prints no value: not in text, data, outline, warnings or errors', async () => {
    const machine = machineWith(dump());
    const { text, data, warnings } = await machine.migrate('inspect', 'patients.csv', '-o', 'outline.json');
    machine.write('broken.csv', `${dump()}${CANARIES.join(';')}"\r\n`);
    const broken = await machine.migrate('inspect', 'broken.csv');
    machine.write('headless.csv', dump().split('\r\n').slice(1).join('\r\n'));
    const headless = await machine.migrate('inspect', 'headless.csv');
    const refused = await machine
      .migrate('inspect', 'headless.csv', '-o', 'no.json')
      .catch((error: unknown) => (error instanceof Error ? `${error.message} ${error.stack}` : String(error)));
    const shown = [text, data, warnings, broken, headless, refused, machine.read('outline.json')];
    for (const canary of CANARIES) expect(JSON.stringify(shown)).not.toContain(canary);
  });

  it('fits 80 columns, also with long names', async () => {
    const long = `${'UN_TRES_LONG_NOM_DE_COLONNE_'.repeat(4)}`;
    const content = dump().replace('PRENOM', `PRENOM_${long}`).replace('IPP', 'IPP_DU_PATIENT_DANS_L_ANCIEN');
    const { text } = await machineWith(content).migrate('inspect', 'patients.csv');
    const beyond = text.split('\n').filter((line) => line.length > 80);
    // A name is shown whole where it has to be recognised.
    expect(beyond.filter((line) => !line.includes(long))).toEqual([]);
  });

  it('names every encoding in which the source is the same text, within 80 columns', async () => {
    const { text } = await machineWith('NOM;VILLE\r\nMARTIN;CAEN\r\nPETIT;RENNES\r\n').migrate(
      'inspect',
      'patients.csv',
    );
    const lines = text.split('\n');
    const at = lines.indexOf('encoding   utf-8 (certain), and the same text when read as');
    expect(lines[at + 1]).toBe('           windows-1252, iso-8859-15, iso-8859-1, cp850, cp437, mac-roman');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('says that there is no header rather than showing a patient', async () => {
    const content = dump().split('\r\n').slice(1).join('\r\n');
    const { text, data } = await machineWith(content).migrate('inspect', 'patients.csv');
    expect(data).toMatchObject({ header: 'absent', rows: 200 });
    expect(text).toContain('column 2');
  });

  it('reads a sample of rows, and refuses half a row', async () => {
    const machine = machineWith(dump());
    expect((await machine.migrate('inspect', 'patients.csv', '--rows', '50')).data).toMatchObject({
      extent: 'sample',
      rows: 50,
    });
    await expect(machine.migrate('inspect', 'patients.csv', '--rows', '0.5')).rejects.toMatchObject({
      name: 'UsageError',
    });
  });

  it('reports a file that is not there', async () => {
    await expect(new Machine().migrate('inspect', 'absent.csv')).rejects.toMatchObject({
      code: 'E_SOURCE',
      message: expect.stringMatching(/^the source \S+absent\.csv does not exist$/),
    });
  });
});

describe('inspect --output', () => {
  it('writes an outline in which no field is listed, and never overwrites one', async () => {
    const machine = machineWith(dump());
    await machine.migrate('inspect', 'patients.csv', '--output', 'outline.json');
    const [dataset] = machine.json('outline.json').datasets;
    expect(dataset).toMatchObject({
      name: 'patients',
      dialect: { encoding: 'utf-8', delimiter: ';', quote: '"', newline: 'crlf' },
      fields: [],
      neverAllowed: ['MOT DE PASSE'],
    });
    expect(dataset.candidates).toContainEqual({ name: 'NAISSANCE', note: 'birth date, DD/MM/YYYY' });
    expect(dataset.candidates.map(({ name }: { name: string }) => name)).toEqual(HEADER.slice(0, -1));
    await expect(machine.migrate('inspect', 'patients.csv', '-o', 'outline.json')).rejects.toMatchObject({
      code: 'E_EXISTS',
    });
  });

  it('has one candidate on a line, so that moving a line lists a field', async () => {
    const machine = machineWith(dump());
    await machine.migrate('inspect', 'patients.csv', '-o', 'outline.json');
    const lines = machine.read('outline.json').split('\n');
    const moved = lines.filter((line) => /"name": "(?:IPP|NOM)"/.test(line)).map((line) => line.replace(/,$/, ''));
    expect(moved.map((line) => JSON.parse(line))).toEqual([
      { name: 'IPP', note: 'identifier' },
      { name: 'NOM', note: 'name' },
    ]);
  });

  it('F12 is refused by instructions draft until a person has moved fields and deleted the rest', async () => {
    const machine = await newMigration();
    machine.write('patients.csv', dump());
    await machine.migrate('inspect', 'patients.csv', '-o', 'found.json');
    const { fields, candidates, neverAllowed, ...rest } = machine.json('found.json').datasets[0];
    const drafted = async (dataset: object, output: string): Promise<unknown> => {
      machine.write('outline.json', { ...outline(), datasets: [dataset] });
      return machine.migrate('instructions', 'draft', 'outline.json', '--lab', 'lab.roster.json', '-o', output);
    };
    await expect(drafted({ ...rest, fields, candidates, neverAllowed }, 'a.json')).rejects.toMatchObject({
      code: 'E_SCHEMA',
    });
    await expect(drafted({ ...rest, fields }, 'b.json')).rejects.toMatchObject({ code: 'E_SCOPE' });
    await expect(drafted({ ...rest, fields: candidates }, 'c.json')).rejects.toThrow();
    await expect(drafted({ ...rest, fields: candidates.slice(0, 2) }, 'd.json')).resolves.toMatchObject({
      exitCode: 0,
    });
  });
});
