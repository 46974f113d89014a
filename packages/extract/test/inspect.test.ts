import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inspection, type InspectionOptions, inspectSource, type Kind, openFileSource } from '../src/index.ts';
import { sourceOf } from './extraction.ts';

const MAKE_DUMP = fileURLToPath(new URL('../../../demo/make-dump.mjs', import.meta.url));
const data = process.env['SEALIFT_TEST_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');

/** Inspects text, or bytes. */
async function inspect(content: string | Uint8Array, options: InspectionOptions = {}): Promise<Inspection> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  return inspectSource(sourceOf(bytes, 1 << 16), options);
}

async function inspectFile(path: string): Promise<Inspection> {
  const source = await openFileSource(path);
  try {
    return await inspectSource(source);
  } finally {
    await source.close();
  }
}

const kindsOf = ({ columns }: Inspection): Record<string, Kind> =>
  Object.fromEntries(columns.map(({ name, number, kind }) => [name ?? `column ${number}`, kind]));

/** So many rows under a header. */
function tableOf(header: string, rows: number, row: (index: number) => readonly unknown[]): string {
  return [header, ...Array.from({ length: rows }, (_, index) => row(index).join(';')), ''].join('\r\n');
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A NIR with its key, of the sex, year, month and commune that the number makes. */
function nir(index: number, department = '75'): string {
  const body = `${1 + (index % 2)}${two(index % 100)}${two(1 + (index % 12))}${department}${String(100 + (index % 800))}${String(index % 1000).padStart(3, '0')}`;
  return body + two(97 - Number(BigInt(body.replace('2A', '19').replace('2B', '18')) % 97n));
}

/** A password as a generator makes it, the same for the same number. */
const password = (index: number): string => (BigInt(index * 7919 + 13) * 48271n ** 4n).toString(36).slice(-9);

const NAMES = ['MARTIN', 'DUPONT', 'LEROY', 'MOREAU', 'SIMON', 'LAURENT', 'GIRARD', 'FOURNIER', 'ROUSSEL', 'PERRIN'];
const nameOf = (index: number): string => NAMES[index % NAMES.length] ?? '';

const PATIENT_KINDS: Record<string, Kind> = {
  ID_PATIENT: 'identifier',
  NIR: 'nir',
  NOM: 'name',
  PRENOMS: 'name',
  SEXE: 'code',
  DATE_NAISSANCE: 'birth date',
  ADRESSE: 'address',
  CODE_POSTAL: 'postal code',
  VILLE: 'city',
  TELEPHONE: 'phone',
  EMAIL: 'e-mail',
  DATE_DERNIERE_VISITE: 'date',
  'COMMENTAIRE P': 'free text',
  'COMMENTAIRE D': 'free text',
  PRESC_NOM: 'name',
  PRESC_PRENOM: 'name',
  PRESC_ADRESSE: 'address',
  PRESC_TEL: 'phone',
  PRESC_EMAIL: 'e-mail',
  PREL_NOM: 'name',
  PREL_PRENOM: 'name',
  PREL_ADRESSE: 'address',
  PREL_TEL: 'phone',
  ID_TIERS_PAYANT: 'identifier',
  MUT_ADRESSE: 'address',
  MUT_TEL: 'phone',
  'IDENTIFIANT SR': 'credential',
  MP: 'credential',
};

describe('the synthetic dump', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealift-inspect-'));
  const encodings = ['windows-1252', 'utf-8', 'cp850', 'iso-8859-15'] as const;
  const dump = (encoding: string, file = 'patients.csv'): string => join(folder, encoding, file);

  beforeAll(() => {
    for (const encoding of encodings) {
      const form = encoding === 'cp850' ? ['--delimiter', '|', '--newline', 'lf'] : [];
      const size = ['--patients', '4000', '--before', '300', '--quirks', '--encoding', encoding, ...form];
      execFileSync(process.execPath, [MAKE_DUMP, '--out', join(folder, encoding), ...size], { stdio: 'ignore' });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('F02 has all of its 28 columns recognised, quirks and all', async () => {
    const inspection = await inspectFile(dump('windows-1252'));
    expect(kindsOf(inspection)).toEqual(PATIENT_KINDS);
    expect(inspection).toMatchObject({ rows: 4000, extent: 'whole', header: 'present' });
  });

  it('has the columns of its results recognised', async () => {
    expect(kindsOf(await inspectFile(dump('windows-1252', 'results.csv')))).toEqual({
      ID_PATIENT: 'identifier',
      NUM_DOSSIER: 'identifier',
      DATE_PRELEVEMENT: 'date',
      CODE_NABM: 'code',
      LIBELLE: 'code',
      RESULTAT: 'result',
      UNITE: 'code',
      NORME: 'code',
      'COMMENTAIRE R': 'free text',
    });
  });

  it.each(encodings)('has the encoding %s and its dialect detected', async (encoding) => {
    const { dialect } = await inspectFile(dump(encoding));
    const form = encoding === 'cp850' ? { delimiter: '|', newline: 'lf' } : { delimiter: ';', newline: 'crlf' };
    expect(dialect).toEqual({ encoding, quote: '"', ...form });
  });

  it('counts the dates that extraction would call empty or impossible', async () => {
    const truth = JSON.parse(readFileSync(dump('windows-1252', 'truth.json'), 'utf8'));
    const { columns } = await inspectFile(dump('windows-1252'));
    const visits = columns[11];
    expect(visits).toMatchObject({
      filled: 4000 - truth.patients.emptyDate,
      matching: 4000 - truth.patients.emptyDate - truth.patients.invalidDate,
      dateFormats: ['DD/MM/YYYY'],
    });
  });

  it('F02 has its credentials found under any other name', async () => {
    const bytes = readFileSync(dump('windows-1252'));
    const text = bytes.toString('latin1').replace('IDENTIFIANT SR;MP', 'INFO 1;INFO 2');
    const { columns, warnings } = await inspect(Buffer.from(text, 'latin1'));
    expect(columns.slice(26)).toMatchObject([
      { name: 'INFO 1', kind: 'credential', evidence: 'values' },
      { name: 'INFO 2', kind: 'credential', evidence: 'values' },
    ]);
    expect(warnings.filter(({ code }) => code === 'renamed-credential').map(({ columns: at }) => at)).toEqual([
      [27],
      [28],
    ]);
  });

  it('has its kinds recognised without a header as well, and no cell of its first row taken for a name', async () => {
    const bytes = readFileSync(dump('windows-1252'));
    const inspection = await inspect(bytes.subarray(bytes.indexOf('\n') + 1));
    expect(inspection).toMatchObject({ header: 'absent', rows: 4000 });
    expect(inspection.columns.every(({ name }) => name === null)).toBe(true);
    const kinds = inspection.columns.map(({ kind }) => kind);
    expect([kinds[1], kinds[5], kinds[6], kinds[7], kinds[9], kinds[10]]).toEqual([
      ...['nir', 'date', 'address', 'postal code', 'phone', 'e-mail'],
    ]);
    expect([kinds[26], kinds[27]]).toEqual(['credential', 'credential']);
  });
});

describe('credentials', () => {
  const bcrypt = (index: number): string => `$2b$12$${'abcdefghij'.repeat(5)}${String(index).padStart(3, '0')}`;
  const hex = (length: number) => (index: number) =>
    (BigInt(index + 1) * 0x9e3779b97f4a7c15n ** 9n).toString(16).slice(-length);
  it.each([
    ['bcrypt', bcrypt],
    ['MD5', hex(32)],
    ['SHA-1', hex(40)],
    ['LDAP SSHA', (index: number) => `{SSHA}${Buffer.from(`digest of ${index}`).toString('base64')}`],
    ['generated passwords', password],
  ])('F02 %s is found in a column of any name', async (_, make) => {
    const inspection = await inspect(
      tableOf('NUM;LIBRE_2;DIVERS', 200, (index) => [10000 + index, 'RAS', make(index)]),
    );
    expect(kindsOf(inspection)).toMatchObject({ DIVERS: 'credential' });
  });

  it('F02 a login built from the name gives its neighbour away', async () => {
    const chosen = (index: number): string => `soleil${1950 + index}`;
    const text = tableOf('NOM;VILLE;X1;X2', 300, (index) => [
      nameOf(index),
      'RENNES',
      `${nameOf(index).toLowerCase().slice(0, 4)}${index}`,
      chosen(index),
    ]);
    expect(kindsOf(await inspect(text))).toEqual({ NOM: 'name', VILLE: 'city', X1: 'credential', X2: 'credential' });
  });

  it('structured codes, UUIDs and names are no credentials', async () => {
    const text = tableOf('NOM;REF_A;CLE;CODE_ACTE', 300, (index) => [
      nameOf(index),
      `LB${String(1000 + index)}`,
      `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      `B${index % 7}`,
    ]);
    const { columns, warnings } = await inspect(text);
    expect(columns.map(({ kind }) => kind)).toEqual(['name', 'identifier', 'identifier', 'code']);
    expect(warnings).toEqual([]);
  });
});

describe('numbers of persons', () => {
  it.each(['75', '2A', '2B', '97'])('are known by their check digit, department %s', async (department) => {
    const { columns } = await inspect(tableOf('A;B', 100, (index) => [nir(index, department), index % 3]));
    expect(columns[0]).toMatchObject({ kind: 'nir', matching: 100 });
  });

  it('are not suspected in coordinates and other plain numbers', async () => {
    const text = tableOf('LAT;CODE_BARRES', 2000, (index) => [
      `48.0${612345678 + index * 99991}`,
      String(185057800608436n + BigInt(index) * 48271n),
    ]);
    expect((await inspect(text)).warnings).toEqual([]);
  });

  it('are no NIR when the check digits do not hold', async () => {
    const wrong = (index: number): string => nir(index).slice(0, 13) + two((Number(nir(index).slice(13)) % 97) + 1);
    const { columns } = await inspect(tableOf('A;B', 100, (index) => [wrong(index), index % 3]));
    expect(columns[0]?.kind).toBe('identifier');
  });

  it.each([
    ['nir-in-text', `appeler, NIR ${nir(42)} à vérifier`],
    ['nir-in-text', `NIR 1 85 05 2A 006 084 ${two(97 - (1850519006084 % 97))} Corse`],
    ['nir-in-text', nir(7)],
    ['email-in-text', 'écrire à jean.martin@exemple.invalid svp'],
    ['phone-in-text', 'rappeler au 06 12 34 56 78 le soir'],
  ])('F03 %s: one cell of a comment is found', async (code, hidden) => {
    const text = tableOf('NOM;COMMENTAIRE;VILLE', 500, (index) => [
      nameOf(index),
      index === 321 ? hidden : 'à jeun',
      'CAEN',
    ]);
    const { warnings } = await inspect(text);
    expect(warnings).toContainEqual({ code, columns: [2], count: 1 });
  });
});

describe('dates', () => {
  const dates = (make: (index: number) => string): Promise<Inspection> =>
    inspect(tableOf('ID;VISITE', 200, (index) => [1000 + index, make(index)]));

  it.each([
    ['DD/MM/YYYY', (index: number) => `${two(1 + (index % 28))}/${two(1 + (index % 12))}/2019`],
    ['MM/DD/YYYY', (index: number) => `${two(1 + (index % 12))}/${two(1 + (index % 28))}/2019`],
    ['YYYY-MM-DD', (index: number) => `2019-${two(1 + (index % 12))}-${two(1 + (index % 28))}`],
    ['DD.MM.YYYY', (index: number) => `${two(1 + (index % 28))}.${two(1 + (index % 12))}.2019`],
    ['YYYYMMDD', (index: number) => `2019${two(1 + (index % 12))}${two(1 + (index % 28))}`],
    ['DDMMYYYY', (index: number) => `${two(1 + (index % 28))}${two(1 + (index % 12))}2019`],
    ['YYYY-MM-DD HH:mm:ss', (index: number) => `2019-${two(1 + (index % 12))}-15 ${two(index % 24)}:00:00`],
    ['YYYY-MM-DDTHH:mm:ssZ', (index: number) => `2019-${two(1 + (index % 12))}-15T${two(index % 24)}:00:00Z`],
    ['YYYY-MM-DDTHH:mm:ssXXX', (index: number) => `2019-${two(1 + (index % 12))}-15T${two(index % 24)}:00:00+02:00`],
    ['YYYY-MM-DD HH:mm:ss.SSS', (index: number) => `2019-${two(1 + (index % 12))}-15 ${two(index % 24)}:00:00.000`],
    ['DD/MM/YY', (index: number) => `${two(13 + (index % 15))}/${two(1 + (index % 12))}/${two(index % 100)}`],
    ['MM/DD/YY', (index: number) => `${two(1 + (index % 12))}/${two(13 + (index % 15))}/${two(index % 100)}`],
    ['D/M/YYYY', (index: number) => `${1 + (index % 28)}/${1 + (index % 12)}/2019`],
    ['M/D/YYYY', (index: number) => `${1 + (index % 12)}/${1 + (index % 28)}/2019`],
    ['YYYY-M-D', (index: number) => `2019-${1 + (index % 12)}-${1 + (index % 28)}`],
    ['D/M/YYYY HH:mm', (index: number) => `${1 + (index % 28)}/${1 + (index % 12)}/2019 ${10 + (index % 14)}:30`],
    ['D.M.YYYY H:mm:ss', (index: number) => `${1 + (index % 28)}.${1 + (index % 12)}.2019 ${index % 24}:05:09`],
    ['DD/MM/YYYY', (index: number) => `${13 + (index % 15)}/${10 + (index % 3)}/2019`],
  ])('of the format %s are told by their cells', async (pattern, make) => {
    expect((await dates(make)).columns[1]).toMatchObject({ kind: 'date', matching: 200, dateFormats: [pattern] });
  });

  it.each([
    ['epoch-seconds', (index: number) => String(1_494_000_000 + index * 86_400)],
    ['epoch-seconds', (index: number) => String(948_000_000 + index * 86_400)],
    ['epoch-milliseconds', (index: number) => `${1_494_000_000 + index * 86_400}${String(index).padStart(3, '0')}`],
  ])('as %s are told where the name of the column speaks of a date', async (format, make) => {
    const table = tableOf('ID;DATE_VISITE;COMPTE', 200, (index) => [1000 + index, make(index), make(index)]);
    const { columns } = await inspect(table);
    expect(columns[1]).toMatchObject({ kind: 'date', evidence: 'name', matching: 200, dateFormats: [format] });
    expect(columns[2]).toMatchObject({ dateFormats: [] });
    expect(columns[2]?.kind).not.toBe('date');
  });

  it('that fit two formats alike say both', async () => {
    const { columns, warnings } = await dates((index) => `${two(1 + (index % 12))}/${two(1 + (index % 11))}/2019`);
    expect(columns[1]?.dateFormats).toEqual(['DD/MM/YYYY', 'MM/DD/YYYY']);
    expect(warnings).toContainEqual({ code: 'ambiguous-date', columns: [2], count: null });
  });
});

describe('encoding and dialect', () => {
  it.each([
    ['utf-16le', 'a mark', Buffer.from('\ufeffNOM;VILLE\r\nA;ÉVREUX\r\n', 'utf16le'), true],
    ['utf-16be', 'a mark', Buffer.from('\ufeffNOM;VILLE\r\nA;ÉVREUX\r\n', 'utf16le').swap16(), true],
    ['utf-16le', 'no mark', Buffer.from('NOM;VILLE\r\nA;ÉVREUX\r\n', 'utf16le'), false],
  ])('recognises %s with %s', async (name, _, bytes, mark) => {
    const { encoding, dialect, columns, rows, bytes: read } = await inspect(bytes);
    expect(encoding).toMatchObject({ name, mark });
    expect(dialect).toMatchObject({ encoding: name, delimiter: ';', newline: 'crlf' });
    expect([rows, read, columns.map((column) => column.name)]).toEqual([1, bytes.length, ['NOM', 'VILLE']]);
  });

  it.each([
    ['mac-roman', 'é=8e è=8f à=88 ç=8d ê=90 ô=99 É=83 È=e9', []],
    ['cp850', 'é=82 è=8a à=85 ç=87 ê=88 ô=93 É=90 È=d4', []],
    ['cp850', 'é=82 è=8a à=85 ç=87 ê=88 ô=93 É=90', ['cp437']],
    ['cp437', 'é=82 è=8a à=85 ç=87 É=90 ≥=f2', []],
    ['windows-1252', 'é=e9 è=e8 à=e0 É=c9 ’=92', []],
    ['windows-1252', 'é=e9', ['iso-8859-15', 'iso-8859-1']],
    ['windows-1252', 'É=c9', ['iso-8859-15', 'iso-8859-1']],
    ['iso-8859-15', 'é=e9 è=e8 œ=bd Œ=bc', []],
  ] as const)('recognises %s by the bytes of %s, and says which others read the same', async (name, letters, alike) => {
    const bytes = letters.split(' ').map((one) => Number.parseInt(one.split('=')[1] ?? '', 16));
    const row = (index: number): Buffer => Buffer.of(0x41, 0x3b, bytes[index % bytes.length] ?? 0, 0x6e, 0x0a);
    const rows = Array.from({ length: 200 }, (_, index) => row(index));
    const { encoding } = await inspect(Buffer.concat([Buffer.from('NOM;VILLE\n'), ...rows]));
    expect(encoding).toMatchObject({ name, alike, certainty: 'likely', undefinedBytes: 0 });
  });

  it('recognises rows that end with CR alone, and a delimiter at the end of each row', async () => {
    expect((await inspect('NOM;VILLE\rA;B\rC;D\r')).dialect.newline).toBe('cr');
    const { dialect, columns } = await inspect('NOM;VILLE;\nA;B;\nC;D;\n');
    expect([dialect.trailingDelimiter, columns.map(({ name }) => name)]).toEqual([true, ['NOM', 'VILLE']]);
  });

  it('sees the byte order mark of UTF-8, and leaves it out of the first name', async () => {
    const { encoding, columns } = await inspect('\ufeffNOM;VILLE\nMÉNARD;ALENÇON\n');
    expect(encoding).toMatchObject({ name: 'utf-8', mark: true, certainty: 'certain' });
    expect(columns[0]?.name).toBe('NOM');
  });

  it('counts bytes that the encoding leaves undefined', async () => {
    const bytes = Buffer.from(
      tableOf('NOM;VILLE', 100, () => ['HÉLÈNE’S €', 'ÉVREUX'])
        .replaceAll('’', '\x92')
        .replaceAll('€', '\x80'),
      'latin1',
    );
    bytes[bytes.length - 4] = 0x81;
    const { encoding, warnings } = await inspect(bytes);
    expect(encoding).toMatchObject({ name: 'windows-1252', undefinedBytes: 1 });
    expect(warnings).toContainEqual({ code: 'undefined-bytes', columns: [], count: 1 });
  });

  it.each([';', ',', '\t', '|', '^', '~'])('finds the delimiter %j', async (delimiter) => {
    const text = 'NOM;VILLE;CODE\nA, B;"C;D";1\nE;F:G;2\n'.replaceAll(';', '\0').replaceAll('\0', delimiter);
    const quoted = delimiter === ',' ? text.replace('A, B', '"A, B"') : text;
    expect((await inspect(quoted)).dialect).toMatchObject({ delimiter, quote: '"' });
  });

  it('finds that a source never quotes', async () => {
    const { dialect, extent } = await inspect('NOM;VILLE\n5" pouces;A\nB;"C\n');
    expect([dialect.quote, extent]).toEqual([null, 'whole']);
  });

  it('says where reading stopped, and never at what', async () => {
    const { extent, stopped, rows } = await inspect(
      `${tableOf('NOM;VILLE', 50, () => ['CANARI', 'RENNES'])}CANARI;A;B;C\r\n`,
    );
    expect({ extent, rows }).toEqual({ extent: 'stopped', rows: 50 });
    expect(stopped?.message).toMatch(/^row 52 \(byte \d+\): there are more cells/);
  });

  it('reads a sample when it is asked for one, and says so', async () => {
    const text = tableOf('NOM;VILLE', 50, () => ['A', 'B']);
    expect(await inspect(text, { rows: 10 })).toMatchObject({ extent: 'sample', rows: 10 });
  });

  it('takes no sequence that the end of a sample cuts for damage', async () => {
    const text = tableOf('NOM;VILLE', 40_000, () => ['é'.repeat(7), 'éé']);
    for (const shift of ['', 'x']) {
      const { encoding, warnings } = await inspect(shift + text, { rows: 10 });
      expect([encoding.name, encoding.undefinedBytes, warnings]).toEqual(['utf-8', 0, []]);
    }
  });

  it('an empty source is refused', async () => {
    await expect(inspect('')).rejects.toMatchObject({ code: 'E_CSV' });
  });
});

describe('names of columns', () => {
  it('that are the same, or look it, or are missing, are pointed at', async () => {
    const { warnings } = await inspect('NOM;Prénom;PRENOM;NOM\u00a0;NOM;VILLE;CODE;EMAIL\na;b;c;d;e;f;1;\n');
    expect(warnings.map(({ code, columns }) => [code, ...columns])).toEqual([
      ['similar-names', 2, 3],
      ['similar-names', 1, 4],
      ['same-name', 1, 5],
    ]);
  });

  it.each(['MARTIN;ABBEVILLE\nDUPONT;CAEN\n', 'CANARI;VILLE\nDUPONT;CAEN\n', 'ALBERTVILLE\nCAEN\n'])(
    'are not read out of a row of values that resemble them: %j',
    async (text) => expect((await inspect(text)).header).toBe('absent'),
  );

  it('are not read out of a first row that differs from a few others by chance', async () => {
    const text = 'CANARI;LENOIR;ZOE\n48;52;RAS\n';
    expect((await inspect(text)).header).toBe('absent');
  });

  it('are believed when --header says so', async () => {
    expect((await inspect('ALPHA;BETA\nGAMMA;DELTA\n')).header).toBe('absent');
    expect((await inspect('ALPHA;BETA\nGAMMA;DELTA\n', { header: true })).columns[0]?.name).toBe('ALPHA');
  });
});

describe('counts', () => {
  it.each([1, 100, 2048])('of %i different cells are exact', async (count) => {
    const { columns } = await inspect(tableOf('NUM;VILLE', 5000, (index) => [index % count, 'A']));
    expect(columns[0]?.distinct).toEqual({ count, exact: true });
  });

  it('of many different cells are within 5 %', async () => {
    const { columns } = await inspect(tableOf('NUM;VILLE', 100_000, (index) => [`k${index * 31}`, 'A']));
    const { count = 0, exact } = columns[0]?.distinct ?? {};
    expect(exact).toBe(false);
    expect(Math.abs(count - 100_000)).toBeLessThan(5000);
  });

  it('leave blank cells out', async () => {
    const { columns } = await inspect(tableOf('NUM;VILLE', 10, (index) => [index, index < 4 ? 'CAEN' : '  ']));
    expect(columns[1]).toMatchObject({ filled: 4, distinct: { count: 1 }, bytes: { shortest: 4, longest: 4 } });
  });
});

describe('what comes out', () => {
  const cell = fc.oneof(
    fc.stringMatching(/^Qx[a-z0-9]{4,12}$/),
    fc.stringMatching(/^Qx[A-Z]{3,8} [A-Z]{3,8}$/),
    fc.stringMatching(/^9[0-9]{11,14}$/),
    fc.stringMatching(/^qx[a-z]{3,8}@[a-z]{3,8}\.invalid$/),
    fc.stringMatching(/^0[67]( [1-9][0-9]){4}$/),
    fc.stringMatching(/^Qx["\n;]{1,3}[a-z]{4}$/),
  );
  const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 30 });
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

  it('never holds a cell of a table, with a header or without', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), fc.boolean(), async (cells, withHeader, broken) => {
        const body = cells.map((row) => row.map(quoted).join(';'));
        const lines = [...(withHeader ? ['NOM;COMMENTAIRE;CODE'] : []), ...body, ...(broken ? ['"Qxbroken'] : []), ''];
        const shown = await inspect(lines.join('\n')).then(JSON.stringify, (error: unknown) =>
          error instanceof Error ? `${error.message}${error.stack}` : String(error),
        );
        for (const value of cells.flat()) expect(shown).not.toContain(JSON.stringify(value).slice(1, -1));
      }),
      { numRuns: 200 },
    );
  });
});

const missing = existsSync(data) ? undefined : 'public data: absent (SEALIFT_TEST_DATA names its folder)';

describe.skipIf(missing !== undefined)(missing ?? 'public data', () => {
  it('Synthea: patients', async () => {
    expect(kindsOf(await inspectFile(join(data, 'synthea-small/seeds/synthea/patients.csv')))).toMatchObject({
      Id: 'identifier',
      BIRTHDATE: 'birth date',
      DEATHDATE: 'date',
      SSN: 'identifier',
      FIRST: 'name',
      LAST: 'name',
      GENDER: 'code',
      ADDRESS: 'address',
      CITY: 'city',
      ZIP: 'postal code',
      HEALTHCARE_EXPENSES: 'result',
    });
  });

  it('Synthea: observations', async () => {
    const inspection = await inspectFile(join(data, 'synthea-small/seeds/synthea/observations.csv'));
    expect(kindsOf(inspection)).toMatchObject({ DATE: 'date', PATIENT: 'identifier', CODE: 'code', VALUE: 'result' });
    expect(inspection.columns[0]?.dateFormats).toEqual(['YYYY-MM-DDTHH:mm:ssZ']);
  });

  it.each(['GHB_J', 'GLU_J', 'HDL_J', 'TRIGLY_J'])('NHANES: %s is an identifier and results', async (file) => {
    const { columns, header } = await inspectFile(join(data, `nhanes/${file}.csv`));
    expect(header).toBe('present');
    expect(columns.map(({ kind }) => kind)).toEqual(['identifier', ...columns.slice(1).map(() => 'result')]);
  });
});
