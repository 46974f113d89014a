import type { Dataset, SourceEncoding } from '@sealift/core/dataset';
import { describe, expect, it } from 'vitest';
import { extractDataset, type LinkKeys, pipeSource } from '../src/index.ts';
import { datasetOf, dialect, type Extracted, extractText, failureOf, pieces, sourceOf } from './extraction.ts';

const window: NonNullable<Dataset['window']> = {
  field: 'VISIT',
  format: 'DD/MM/YYYY',
  from: { date: '2017-05-07', inclusive: true },
  emptyDate: 'withhold',
  impossibleDate: 'withhold',
};

const VISITS = 'ID;VISIT\n1;06/05/2017\n2;07/05/2017\n3;08/05/2017\n';

describe('window', () => {
  it('F10 keeps 7 and 8 May 2017 and not 6 May when the bound is 7 May inclusive', async () => {
    const { text, rows } = await extractText(datasetOf(['ID'], { window }), VISITS);
    expect(text).toBe('ID\r\n2\r\n3\r\n');
    expect(rows).toEqual({
      read: 3,
      kept: 2,
      malformed: 0,
      emptyDate: 0,
      impossibleDate: 0,
      outsideWindow: 1,
      excluded: 0,
      notLinked: 0,
    });
  });

  it('F10 keeps 8 May alone when the bound is 7 May exclusive', async () => {
    const exclusive = { ...window, from: { date: '2017-05-07', inclusive: false } };
    expect((await extractText(datasetOf(['ID'], { window: exclusive }), VISITS)).text).toBe('ID\r\n3\r\n');
  });

  it('fault 19: withholds 31 February, and 7 May in another format, as impossible', async () => {
    const form = { ...window, format: 'YYYY-MM-DD' };
    const { text, rows } = await extractText(
      datasetOf(['ID'], { window: form }),
      'ID;VISIT\n1;2017-02-31\n2;07/05/2017\n3;2017-05-07\n',
    );
    expect(text).toBe('ID\r\n3\r\n');
    expect(rows).toMatchObject({ read: 3, kept: 1, impossibleDate: 2 });
  });

  it.each(['2019-02-31', '07/05/17'])(
    'fault 19: stops at %s where the instructions refuse impossible dates',
    async (date) => {
      const strict = datasetOf(['ID'], { window: { ...window, format: 'YYYY-MM-DD', impossibleDate: 'refuse' } });
      const failure = await failureOf(extractText(strict, `ID;VISIT\n1;2018-01-01\n2;${date}\n`));
      expect(failure).toMatchObject({ code: 'E_DATE', message: expect.stringContaining('row 3 (byte 22)') });
      expect(failure.message + failure.hint).not.toContain(date);
    },
  );

  it('fault 36: withholds and counts rows without a readable date', async () => {
    const source = 'ID;VISIT\n1;\n2;   \n3;""\n4;unknown\n5;07/05/2017 \n6;07/05/2017\n';
    const { text, rows } = await extractText(datasetOf(['ID'], { window }), source);
    expect(text).toBe('ID\r\n6\r\n');
    expect(rows).toMatchObject({ read: 6, kept: 1, emptyDate: 3, impossibleDate: 2 });
  });

  it('F10 keeps the day itself, in dates without a zero before a digit too; with one, such a date is none', async () => {
    const unpadded = datasetOf(['ID'], { window: { ...window, format: 'D/M/YYYY' } });
    const source = 'ID;VISIT\n1;6/5/2017\n2;7/5/2017\n3;8/5/2017\n4;17/12/2017\n5;07/05/2017\n6;\n';
    const { rows, text } = await extractText(unpadded, source);
    expect(rows).toMatchObject({ read: 6, kept: 3, outsideWindow: 1, impossibleDate: 1, emptyDate: 1 });
    expect(text).toBe('ID\r\n2\r\n3\r\n4\r\n');
  });

  it('fault 36: stops at an empty date where the instructions refuse it', async () => {
    const strict = datasetOf(['ID'], { window: { ...window, emptyDate: 'refuse' } });
    expect(await failureOf(extractText(strict, 'ID;VISIT\n1;\n'))).toMatchObject({
      code: 'E_DATE',
      message: 'row 2 (byte 9): the date "VISIT" is empty, and the instructions refuse such a row',
    });
  });
});

