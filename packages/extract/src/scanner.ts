/**
 * The scanner: finds records and cells in the bytes of a CSV source (RFC 4180, strictly, in the declared dialect) and makes no
 * string of anything. It is fed chunk by chunk, at any boundary, and keeps no more than the record that it is in.
 */

import type { SealiftError } from '@sealift/core';
import { type CompiledDialect, NO_QUOTE } from './dialect.ts';
import { QUOTING, refuseRecord, type ScannedRecord } from './record.ts';

/** The most bytes of one cell, between its quotes: 16 MiB. */
export const CELL_LIMIT: number = 16 * 1024 * 1024;
/** The most bytes of one record: 64 MiB. It bounds the memory that a source can ask for. */
const RECORD_LIMIT: number = 64 * 1024 * 1024;
/** The most columns of a source: those of the largest spreadsheet. */
export const COLUMN_LIMIT = 16_384;
/** The room for a read, in bytes. */
const READ_SIZE: number = 256 * 1024;

// What a byte is to the scanner. Inside quotes only the last two matter, so that one comparison tells them apart.
const PLAIN = 0;
const DELIMITER = 1;
const CARRIAGE_RETURN = 2;
const LINE_FEED = 3;
const QUOTE = 4;
const NUL = 5;

const CR = 0x0d;
const LF = 0x0a;

const RAGGED_HINT = 'check the delimiter and the quote that the instructions declare, and that row of the source';
const QUOTE_HINT =
  'check the quote that the instructions declare, and that row of the source; a quote inside quotes is doubled';
const NEWLINE_HINT = 'declare the newline that the source uses: lf, crlf, or any for both';
const NUL_HINT = 'the source may be UTF-16 or damaged: convert it to a declared encoding, or dump it again';
const LIMIT_HINT =
  'a quote may never be closed: check the quote that the instructions declare, and that row of the source';

/** How a step of the scanner ended: on with the same record, with a whole record, or for want of bytes. */
type Step = 'on' | 'record' | 'more';

/** Scans one source. `space`, `fill` and `finish` feed it; `next` and the {@link ScannedRecord} are its result. */
export class Scanner implements ScannedRecord {
  bytes: Uint8Array = new Uint8Array(2 * READ_SIZE);
  readonly starts: Int32Array = new Int32Array(COLUMN_LIMIT);
  readonly ends: Int32Array = new Int32Array(COLUMN_LIMIT);
  readonly quoting: Uint8Array = new Uint8Array(COLUMN_LIMIT);
  cells = 0;
  row = 0;
  offset = 0;

  readonly #dialect: CompiledDialect;
  readonly #kinds: Uint8Array;
  /** The most cells of a record; the header fixes it. */
  #columnLimit = COLUMN_LIMIT;
  #columnsFixed = false;
  /** Bytes of the source that have left the buffer. */
  #discarded = 0;
  #filled = 0;
  #finished = false;
  /** The record in progress, the cell in progress, and the next byte to look at; indices into `bytes`. */
  #recordStart = 0;
  #cellStart = 0;
  #at = 0;
  #column = 0;
  /** The byte at `#at` is inside quotes that were opened in an earlier chunk. */
  #insideQuotes = false;
  #doubled = false;

  constructor(dialect: CompiledDialect) {
    this.#dialect = dialect;
    this.#kinds = kindsOf(dialect);
  }

  /** Whether the source has ended. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Bytes that wait to be scanned. */
  get waiting(): number {
    return this.#filled - this.#at;
  }

  /** Rows found so far without the header, counted by the scanner alone. */
  get rowsRead(): number {
    return Math.max(0, this.row - 1);
  }

  offsetOf(index: number): number {
    return this.#discarded + index;
  }

  /** Every record after this one has exactly as many cells as the current one, or is refused. */
  fixColumns(): void {
    this.#columnLimit = this.cells;
    this.#columnsFixed = true;
  }

