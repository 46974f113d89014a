/**
 * Files that others wrote to try CSV readers with: every one of them gives the cells that csv-parse gives, or is refused as this
 * page says. Their folder is named by SEALIFT_TEST_DATA, or lies beside the checkout.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Dialect } from '@sealift/core/dataset';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { datasetOf, extractText, failureOf, sourceOf } from './extraction.ts';

const data = process.env['SEALIFT_TEST_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');

const SUITES = [
  'csv-spectrum',
  'univocity',
  'frictionless',
  'rust-csv',
  'nhanes',
  'synthea-small',
  'fr-prenoms-latin1',
];

/** What the instructions have to declare where it is not comma, double quote and UTF-8. */
const FORMS: Readonly<Record<string, Partial<Dialect>>> = {
  'csv-spectrum/csvs/location_coordinates.csv': { quote: null },
  'fr-prenoms-latin1/Prenoms.csv': { encoding: 'iso-8859-1', delimiter: ';' },
  'frictionless/accent.csv': { encoding: 'iso-8859-1', delimiter: ';' },
  'frictionless/country-2.csv': { preamble: 1, delimiter: ';' },
  'frictionless/dialect.csv': { delimiter: '|', quote: '#' },
  'frictionless/issue-1138.csv': { delimiter: ';', trailingDelimiter: true },
  'frictionless/issue-833.csv': { quote: null },
  'frictionless/latin1.csv': { encoding: 'iso-8859-1' },
  'frictionless/matrix-with-comment.csv': { preamble: 1 },
  'frictionless/skip-rows-before-headers.csv': { preamble: 1 },
  'frictionless/table-with-accents.csv': { encoding: 'iso-8859-1', delimiter: ';' },
  'frictionless/table-infer-iso-8859-7.csv': { encoding: 'iso-8859-1' },
  'frictionless/without-headers.csv': { header: ['number', 'language'] },
  'rust-csv/smallpop-colon.csv': { delimiter: ':' },
  'rust-csv/smallpop-no-headers.csv': { header: ['city', 'region', 'country', 'population'] },
  'rust-csv/uspop-latin1.csv': { encoding: 'iso-8859-1' },
  'rust-csv/strange.csv': { delimiter: ';' },
  'univocity/src/test/resources/csv/essential-dos.csv': { preamble: 3 },
  'univocity/src/test/resources/csv/essential-mac.csv': { preamble: 3, newline: 'cr' },
  'univocity/src/test/resources/csv/essential.csv': { preamble: 3 },
  'univocity/src/test/resources/examples/european.csv': { delimiter: ';' },
  'univocity/src/test/resources/examples/example.csv': { preamble: 5 },
  'univocity/src/test/resources/issues/github_194/uk-500.csv': { newline: 'cr' },
  'univocity/src/test/resources/issues/github_7/input.csv': { preamble: 1 },
};

/** Why a file is refused: each of these can be read in more than one way, or in none. */
const REASONS = {
  header: 'its header names a column twice, or not at all',
  ragged: 'its rows differ in their numbers of cells',
  remarks: 'remarks or empty lines stand between its rows',
  backslash: 'a backslash stands before quotes inside quotes, where others double them',
  beside: 'there is text beside the quotes of a cell',
  archive: 'it is an archive and no text',
} as const;

/** What is refused, with which code, and why. */
const REFUSED: Readonly<Record<string, readonly [code: 'E_CSV' | 'E_HEADER', reason: keyof typeof REASONS]>> = {
  'frictionless/blank-headers.csv': ['E_HEADER', 'header'],
  'frictionless/blank-rows-no-fields.csv': ['E_CSV', 'remarks'],
  'frictionless/capital-invalid.csv': ['E_HEADER', 'header'],
  'frictionless/countries.csv': ['E_CSV', 'ragged'],
  'frictionless/defective-rows.csv': ['E_CSV', 'ragged'],
  'frictionless/dialect.csv': ['E_CSV', 'ragged'],
  'frictionless/duplicate-column.csv': ['E_HEADER', 'header'],
  'frictionless/duplicate-headers.csv': ['E_HEADER', 'header'],
  'frictionless/escaping.csv': ['E_CSV', 'beside'],
  'frictionless/implicit-gz.csv': ['E_CSV', 'archive'],
  'frictionless/implicit-zip.csv': ['E_CSV', 'archive'],
  'frictionless/invalid.csv': ['E_HEADER', 'header'],
  'frictionless/issue-1004-data1.csv': ['E_CSV', 'ragged'],
  'frictionless/issue-1004-data2.csv': ['E_CSV', 'ragged'],
  'frictionless/issue-1109.csv': ['E_CSV', 'beside'],
  'frictionless/schema-errors.csv': ['E_CSV', 'ragged'],
  'frictionless/skip-blank-at-the-end.csv': ['E_CSV', 'remarks'],
  'frictionless/skip-rows.csv': ['E_CSV', 'remarks'],
  'frictionless/structure-errors.csv': ['E_CSV', 'ragged'],
  'frictionless/without-headers-extra.csv': ['E_CSV', 'ragged'],
  'rust-csv/strange.csv': ['E_CSV', 'backslash'],
  'univocity/src/test/resources/csv/essential-dos.csv': ['E_CSV', 'remarks'],
  'univocity/src/test/resources/csv/essential-mac.csv': ['E_CSV', 'remarks'],
  'univocity/src/test/resources/csv/essential.csv': ['E_CSV', 'remarks'],
  'univocity/src/test/resources/csv/iterating_test.csv': ['E_CSV', 'ragged'],
  'univocity/src/test/resources/csv/test.csv': ['E_CSV', 'beside'],
  'univocity/src/test/resources/examples/escape.csv': ['E_CSV', 'backslash'],
  'univocity/src/test/resources/examples/european.csv': ['E_CSV', 'backslash'],
  'univocity/src/test/resources/examples/example.csv': ['E_CSV', 'remarks'],
  'univocity/src/test/resources/examples/master_detail.csv': ['E_CSV', 'ragged'],
  'univocity/src/test/resources/examples/multi_schema.csv': ['E_CSV', 'ragged'],
  'univocity/src/test/resources/issues/github_1/input.csv': ['E_CSV', 'ragged'],
  'univocity/src/test/resources/issues/github_7/input.csv': ['E_CSV', 'remarks'],
  'univocity/src/test/resources/issues/ticket_3/input.csv': ['E_CSV', 'backslash'],
};