describe('allow-list', () => {
  it('fault 17: names the field that the source lacks, and guesses none', async () => {
    const failure = await failureOf(extractText(datasetOf(['ID', 'NAME']), 'ID;SURNAME\n1;x\n'));
    expect(failure).toMatchObject({ code: 'E_FIELD_MISSING', message: 'the source of patients has no column "NAME"' });
    expect(failure.hint).not.toContain('SURNAME');
  });

  it.each([
    ['the date field', { window }],
    ['the link field', { link: { field: 'VISIT', to: 'x', toField: 'ID' } }],
  ])('fault 17: needs %s as well, although it does not leave', async (_, change) => {
    const { keys } = await extractText(datasetOf(['ID']), 'ID\n', { keyFields: ['ID'] });
    const run = extractText(datasetOf(['ID'], change), 'ID\n1\n', { linkKeys: keys.get('ID') });
    expect(await failureOf(run)).toMatchObject({
      code: 'E_FIELD_MISSING',
      message: expect.stringContaining('"VISIT"'),
    });
  });

  it.each([
    ['a no-break space', 'COMMENTAIRE\u00a0P', '"COMMENTAIRE\\u{a0}P"', 'kinds of space'],
    ['letter case', 'Commentaire P', '"Commentaire P"', 'letter case'],
    ['a space around it', ' COMMENTAIRE P ', '" COMMENTAIRE P "', 'number of spaces'],
    ['a Cyrillic letter', 'СOMMENTAIRE P', '"\\u{421}OMMENTAIRE P"', 'letters of another alphabet'],
    ['a zero-width space', 'COMMENTAIRE\u200b P', '"COMMENTAIRE\\u{200b} P"', 'invisible characters'],
    ['full-width letters', 'ＣOMMENTAIRE P', '"ＣOMMENTAIRE P"', 'compatibility characters'],
    ['case and space', 'Commentaire\u00a0P', '"Commentaire\\u{a0}P"', 'kinds of space, letter case'],
  ])(
    'fault 18: does not match a name that differs in %s, and names the neighbour',
    async (_, name, shown, difference) => {
      const failure = await failureOf(extractText(datasetOf(['COMMENTAIRE P']), `OTHER;${name}\n1;x\n`));
      expect(failure).toMatchObject({ code: 'E_FIELD_MISSING' });
      expect(failure.hint).toBe(
        `the source has ${shown}, which differs in ${difference}; the instructions must name it exactly`,
      );
    },
  );

  it('fault 18: does not match the decomposed form of a letter', async () => {
    const failure = await failureOf(extractText(datasetOf(['PRÉNOM']), 'PRE\u0301NOM\nx\n'));
    expect(failure).toMatchObject({
      code: 'E_FIELD_MISSING',
      hint: expect.stringContaining('"PRE\\u{301}NOM", which differs in Unicode normalisation'),
    });
  });

  it('fault 38: matches by name wherever the columns stand, and lets P and D stay', async () => {
    const dataset = datasetOf(['ID', 'NAME', 'CITY']);
    const one = await extractText(dataset, 'ID;NAME;CITY;P;D\n1;n;c;p;d\n');
    const other = await extractText(dataset, 'D;CITY;P;NAME;ID\nd;c;p;n;1\n');
    expect(one.text).toBe('ID,NAME,CITY\r\n1,n,c\r\n');
    expect(other.text).toBe(one.text);
    expect(one.withheld).toEqual(['P', 'D']);
    expect(other.withheld).toEqual(['D', 'P']);
  });

  it('writes the columns in the order of the list, under their new names', async () => {
    const fields = [{ name: 'B', as: 'second, "new"' }, { name: 'A' }];
    const { text, columns, withheld } = await extractText(datasetOf([], { fields }), 'A;C;B\n1;3;2\n');
    expect(text).toBe('"second, ""new""",A\r\n2,1\r\n');
    expect(columns).toEqual(['second, "new"', 'A']);
    expect(withheld).toEqual(['C']);
  });

  it.each([
    ['no field', []],
    ['a field twice', [{ name: 'A' }, { name: 'A', as: 'B' }]],
    ['a new name twice', [{ name: 'A', as: 'B' }, { name: 'B' }]],
  ])('refuses a list with %s', async (_, fields) => {
    expect(await failureOf(extractText(datasetOf([], { fields }), 'A;B\n1;2\n'))).toMatchObject({ code: 'E_SCOPE' });
  });
});

