/**
 * The window of a dataset: which calendar days of a date field belong to the migration (F10).
 *
 * A cell is judged from its bytes, without a string: the digits and separators of a date are the same bytes in every
 * encoding that a source may declare, so that the extraction (source bytes) and the recipient's check (UTF-8) run the same code.
 */

import { dayNumber } from './calendar.ts';
import type { Bound, Window } from './dataset.ts';
import { SealiftError } from './errors.ts';

/**
 * What a date cell says: a calendar day, as the number of days since 1970-01-01 (negative before it; proleptic Gregorian
 * calendar, years 0001 to 9999), or that the cell is empty, or that it is no such day.
 */
export type CellDay = number | 'empty' | 'impossible';

/** Where a date cell lies: in the window, outside it, or nowhere because it is empty or impossible. */
export type WindowVerdict = 'inside' | 'outside' | 'empty' | 'impossible';

/** A compiled date format. */
export interface DateFormat {
  /** Bytes of every cell that matches. */
  readonly width: number;
  /**
   * The day in `bytes[start, end)`. Calendar-exact and of fixed width: for `DD/MM/YYYY`, `07/05/2017` is a day, and
   * `7/5/2017`, `31/02/2017` and `07-05-2017` are impossible. A cell of nothing but spaces (0x20) is empty; a space
   * around a date makes it impossible, for nothing is guessed. A time of day in the format is checked (23:59:59 is the
   * last) and does not change the day.
   */
  dayOf(bytes: Uint8Array, start: number, end: number): CellDay;
}

/** A compiled window. */
export interface CompiledWindow {
  /** The first day that belongs to the window, in days since 1970-01-01; `-Infinity` without a `from`. */
  readonly firstDay: number;
  /** The last day that belongs to the window, in days since 1970-01-01; `Infinity` without a `to`. */
  readonly lastDay: number;
  /** The day in `bytes[start, end)`; see {@link DateFormat.dayOf} for what counts as empty and impossible. */
  dayOf(bytes: Uint8Array, start: number, end: number): CellDay;
  /** Where a day lies. */
  verdictOf(day: CellDay): WindowVerdict;
  /** Judges the cell in `bytes[start, end)`: both of the above. */
  classify(bytes: Uint8Array, start: number, end: number): WindowVerdict;
}

type Token = 'YYYY' | 'MM' | 'DD' | 'HH' | 'mm' | 'ss';

const PART = /YYYY|MM|DD|HH|mm|ss|[TZ /.:-]/y;
const ZERO = 0x30;
const SPACE = 0x20;
const LITERALS = new Set(['T', 'Z', ' ', '/', '-', '.', ':']);

interface Literal {
  readonly at: number;
  readonly byte: number;
}

/** A part of the time of day: where it is, and how many values it has. */
interface ClockPart {
  readonly at: number;
  readonly values: number;
}

interface Layout {
  readonly width: number;
  readonly places: ReadonlyMap<Token, number>;
  readonly literals: readonly Literal[];
}

/**
 * Compiles a date format: the tokens `YYYY`, `MM`, `DD` once each, `HH`, `mm`, `ss` at most once each (`mm` needs `HH`,
 * `ss` needs `mm`), and between them the literals `T`, `Z`, space, `/`, `-`, `.` and `:`.
 * @throws SealiftError `E_DATE` when the pattern is none of these.
 */
export function compileDateFormat(pattern: string): DateFormat {
  const layout = layOut(pattern);
  const { width, literals } = layout;
  const [year, month, day] = [placeOf(layout, 'YYYY'), placeOf(layout, 'MM'), placeOf(layout, 'DD')];
  const clock = clockOf(layout);

  function dayOf(bytes: Uint8Array, start: number, end: number): CellDay {
    if (end - start === width && hasLiterals(bytes, start, literals) && isOnClock(bytes, start, clock)) {
      const years = twoDigits(bytes, start + year) * 100 + twoDigits(bytes, start + year + 2);
      const found = dayNumber(years, twoDigits(bytes, start + month), twoDigits(bytes, start + day));
      if (found !== undefined) return found;
    }
    return isBlank(bytes, start, end) ? 'empty' : 'impossible';
  }

  return { width, dayOf };
}

/**
 * Compiles the window of a dataset. A bound that is not inclusive leaves its own day out.
 * @throws SealiftError `E_DATE` when the format is unknown, a bound is no calendar day, there is no bound, or no day lies between them.
 */
