import { dateOfDay, yearOfDay } from '@sealift/core/calendar';
import type { ExtractedDates } from '@sealift/core/statement';

const YEARS = 10_000;

/** Counts rows by the year of their date; a row without a readable date is in no year. Nothing is allocated for a row. */
export class DateTally {
  readonly #field: string;
  readonly #kept: Float64Array = new Float64Array(YEARS);
  readonly #withheld: Float64Array = new Float64Array(YEARS);
  #firstKept = Number.POSITIVE_INFINITY;
  #lastKept = Number.NEGATIVE_INFINITY;

  /** @param field the field of the first window, whose date is counted */
  constructor(field: string) {
    this.#field = field;
  }

  /** Counts one row by its date, in days since 1970-01-01. */
  count(day: number, kept: boolean): void {
    const counts = kept ? this.#kept : this.#withheld;
    const year = yearOfDay(day);
    counts[year] = (counts[year] ?? 0) + 1;
    if (!kept) return;
    if (day < this.#firstKept) this.#firstKept = day;
    if (day > this.#lastKept) this.#lastKept = day;
  }

  /** What was counted. */
  close(): ExtractedDates {
    const years = Array.from(this.#kept, (kept, year) => ({ year, kept, withheld: this.#withheld[year] ?? 0 }));
    return {
      field: this.#field,
      years: years.filter(({ kept, withheld }) => kept + withheld > 0),
      ...(this.#firstKept > this.#lastKept
        ? {}
        : { firstKept: dateOfDay(this.#firstKept), lastKept: dateOfDay(this.#lastKept) }),
    };
  }
}