describe('malformed sources', () => {
  const CANARY = 'DUPONT-CANARY';

  it.each([
    ['an unclosed quote', `ID;NAME\n1;x\n2;"${CANARY}\n`],
    ['a NUL', `ID;NAME\n1;x\n2;${CANARY}\0\n`],
    ['a cell without end', `ID;NAME\n1;x\n2;"${CANARY.repeat(1_400_000)}"\n`],
  ])('fault 29: stops at %s with the row and without its content', async (_, source) => {
    const failure = await failureOf(extractText(datasetOf(['ID', 'NAME']), source));
    expect(failure).toMatchObject({ code: 'E_CSV', message: expect.stringContaining('row 3 (byte 12)') });
    expect(failure.message + failure.hint).not.toContain('CANARY');
  });

  it('fault 29: reads no more than the limits of an endless cell', async () => {
    async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
      yield Buffer.from('ID;NAME\n1;"');
      for (;;) yield await Promise.resolve(Buffer.alloc(1 << 20, 0x20));
    }
    let most = 0;
    const run = extractText(datasetOf(['ID']), pipeSource(endless()), {
      onProgress: ({ bytes }) => {
        most = bytes;
      },
    });
    expect(await failureOf(run)).toMatchObject({ code: 'E_CSV' });
    expect(most).toBeLessThan(40 * 1024 * 1024);
  });

  it.each([
    ['a cell too few', 'ID;NAME;CITY\n1;x\n'],
    ['a cell too many', 'ID;NAME;CITY\n1;x;y;z\n'],
  ])('fault 30: refuses a row with %s, and shifts nothing', async (_, source) => {
    const blocks: Uint8Array[] = [];
    const sink = (bytes: Uint8Array): void => {
      blocks.push(bytes.slice());
    };
    const run = extractDataset({ dataset: datasetOf(['ID', 'CITY']), source: sourceOf(source), sink });
    expect(await failureOf(run)).toMatchObject({ code: 'E_CSV', message: expect.stringContaining('row 2 (byte 13)') });
    expect(Buffer.concat(blocks).toString()).toBe('');
  });

  it.each([
    ['a listed column stands twice', 'ID;NAME;ID\n', 'columns 1 and 3 of the source have the same name'],
    ['an unlisted column stands twice', 'X;ID;X\n', 'columns 1 and 3 of the source have the same name'],
    [
      'a name is longer than a statement can hold',
      `ID;${'X'.repeat(201)}\n`,
      'the name of column 2 of the source has more than 200 characters',
    ],
    ['a column has no name', 'ID;NAME;\n', 'column 3 of the source has no name'],
    ['the first line is empty', '\nID;NAME\n', 'column 1 of the source has no name'],
  ])('fault 30: refuses a header in which %s', async (_, source, message) => {
    expect(await failureOf(extractText(datasetOf(['ID']), source))).toMatchObject({ code: 'E_HEADER', message });
  });

  it.each(['', '\ufeff'])(
    'fault 35: takes an empty source (%j) as 0 rows, and says that it was empty',
    async (source) => {
      const { text, rows, sourceEmpty, withheld } = await extractText(datasetOf(['ID', 'NAME'], { window }), source);
      expect(text).toBe('ID,NAME\r\n');
      expect(rows).toMatchObject({ read: 0, kept: 0 });
      expect(sourceEmpty).toBe(true);
      expect(withheld).toEqual([]);
    },
  );

  it.each(['ID;NAME;P\n', 'ID;NAME;P'])('fault 35: takes a header alone (%j) as 0 rows', async (source) => {
    const { text, rows, sourceEmpty, withheld } = await extractText(datasetOf(['ID', 'NAME']), source);
    expect(text).toBe('ID,NAME\r\n');
    expect(rows).toMatchObject({ read: 0, kept: 0 });
    expect(sourceEmpty).toBe(false);
    expect(withheld).toEqual(['P']);
  });
});

