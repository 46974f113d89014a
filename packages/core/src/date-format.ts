/**
 * Date formats: how the date of a cell is written, as the instructions declare it (doc/format.md section 7, F10).
 *
 * A cell is judged from its bytes, without a string: the digits and separators of a date are the same bytes in every
 * encoding that a source may declare, so that the extraction (source bytes) and the recipient's check (UTF-8) run the same code.
 */
import { dayNumber } from './calendar.ts';
import {
  type ClockPart,
  clockOf,
  type DayForm,
  dayFormOf,
  type Layout,
  type Literal,
  layOut,
  type Token,
  type Zone,
} from './date-pattern.ts';
import { SealiftError } from './errors.ts';

/** What a date cell says: a date as a number (see {@link DateFormat.counts}), that the cell is empty, or that it is no such date. */
export type CellDate = number | 'empty' | 'impossible';

/** A compiled date format. */
export interface DateFormat {
  /**
   * What the number of a date counts. `days`: days of the calendar since 1970-01-01 (negative before it; proleptic Gregorian, years
   * 0001 to 9999), as they are written. `seconds`: whole seconds since 1970-01-01T00:00:00Z, where the cell names an instant.
   */
  readonly counts: 'days' | 'seconds';
  /** The lengths in bytes that a cell may have; none is given for a number of any length. */
  readonly widths: readonly number[];
  /**
   * The date in `bytes[start, end)`. Calendar-exact and of the format's width: for `DD/MM/YYYY`, `07/05/2017` is a day, and
   * `7/5/2017`, `31/02/2017` and `07-05-2017` are impossible; for `D/M/YYYY`, `7/5/2017` and `17/12/2017` are days, and `07/05/2017` is none. A cell of nothing but spaces (0x20) is empty; a space around a date
   * makes it impossible, for nothing is guessed. A time of day without a zone is checked (23:59:59 is the last) and does not change the day.
   */
  readonly read: (bytes: Uint8Array, start: number, end: number) => CellDate;
  /** The places of its parts, for a reader of many dates; undefined where it is not as simple as that. */
  readonly dayForm: DayForm | undefined;
}

/** Seconds of a calendar day. */
export const DAY_IN_SECONDS = 86_400;

/** Years that two digits can stand for. */
const CENTURY = 100;
const LAST_YEAR = 9999;
/** Instants lie between these days, so that they have a day of the calendar at every offset. */
const FIRST_INSTANT = (dayNumber(1, 1, 2) ?? 0) * DAY_IN_SECONDS;
const LAST_INSTANT = (dayNumber(LAST_YEAR, 12, 31) ?? 0) * DAY_IN_SECONDS - 1;
/** Offsets reach 14 hours (XML Schema part 2, §3.2.7.3). */
const LARGEST_OFFSET = 14 * 60;
/** More digits than the milliseconds of year 9999 have. */
const LONGEST_NUMBER = 15;

const ZERO = 0x30;
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const COLON = 0x3a;
const LETTER_Z = 0x5a;

/**
 * Compiles a date format: `epoch-seconds`, `epoch-milliseconds`, or a pattern of `YYYY` or `YY`, `MM` and `DD`, once each, `HH`, `mm`,
 * `ss` and a fraction of `S`, at most once each and each only with the one before it, and between them `T`, space, `/`, `-`, `.` and `:`.
 * `M`, `D` and `H`, with a separator on each side, are months, days and hours without a zero before their digit.
 * A zone may end it: `Z` for that letter, `X`, `XX` or `XXX` for `Z` or an offset as +02, +0200 or +02:00 (the letters of Unicode
 * TR 35); it needs hours and minutes.
 * @param pivot the first of the hundred years that `YY` stands for
 * @throws SealiftError `E_DATE` when the format is none of these, or its pivot is missing or has no use.
 */
export function compileDateFormat(pattern: string, pivot?: number): DateFormat {
  const perSecond = { 'epoch-seconds': 1, 'epoch-milliseconds': 1000 }[pattern];
  const layouts = perSecond === undefined ? layOut(pattern) : [];
  checkPivot(pattern, layouts, pivot);
  if (perSecond !== undefined) return epochFormat(perSecond);
  const zone = layouts.find((layout) => layout.zone !== undefined)?.zone;
  return zone === undefined ? calendarFormat(layouts, pivot) : instantFormat(layouts, zone, pivot);
}

