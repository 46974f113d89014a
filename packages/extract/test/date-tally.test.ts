import fc from 'fast-check';
import { expect, it } from 'vitest';
import { datasetOf, extractText } from './extraction.ts';

const window = {
  field: 'seen',
  format: 'DD/MM/YYYY',
  from: { date: '2017-05-07', inclusive: true },
  emptyDate: 'withhold',
  impossibleDate: 'withhold',
} as const;

it('F10 6 May 2017 is withheld, 7 and 8 May are kept, and the dates of the extraction say so', async () => {
  const source = 'id;seen\n1;06/05/2017\n2;07/05/2017\n3;08/05/2017\n4;29/02/2016\n5;\n6;31/04/2018\n';
  const { rows, dates } = await extractText(datasetOf(['id'], { window }), source);
  expect(rows).toMatchObject({ read: 6, kept: 2, outsideWindow: 2, emptyDate: 1, impossibleDate: 1 });
  expect(dates).toEqual({
    field: 'seen',
    years: [
      { year: 2016, kept: 0, withheld: 1 },
      { year: 2017, kept: 2, withheld: 1 },
    ],
    firstKept: '2017-05-07',
    lastKept: '2017-05-08',
  });
});

it('F08 a dataset without a window has no dates, one of which nothing is kept has no first and last', async () => {
  expect((await extractText(datasetOf(['id']), 'id;seen\n1;06/05/2017\n')).dates).toBeUndefined();
  const { dates } = await extractText(datasetOf(['id'], { window }), 'id;seen\n1;06/05/2017\n');
  expect(dates).toEqual({ field: 'seen', years: [{ year: 2017, kept: 0, withheld: 1 }] });
});

it('the year and the date of every day are those of the calendar', async () => {
  const days = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  const everything = { ...window, format: 'YYYY-MM-DD', from: { date: '0001-01-01', inclusive: true } } as const;
  await fc.assert(
    fc.asyncProperty(days, async (day) => {
      const date = day.toISOString().slice(0, 10);
      const { dates } = await extractText(datasetOf(['id'], { window: everything }), `id;seen\n1;${date}\n`);
      const years = [{ year: Number(date.slice(0, 4)), kept: 1, withheld: 0 }];
      expect(dates).toEqual({ field: 'seen', years, firstKept: date, lastKept: date });
    }),
    {
      examples: [
        [new Date('2000-12-31')],
        [new Date('1900-03-01')],
        [new Date('2400-02-29')],
        [new Date('0001-01-01')],
      ],
    },
  );
});