describe('text', () => {
  const inEncoding = (encoding: SourceEncoding, change: Partial<Dataset> = {}): Dataset =>
    datasetOf(['ID', 'NAME'], { dialect: { ...dialect, encoding }, ...change });

  it.each([
    ['windows-1252', [0x80, 0xe9, 0x9c, 0x92]],
    ['iso-8859-15', [0xa4, 0xe9, 0xbd, 0x27]],
    ['utf-8', [...Buffer.from('€éœ’')]],
  ] as const)('becomes UTF-8 from %s', async (encoding, name) => {
    const source = Buffer.from([...Buffer.from('ID;NAME\n1;'), ...name, 0x0a]);
    const expected = encoding === 'iso-8859-15' ? "€éœ'" : '€éœ’';
    expect((await extractText(inEncoding(encoding), source)).text).toBe(`ID,NAME\r\n1,${expected}\r\n`);
  });

  it.each(['NAME', 'VISIT', 'KEY'])(
    'fault 31: refuses windows-1252 that was declared as UTF-8 in the %s cell',
    async (field) => {
      const cells = { ID: '1', NAME: 'n', VISIT: '08/05/2017', KEY: '1', NOTE: 'x', [field]: 'L\xe9o' };
      const source = Buffer.from(`ID;NAME;VISIT;KEY;NOTE\n${Object.values(cells).join(';')}\n`, 'latin1');
      const { keys } = await extractText(datasetOf(['ID']), 'ID\n1\n', { keyFields: ['ID'] });
      const dataset = inEncoding('utf-8', { window, link: { field: 'KEY', to: 'patients', toField: 'ID' } });
      const failure = await failureOf(extractText(dataset, source, { linkKeys: keys.get('ID') }));
      expect(failure).toMatchObject({ code: 'E_SOURCE_ENCODING', hint: 'declare the encoding that the source has' });
      expect(failure.message).toContain(`row 2 (byte 23): column ${Object.keys(cells).indexOf(field) + 1} has a byte`);
      expect(failure.message).toContain(`at byte ${source.indexOf(0xe9)}`);
    },
  );

  it('fault 31: refuses a header that is no text', async () => {
    const source = Buffer.from('ID;NAME;PR\xc9NOM\n1;2;3\n', 'latin1');
    expect(await failureOf(extractText(inEncoding('utf-8'), source))).toMatchObject({ code: 'E_SOURCE_ENCODING' });
  });

  it.each([
    ['UTF-8', '\xef\xbb\xbfID;NAME\n', 'windows-1252'],
    ['UTF-16', '\xff\xfeI\0D\0', 'windows-1252'],
    ['UTF-16', '\xfe\xff\0I\0D', 'utf-8'],
  ] as const)('fault 31: names the byte order mark of %s', async (mark, source, encoding) => {
    const failure = await failureOf(extractText(inEncoding(encoding), Buffer.from(source, 'latin1')));
    expect(failure).toMatchObject({
      code: 'E_SOURCE_ENCODING',
      message: expect.stringContaining(`the byte order mark of ${mark},`),
    });
  });

  it('is decoded only where it leaves or decides: undefined bytes stay behind in withheld columns and rows', async () => {
    const source = Buffer.from('ID;NAME;VISIT;NOTE\n1;n;08/05/2017;\x81\x9d\n2;\x81;01/01/2000;x\n', 'latin1');
    const { text, rows } = await extractText(inEncoding('windows-1252', { window }), source);
    expect(text).toBe('ID,NAME\r\n1,n\r\n');
    expect(rows.kept).toBe(1);
  });

  it('fault 32: reads rows that end with CR alone where that is declared, and refuses them elsewhere', async () => {
    const source = 'ID;NAME\r1;"x\ry"\r2;"\n"';
    const { text } = await extractText(inEncoding('utf-8', { dialect: { ...dialect, newline: 'cr' } }), source);
    expect(text).toBe('ID,NAME\r\n1,"x\ry"\r\n2,"\n"\r\n');
    expect(await failureOf(extractText(inEncoding('utf-8'), source))).toMatchObject({
      code: 'E_CSV',
      hint: expect.stringContaining('cr, or any for lf and crlf'),
    });
  });

  it('fault 32: keeps newlines inside quotes byte for byte, between rows that end either way', async () => {
    const source = 'ID;NAME\r\n1;"a\rb"\n2;"a\nb"\r\n3;"a\r\nb\n\r"\n4;"\n"';
    const { text } = await extractText(inEncoding('utf-8'), source);
    expect(text).toBe('ID,NAME\r\n1,"a\rb"\r\n2,"a\nb"\r\n3,"a\r\nb\n\r"\r\n4,"\n"\r\n');
  });

  it('fault 33: keeps formulas, spaces and leading zeros as they are', async () => {
    const { text } = await extractText(inEncoding('utf-8'), 'ID;NAME\n007;=1+1\n  8 ;-5\n+9;@SUM(A1)\n');
    expect(text).toBe('ID,NAME\r\n007,=1+1\r\n  8 ,-5\r\n+9,@SUM(A1)\r\n');
  });

  it('is quoted when it must be, or when it was quoted and empty, and not otherwise', async () => {
    const source = 'ID;NAME\n"1";"plain"\n;""\n"a,b";c,d\n"say ""x""";"semi;colon"\n';
    const { text } = await extractText(inEncoding('utf-8'), source);
    expect(text).toBe('ID,NAME\r\n1,plain\r\n,""\r\n"a,b","c,d"\r\n"say ""x""",semi;colon\r\n');
  });

  it('is quoted in the output where the source has another quote or none', async () => {
    const single = datasetOf(['A', 'B'], { dialect: { ...dialect, quote: "'" } });
    expect((await extractText(single, "A;B\n'it''s';5\"\n")).text).toBe('A,B\r\nit\'s,"5"""\r\n');
    const none = datasetOf(['A', 'B'], { dialect: { ...dialect, quote: null } });
    expect((await extractText(none, 'A;B\n"x";it\'s\n')).text).toBe('A,B\r\n"""x""",it\'s\r\n');
  });

  it('never makes a blank line of a row', async () => {
    expect((await extractText(datasetOf(['NAME']), 'ID;NAME\n1;\n2;x\n')).text).toBe('NAME\r\n""\r\nx\r\n');
  });
});