export function compileWindow(window: Window): CompiledWindow {
  const format = compileDateFormat(window.format);
  const firstDay = window.from === undefined ? -Infinity : boundDay(window.from) + (window.from.inclusive ? 0 : 1);
  const lastDay = window.to === undefined ? Infinity : boundDay(window.to) - (window.to.inclusive ? 0 : 1);
  if (window.from === undefined && window.to === undefined) {
    throw new SealiftError('E_DATE', 'the window has neither a first nor a last day', {
      hint: 'give "from" or "to", or leave the window out',
    });
  }
  if (firstDay > lastDay) {
    throw new SealiftError('E_DATE', 'no day lies in the window', {
      hint: 'check that "from" is not after "to", and which of them is inclusive',
    });
  }

  function dayOf(bytes: Uint8Array, start: number, end: number): CellDay {
    return format.dayOf(bytes, start, end);
  }

  function verdictOf(day: CellDay): WindowVerdict {
    if (typeof day !== 'number') return day;
    return day >= firstDay && day <= lastDay ? 'inside' : 'outside';
  }

  function classify(bytes: Uint8Array, start: number, end: number): WindowVerdict {
    return verdictOf(dayOf(bytes, start, end));
  }

  return { firstDay, lastDay, dayOf, verdictOf, classify };
}

const boundFormat: DateFormat = compileDateFormat('YYYY-MM-DD');

function boundDay(bound: Bound): number {
  const bytes = new TextEncoder().encode(bound.date);
  const day = boundFormat.dayOf(bytes, 0, bytes.length);
  if (typeof day === 'number') return day;
  throw new SealiftError('E_DATE', `"${bound.date}" is no calendar day`, {
    hint: 'write the bound as YYYY-MM-DD, a day that the calendar has',
  });
}

function layOut(pattern: string): Layout {
  const places = new Map<Token, number>();
  const literals: Literal[] = [];
  let width = 0;
  for (const part of partsOf(pattern)) {
    if (!isToken(part)) literals.push({ at: width, byte: part.charCodeAt(0) });
    else if (places.has(part)) throw unknownFormat(pattern, `${part} stands twice`);
    else places.set(part, width);
    width += part.length;
  }
  for (const token of ['YYYY', 'MM', 'DD'] as const) {
    if (!places.has(token)) throw unknownFormat(pattern, `${token} is missing`);
  }
  if (places.has('mm') && !places.has('HH')) throw unknownFormat(pattern, 'mm stands without HH');
  if (places.has('ss') && !places.has('mm')) throw unknownFormat(pattern, 'ss stands without mm');
  return { width, places, literals };
}

function partsOf(pattern: string): string[] {
  const parts: string[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < pattern.length) {
    const at = PART.lastIndex;
    const part = PART.exec(pattern)?.[0];
    if (part === undefined) throw unknownFormat(pattern, `character ${at + 1} is neither a token nor a separator`);
    parts.push(part);
  }
  return parts;
}

function isToken(part: string): part is Token {
  return !LITERALS.has(part);
}

function unknownFormat(pattern: string, reason: string): SealiftError {
  return new SealiftError('E_DATE', `the date format "${pattern}" can't be read: ${reason}`, {
    hint: 'use YYYY, MM and DD once each, HH, mm and ss if there is a time of day, and / - . : T Z or a space between them',
  });
}

function placeOf(layout: Layout, token: Token): number {
  return layout.places.get(token) ?? -1;
}

function clockOf(layout: Layout): ClockPart[] {
  const parts = [
    { at: placeOf(layout, 'HH'), values: 24 },
    { at: placeOf(layout, 'mm'), values: 60 },
    { at: placeOf(layout, 'ss'), values: 60 },
  ];
  return parts.filter(({ at }) => at >= 0);
}

function hasLiterals(bytes: Uint8Array, start: number, literals: readonly Literal[]): boolean {
  for (const { at, byte } of literals) if (bytes[start + at] !== byte) return false;
  return true;
}

function isOnClock(bytes: Uint8Array, start: number, clock: readonly ClockPart[]): boolean {
  for (const { at, values } of clock) if (!(twoDigits(bytes, start + at) < values)) return false;
  return true;
}

/** The value of two decimal digits, or NaN. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const units = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== SPACE) return false;
  return true;
}
