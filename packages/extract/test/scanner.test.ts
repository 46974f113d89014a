import type { Dataset, Dialect, SourceEncoding } from '@sealift/core/dataset';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodingOf, MAX_BYTES } from '../src/encoding.ts';
import { pipeSource } from '../src/index.ts';
import { CELL_LIMIT, COLUMN_LIMIT } from '../src/scanner.ts';
import { datasetOf, dialect, extractText, failureOf, sourceOf } from './extraction.ts';

/** A generated source: a table, how it is written, and the text that this gives. */
interface Written {
  readonly dialect: Dialect;
  readonly table: readonly (readonly string[])[];
  readonly text: string;
}

const ENCODINGS: readonly SourceEncoding[] = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-15',
  'cp437',
  'cp850',
  'mac-roman',
];

/** Characters that every encoding of {@link ENCODINGS} has, and one that takes four bytes of UTF-8 or stands for itself. */
const LETTERS = ['a', 'é', 'Ç', '"', "'", ',', ';', '|', '\t', ' ', '\r', '\n', '\r\n', '=', '\u00a0', '1'];

function encode(text: string, name: SourceEncoding): Uint8Array {
  if (name === 'utf-8') return Buffer.from(text);
  if (name === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (name === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const { lengths, utf8 } = encodingOf(name);
  const bytes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const length = lengths[byte] ?? 0;
    if (length > 0) bytes.set(Buffer.from(utf8.subarray(byte * MAX_BYTES, byte * MAX_BYTES + length)).toString(), byte);
  }
  return Uint8Array.from(text, (letter) => bytes.get(letter) ?? expect.unreachable(`${name} lacks ${letter}`));
}

const anyDialect: fc.Arbitrary<Dialect> = fc
  .record({
    encoding: fc.constantFrom(...ENCODINGS),
    delimiter: fc.constantFrom(',', ';', '|', '\t'),
    quote: fc.constantFrom('"', "'", null),
    doubleQuote: fc.boolean(),
    newline: fc.constantFrom('lf', 'crlf', 'any', 'cr'),
    preamble: fc.nat(2),
    named: fc.boolean(),
    trailing: fc.boolean(),
  })
  .map(({ preamble, named, trailing, ...form }) => ({
    ...form,
    ...(preamble > 0 ? { preamble } : {}),
    ...(named ? { header: [] } : {}),
    ...(trailing ? { trailingDelimiter: true } : {}),
  }));

const anyWritten: fc.Arbitrary<Written> = anyDialect.chain((form) => {
  const cell = fc
    .array(fc.constantFrom(...LETTERS), { maxLength: 6 })
    .map((letters) => letters.join(''))
    .map((text) => (form.quote === null ? text.replaceAll(/[\r\n]/g, '').replaceAll(form.delimiter, '') : text))
    .map((text) => (form.doubleQuote === false ? text.replaceAll(form.quote ?? '', '') : text));
  const rows = fc
    .integer({ min: 1, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));
  const choices = fc.infiniteStream(fc.boolean());
  return fc.tuple(rows, choices, fc.boolean()).map(([cells, choose, finalNewline]) => {
    const header = (cells[0] ?? ['']).map((_, column) => `C${column}`);
    const table = [header, ...cells];
    const dialect = form.header === undefined ? form : { ...form, header };
    return { dialect, table, text: write(table, dialect, () => choose.next().value === true, finalNewline) };
  });
});

function write(table: Written['table'], form: Dialect, choose: () => boolean, finalNewline: boolean): string {
  const { quote, delimiter } = form;
  const writeCell = (cell: string): string => {
    if (quote === null) return cell;
    const must = [delimiter, quote, '\r', '\n'].some((special) => cell.includes(special));
    return must || choose() ? quote + cell.replaceAll(quote, quote + quote) + quote : cell;
  };
  const end = form.trailingDelimiter ? delimiter : '';
  const lines = table.map((row) => row.map(writeCell).join(delimiter) + end);
  if (form.header !== undefined) lines.shift();
  // Without a newline after it, an empty last line would be no row.
  const ended = finalNewline || lines.at(-1) === '';
  const newline = (): string => {
    if (form.newline === 'cr') return '\r';
    return form.newline === 'lf' || (form.newline === 'any' && choose()) ? '\n' : '\r\n';
  };
  const preamble = Array.from({ length: form.preamble ?? 0 }, () => `a "line${delimiter} of its own${newline()}`);
  return (
    preamble.join('') + lines.map((line, index) => line + (index < lines.length - 1 || ended ? newline() : '')).join('')
  );
}

/** The independent reader. Its own newlines are wider than ours: a carriage return alone is text to it. */
function readWithCsvParse(written: string, form: Dialect): string[][] {
  const terminator = form.newline === 'cr' ? '\r' : '\n';
  const text = written
    .split(terminator)
    .slice(form.preamble ?? 0)
    .join(terminator);
  const rows: string[][] = parse(text, {
    delimiter: form.delimiter,
    quote: form.quote,
    escape: form.quote,
    record_delimiter: { any: ['\r\n', '\n'], lf: '\n', crlf: '\r\n', cr: '\r' }[form.newline],
  });
  const table = form.header === undefined ? rows : [[...form.header], ...rows];
  return form.trailingDelimiter
    ? table.map((row, index) => (index === 0 && form.header ? row : row.slice(0, -1)))
    : table;
}

const readOutput = (text: string): string[][] => parse(text, { record_delimiter: '\r\n' });

function everything({ table, dialect: form }: Written): Dataset {
  return datasetOf(table[0] ?? [], { dialect: form });
}

async function* cut(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array, void, undefined> {
  const places = [
    0,
    ...cuts.map((place) => place % (bytes.length + 1)).sort((one, other) => one - other),
    bytes.length,
  ];
  for (const [index, place] of places.entries()) yield await Promise.resolve(bytes.subarray(place, places[index + 1]));
}

describe('scanner', () => {
  it('finds the cells that were written, as csv-parse does, in every dialect and however the bytes arrive', async () => {
    const cuts = fc.array(fc.nat(500), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(anyWritten, cuts, async (written, places) => {
        const bytes = encode(written.text, written.dialect.encoding);
        const extracted = await extractText(everything(written), pipeSource(cut(bytes, places)));
        expect(readOutput(extracted.text)).toEqual(written.table);
        expect(readWithCsvParse(written.text, written.dialect)).toEqual(written.table);
        expect(extracted.rows).toMatchObject({ read: written.table.length - 1, kept: written.table.length - 1 });
        expect(extracted.sourceBytes).toBe(bytes.length);
        expect(extracted.plaintextBytes).toBe(Buffer.byteLength(extracted.text));
      }),
      { numRuns: 1500 },
    );
  });

  it('reads a damaged source as csv-parse does or refuses it, and the same way however the bytes arrive', async () => {
    const damage = fc.record({
      at: fc.nat(200),
      remove: fc.nat(2),
      insert: fc.constantFrom('"', "'", '\n', '\r', ';', ',', '"\n', '', '\0', 'x'),
    });
    await fc.assert(
      fc.asyncProperty(
        anyWritten,
        damage,
        fc.array(fc.nat(500), { maxLength: 6 }),
        async (written, { at, remove, insert }, places) => {
          const place = (written.table[0]?.length ?? 0) * 5 + at;
          const text = written.text.slice(0, place) + insert + written.text.slice(place + remove);
          const bytes = encode(text, written.dialect.encoding);
          const whole = await outcome(written, [bytes]);
          expect(await outcome(written, cut(bytes, places))).toEqual(whole);
          expect(await outcome(written, cut(bytes, [...bytes.keys()]))).toEqual(whole);
          if (typeof whole !== 'string') expect(whole).toEqual(readWithCsvParse(text, written.dialect));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('writes any choice of columns, and the same bytes whether rows are short or too long to be copied in runs', async () => {
    const cell = fc.record({
      letters: fc.array(fc.constantFrom(...LETTERS, 'b', '€', 'longer than a vector'), { maxLength: 5 }),
      quoted: fc.boolean(),
    });
    const source = fc.integer({ min: 2, max: 6 }).chain((width) =>
      fc.record({
        rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }),
        header: fc.constant([...Array(width).keys()].map((column) => `C${column}`)),
        columns: fc.shuffledSubarray([...Array(width).keys()], { minLength: 1 }),
        encoding: fc.constantFrom<SourceEncoding>('utf-8', 'windows-1252', 'iso-8859-15'),
        delimiter: fc.constantFrom(',', ';'),
        quote: fc.constantFrom('"', "'"),
      }),
    );
    await fc.assert(
      fc.asyncProperty(source, async ({ rows, header, columns, encoding, delimiter, quote }) => {
        const table = rows.map((row) => row.map(({ letters }) => letters.join('')));
        const lines = rows.map((row) =>
          row.map(({ letters, quoted }) => {
            const text = letters.join('');
            const must = [delimiter, quote, '\r', '\n'].some((special) => text.includes(special));
            return quoted || must ? quote + text.replaceAll(quote, quote + quote) + quote : text;
          }),
        );
        const form = { ...dialect, encoding, delimiter, quote, header: [...header, 'withheld'] };
        const dataset = datasetOf(
          columns.map((column) => header[column] ?? ''),
          { dialect: form },
        );
        const extract = (withheld: string) =>
          extractText(
            dataset,
            encode(lines.map((line) => `${[...line, withheld].join(delimiter)}\n`).join(''), encoding),
          );
        const { text } = await extract('x');
        expect((await extract('x'.repeat(9000))).text).toBe(text);
        expect(readOutput(text).slice(1)).toEqual(table.map((row) => columns.map((column) => row[column])));
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a source whose damaged preamble swallows the header, as csv-parse finds no row in it', async () => {
    const form = {
      ...dialect,
      delimiter: '\t',
      quote: null,
      newline: 'cr',
      preamble: 2,
      trailingDelimiter: true,
    } as const;
    const text = `a "line\t of its own' "line\t of its own\rC0\t\r`;
    const whole = await outcome({ dialect: form, table: [['C0']], text }, [Buffer.from(text)]);
    expect([whole, readWithCsvParse(text, form)]).toEqual([expect.stringContaining('ends before its header'), []]);
  });

  it('gives the same bytes for every place where a small file can be cut in two or three', async () => {
    const text = 'ID;NAME;NOTE\r\n1;"é;""x""";\r\n2;;"a\r\nb"\n"3";"";"z"';
    const bytes = Buffer.from(text);
    const whole = await extractText(datasetOf(['NOTE', 'NAME', 'ID']), bytes);
    expect(whole.text).toBe('NOTE,NAME,ID\r\n,"é;""x""",1\r\n"a\r\nb",,2\r\nz,"",3\r\n');
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const { text: again } = await extractText(
          datasetOf(['NOTE', 'NAME', 'ID']),
          pipeSource(cut(bytes, [first, second])),
        );
        if (again !== whole.text) expect.unreachable(`cut at ${first} and ${second}`);
      }
    }
  });

  it('finds every cell at every place of the 64 bytes that are looked at together', async () => {
    const rows = ['1;"a""b";é', '"";"x\r\ny";"z;"', ';"""";""', `2;"é\n";"${'q'.repeat(70)}"`];
    const table = readWithCsvParse(`${rows.join('\r\n')}\r\n`, dialect);
    for (let place = 1; place <= 200; place++) {
      const name = 'N'.repeat(place);
      const source = Buffer.from(`${name};B;C\r\n${rows.join('\r\n')}`);
      const fields = [name, 'B', 'C'];
      const whole = await extractText(datasetOf(fields), source);
      expect(readOutput(whole.text)).toEqual([fields, ...table]);
      const again = await extractText(datasetOf(fields), pipeSource(cut(source, [place, place + 64])));
      expect(again.text).toBe(whole.text);
    }
  });

  it('fault 34: takes time in proportion to the bytes, whatever they are', async () => {
    const secondsFor = async (source: string): Promise<number> => {
      const begun = process.cpuUsage();
      await extractText(datasetOf(['A']), source).catch(() => undefined);
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / 1e6;
    };
    for (const hostile of ['"",', '""', ';', '\r\n', '"\n', 'a'.repeat(50)]) {
      const sourceOfSize = (bytes: number): string => `A;B\n1;"${hostile.repeat(bytes / hostile.length)}`;
      await secondsFor(sourceOfSize(1e6));
      const one = await secondsFor(sourceOfSize(1e6));
      // Eight times the bytes; what is quadratic would take 64 times as long.
      expect(await secondsFor(sourceOfSize(8e6))).toBeLessThan(Math.max(one, 0.02) * 32);
    }
  });

  it('finds cells that are larger than a read', async () => {
    const large = 'é\r\n""'.repeat(200_000);
    const { text } = await extractText(datasetOf(['NOTE', 'ID']), sourceOf(`ID;NOTE\n1;"${large}"\n2;x\n`, 100_000));
    expect(text).toBe(`NOTE,ID\r\n"${large}",1\r\nx,2\r\n`);
  });

  it('takes rows of which a read holds more cells than a batch has room for', async () => {
    const names = Array.from({ length: 300 }, (_, column) => `C${column}`);
    const row = (number: number): string => `${number};${';'.repeat(297)};x`;
    const lines = Array.from({ length: 4000 }, (_, number) => row(number));
    const { text, rows } = await extractText(datasetOf(['C299', 'C0']), [names.join(';'), ...lines, ''].join('\n'));
    expect(rows.kept).toBe(4000);
    expect(text).toBe(`C299,C0\r\n${lines.map((_, number) => `x,${number}\r\n`).join('')}`);
  });

  async function outcome(
    { table, dialect: form }: Written,
    chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<string[][] | string> {
    async function* asynchronous(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* chunks;
    }
    try {
      const { text } = await extractText(datasetOf(table[0] ?? [], { dialect: form }), pipeSource(asynchronous()));
      return readOutput(text);
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^E_(CSV|FIELD_MISSING|HEADER|SOURCE_ENCODING)$/) });
      return String(error);
    }
  }
});

describe('fault 29: what the scanner refuses', () => {
  const refuse = (source: string | Uint8Array, form: Partial<Dialect> = {}) =>
    failureOf(extractText(datasetOf(['A'], { dialect: { ...dialect, ...form } }), source));

  it.each([
    ['a quote that is never closed', 'A;B\n1;2\n3;"4\n5;6\n', {}, 'row 3 (byte 8): a quote is never closed'],
    ['text after a closing quote', 'A;B\n1;"2"x\n', {}, 'row 2 (byte 4): there is text after a closing quote'],
    [
      'a quote inside a cell without quotes',
      'A;B\n1;x"2"\n',
      {},
      'row 2 (byte 4): a quote stands inside a cell without quotes',
    ],
    ['a space before a quote', 'A;B\n1; "2"\n', {}, 'row 2 (byte 4): a quote stands inside a cell without quotes'],
    ['a NUL byte', 'A;B\n1;\0\n', {}, 'row 2 (byte 4): there is a NUL byte'],
    ['a NUL byte inside quotes', 'A;B\n1;"\0"\n', {}, 'row 2 (byte 4): there is a NUL byte'],
    ['too few cells', 'A;B\n1;2\n3\n', {}, 'row 3 (byte 8): there is 1 cell, but the header has 2'],
    ['an empty line', 'A;B\n\n1;2\n', {}, 'row 2 (byte 4): the line is empty, but the header has 2'],
    ['too many cells', 'A;B\n1;2;3\n', {}, 'row 2 (byte 4): there are more cells than the 2 of the header'],
    [
      'too many cells in quotes',
      'A;B\n1;"2";"3"\n',
      {},
      'row 2 (byte 4): there are more cells than the 2 of the header',
    ],
    ['a carriage return alone', 'A;B\n1;2\r3;4\n', {}, 'row 2 (byte 4): a carriage return stands without a line feed'],
    ['a carriage return at the end', 'A;B\n1;2\r', {}, 'row 2 (byte 4): a carriage return stands without a line feed'],
    [
      'CRLF where LF was declared',
      'A;B\n1;2\r\n',
      { newline: 'lf' },
      'row 2 (byte 4): there is a carriage return outside quotes',
    ],
    [
      'LF where CRLF was declared',
      'A;B\r\n1;2\n',
      { newline: 'crlf' },
      'row 2 (byte 5): a line feed stands without a carriage return',
    ],
  ] as const)('%s', async (_, source, form, message) => {
    for (const size of [1, 2, 3, 100]) {
      const failure = await failureOf(
        extractText(datasetOf(['A'], { dialect: { ...dialect, ...form } }), sourceOf(source, size)),
      );
      expect(failure).toMatchObject({ code: 'E_CSV', message });
      expect(failure.hint).not.toBe('');
    }
  });

  it('a byte offset that counts the byte order mark and all before', async () => {
    expect((await refuse(`\ufeffA;B\n${'1;2\n'.repeat(100_000)}"`)).message).toBe(
      'row 100002 (byte 400007): a quote is never closed',
    );
  });

  it('more columns than any table has', async () => {
    const failure = await refuse(`${'A;'.repeat(COLUMN_LIMIT)}A\n`);
    expect(failure).toMatchObject({
      code: 'E_CSV',
      message: `row 1 (byte 0): there are more than ${COLUMN_LIMIT} cells`,
    });
  });

  it('a cell one byte over the limit, and not one of exactly the limit', async () => {
    const { rows } = await extractText(datasetOf(['A']), `A;B\n1;"${'x'.repeat(CELL_LIMIT)}"\n`);
    expect(rows.kept).toBe(1);
    for (const source of [`A;B\n1;"${'x'.repeat(CELL_LIMIT + 1)}"\n`, `A;B\n1;${'x'.repeat(CELL_LIMIT + 1)}\n`]) {
      expect(await refuse(source)).toMatchObject({
        code: 'E_CSV',
        message: 'row 2 (byte 4): a cell is larger than 16 MiB',
      });
    }
  });

  it('a cell over the limit before anything else in its row', async () => {
    const large = 'x'.repeat(CELL_LIMIT + 1);
    for (const rest of ['', ';2;3', ';"2"x', ';x"', ';\0', ';2\r', ';"']) {
      expect(await refuse(`A;B\n${large}${rest}\n`)).toMatchObject({
        message: 'row 2 (byte 4): a cell is larger than 16 MiB',
      });
    }
  });

  it('a row whose cells are below the limit and together are not', async () => {
    const cell = 'x'.repeat(CELL_LIMIT - 1);
    const failure = await refuse(`A;B;C;D;E\n${[cell, cell, cell, cell, cell].join(';')}\n`);
    expect(failure).toMatchObject({ code: 'E_CSV', message: 'row 2 (byte 10): the row is larger than 64 MiB' });
  });

  it.each([
    ['two characters', { delimiter: ';;' }],
    ['none', { delimiter: '' }],
    ['a character outside ASCII', { delimiter: '§' }],
    ['a newline', { delimiter: '\n' }],
    ['the quote', { delimiter: '"' }],
  ])('a delimiter that is %s', async (_, form) => {
    expect(await refuse('A;B\n', form)).toMatchObject({ code: 'E_SCHEMA' });
  });
});
