/** Days of the proleptic Gregorian calendar as numbers: days since 1970-01-01, negative before it, years 0001 to 9999. */
import { type CalendarDate, parseCalendarDate } from './ids.ts';

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** 0000-01-01, were there such a year. */
const FIRST_OF_YEAR_0 = -719_528;
/** In the mean of 400 years, after which the calendar repeats itself. */
const DAYS_IN_YEAR = 365.2425;
const LAST_YEAR = 9999;
/** From 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_468;
const DAY_IN_MILLISECONDS = 86_400_000;

/** The number of a day, or undefined where the calendar has no such day; NaN in any part is no day. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return undefined;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
  if (day > last) return undefined;
  // Years counted from March put the leap day at the end of the year.
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.floor((months * 153 + 2) / 5) + day - 1 - DAYS_TO_1970;
}

/** The first day of each year from 1 on, and of the one after the last; there is no year 0. */
let firstDays: Int32Array | undefined;

/** The year of a day. Millions are asked for: the mean leads to the year or to one beside it, and a table decides. */
export function yearOfDay(day: number): number {
  firstDays ??= Int32Array.from({ length: LAST_YEAR + 2 }, (_, year) => dayNumber(year, 1, 1) ?? 0);
  const near = Math.floor((day - FIRST_OF_YEAR_0) / DAYS_IN_YEAR);
  if (day < (firstDays[near] ?? 0)) return near - 1;
  return day < (firstDays[near + 1] ?? 0) ? near : near + 1;
}

/** A day as `YYYY-MM-DD`. @throws E_SCHEMA for a day whose year is not written with four digits */
export function dateOfDay(day: number): CalendarDate {
  return parseCalendarDate(new Date(day * DAY_IN_MILLISECONDS).toISOString().slice(0, 10));
}

/** The number of a calendar date's day. */
export function dayOfDate(date: CalendarDate): number {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return dayNumber(year, month, day) ?? Number.NaN;
}
