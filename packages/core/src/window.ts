/**
 * The window of a dataset: which dates belong to the migration (F10). Bounds are whole days of the calendar; where the cells name
 * instants, a bound says at which offset from UTC its day is meant.
 */
import type { Bound, DateRule, Window } from './dataset.ts';
import { type CellDate, compileDateFormat, DAY_IN_SECONDS, type DateFormat } from './date-format.ts';
import { SealiftError } from './errors.ts';

/** Where a date cell lies: in the window, outside it, or nowhere because it is empty or impossible. */
export type WindowVerdict = 'inside' | 'outside' | 'empty' | 'impossible';

/** A compiled window. */
export interface CompiledWindow {
  /** The first and the last date that belong to the window, as the format counts them; infinite where there is no such bound. */
  readonly first: number;
  readonly last: number;
  /** Reads the date in `bytes[start, end)`; see {@link DateFormat.read} for what counts as empty and impossible. */
  readonly read: (bytes: Uint8Array, start: number, end: number) => CellDate;
  /** See {@link DateFormat.dayForm}. */
  readonly dayForm: DateFormat['dayForm'];
  /** Where a date lies. */
  readonly verdictOf: (date: CellDate) => WindowVerdict;
  /** The day of the calendar of a date that was read, in days since 1970-01-01: of an instant, at the offset of `from`, else of `to`. */
  readonly dayOf: (date: number) => number;
  /** Judges the cell in `bytes[start, end)`: reads it, and says where it lies. */
  readonly classify: (bytes: Uint8Array, start: number, end: number) => WindowVerdict;
}

/**
 * Compiles a window. A bound that is not inclusive leaves its own day out.
 * @throws SealiftError `E_DATE` when the format is unknown, a bound is no calendar day or lacks its offset, there is no bound, or no
 * date lies between them.
 */
export function compileWindow(window: Window): CompiledWindow {
  const format = compileDateFormat(window.format, window.pivot);
  checkBounds(window, format);
  const { read, dayForm } = format;
  const [first, last] = [firstOf(window.from, format), lastOf(window.to, format)];
  if (first > last) {
    throw new SealiftError('E_DATE', 'no day lies in the window', {
      hint: 'check that "from" is not after "to", and which of them is inclusive',
    });
  }
  const offset = offsetOf(window.from ?? window.to);

  function verdictOf(date: CellDate): WindowVerdict {
    if (typeof date !== 'number') return date;
    return date >= first && date <= last ? 'inside' : 'outside';
  }

  function dayOf(date: number): number {
    return format.counts === 'days' ? date : Math.floor((date + offset) / DAY_IN_SECONDS);
  }

  function classify(bytes: Uint8Array, start: number, end: number): WindowVerdict {
    return verdictOf(read(bytes, start, end));
  }

  return { first, last, read, dayForm, verdictOf, dayOf, classify };
}

/** The windows of a date rule, in their order. */
export function windowsOf(rule: DateRule): readonly Window[] {
  if ('all' in rule) return rule.all;
  return 'any' in rule ? rule.any : [rule];
}

/** Which verdict of several decides on the row: the first of these that one window gives. */
const DECISIVE = {
  all: ['empty', 'impossible', 'outside', 'inside'],
  any: ['inside', 'empty', 'impossible', 'outside'],
} as const satisfies Record<string, readonly WindowVerdict[]>;

/** How the verdicts of a rule's windows, at least one, make one. */
export function joinVerdicts(rule: DateRule, verdicts: readonly WindowVerdict[]): WindowVerdict {
  const order = 'any' in rule ? DECISIVE.any : DECISIVE.all;
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'outside';
}

/** Checks every window of a rule. @throws SealiftError `E_DATE` */
export function checkDateRule(rule: DateRule): void {
  for (const window of windowsOf(rule)) compileWindow(window);
}

function checkBounds({ from, to, format }: Window, { counts }: DateFormat): void {
  if (from === undefined && to === undefined) {
    throw new SealiftError('E_DATE', 'the window has neither a first nor a last day', {
      hint: 'give "from" or "to", or leave the window out',
    });
  }
  for (const bound of [from, to]) {
    if (bound === undefined || (bound.offset !== undefined) === (counts === 'seconds')) continue;
    throw new SealiftError(
      'E_DATE',
      counts === 'seconds'
        ? `dates written ${format} name instants, and a bound has no offset from UTC`
        : `dates written ${format} name no zone, and a bound has an offset from UTC`,
      {
        hint: 'give each bound "offset", such as "+02:00", where the dates name a zone or count from 1970, and only there',
      },
    );
  }
}

function firstOf(bound: Bound | undefined, { counts }: DateFormat): number {
  if (bound === undefined) return -Infinity;
  const day = boundDay(bound) + (bound.inclusive ? 0 : 1);
  return counts === 'days' ? day : day * DAY_IN_SECONDS - offsetOf(bound);
}

function lastOf(bound: Bound | undefined, { counts }: DateFormat): number {
  if (bound === undefined) return Infinity;
  const day = boundDay(bound) - (bound.inclusive ? 0 : 1);
  return counts === 'days' ? day : (day + 1) * DAY_IN_SECONDS - offsetOf(bound) - 1;
}

/** Seconds east of UTC. */
function offsetOf(bound: Bound | undefined): number {
  const { offset = '+00:00' } = bound ?? {};
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const seconds = (Number(hours) * 60 + Number(minutes)) * 60;
  if (!Number.isNaN(seconds)) return sign === '-' ? -seconds : seconds;
  throw new SealiftError('E_DATE', `"${offset}" is no offset from UTC`, { hint: 'write it as +02:00' });
}

const boundFormat: DateFormat = compileDateFormat('YYYY-MM-DD');

function boundDay({ date }: Bound): number {
  const bytes = new TextEncoder().encode(date);
  const day = boundFormat.read(bytes, 0, bytes.length);
  if (typeof day === 'number') return day;
  throw new SealiftError('E_DATE', `"${date}" is no calendar day`, {
    hint: 'write the bound as YYYY-MM-DD, a day that the calendar has',
  });
}
