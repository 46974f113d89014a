import { describe, expect, test } from 'vitest';
import type { Dataset, RowCounts, Window } from '../src/dataset.ts';
import { parseCalendarDate } from '../src/ids.ts';
import { checkExtractedDates } from '../src/journal/extracted-dates.ts';
import type { ExtractedDates } from '../src/statement.ts';

import { datasetNamed } from './laboratory.ts';
import { codeOf } from './refusal.ts';

const date = parseCalendarDate;
const window: Window = {
  field: 'NAISSANCE',
  format: 'YYYY-MM-DD',
  from: { date: date('2016-03-02'), inclusive: true },
  to: { date: date('2017-05-07'), inclusive: false },
  emptyDate: 'withhold',
  impossibleDate: 'withhold',
};
const dataset = datasetNamed('results', { window });
const counts: RowCounts = {
  read: 20,
  kept: 10,
  malformed: 0,
  emptyDate: 2,
  impossibleDate: 1,
  outsideWindow: 4,
  excluded: 2,
  notLinked: 1,
};
const dates: ExtractedDates = {
  field: 'NAISSANCE',
  years: [
    { year: 2015, kept: 0, withheld: 3 },
    { year: 2016, kept: 4, withheld: 1 },
    { year: 2017, kept: 6, withheld: 3 },
  ],
  firstKept: date('2016-03-02'),
  lastKept: date('2017-05-06'),
};
const check = (changes: Partial<ExtractedDates>, changed: Partial<RowCounts> = {}, of: Dataset = dataset): string => {
  try {
    checkExtractedDates({ ...dates, ...changes }, of, { ...counts, ...changed });
    return 'holds';
  } catch {
    return codeOf(() => checkExtractedDates({ ...dates, ...changes }, of, { ...counts, ...changed }));
  }
};
const { firstKept: _first, lastKept: _last, ...withoutEnds } = dates;

