import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateOfDay, dayNumber, dayOfDate, yearOfDay } from '../src/calendar.ts';
import { parseCalendarDate } from '../src/ids.ts';
import { codeOf } from './refusal.ts';

const numberOf = (date: string): number => dayOfDate(parseCalendarDate(date));
const FIRST = -719_162;
const LAST = 2_932_896;
const days = fc.integer({ min: FIRST, max: LAST });

describe('a day as a number', () => {
  test('counts from 1970-01-01, before it below zero, from year 1 to 9999', () => {
    expect(['1970-01-01', '1970-01-02', '1969-12-31'].map(numberOf)).toEqual([0, 1, -1]);
    expect(['0001-01-01', '9999-12-31'].map(numberOf)).toEqual([FIRST, LAST]);
  });

  test('is that of the language’s own calendar, and leads back to the same date and year', () => {
    fc.assert(
      fc.property(days, (day) => {
        const date = dateOfDay(day);
        expect([Date.parse(date), numberOf(date)]).toEqual([day * 86_400_000, day]);
        expect(yearOfDay(day)).toBe(Number(date.slice(0, 4)));
      }),
      { numRuns: 2000 },
    );
  });

  test('has the right year on both sides of every new year and of every end of February', () => {
    for (let year = 2; year <= 9999; year += 1) {
      const march = dayNumber(year, 3, 1) ?? Number.NaN;
      expect([yearOfDay(march - 1), yearOfDay(march)]).toEqual([year, year]);
      const first = dayNumber(year, 1, 1) ?? Number.NaN;
      expect([yearOfDay(first - 1), yearOfDay(first)]).toEqual([year - 1, year]);
    }
  });

  test.each([
    [1900, 2, 29],
    [2017, 2, 29],
    [2000, 2, 30],
    [2017, 4, 31],
    [2017, 1, 32],
    [2017, 0, 1],
    [2017, 13, 1],
    [2017, 1, 0],
    [0, 12, 31],
    [Number.NaN, 1, 1],
    [2017, Number.NaN, 1],
    [2017, 1, Number.NaN],
  ])('fault 19: year %d, month %d, day %d is none', (year, month, day) => {
    expect(dayNumber(year, month, day)).toBeUndefined();
  });

  test.each([
    [2000, 2, 29],
    [2016, 2, 29],
    [2017, 1, 31],
    [2017, 12, 31],
    [1, 1, 1],
  ])('year %d, month %d, day %d is one', (year, month, day) => {
    expect(dayNumber(year, month, day)).toBe(
      Date.parse(`${String(year).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`) /
        86_400_000,
    );
  });

  test('whose year has not four digits has no date', () => {
    for (const day of [FIRST - 367, LAST + 1]) expect(codeOf(() => dateOfDay(day))).toBe('E_SCHEMA');
  });
});
