/** Malformed rows: they stop the extraction, or, where the instructions allow it and the operator asks for it, are left out and counted. */
import type { Dataset } from '@sealift/core/dataset';
import type { Window } from '@sealift/core/window';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pipeSource } from '../src/index.ts';
import { datasetOf, dialect, extractText, failureOf, pieces } from './extraction.ts';

const lenient = (names: readonly string[], changes: Partial<Dataset> = {}): Dataset =>
  datasetOf(names, { malformed: 'withhold', ...changes });
const withhold = (dataset: Dataset, source: string, size = 1000) =>
  extractText(dataset, pipeSource(pieces(Buffer.from(source), size)), { onMalformed: 'withhold' });

const SOURCE = 'A;B;C\n1;2;3\n4;5\n\n6;7;8;9\n"10";"1\n1";12\n13;"1;\n4"\n15;16;17\n18;19';

describe('a row of another number of cells', () => {
  it('is left out and counted where the instructions allow it, and the rows around it leave as they are', async () => {
    for (let size = 1; size <= SOURCE.length; size++) {
      const { text, rows } = await withhold(lenient(['C', 'A']), SOURCE, size);
      expect(text).toBe('C,A\r\n3,1\r\n12,10\r\n17,15\r\n');
      expect(rows).toMatchObject({ read: 8, kept: 3, malformed: 5 });
    }
  });

  it('stops the run where the instructions do not allow it, or the operator does not ask for it', async () => {
    const message = 'row 3 (byte 12): there are 2 cells, but the header has 3';
    expect(await failureOf(withhold(datasetOf(['A']), SOURCE))).toMatchObject({ code: 'E_CSV', message });
    expect(await failureOf(extractText(lenient(['A']), SOURCE))).toMatchObject({ code: 'E_CSV', message });
  });

  it('is what is read as one, whatever the bytes are and however they come: csv-parse finds the same rows', async () => {
    const cell = fc.constantFrom('', 'a', '"b"', '"c;\n"', '"d""e"', '"\r\n"', 'é');
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 40 }),
        async (cells, newline, size) => {
          const source = ['A;B;C', ...cells.map((row) => row.join(';')), ''].join(newline);
          const options = { delimiter: ';', relax_column_count: true, record_delimiter: newline };
          const rows: string[][] = parse(source, options).slice(1);
          const whole = rows.filter((row) => row.length === 3);
          const { text, rows: counts } = await withhold(lenient(['A', 'B', 'C']), source, size);
          expect(parse(text, { record_delimiter: '\r\n' }).slice(1)).toEqual(whole);
          expect(counts).toMatchObject({
            read: rows.length,
            kept: whole.length,
            malformed: rows.length - whole.length,
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['an unclosed quote', '1;2;3;4;"5\n6;7\n', 'row 3 (byte 12): a quote is never closed'],
    ['text after a quote', '1;2;3;4;"5"6\n', 'row 3 (byte 12): there is text after a closing quote'],
    ['a quote inside a cell', '1;2;3;4;5"6"\n', 'row 3 (byte 12): a quote stands inside a cell without quotes'],
    ['a NUL byte', '1;2;3;4;\0\n', 'row 3 (byte 12): there is a NUL byte'],
    ['a carriage return alone', '1;2;3;4\r5\n', 'row 3 (byte 12): a carriage return stands without a line feed'],
  ])('that has %s as well stops the run: where it ends is not known', async (_, row, message) => {
    for (const size of [1, 7, 1000]) {
      const failure = await failureOf(withhold(lenient(['A']), `A;B;C\n1;2;3\n${row}7;8;9\n`, size));
      expect(failure).toMatchObject({ code: 'E_CSV', message });
    }
  });

  it('counts where a cell stands behind the delimiter that ends each row', async () => {
    const dataset = lenient(['A'], { dialect: { ...dialect, trailingDelimiter: true } });
    const { text, rows } = await withhold(dataset, 'A;B;\n1;2;\n3;4;5\n6;7\n8;9;;\n10;11;\n');
    expect([text, rows.malformed]).toEqual(['A\r\n1\r\n10\r\n', 3]);
  });

  it('is larger than a read, and is the last one without a newline', async () => {
    const large = 'x'.repeat(3_000_000);
    const { rows } = await withhold(lenient(['A']), `A;B\n1;2\n${large};${large};"${large}"\n3;4\n${large}`, 200_000);
    expect(rows).toMatchObject({ read: 4, kept: 2, malformed: 2 });
  });

  it('has no date and no link: it is counted as malformed before anything else', async () => {
    const window: Window = {
      field: 'B',
      format: 'YYYYMMDD',
      from: { date: '2017-05-07', inclusive: true },
      emptyDate: 'refuse',
      impossibleDate: 'refuse',
    };
    const { rows, dates } = await withhold(lenient(['A'], { window }), 'A;B\n1;20170507\n2\n3;;\n');
    expect(rows).toMatchObject({ read: 3, kept: 1, malformed: 2, emptyDate: 0, impossibleDate: 0 });
    expect(dates?.years).toEqual([{ year: 2017, kept: 1, withheld: 0 }]);
  });
});