function calendarFormat(layouts: readonly Layout[], pivot: number | undefined): DateFormat {
  const readers = layouts.map((layout) => ({ width: layout.width, readDay: dayReader(layout, pivot) }));
  function read(bytes: Uint8Array, start: number, end: number): CellDate {
    for (const { width, readDay } of readers) {
      const day = end - start === width ? readDay(bytes, start) : undefined;
      if (day !== undefined) return day;
    }
    return withoutDate(bytes, start, end);
  }
  return { counts: 'days', widths: [...new Set(readers.map(({ width }) => width))], read, dayForm: dayFormOf(layouts) };
}

/** A date, a time of day and a zone: an instant. */
function instantFormat(layouts: readonly Layout[], { offset }: Zone, pivot: number | undefined): DateFormat {
  const readers = layouts.map((layout) => instantReader(layout, offset, dayReader(layout, pivot)));
  function read(bytes: Uint8Array, start: number, end: number): CellDate {
    for (const readInstant of readers) {
      const seconds = readInstant(bytes, start, end);
      if (seconds !== undefined) return instant(seconds);
    }
    return withoutDate(bytes, start, end);
  }
  const widths = layouts.flatMap(({ width }) => [...(offset === 0 ? [] : [width + offset]), width + 1]);
  return { counts: 'seconds', widths: [...new Set(widths)], read, dayForm: undefined };
}

/** The seconds of what is written there; undefined where it is no such instant. */
type InstantReader = (bytes: Uint8Array, start: number, end: number) => number | undefined;

function instantReader(layout: Layout, offset: Zone['offset'], readDay: DayReader): InstantReader {
  const { width, places } = layout;
  const [hours, minute, second] = [digitsAt(layout, 'HH'), places.get('mm') ?? 0, places.get('ss')];
  return (bytes, start, end) => {
    const east = offsetSeconds(bytes, start + width, end, offset);
    const day = east === undefined ? undefined : readDay(bytes, start);
    if (day === undefined || east === undefined) return undefined;
    const minutes = hours(bytes, start) * 60 + twoDigits(bytes, start + minute);
    const seconds = second === undefined ? 0 : twoDigits(bytes, start + second);
    return day * DAY_IN_SECONDS + minutes * 60 + seconds - east;
  };
}

/** A whole number of seconds or milliseconds since 1970-01-01T00:00:00Z, without a plus or a zero before it. */
function epochFormat(perSecond: number): DateFormat {
  function read(bytes: Uint8Array, start: number, end: number): CellDate {
    const first = bytes[start] === MINUS ? start + 1 : start;
    const count = wholeNumber(bytes, first, end);
    if (count === undefined || (count === 0 && first > start)) return withoutDate(bytes, start, end);
    return instant(Math.floor((first > start ? -count : count) / perSecond));
  }
  return { counts: 'seconds', widths: [], read, dayForm: undefined };
}

const instant = (seconds: number): CellDate =>
  seconds >= FIRST_INSTANT && seconds <= LAST_INSTANT ? seconds : 'impossible';

/** The day that stands at a place, undefined where there is none or the time of day is none. */
type DayReader = (bytes: Uint8Array, start: number) => number | undefined;

function dayReader(layout: Layout, pivot: number | undefined): DayReader {
  const { literals, nonZero, places } = layout;
  const [monthOf, dayOf] = [digitsAt(layout, 'MM'), digitsAt(layout, 'DD')];
  const yearOf = yearReader(places, pivot);
  const clock = clockOf(layout);
  const fraction = places.get('S') ?? 0;
  return (bytes, start) => {
    if (!hasLiterals(bytes, start, literals) || !isOnClock(bytes, start, clock)) return undefined;
    if (!areDigits(bytes, start + fraction, layout.fraction)) return undefined;
    for (const at of nonZero) if (bytes[start + at] === ZERO) return undefined;
    return dayNumber(yearOf(bytes, start), monthOf(bytes, start), dayOf(bytes, start));
  };
}

