/**
 * Reads the dates of one column as days, for formats of fixed places: a calendar day and, if there is one, a time of day, which is
 * checked and does not count. What is no such date is left to TypeScript, which says what it is (`src/judgement.ts`).
 */
import { behind, cellEnds, firstOf, isQuoted } from './cell';
import { DATE_FORM, DAYS, UNREAD } from './memory';
import { recordCount } from './scan';

/** The column, and how many bytes a date has. */
let column: u32 = 0;
let width: u32 = 0;
// The places of the parts; the time of day's may be negative.
let year: u32 = 0;
let month: u32 = 0;
let day: u32 = 0;
let hour: i32 = -1;
let minute: i32 = -1;
let second: i32 = -1;

/** From 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719468;

/** Says which column holds the dates, and how many bytes they have. */
export function prepareDays(dateColumn: u32, bytes: u32): void {
  column = dateColumn;
  width = bytes;
}

/** Says where the parts of a day stand. */
export function placeDay(yearAt: u32, monthAt: u32, dayAt: u32): void {
  year = yearAt;
  month = monthAt;
  day = dayAt;
}

/** Says where the parts of a time of day stand, or -1 for those that there are not. */
export function placeClock(hourAt: i32, minuteAt: i32, secondAt: i32): void {
  hour = hourAt;
  minute = minuteAt;
  second = secondAt;
}

/** Reads the dates of the batch. */
export function readDays(): void {
  const records = recordCount();
  for (let record: u32 = 0; record < records; record++) {
    const ends = cellEnds(record);
    const first = firstOf(ends, column);
    const end = behind(ends, column, first);
    const quoted = isQuoted(first, end);
    store<i32>(DAYS + record * 4, quoted ? dayIn(first + 1, end - 1) : dayIn(first, end));
  }
}

@inline
function dayIn(start: u32, end: u32): i32 {
  if (end - start != width || !hasForm(start)) return UNREAD;
  if (hour >= 0 && twoDigits(start + hour) > 23) return UNREAD;
  if (minute >= 0 && twoDigits(start + minute) > 59) return UNREAD;
  if (second >= 0 && twoDigits(start + second) > 59) return UNREAD;
  const years = twoDigits(start + year) * 100 + twoDigits(start + year + 2);
  return dayNumber(years, twoDigits(start + month), twoDigits(start + day));
}

/** Whether digits and other bytes stand where they should. */
@inline
function hasForm(start: u32): bool {
  const found = matches(start, DATE_FORM) | (<u64>matches(start + 16, DATE_FORM + 16) << 16);
  const wanted = ((<u64>1) << width) - 1;
  return (found & wanted) == wanted;
}

@inline
function matches(start: u32, form: u32): u32 {
  const bytes = v128.load(start);
  const wanted = v128.load(form);
  const digits = i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(9));
  const forDigits = i8x16.eq(wanted, i8x16.splat(0));
  return <u32>i8x16.bitmask(v128.bitselect(digits, i8x16.eq(bytes, wanted), forDigits));
}

@inline
function twoDigits(address: u32): u32 {
  return <u32>load<u8>(address) * 10 + <u32>load<u8>(address, 1) - 0x30 * 11;
}

/** The number of a day, as `@sealift/core/calendar` counts, or {@link UNREAD} where the calendar has no such day. */
@inline
function dayNumber(years: u32, months: u32, days: u32): i32 {
  if (years == 0 || months - 1 > 11 || days == 0 || days > lastOf(years, months)) return UNREAD;
  // Years counted from March put the leap day at the end of the year.
  const marchYear = months > 2 ? years : years - 1;
  const marchMonth = months > 2 ? months - 3 : months + 9;
  const leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400;
  return <i32>(marchYear * 365 + leapDays + (marchMonth * 153 + 2) / 5 + days - 1) - DAYS_TO_1970;
}

/** The last day of a month. */
@inline
function lastOf(years: u32, months: u32): u32 {
  if (months != 2) return 30 + ((months + (months >> 3)) & 1);
  return years % 4 == 0 && (years % 100 != 0 || years % 400 == 0) ? 29 : 28;
}
