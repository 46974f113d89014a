/** One pass over a source: every row is counted into its columns, and none is kept but the first. */
import { SealiftError } from '@sealift/core';
import type { Dialect } from '@sealift/core/dataset';
import { QUOTING, type ScannedRecord } from '../record.ts';
import { Scanner } from '../scanner.ts';
import type { Source } from '../source.ts';
import { MeasuredCell } from './cell-shape.ts';
import { ColumnTally } from './column-tally.ts';
import { compileForm, type DetectedForm } from './dialect-detection.ts';
import { ByteStatistics, type DetectedEncoding } from './encoding-detection.ts';
import { LoginDetector } from './login.ts';

/** How far was read: to the end, as many rows as were asked for, or up to a malformed row. */
export type Extent = 'whole' | 'sample' | 'stopped';

/** Why reading ended before the end: the row that extraction would refuse as well. */
export interface Stopped {
  readonly message: string;
  readonly hint: string;
}

/** How to read. */
export interface ReadingOptions {
  /** Read so many rows after the first, which may be a header; all of them when absent. */
  readonly rows?: number;
  /** Called about every 256 KiB with what is done so far. */
  readonly onProgress?: (done: { readonly bytes: number; readonly rows: number }) => void;
}

const MARK = [0xef, 0xbb, 0xbf] as const;
const CR = 0x0d;
const LF = 0x0a;

/** The pass, and what it counted. */
export class Reading {
  readonly form: DetectedForm;
  /** The first row, a header or not. */
  first: ScannedRecord | undefined;
  /** The other rows, by column. */
  tallies: readonly ColumnTally[] = [];
  /** By column, the cells that are the same as the first row's. */
  recurring: Float64Array = new Float64Array(0);
  /** Rows after the first. */
  rows = 0;
  bytes = 0;
  extent: Extent = 'whole';
  stopped: Stopped | null = null;

  readonly #scanner: Scanner;
  readonly #most: number;
  readonly #onProgress: ReadingOptions['onProgress'];
  readonly #statistics = new ByteStatistics();
  #cells: readonly MeasuredCell[] = [];
  #firstHashes = new Int32Array(0);
  #logins = new LoginDetector(0);
  #crlf = 0;
  #lf = 0;

  constructor(form: DetectedForm, { rows, onProgress }: ReadingOptions) {
    this.form = form;
    this.#scanner = new Scanner(compileForm(form));
    this.#most = rows === undefined ? Number.POSITIVE_INFINITY : rows + 1;
    this.#onProgress = onProgress;
  }

  /** What ends the rows. */
  get newline(): Dialect['newline'] {
    if (this.form.newline === 'cr') return 'cr';
    if (this.#crlf > 0 && this.#lf > 0) return 'any';
    return this.#crlf > 0 ? 'crlf' : 'lf';
  }

  /** The encoding that all the bytes speak for. */
  encoding(): DetectedEncoding {
    return this.#statistics.detect(this.extent === 'whole');
  }

  /** Whether the cells of a column are built from a name in their row. */
  isLogin(column: number): boolean {
    return this.#logins.isLogin(column);
  }

  /**
   * Reads the sample that was taken already, then the rest of the source.
   * @throws SealiftError `E_SOURCE`, `E_SOURCE_CHANGED`; `E_CSV` when not even the first row can be read
   */
  async readAll(source: Source, sample: Uint8Array): Promise<void> {
    const scanner = this.#scanner;
    const beginning = scanner.space();
    beginning.set(sample);
    this.#fill(beginning, sample.length);
    if (scanner.startsWith(MARK)) scanner.skip(MARK.length);
    while (this.#addRows()) {
      if (scanner.finished) {
        await source.confirmUnchanged('whole');
        return;
      }
      const space = scanner.space();
      this.#fill(space, await source.read(space));
      this.#onProgress?.({ bytes: this.bytes, rows: this.rows });
    }
  }

  #fill(space: Uint8Array, count: number): void {
    if (count === 0) this.#scanner.finish();
    this.#statistics.add(space, count);
    this.#scanner.fill(count);
    this.bytes += count;
  }

  /** Counts every row that is there; false when no more are to be read. */
  #addRows(): boolean {
    try {
      while (this.#scanner.nextBatch()) {
        if (this.#addBatch()) continue;
        this.extent = 'sample';
        return false;
      }
      return true;
    } catch (error) {
      if (!(error instanceof SealiftError) || this.first === undefined) throw error;
      this.extent = 'stopped';
      this.stopped = { message: error.message, hint: error.hint };
      return false;
    }
  }

  /** False when no more rows are to be read. */
  #addBatch(): boolean {
    const scanner = this.#scanner;
    while (scanner.next()) {
      this.#countNewline();
      if (scanner.row === 1) this.#begin();
      else this.#addRow();
      if (scanner.row >= this.#most) return false;
    }
    return true;
  }

  #countNewline(): void {
    const scanner = this.#scanner;
    const last = scanner.cells - 1;
    const after = scanner.bytes[scanner.endOf(last) + (scanner.quotingOf(last) === QUOTING.none ? 0 : 1)];
    if (after === CR) this.#crlf++;
    else if (after === LF) this.#lf++;
  }

  #begin(): void {
    const { cells } = this.#scanner;
    this.#scanner.fixColumns(cells);
    this.first = copyOf(this.#scanner);
    this.tallies = Array.from({ length: cells }, () => new ColumnTally());
    this.recurring = new Float64Array(cells);
    this.#cells = Array.from({ length: cells }, () => new MeasuredCell());
    this.#logins = new LoginDetector(cells);
    this.#firstHashes = Int32Array.from(this.#cells, (cell, column) => {
      cell.measure(this.#scanner, column);
      return cell.hash;
    });
  }

  #addRow(): void {
    this.rows++;
    const { tallies, recurring } = this;
    const cells = this.#cells;
    for (let column = 0; column < cells.length; column++) {
      const cell = cells[column];
      if (cell === undefined) continue;
      cell.measure(this.#scanner, column);
      tallies[column]?.add(cell);
      if (cell.hash === this.#firstHashes[column]) recurring[column] = (recurring[column] ?? 0) + 1;
    }
    this.#logins.add(cells);
  }
}

/** A record that stays when the scanner goes on. */
function copyOf(record: ScannedRecord): ScannedRecord {
  const { cells, row, offset } = record;
  const base = record.startOf(0);
  const columns = Array.from({ length: cells }, (_, column) => ({
    start: record.startOf(column) - base,
    end: record.endOf(column) - base,
    quoting: record.quotingOf(column),
  }));
  return {
    bytes: record.bytes.slice(base, record.endOf(cells - 1)),
    cells,
    row,
    offset,
    startOf: (column) => columns[column]?.start ?? 0,
    endOf: (column) => columns[column]?.end ?? 0,
    quotingOf: (column) => columns[column]?.quoting ?? QUOTING.none,
    offsetOf: (index) => offset + index,
  };
}
