/** Date rules beyond one window of days: several windows, instants, years of two digits (doc/format.md section 7). */
import type { Window } from '@sealift/core/window';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetOf, extractText, failureOf } from './extraction.ts';

const window = (members: Partial<Window>): Window => ({
  field: 'SEEN',
  format: 'DD/MM/YYYY',
  from: { date: '2017-05-07', inclusive: true },
  emptyDate: 'withhold',
  impossibleDate: 'withhold',
  ...members,
});
const seen = window({});
const closed = window({ field: 'CLOSED' });

const SOURCE = [
  'ID;SEEN;CLOSED',
  '1;07/05/2017;08/05/2017',
  '2;07/05/2017;06/05/2017',
  '3;06/05/2017;07/05/2017',
  '4;06/05/2017;06/05/2017',
  '5;07/05/2017;',
  '6;;07/05/2017',
  '7;31/04/2017;07/05/2017',
  '8;06/05/2017;31/04/2017',
  '9;;31/04/2017',
].join('\n');

describe('F10 several windows', () => {
  it('all: a row leaves when every date lies in its window, and is counted under the first fault', async () => {
    const { text, rows, dates } = await extractText(datasetOf(['ID'], { window: { all: [seen, closed] } }), SOURCE);
    expect(text).toBe('ID\r\n1\r\n');
    expect(rows).toMatchObject({ read: 9, kept: 1, emptyDate: 3, impossibleDate: 2, outsideWindow: 3 });
    expect(dates).toEqual({
      field: 'SEEN',
      years: [{ year: 2017, kept: 1, withheld: 5 }],
      firstKept: '2017-05-07',
      lastKept: '2017-05-07',
    });
  });

  it('any: a row leaves when one date lies in its window, whatever the other is', async () => {
    const { text, rows, dates } = await extractText(datasetOf(['ID'], { window: { any: [seen, closed] } }), SOURCE);
    expect(text).toBe('ID\r\n1\r\n2\r\n3\r\n5\r\n6\r\n7\r\n');
    expect(rows).toMatchObject({ read: 9, kept: 6, emptyDate: 1, impossibleDate: 1, outsideWindow: 1 });
    expect(dates).toEqual({
      field: 'SEEN',
      years: [{ year: 2017, kept: 4, withheld: 2 }],
      firstKept: '2017-05-06',
      lastKept: '2017-05-07',
    });
  });

  it.each(['all', 'any'] as const)(
    '%s: a date that one window refuses stops the run, and its column is named',
    async (join) => {
      const strict = { [join]: [seen, { ...closed, emptyDate: 'refuse' }] } as { any: Window[] };
      expect(await failureOf(extractText(datasetOf(['ID'], { window: strict }), SOURCE))).toMatchObject({
        code: 'E_DATE',
        message: 'row 6 (byte 111): the date "CLOSED" is empty, and the instructions refuse such a row',
      });
    },
  );

  it('two windows of one column leave a gap between them', async () => {
    const early = window({
      from: { date: '2015-01-01', inclusive: true },
      to: { date: '2015-12-31', inclusive: true },
    });
    const source = 'ID;SEEN\n1;31/12/2014\n2;01/01/2015\n3;31/12/2015\n4;01/01/2016\n5;06/05/2017\n6;07/05/2017\n';
    const { text } = await extractText(datasetOf(['ID'], { window: { any: [early, seen] } }), source);
    expect(text).toBe('ID\r\n2\r\n3\r\n6\r\n');
  });
});

describe('F10 6, 7 and 8 May 2017', () => {
  const midnight = (date: string, zone: string): number => Date.parse(`${date}T00:00:00${zone}`) / 1000;
  const days = ['2017-05-06', '2017-05-07', '2017-05-08'];
  const from = { date: '2017-05-07', offset: '+02:00', inclusive: true };

  it.each([
    ['YYYYMMDD', seen.from, (day: string) => day.replaceAll('-', '')],
    ['DD/MM/YY', seen.from, (day: string) => day.slice(2).split('-').reverse().join('/')],
    ['YYYY-MM-DD HH:mm:ss.SSS', seen.from, (day: string) => `${day} 23:59:59.999`],
    ['YYYY-MM-DDTHH:mm:ssXXX', from, (day: string) => `${day}T00:00:00+02:00`],
    [
      'YYYY-MM-DDTHH:mm:ssZ',
      from,
      (day: string) => new Date(midnight(day, '+02:00') * 1000).toISOString().replace('.000', ''),
    ],
    ['epoch-seconds', from, (day: string) => String(midnight(day, '+02:00'))],
    ['epoch-milliseconds', from, (day: string) => String(midnight(day, '+02:00') * 1000 + 999)],
  ])('written %s: 6 May is withheld, 7 and 8 May are kept, and the statement says so', async (format, bound, write) => {
    const rule = window({
      format,
      ...(bound === undefined ? {} : { from: bound }),
      ...(format.includes('YYYY') || !format.includes('YY') ? {} : { pivot: 1930 }),
    });
    const source = `ID;SEEN\n${days.map((day, index) => `${index + 6};${write(day)}\n`).join('')}`;
    const { text, rows, dates } = await extractText(datasetOf(['ID'], { window: rule }), source);
    expect([text, rows.kept, rows.outsideWindow]).toEqual(['ID\r\n7\r\n8\r\n', 2, 1]);
    expect(dates).toMatchObject({ firstKept: '2017-05-07', lastKept: '2017-05-08' });
  });

  it('instants a second before and at the bound lie on its two sides, in every zone', async () => {
    const rule = window({ format: 'YYYY-MM-DDTHH:mm:ssXXX', from });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -840, max: 840 }),
        fc.integer({ min: -3, max: 3 }),
        async (minutes, seconds) => {
          const instant = (midnight('2017-05-07', '+02:00') + seconds) * 1000;
          const local = new Date(instant + minutes * 60_000).toISOString().slice(0, 19);
          const east = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) =>
            String(part).padStart(2, '0'),
          );
          const cell = `${local}${minutes < 0 ? '-' : '+'}${east.join(':')}`;
          const { rows } = await extractText(datasetOf(['ID'], { window: rule }), `ID;SEEN\n1;${cell}\n`);
          expect(rows).toMatchObject({ kept: seconds >= 0 ? 1 : 0, outsideWindow: seconds >= 0 ? 0 : 1 });
        },
      ),
    );
  });
});
