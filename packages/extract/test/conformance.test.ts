/** Files that others wrote to try CSV readers with: our cells are those of csv-parse. Named by SEALIFT_TEST_DATA, or beside the checkout. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dialect } from '@sealift/core/dataset';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { datasetOf, extractText, failureOf, sourceOf } from './extraction.ts';

const data = process.env['SEALIFT_TEST_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');

interface Case {
  readonly file: string;
  readonly form?: Partial<Dialect>;
}

const READABLE: readonly Case[] = [
  ...['comma_in_quotes', 'empty', 'empty_crlf', 'escaped_quotes', 'json', 'newlines', 'newlines_crlf'],
  ...['quotes_and_newlines', 'simple', 'simple_crlf', 'utf8'],
].map((name) => ({ file: `csv-spectrum/csvs/${name}.csv` }));

const MORE: readonly Case[] = [
  ...['GHB_J', 'GLU_J', 'HDL_J', 'TRIGLY_J'].map((name) => ({ file: `nhanes/${name}.csv` })),
  ...['smallpop', 'uspop', 'uspop-null'].map((name) => ({ file: `rust-csv/${name}.csv` })),
  { file: 'rust-csv/smallpop-colon.csv', form: { delimiter: ':' } },
  { file: 'csv-spectrum/csvs/location_coordinates.csv', form: { quote: null } },
  { file: 'hcv-lab/hcvdat0.csv' },
  { file: 'univocity/src/test/resources/examples/bean_test.csv' },
];

const REFUSED: readonly (Case & { readonly code: string })[] = [
  { file: 'csv-spectrum/csvs/location_coordinates.csv', code: 'E_CSV' },
  { file: 'frictionless/duplicate-headers.csv', code: 'E_HEADER' },
  { file: 'frictionless/blank-headers.csv', code: 'E_HEADER' },
  { file: 'frictionless/defective-rows.csv', code: 'E_CSV' },
  { file: 'rust-csv/uspop-latin1.csv', code: 'E_SOURCE_ENCODING' },
  { file: 'univocity/src/test/resources/csv/essential-mac.csv', code: 'E_CSV' },
];

const formOf = (form: Partial<Dialect> = {}): Dialect => ({
  encoding: 'utf-8',
  delimiter: ',',
  quote: '"',
  newline: 'any',
  ...form,
});

function readWithCsvParse(file: string, { delimiter, quote }: Dialect): string[][] {
  return parse(readFileSync(join(data, file)), { delimiter, quote, bom: true, record_delimiter: ['\r\n', '\n'] });
}

describe.skipIf(!existsSync(data))('conformance', () => {
  it.each([...READABLE, ...MORE])('$file gives the cells that csv-parse gives', async ({ file, form }) => {
    const dialect = formOf(form);
    const expected = readWithCsvParse(file, dialect);
    for (const size of [7, 65_536]) {
      const { text } = await extractText(
        datasetOf(expected[0] ?? [], { dialect }),
        sourceOf(readFileSync(join(data, file)), size),
      );
      expect(parse(text, { record_delimiter: '\r\n' })).toEqual(expected);
    }
  });

  it.each(REFUSED)('$file is refused with $code', async ({ file, form, code }) => {
    const bytes = readFileSync(join(data, file));
    const fields =
      bytes
        .toString('latin1')
        .split(/[\r\n]/, 1)[0]
        ?.split(',') ?? [];
    expect(
      await failureOf(extractText(datasetOf([...new Set(fields)], { dialect: formOf(form) }), bytes)),
    ).toMatchObject({ code });
  });
});
