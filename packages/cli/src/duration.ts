/** Lengths of time on the command line. */
import { UsageError } from './usage-error.ts';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
]);

/** Reads `90m`, `24h` or `2d` as seconds. Throws `E_USAGE`. */
export function readDuration(text: string, option: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const seconds = UNITS.get(unit ?? '');
  if (count === undefined || seconds === undefined) {
    throw new UsageError(`${option} is no length of time`, 'write minutes, hours or days: 90m, 24h, 2d');
  }
  return Number(count) * seconds;
}