describe('the dates of an extraction', () => {
  test('hold when each row with a readable date is counted in its year', () => {
    expect(check({})).toBe('holds');
  });

  test('are of the field of the window, and none where there is no window', () => {
    expect(check({ field: 'DATE' })).toBe('E_MISMATCH');
    expect(check({}, {}, datasetNamed('results'))).toBe('E_MISMATCH');
  });

  test('rise year by year, each year once and none without a row', () => {
    const [before, first, last] = dates.years;
    if (before === undefined || first === undefined || last === undefined) throw new Error('three years');
    expect(check({ years: [first, before, last] })).toBe('E_COUNT');
    expect(check({ years: [before, first, { ...last, year: 2016 }], lastKept: date('2016-12-31') })).toBe('E_COUNT');
    expect(check({ years: [...dates.years, { year: 2018, kept: 0, withheld: 0 }] })).toBe('E_COUNT');
    const even = [before, { ...first, withheld: 4 }, { ...last, withheld: 0 }];
    expect(check({ years: even })).toBe('holds');
  });

  test('fault 48: add up to what was kept, and to what was withheld for another reason than its date', () => {
    expect(check({}, { kept: 11 })).toBe('E_COUNT');
    for (const reason of ['outsideWindow', 'excluded', 'notLinked'] as const) {
      expect(check({}, { [reason]: counts[reason] + 1 })).toBe('E_COUNT');
    }
    for (const reason of ['malformed', 'emptyDate', 'impossibleDate'] as const) {
      expect(check({}, { [reason]: counts[reason] + 1 })).toBe('holds');
    }
  });

  describe('of several windows are those of the first,', () => {
    const other: Window = { ...window, field: 'VISITE' };
    const all: Dataset = { ...dataset, window: { all: [window, other] } };
    const any: Dataset = { ...dataset, window: { any: [window, other] } };
    const withheld = (rows: number): Partial<ExtractedDates> => ({
      years: dates.years.map((year) => (year.year === 2015 ? { ...year, withheld: rows - 4 } : year)),
    });

    test('and of no other', () => {
      for (const joined of [all, any]) {
        expect(check({}, {}, joined)).toBe('holds');
        expect(check({ field: 'VISITE' }, {}, joined)).toBe('E_MISMATCH');
      }
    });

    test('F10 and where a row lies in all of them, every row kept lies in it', () => {
      expect(check({ firstKept: date('2016-03-01') }, {}, all)).toBe('E_SCOPE');
      expect(check({ lastKept: date('2017-05-07') }, {}, all)).toBe('E_SCOPE');
      expect(check({}, { kept: 11 }, all)).toBe('E_COUNT');
      expect(check({}, { kept: 9 }, all)).toBe('E_COUNT');
    });

    test('and where a row lies in any of them, one kept may lie outside it or have no date in it', () => {
      expect(check({ firstKept: date('2016-03-01'), lastKept: date('2017-12-31') }, {}, any)).toBe('holds');
      expect(check({ firstKept: date('2017-05-06'), lastKept: date('2016-03-02') }, {}, any)).toBe('E_COUNT');
      expect(check({}, { kept: 11 }, any)).toBe('holds');
      expect(check({}, { kept: 9 }, any)).toBe('E_COUNT');
    });

    test('fault 48: and it may have been read in a row of which another could not', () => {
      for (const [rows, ofAll, ofAny] of [
        [6, 'E_COUNT', 'holds'],
        [7, 'holds', 'holds'],
        [10, 'holds', 'holds'],
        [11, 'E_COUNT', 'E_COUNT'],
      ] as const) {
        expect([check(withheld(rows), {}, all), check(withheld(rows), {}, any)]).toEqual([ofAll, ofAny]);
      }
      expect(check(withheld(5), { outsideWindow: 5 }, any)).toBe('holds');
      expect(check(withheld(5), { outsideWindow: 6 }, any)).toBe('E_COUNT');
    });
  });

  test('begin and end in the first and the last year that kept a row', () => {
    expect(check({ firstKept: date('2015-12-31') })).toBe('E_COUNT');
    expect(check({ lastKept: date('2016-12-31') })).toBe('E_COUNT');
    expect(check({ firstKept: date('2017-01-01') })).toBe('E_COUNT');
  });

  test('do not end before they begin', () => {
    const years = [{ year: 2016, kept: 10, withheld: 7 }];
    expect(check({ years, firstKept: date('2016-03-03'), lastKept: date('2016-03-02') })).toBe('E_COUNT');
    expect(check({ years, firstKept: date('2016-03-03'), lastKept: date('2016-03-03') })).toBe('holds');
  });

  test('have no first and no last where no row was kept, and both where one was', () => {
    const none = { ...withoutEnds, years: [{ year: 2016, kept: 0, withheld: 7 }] };
    const noneKept = { ...counts, kept: 0 };
    expect(() => checkExtractedDates(none, dataset, noneKept)).not.toThrow();
    expect(codeOf(() => checkExtractedDates({ ...none, firstKept: date('2016-04-01') }, dataset, noneKept))).toBe(
      'E_COUNT',
    );
    expect(codeOf(() => checkExtractedDates(withoutEnds, dataset, counts))).toBe('E_COUNT');
    const { lastKept: _, ...withoutLast } = dates;
    expect(codeOf(() => checkExtractedDates(withoutLast, dataset, counts))).toBe('E_COUNT');
  });

  test('F10 lie within the window, whose bounds say whether their own day belongs to it', () => {
    expect(check({ firstKept: date('2016-03-01') })).toBe('E_SCOPE');
    expect(check({ lastKept: date('2017-05-07') })).toBe('E_SCOPE');
    const open: Dataset = { ...dataset, window: { ...window, from: { date: date('2016-03-02'), inclusive: false } } };
    expect(check({}, {}, open)).toBe('E_SCOPE');
    expect(check({ firstKept: date('2016-03-03') }, {}, open)).toBe('holds');
  });
});
