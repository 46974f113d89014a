import type { Window } from '@sealift/core/window';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetOf, extractText, failureOf, sourceOf } from './extraction.ts';

const FORMATS = [
  ...['YYYY-MM-DD', 'DD/MM/YYYY', 'YYYYMMDD', 'MM.DD.YYYY', 'DD/MM/YYYY HH:mm', 'YYYY-MM-DDTHH:mm:ss'],
  ...[
    'YYYYMMDDHHmmss',
    'HH:mm DD-MM-YYYY',
    'YYYY-MM-DD HH:mm:ss.SSSSSSSSS',
    '::YYYY-MM-DD  /  HH:mm:ss.SSSSSSSSS',
    'DD/MM/YY',
  ],
];

const two = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from, max: to }).map((value) => String(value).padStart(2, '0'));

/** A cell in the format, most of them dates, some no day of the calendar or no time of the clock. */
const writtenIn = (format: string): fc.Arbitrary<string> =>
  fc
    .record({
      YYYY: fc.oneof(fc.constantFrom('0000', '0001', '1900', '2000', '2016', '9999'), fc.constantFrom('2017', '2018')),
      YY: two(0, 99),
      MM: two(0, 13),
      DD: two(0, 32),
      HH: two(0, 25),
      mm: two(0, 61),
      ss: two(0, 61),
      S: fc.constant('0'),
    })
    .map((parts) => format.replaceAll(/YYYY|YY|MM|DD|HH|mm|ss|S/g, (part) => parts[part as keyof typeof parts]));

/** A cell with one byte changed, taken away or added; or none at all. */
const damaged = (cell: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      cell,
      fc.nat(),
      fc.constantFrom('', ' ', '/', '0', ':', '9', 'é', '\ud83d\ude00', '""', '\u00ff', 'x1'),
      fc.nat(1),
    )
    .map(
      ([text, at, byte, taken]) =>
        text.slice(0, at % (text.length + 1)) + byte + text.slice((at % (text.length + 1)) + taken),
    );

const anyCell = (format: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: writtenIn(format) },
    { weight: 2, arbitrary: damaged(writtenIn(format)) },
    { weight: 1, arbitrary: fc.constantFrom('', ' ', '   ') },
  );

const anySource = fc.constantFrom(...FORMATS).chain((format) =>
  fc.record({
    format: fc.constant(format),
    cells: fc.array(fc.tuple(anyCell(format), fc.boolean()), { minLength: 1, maxLength: 30 }),
    last: fc.boolean(),
    newline: fc.constantFrom('\n', '\r\n'),
    size: fc.constantFrom(1, 7, 64, 1000),
  }),
);

describe('rows of one window whose date has fixed places, which are judged a batch at a time', () => {
  it('fall under the same headings, in the same years, as rows that are judged one by one', async () => {
    await fc.assert(
      fc.asyncProperty(anySource, async ({ format, cells, last, newline, size }) => {
        const window: Window = {
          ...{ field: 'seen', format, emptyDate: 'withhold', impossibleDate: 'withhold' },
          ...(/YYYY/.test(format) ? {} : { pivot: 1930 }),
          from: { date: '2017-05-07', inclusive: true },
        };
        const rows = cells.map(([cell, quoted], row) => {
          const text = quoted || cell.includes('"') ? `"${cell}"` : cell;
          return last ? `${row};${text}` : `${text};${row}`;
        });
        const source = [last ? 'id;seen' : 'seen;id', ...rows, ''].join(newline);
        const one = await extractText(datasetOf(['id', 'seen'], { window }), sourceOf(source, size));
        const each = await extractText(
          datasetOf(['id', 'seen'], { window: { all: [window] } }),
          sourceOf(source, size),
        );
        expect(one).toEqual(each);
      }),
      { numRuns: 500 },
    );
  });

  it('are written up to the one that is refused, whose fault is told', async () => {
    const window: Window = {
      ...{ field: 'seen', format: 'YYYY-MM-DD', emptyDate: 'withhold', impossibleDate: 'refuse' },
      from: { date: '2017-05-07', inclusive: true },
    };
    const source = 'id;seen\n1;2018-01-01\n2;\n3;2018-02-30\n4;2018-01-01\n';
    const failure = await failureOf(extractText(datasetOf(['id'], { window }), source));
    expect(failure).toMatchObject({ code: 'E_DATE', message: expect.stringMatching(/^row 4 \(byte 24\): /) });
    const ceiling = { rows: 0 };
    expect(await failureOf(extractText(datasetOf(['id'], { window, ceiling }), source))).toMatchObject({
      code: 'E_CEILING',
    });
  });
});
