/** Whether the dates of an extraction agree with its counts and with the window (doc/format.md section 13, step 7). */
import { dayOfDate } from '../calendar.ts';
import type { Dataset, DateRule, RowCounts, Window } from '../dataset.ts';
import { SealiftError } from '../errors.ts';
import type { ExtractedDates } from '../statement.ts';
import { compileWindow, windowsOf } from '../window.ts';

/**
 * Checks the years and the first and last date of one dataset: they are of the field of its first window, the years rise, their sums
 * agree with the counts, and no row that was kept lies outside the window. Where a row may lie in any of several windows, the date
 * of the first may be missing in a row that was kept, and outside it.
 * @throws E_MISMATCH, E_COUNT, E_SCOPE
 */
export function checkExtractedDates(dates: ExtractedDates, { name, window }: Dataset, counts: RowCounts): void {
  const first = window === undefined ? undefined : windowsOf(window)[0];
  if (window === undefined || first === undefined || dates.field !== first.field) {
    throw new SealiftError('E_MISMATCH', `the dates of dataset ${name} are not of its window`);
  }
  const { years } = dates;
  const rising = years.every(({ year }, index) => index === 0 || year > (years[index - 1]?.year ?? year));
  if (!rising || years.some(({ kept, withheld }) => kept + withheld === 0)) throw disagree(name);
  if (!sumsAgree(window, years, counts)) throw disagree(name);
  checkEnds(dates, name, 'any' in window ? undefined : first);
}

/** Whether the rows that have a date are so many as the counts allow. */
function sumsAgree(window: DateRule, years: ExtractedDates['years'], counts: RowCounts): boolean {
  const [kept, withheld] = [sumOf(years, 'kept'), sumOf(years, 'withheld')];
  const judged = counts.outsideWindow + counts.excluded + counts.notLinked;
  const unread = counts.emptyDate + counts.impossibleDate;
  // Every window of the rows that lie outside could be read.
  if ('any' in window) {
    return kept <= counts.kept && withheld >= counts.outsideWindow && withheld <= judged + unread;
  }
  // Whoever is outside the window, excluded or not linked has dates that could be read, as has every row kept; of several windows,
  // the first may be read in a row of which another could not.
  return kept === counts.kept && withheld >= judged && withheld <= judged + ('all' in window ? unread : 0);
}

function checkEnds({ years, firstKept, lastKept }: ExtractedDates, name: string, window: Window | undefined): void {
  const withRows = years.filter(({ kept }) => kept > 0).map(({ year }) => year);
  const ends = [firstKept, lastKept].flatMap((date) => (date === undefined ? [] : [Number(date.slice(0, 4))]));
  const [first, last] = [withRows[0], withRows.at(-1)];
  // Without a row that was kept, there is no first and no last of either.
  if (ends[0] !== first || ends[1] !== last) throw disagree(name);
  if (firstKept === undefined || lastKept === undefined) return;
  if (firstKept > lastKept) throw disagree(name);
  if (window === undefined) return;
  const compiled = compileWindow(window);
  const [firstDay, lastDay] = [compiled.dayOf(compiled.first), compiled.dayOf(compiled.last)];
  if (dayOfDate(firstKept) < firstDay || dayOfDate(lastKept) > lastDay) {
    throw new SealiftError('E_SCOPE', `a row of dataset ${name} left that lies outside its window`);
  }
}

function sumOf(years: ExtractedDates['years'], what: 'kept' | 'withheld'): number {
  return years.reduce((sum, year) => sum + year[what], 0);
}

function disagree(dataset: string): SealiftError {
  return new SealiftError('E_COUNT', `the dates of dataset ${dataset} do not agree with its counts`);
}
