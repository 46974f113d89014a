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
  'frictionless/latin1.csv': { encoding: 'iso-8859-1' },
  'frictionless/matrix-with-comment.csv': { preamble: 1 },
  'frictionless/skip-rows-before-headers.csv': { preamble: 1 },
  'frictionless/table-with-accents.csv': { encoding: 'iso-8859-1', delimiter: ';' },
  'frictionless/table-infer-iso-8859-7.csv': { encoding: 'iso-8859-1' },
  'frictionless/without-headers.csv': { header: ['number', 'language'] },
  'rust-csv/smallpop-colon.csv': { delimiter: ':' },
  'rust-csv/smallpop-no-headers.csv': { header: ['city', 'region', 'country', 'population'] },
  'rust-csv/uspop-latin1.csv': { encoding: 'iso-8859-1' },
  'univocity/src/test/resources/csv/essential-mac.csv': { newline: 'cr' },
};

/** What is refused, and with which code: nothing of it can be read in only one way. */
const REFUSED: Readonly<Record<string, string>> = {
  'frictionless/blank-headers.csv': 'E_HEADER',
  'frictionless/blank-rows-no-fields.csv': 'E_CSV',
  'frictionless/capital-invalid.csv': 'E_HEADER',
  'frictionless/countries.csv': 'E_CSV',
  'frictionless/defective-rows.csv': 'E_CSV',
  'frictionless/dialect.csv': 'E_CSV',
  'frictionless/duplicate-column.csv': 'E_HEADER',
  'frictionless/duplicate-headers.csv': 'E_HEADER',
  'frictionless/escaping.csv': 'E_CSV',
  'frictionless/implicit-gz.csv': 'E_CSV',
  'frictionless/implicit-zip.csv': 'E_CSV',
  'frictionless/invalid.csv': 'E_HEADER',
  'frictionless/issue-1004-data1.csv': 'E_CSV',
  'frictionless/issue-1004-data2.csv': 'E_CSV',
  'frictionless/issue-1109.csv': 'E_CSV',
  'frictionless/issue-833.csv': 'E_CSV',
  'frictionless/schema-errors.csv': 'E_CSV',
  'frictionless/skip-blank-at-the-end.csv': 'E_CSV',
  'frictionless/skip-rows.csv': 'E_CSV',
  'frictionless/structure-errors.csv': 'E_CSV',
  'frictionless/without-headers-extra.csv': 'E_CSV',
  'rust-csv/strange.csv': 'E_CSV',
  'univocity/src/test/resources/csv/essential-dos.csv': 'E_CSV',
  'univocity/src/test/resources/csv/essential-mac.csv': 'E_CSV',
  'univocity/src/test/resources/csv/essential.csv': 'E_CSV',
  'univocity/src/test/resources/csv/iterating_test.csv': 'E_CSV',
  'univocity/src/test/resources/csv/test.csv': 'E_CSV',
  'univocity/src/test/resources/examples/escape.csv': 'E_CSV',
  'univocity/src/test/resources/examples/european.csv': 'E_CSV',
  'univocity/src/test/resources/examples/example.csv': 'E_CSV',
  'univocity/src/test/resources/examples/master_detail.csv': 'E_CSV',
  'univocity/src/test/resources/examples/multi_schema.csv': 'E_CSV',
  'univocity/src/test/resources/issues/github_1/input.csv': 'E_CSV',
  'univocity/src/test/resources/issues/github_194/uk-500.csv': 'E_CSV',
  'univocity/src/test/resources/issues/github_7/input.csv': 'E_CSV',
  'univocity/src/test/resources/issues/ticket_3/input.csv': 'E_CSV',
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

describe.skipIf(FILES.length === 0)('conformance', () => {
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

  it.each(Object.entries(REFUSED))('%s is refused with %s', async (file, code) => {
    const bytes = readFileSync(join(data, file));
    const [line = ''] = bytes.toString('latin1').split(/[\r\n]/, 1);
    const fields = [...new Set(line.replaceAll('"', '').split(formOf(file).delimiter))];
    expect(await failureOf(extractText(datasetOf(fields, { dialect: formOf(file) }), bytes))).toMatchObject({ code });
  });
});
