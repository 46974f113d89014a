/** Whether the dates of an extraction agree with its counts and with the window (doc/format.md section 13, step 7). */
import { dayOfDate } from '../calendar.ts';
import type { Dataset, RowCounts } from '../dataset.ts';
import { SealiftError } from '../errors.ts';
import type { ExtractedDates } from '../statement.ts';
import { compileWindow } from '../window.ts';

/**
 * Checks the years and the first and last date of one dataset: they are of the window's field, the years rise, their sums are those
 * of the counts, and no row that was kept lies outside the window.
 * @throws E_MISMATCH, E_COUNT, E_SCOPE
 */
export function checkExtractedDates(dates: ExtractedDates, dataset: Dataset, counts: RowCounts): void {
  const { name, window } = dataset;
  if (window === undefined || dates.field !== window.field) {
    throw new SealiftError('E_MISMATCH', `the dates of dataset ${name} are not of its window`);
  }
  const { years } = dates;
  const rising = years.every(({ year }, index) => index === 0 || year > (years[index - 1]?.year ?? year));
  if (!rising || years.some(({ kept, withheld }) => kept + withheld === 0)) throw disagree(name);
  // Whoever is outside the window, excluded or not linked has a date that could be read, as has every row kept.
  const withheld = counts.outsideWindow + counts.excluded + counts.notLinked;
  if (sumOf(years, 'kept') !== counts.kept || sumOf(years, 'withheld') !== withheld) throw disagree(name);
  checkEnds(dates, dataset);
}

function checkEnds({ years, firstKept, lastKept }: ExtractedDates, { name, window }: Dataset): void {
  const withRows = years.filter(({ kept }) => kept > 0).map(({ year }) => year);
  const ends = [firstKept, lastKept].flatMap((date) => (date === undefined ? [] : [Number(date.slice(0, 4))]));
  const [first, last] = [withRows[0], withRows.at(-1)];
  const sameYears = first === undefined ? ends.length === 0 : ends[0] === first && ends[1] === last;
  if (!sameYears) throw disagree(name);
  if (firstKept === undefined || lastKept === undefined || window === undefined) return;
  if (firstKept > lastKept) throw disagree(name);
  const { firstDay, lastDay } = compileWindow(window);
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