function filesOf(folder: string): string[] {
  if (!existsSync(join(data, folder))) return [];
  return readdirSync(join(data, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(data, path)).isDirectory()) return filesOf(path);
    return name.endsWith('.csv') ? [path] : [];
  });
}

const FILES = SUITES.flatMap(filesOf);

const formOf = (file: string): Dialect => ({
  encoding: 'utf-8',
  delimiter: ',',
  quote: '"',
  newline: 'any',
  ...FORMS[file],
});

/** The rows that csv-parse finds, under the header that is declared. */
function readWithCsvParse(bytes: Buffer, form: Dialect): string[][] {
  const { delimiter, quote, newline, header, preamble = 0, trailingDelimiter } = form;
  const rows: string[][] = parse(bytes, {
    delimiter,
    quote,
    escape: quote,
    bom: true,
    from_line: preamble + 1,
    encoding: form.encoding === 'utf-8' ? 'utf8' : 'latin1',
    record_delimiter: newline === 'cr' ? '\r' : ['\r\n', '\n'],
  });
  const table = header === undefined ? rows : [[...header], ...rows];
  return trailingDelimiter ? table.map((row) => row.slice(0, -1)) : table;
}

/** Without a byte there is no header to ask for. */
const EMPTY = 'frictionless/empty.csv';

const isRead = (file: string): boolean => !(file in REFUSED) && file !== EMPTY;

const missing = FILES.length === 0 ? 'conformance needs the public suites in SEALIFT_TEST_DATA' : undefined;

describe.skipIf(missing !== undefined)(missing ?? 'conformance', () => {
  it.each(FILES.filter(isRead))('%s gives the cells that csv-parse gives', async (file) => {
    const form = formOf(file);
    const bytes = readFileSync(join(data, file));
    const expected = readWithCsvParse(bytes, form);
    // So many columns may leave; one of these tables has twice as many.
    const [names = [], ...rows] = expected.map((row) => row.slice(0, 4096));
    for (const size of [7, 65_536]) {
      const { text } = await extractText(datasetOf(names, { dialect: form }), sourceOf(bytes, size));
      expect(parse(text, { record_delimiter: '\r\n' })).toEqual([names, ...rows]);
    }
  });

  it.skipIf(!FILES.includes(EMPTY))(`${EMPTY} gives the header alone`, async () => {
    const { text, sourceEmpty } = await extractText(datasetOf(['A']), readFileSync(join(data, EMPTY)));
    expect([text, sourceEmpty]).toEqual(['A\r\n', true]);
  });

  it.each(Object.entries(REFUSED).map(([file, [code, reason]]) => [file, code, REASONS[reason], reason] as const))(
    '%s is refused with %s: %s',
    async (file, code, _why, reason) => {
      const form = formOf(file);
      const bytes = readFileSync(join(data, file));
      const [line = ''] = bytes
        .toString('latin1')
        .split(/\r\n|\r|\n/)
        .slice(form.preamble ?? 0);
      const fields = [...new Set(line.replaceAll('"', '').split(form.delimiter))];
      expect(await failureOf(extractText(datasetOf(fields, { dialect: form }), bytes))).toMatchObject({ code });
      if (reason === 'archive') expect(bytes.includes(0)).toBe(true);
      else if (reason === 'header')
        expect(fields.filter((name) => name !== '').length).toBeLessThan(line.split(form.delimiter).length);
      else expect(() => readWithCsvParse(bytes, form)).toThrow();
    },
  );
});
