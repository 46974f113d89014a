import { SealiftError } from '@sealift/core';
import type { RowCounts } from '@sealift/core/dataset';

/** The heading under which a row that was read is counted. */
export type RowHeading = Exclude<keyof RowCounts, 'read'>;

/** Counts every row under exactly one heading (design §4). */
export class Accounting {
  readonly #counts: Record<RowHeading, number> = {
    kept: 0,
    malformed: 0,
    emptyDate: 0,
    impossibleDate: 0,
    outsideWindow: 0,
    excluded: 0,
    notLinked: 0,
  };

  /** Counts rows. */
  count(heading: RowHeading, rows = 1): void {
    this.#counts[heading] += rows;
  }

  /**
   * Closes the sums against two independent counts: the rows that the scanner found and the rows that the writer wrote.
   * @throws SealiftError `E_INTERNAL` when they don't agree.
   */
  close(rowsRead: number, rowsWritten: number): RowCounts {
    const counts = this.#counts;
    const accounted = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (accounted !== rowsRead || counts.kept !== rowsWritten) {
      const message = `the rows don't add up: ${rowsRead} read, ${accounted} accounted for, ${counts.kept} kept, ${rowsWritten} written`;
      throw new SealiftError('E_INTERNAL', message, { hint: 'keep the source and report this as a defect' });
    }
    return { read: rowsRead, ...counts };
  }
}