/** The number that a part of one digit or two stands for, or NaN. */
function digitsAt({ places, single }: Layout, token: Token): (bytes: Uint8Array, start: number) => number {
  const place = places.get(token) ?? 0;
  return single.has(token)
    ? (bytes, start) => oneDigit(bytes, start + place)
    : (bytes, start) => twoDigits(bytes, start + place);
}

function yearReader(places: Layout['places'], pivot: number | undefined): (bytes: Uint8Array, start: number) => number {
  const [long, short] = [places.get('YYYY'), places.get('YY') ?? 0];
  if (long !== undefined) {
    return (bytes, start) => twoDigits(bytes, start + long) * CENTURY + twoDigits(bytes, start + long + 2);
  }
  const first = pivot ?? 0;
  return (bytes, start) => first + ((twoDigits(bytes, start + short) - (first % CENTURY) + CENTURY) % CENTURY);
}

function checkPivot(pattern: string, layouts: readonly Layout[], pivot: number | undefined): void {
  const isShort = layouts.some(({ places }) => places.has('YY'));
  if (isShort === (pivot !== undefined)) {
    if (pivot === undefined || (pivot >= 1 && pivot <= LAST_YEAR - CENTURY + 1)) return;
    throw new SealiftError('E_DATE', `no hundred years begin with the pivot ${pivot}`, {
      hint: 'the pivot is the first year that two digits can stand for, such as 1930 for 1930 to 2029',
    });
  }
  throw new SealiftError(
    'E_DATE',
    isShort
      ? `the date format "${pattern}" has years of two digits, and no pivot says which century they are of`
      : `the date format "${pattern}" has no years of two digits, and a pivot is given for them`,
    { hint: 'give "pivot", the first of the hundred years that two digits stand for, with YY and with nothing else' },
  );
}

function hasLiterals(bytes: Uint8Array, start: number, literals: readonly Literal[]): boolean {
  for (const { at, byte } of literals) if (bytes[start + at] !== byte) return false;
  return true;
}

function isOnClock(bytes: Uint8Array, start: number, clock: readonly ClockPart[]): boolean {
  for (const { at, digits, values } of clock) {
    if (!((digits === 1 ? oneDigit : twoDigits)(bytes, start + at) < values)) return false;
  }
  return true;
}

function areDigits(bytes: Uint8Array, start: number, count: number): boolean {
  for (let at = start; at < start + count; at++) if (!isDigit(bytes[at] ?? 0)) return false;
  return true;
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= ZERO + 9;

/** The zone in `bytes[at, end)`, in seconds east of UTC: `Z`, or an offset of `length` bytes; undefined for anything else. */
function offsetSeconds(bytes: Uint8Array, at: number, end: number, length: Zone['offset']): number | undefined {
  if (end - at === 1) return bytes[at] === LETTER_Z ? 0 : undefined;
  if (length === 0 || end - at !== length) return undefined;
  const sign = bytes[at];
  if ((sign !== PLUS && sign !== MINUS) || (length === 6 && bytes[at + 3] !== COLON)) return undefined;
  const minute = length === 3 ? 0 : twoDigits(bytes, at + length - 2);
  const minutes = twoDigits(bytes, at + 1) * 60 + minute;
  if (!(minute < 60 && minutes <= LARGEST_OFFSET)) return undefined;
  return (sign === PLUS ? minutes : -minutes) * 60;
}

/** The value of a decimal digit, or NaN. */
function oneDigit(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  return isDigit(byte) ? byte - ZERO : Number.NaN;
}

/** The value of two decimal digits, or NaN. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const units = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN;
}

/** The value of decimal digits of which the first is 0 only when it is alone; undefined for anything else. */
function wholeNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end <= start || end - start > LONGEST_NUMBER || (bytes[start] === ZERO && end - start > 1)) return undefined;
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (!isDigit(byte)) return undefined;
    value = value * 10 + byte - ZERO;
  }
  return value;
}

function withoutDate(bytes: Uint8Array, start: number, end: number): CellDate {
  for (let at = start; at < end; at++) if (bytes[at] !== SPACE) return 'impossible';
  return 'empty';
}