describe('links', () => {
  const results = datasetOf(['KEY', 'VALUE'], {
    name: 'results',
    link: { field: 'KEY', to: 'patients', toField: 'ID' },
  });

  async function patientKeys(
    source: string | Uint8Array,
    change: Partial<Dataset> = {},
  ): Promise<LinkKeys | undefined> {
    const { keys } = await extractText(datasetOf(['VISIT'], change), source, { keyFields: ['ID'] });
    return keys.get('ID');
  }

  const link = async (source: string, keys: LinkKeys | undefined): Promise<Extracted> =>
    extractText(results, source, { linkKeys: keys });

  it('lets the rows of kept rows leave, counts the others, and needs no key to be on the list', async () => {
    const keys = await patientKeys(VISITS, { window });
    expect(keys?.size).toBe(2);
    const { text, rows } = await link('KEY;VALUE\n1;a\n2;b\n2;c\n4;d\n3;e\n', keys);
    expect(text).toBe('KEY,VALUE\r\n2,b\r\n2,c\r\n3,e\r\n');
    expect(rows).toMatchObject({ read: 5, kept: 3, notLinked: 2 });
  });

  it('compares text, however each source writes it', async () => {
    const source = Buffer.from('ID;VISIT\n"\xc9""1";x\n', 'latin1');
    const keys = await patientKeys(source, { dialect: { ...dialect, encoding: 'windows-1252' } });
    const { rows } = await link('KEY;VALUE\n"É""1";a\n"É1";b\n', keys);
    expect(rows).toMatchObject({ kept: 1, notLinked: 1 });
  });

  it('links no empty cell to anything', async () => {
    const keys = await patientKeys('ID;VISIT\n;x\n"";y\n1;z\n');
    expect(keys?.size).toBe(1);
    expect((await link('KEY;VALUE\n;a\n"";b\n1;c\n', keys)).rows).toMatchObject({ kept: 1, notLinked: 2 });
  });

  it('counts a row outside the window there, linked or not', async () => {
    const keys = await patientKeys('ID;VISIT\n1;x\n');
    const dataset = { ...results, fields: [{ name: 'KEY' }], window };
    const source = 'KEY;VISIT\n1;01/01/2000\n2;01/01/2000\n2;08/05/2017\n1;08/05/2017\n2;\n2;x\n';
    const { rows } = await extractText(dataset, source, { linkKeys: keys });
    expect(rows).toEqual({
      read: 6,
      kept: 1,
      malformed: 0,
      emptyDate: 1,
      impossibleDate: 1,
      outsideWindow: 2,
      excluded: 0,
      notLinked: 1,
    });
  });

  it('is refused before the first byte is read when the other dataset was not extracted', async () => {
    expect(await failureOf(link('KEY;VALUE\n1;a\n', undefined))).toMatchObject({ code: 'E_INTERNAL' });
  });
});