  /** Whether the bytes that wait begin with these. */
  startsWith(prefix: readonly number[]): boolean {
    return this.waiting >= prefix.length && prefix.every((byte, index) => this.bytes[this.#at + index] === byte);
  }

  /** Leaves bytes out that stand before the first record. */
  skip(count: number): void {
    this.#at += count;
    this.#recordStart = this.#at;
    this.#cellStart = this.#at;
  }

  /**
   * Room for the next chunk, at least {@link READ_SIZE} bytes. To be asked for when `next` has returned false; what lies before the
   * record in progress is dropped.
   * @throws SealiftError `E_CSV` when the cell or the record in progress is over its limit.
   */
  space(): Uint8Array {
    this.#checkProgress();
    this.#dropScanned();
    if (this.bytes.length - this.#filled < READ_SIZE) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes.subarray(0, this.#filled));
      this.bytes = larger;
    }
    return this.bytes.subarray(this.#filled);
  }

  /** Says how many bytes were written into the room that `space` gave. */
  fill(count: number): void {
    this.#filled += count;
  }

  /** Says that the source has ended. */
  finish(): void {
    this.#finished = true;
  }

  /**
   * Finds the next record: true when it is there to be read, false when more bytes are needed or, after `finish`, none is left.
   * @throws SealiftError `E_CSV` with row and byte offset when the record is not what the dialect allows.
   */
  next(): boolean {
    if (this.#insideQuotes) {
      const step = this.#quotedCell();
      if (step !== 'on') return step === 'record';
    }
    const { bytes, starts, ends, quoting } = this;
    const kinds = this.#kinds;
    const filled = this.#filled;
    const columnLimit = this.#columnLimit;
    let at = this.#at;
    let cellStart = this.#cellStart;
    let column = this.#column;
    while (at < filled) {
      const kind = kinds[bytes[at] ?? 0] ?? PLAIN;
      if (kind === PLAIN) {
        at++;
        continue;
      }
      if (kind === DELIMITER && column < columnLimit - 1) {
        starts[column] = cellStart;
        ends[column] = at;
        quoting[column++] = QUOTING.none;
        cellStart = ++at;
        continue;
      }
      this.#keep(at, cellStart, column);
      const step = this.#special(kind);
      if (step !== 'on') return step === 'record';
      at = this.#at;
      cellStart = this.#cellStart;
      column = this.#column;
    }
    this.#keep(at, cellStart, column);
    if (!this.#finished || at === this.#recordStart) return false;
    this.#storeCell(at);
    return this.#endRecord(at) === 'record';
  }

  #keep(at: number, cellStart: number, column: number): void {
    this.#at = at;
    this.#cellStart = cellStart;
    this.#column = column;
  }

  #tooManyCells(): SealiftError {
    const reason = this.#columnsFixed
      ? `more cells than the ${this.#columnLimit} of the header`
      : `more than ${COLUMN_LIMIT} cells`;
    return this.#refuse(`there are ${reason}`, RAGGED_HINT);
  }

  /** What follows an unquoted cell, or begins a quoted one. */
  #special(kind: number): Step {
    if (kind === NUL) throw this.#refuse('there is a NUL byte', NUL_HINT);
    if (kind === DELIMITER) throw this.#tooManyCells();
    if (kind !== QUOTE) return this.#newline(kind, true);
    if (this.#at !== this.#cellStart) throw this.#refuse('a quote stands inside a cell without quotes', QUOTE_HINT);
    this.#at++;
    this.#insideQuotes = true;
    return this.#quotedCell();
  }

  /** From inside the quotes to the delimiter or newline after them. */
  #quotedCell(): Step {
    if (!this.#findClosingQuote()) return 'more';
    this.#storeQuoted();
    if (this.#at >= this.#filled) return this.#endRecord(this.#at);
    const after = this.bytes[this.#at] ?? 0;
    if (after !== this.#dialect.delimiter) return this.#newline(this.#kinds[after] ?? PLAIN, false);
    if (this.#column >= this.#columnLimit - 1) throw this.#tooManyCells();
    this.#keep(this.#at + 1, this.#at + 1, this.#column + 1);
    return 'on';
  }

  /** Moves on to the quote that closes the cell; false when more bytes are needed to tell which it is. */
  #findClosingQuote(): boolean {
    const { bytes } = this;
    const { quote } = this.#dialect;
    const filled = this.#filled;
    for (;;) {
      const at = this.#findInQuotes();
      // Two bytes after a quote tell all that may follow: another quote, a delimiter, CRLF.
      if (at + 2 >= filled && !this.#finished) return false;
      if (at >= filled) throw this.#refuse('a quote is never closed', QUOTE_HINT);
      if (bytes[at] !== quote) throw this.#refuse('there is a NUL byte', NUL_HINT);
      if (at + 1 >= filled || bytes[at + 1] !== quote) return true;
      this.#doubled = true;
      this.#at = at + 2;
    }
  }

  /** Moves on to the next quote or NUL inside quotes, or to the end of what is there. */
  #findInQuotes(): number {
    const { bytes } = this;
    const kinds = this.#kinds;
    const filled = this.#filled;
    let at = this.#at;
    while (at < filled && (kinds[bytes[at] ?? 0] ?? PLAIN) < QUOTE) at++;
    this.#at = at;
    return at;
  }

  #storeQuoted(): void {
    const column = this.#column;
    this.starts[column] = this.#cellStart + 1;
    this.ends[column] = this.#at;
    this.quoting[column] = this.#doubled ? QUOTING.doubled : QUOTING.quoted;
    this.#at++;
    this.#insideQuotes = false;
    this.#doubled = false;
  }

  #storeCell(end: number): void {
    const column = this.#column;
    this.starts[column] = this.#cellStart;
    this.ends[column] = end;
    this.quoting[column] = QUOTING.none;
  }

  /** The byte at `#at` follows a cell and is no delimiter: it begins a newline, or is refused. */
  #newline(kind: number, unquoted: boolean): Step {
    const at = this.#at;
    const length = this.#newlineLength(kind, at);
    if (length === 0) return 'more';
    if (unquoted) this.#storeCell(at);
    return this.#endRecord(at + length);
  }

  /** Bytes of the newline at `at` under the declared policy; 0 when the byte that decides has not been read yet. */
  #newlineLength(kind: number, at: number): number {
    const { newline } = this.#dialect;
    if (kind === LINE_FEED) {
      if (newline === 'crlf') throw this.#refuse('a line feed stands without a carriage return', NEWLINE_HINT);
      return 1;
    }
    if (kind !== CARRIAGE_RETURN) throw this.#refuse('there is text after a closing quote', QUOTE_HINT);
    if (newline === 'lf') throw this.#refuse('there is a carriage return outside quotes', NEWLINE_HINT);
    if (at + 1 >= this.#filled && !this.#finished) return 0;
    if (at + 1 >= this.#filled || this.bytes[at + 1] !== LF) {
      throw this.#refuse('a carriage return stands without a line feed', NEWLINE_HINT);
    }
    return 2;
  }

  /** Hands the record over; the next one starts at `end`. */
  #endRecord(end: number): Step {
    const cells = this.#column + 1;
    if (this.#columnsFixed && cells !== this.#columnLimit) throw this.#tooFewCells(cells);
    if (end - this.#recordStart > CELL_LIMIT) this.#checkCells(cells, end);
    this.cells = cells;
    this.row++;
    this.offset = this.#discarded + this.#recordStart;
    this.#recordStart = end;
    this.#cellStart = end;
    this.#at = end;
    this.#column = 0;
    return 'record';
  }

  #tooFewCells(cells: number): SealiftError {
    const blank = cells === 1 && this.starts[0] === this.ends[0];
    const found = blank ? 'the line is empty' : cells === 1 ? 'there is 1 cell' : `there are ${cells} cells`;
    return this.#refuse(`${found}, but the header has ${this.#columnLimit}`, RAGGED_HINT);
  }

  #checkCells(cells: number, end: number): void {
    for (let column = 0; column < cells; column++) {
      if ((this.ends[column] ?? 0) - (this.starts[column] ?? 0) > CELL_LIMIT) throw this.#cellTooLarge();
    }
    if (end - this.#recordStart > RECORD_LIMIT) throw this.#recordTooLarge();
  }

  /** The same limits for what is still in progress, so that a quote that is never closed fills no memory. */
  #checkProgress(): void {
    const start = this.#insideQuotes ? this.#cellStart + 1 : this.#cellStart;
    if (this.#at - start > CELL_LIMIT) throw this.#cellTooLarge();
    if (this.#at - this.#recordStart > RECORD_LIMIT) throw this.#recordTooLarge();
  }

  #cellTooLarge(): SealiftError {
    return this.#refuse('a cell is larger than 16 MiB', LIMIT_HINT);
  }

  #recordTooLarge(): SealiftError {
    return this.#refuse('the row is larger than 64 MiB', LIMIT_HINT);
  }

  #dropScanned(): void {
    const gone = this.#recordStart;
    if (gone === 0) return;
    this.bytes.copyWithin(0, gone, this.#filled);
    for (let column = 0; column < this.#column; column++) {
      this.starts[column] = (this.starts[column] ?? 0) - gone;
      this.ends[column] = (this.ends[column] ?? 0) - gone;
    }
    this.#discarded += gone;
    this.#recordStart = 0;
    this.#cellStart -= gone;
    this.#at -= gone;
    this.#filled -= gone;
  }

  #refuse(reason: string, hint: string): SealiftError {
    const place = { row: this.row + 1, offset: this.#discarded + this.#recordStart };
    return refuseRecord('E_CSV', place, reason, hint);
  }
}

function kindsOf(dialect: CompiledDialect): Uint8Array {
  const kinds = new Uint8Array(256);
  kinds[0] = NUL;
  kinds[CR] = CARRIAGE_RETURN;
  kinds[LF] = LINE_FEED;
  kinds[dialect.delimiter] = DELIMITER;
  if (dialect.quote !== NO_QUOTE) kinds[dialect.quote] = QUOTE;
  return kinds;
}