describe('ceilings', () => {
  async function leave(
    ceiling: Dataset['ceiling'] & object,
    rows: number,
  ): Promise<{ handedOver: number; code?: string }> {
    let handedOver = 0;
    const sink = (bytes: Uint8Array): void => {
      handedOver += bytes.length;
    };
    const source = sourceOf(`ID\n${'123456\n'.repeat(rows)}`);
    try {
      await extractDataset({ dataset: datasetOf(['ID'], { ceiling }), source, sink });
      return { handedOver };
    } catch (error) {
      return { handedOver, code: (error as { code: string }).code };
    }
  }

  it('lets exactly so many rows and bytes leave', async () => {
    expect(await leave({ rows: 1000, bytes: 8004 }, 1000)).toEqual({ handedOver: 8004 });
  });

  it.each([
    ['row', { rows: 999 }],
    ['byte', { bytes: 8003 }],
  ])('stops at one %s more, before it leaves', async (_, ceiling) => {
    expect(await leave(ceiling, 1000)).toEqual({ handedOver: 0, code: 'E_CEILING' });
  });

  it('never hands more over than the ceiling, on long output either', async () => {
    for (const bytes of [3, 65_536, 65_537, 200_000]) {
      const { handedOver, code } = await leave({ bytes }, 100_000);
      expect(code).toBe('E_CEILING');
      expect(handedOver).toBeLessThanOrEqual(bytes);
    }
  });
});

describe('flow', () => {
  it('hands over blocks of 64 KiB and waits for each', async () => {
    const sizes: number[] = [];
    let busy = false;
    const parts: Buffer[] = [];
    const sink = async (bytes: Uint8Array): Promise<void> => {
      expect(busy).toBe(false);
      busy = true;
      sizes.push(bytes.length);
      await new Promise((resolve) => setImmediate(resolve));
      parts.push(Buffer.from(bytes));
      busy = false;
    };
    const lines = Array.from({ length: 60_000 }, (_, row) => `${row};é${row}`);
    const source = sourceOf(`ID;NAME\n${lines.join('\n')}\n`, 50_000);
    const { plaintextBytes } = await extractDataset({ dataset: datasetOf(['ID', 'NAME']), source, sink });
    expect(sizes.slice(0, -1).every((size) => size === 65_536)).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(plaintextBytes);
    expect(Buffer.concat(parts).toString()).toBe(
      `ID,NAME\r\n${lines.map((line) => `${line.replace(';', ',')}\r\n`).join('')}`,
    );
  });

  it('passes on what the sink throws', async () => {
    const full = new Error('disk full');
    const sink = (): Promise<void> => Promise.reject(full);
    await expect(extractDataset({ dataset: datasetOf(['ID']), source: sourceOf('ID\n1\n'), sink })).rejects.toBe(full);
  });

  it('tells how many bytes and rows were read', async () => {
    const seen: { bytes: number; rows: number }[] = [];
    const source = 'ID\n1\n2\n3\n4\n';
    await extractText(datasetOf(['ID']), sourceOf(source, 5), { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ bytes: source.length, rows: 4 });
    expect(seen.map(({ bytes }) => bytes)).toEqual([5, 10, 11, 11]);
  });

  it('passes on a pipe that breaks, as an unreadable source', async () => {
    async function* broken(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* pieces(Buffer.from('ID\n1\n'), 3);
      throw new Error('EPIPE');
    }
    expect(await failureOf(extractText(datasetOf(['ID']), pipeSource(broken())))).toMatchObject({ code: 'E_SOURCE' });
  });
});
