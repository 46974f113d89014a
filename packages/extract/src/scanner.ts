/**
 * The scanner: finds records and cells in the bytes of a CSV source (RFC 4180, strictly, in the declared dialect), makes no string of
 * anything, and copies what is kept. The work on bytes is done in WebAssembly (`assembly/`); this is its TypeScript side. It is
 * fed chunk by chunk, at any boundary, and keeps no more than a batch of records and the one that it is in.
 */
import { SealiftError } from '@sealift/core';
import type { DayForm } from '@sealift/core/window';
import { DayReader } from './day-reader.ts';
import { type CompiledDialect, NEWLINES } from './dialect.ts';
import { QUOTING, type RecordPlace, refuseRecord, type ScannedRecord } from './record.ts';
import { RecordCopier } from './record-copier.ts';
import { faultOf, isMisfit } from './refusal.ts';
import { ENDED, instantiateScanner, type ScannerModule } from './scanner-module.ts';
import { utf16Length } from './utf16.ts';

/** The most bytes of one cell, between its quotes: 16 MiB. `assembly/scan.ts` has the same. */
export const CELL_LIMIT: number = 16 * 1024 * 1024;
/** The most columns of a source: those of the largest spreadsheet. `assembly/memory.ts` has the same. */
export const COLUMN_LIMIT = 16_384;

/** The room for a read, in bytes. */
const READ_SIZE: number = 512 * 1024;
/** The input's first size: a few reads, so that one can go on while another is scanned. */
const FIRST_ROOM: number = 4 * READ_SIZE;
const PAGE = 65_536;
const CR = 0x0d;

/** Scans one source. `space`, `fill` and `finish` feed it; `nextBatch`, `next` and the {@link ScannedRecord} are its result. */
export class Scanner implements ScannedRecord {
  bytes: Uint8Array;
  cells = 0;
  row = 0;

  readonly #module: ScannerModule;
  readonly #dialect: CompiledDialect;
  #words: Uint32Array;
  readonly #quote: number;
  /** Whether a carriage return before the newline belongs to it. */
  readonly #returnEnds: boolean;
  /** Cells that every record has, once they are fixed. */
  #fixed: number | undefined;
  /** The word before those that say where the present record's cells end: the address before its first byte. */
  #base: number;
  /** Records of the batch, and how many of them were handed out. */
  #batch = 0;
  #handedOut = 0;
  #refused = false;
  /** Called for each row of another number of cells, where such rows are passed over; and whether one is being passed over. */
  #onMisfit: (() => void) | undefined;
  #passing = false;
  #finished = false;
  /** Bytes of the source that have left the buffer. */
  #discarded = 0;

  constructor(dialect: CompiledDialect) {
    this.#module = instantiateScanner();
    this.#dialect = dialect;
    this.#quote = dialect.quote;
    this.#returnEnds = dialect.newline !== 'cr';
    this.#base = this.#firstWord;
    this.#makeRoom(FIRST_ROOM);
    this.bytes = new Uint8Array(this.#module.memory.buffer);
    this.#words = new Uint32Array(this.#module.memory.buffer);
    const { delimiter, quote, doubling, newline } = dialect;
    this.#module.declare(delimiter, quote, doubling, NEWLINES.indexOf(newline));
    this.#module.fixColumns(COLUMN_LIMIT, false);
  }

  /** Whether the source has ended. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Bytes that wait to be scanned. */
  get waiting(): number {
    return this.#module.inputEnd() - this.#module.position();
  }

  /** The present record's first byte in the source. */
  get offset(): number {
    return this.offsetOf(this.#wordAt(this.#base) + 1);
  }

  startOf(column: number): number {
    const before = this.#base + column;
    const start = this.#wordAt(before) + 1;
    return this.bytes[start] === this.#quote && start < this.#wordAt(before + 1) ? start + 1 : start;
  }

  endOf(column: number): number {
    const before = this.#base + column;
    const start = this.#wordAt(before) + 1;
    let end = this.#wordAt(before + 1);
    if (column === this.cells - 1 && this.#returnEnds && end > start && this.bytes[end - 1] === CR) end--;
    return this.bytes[start] === this.#quote && start < end ? end - 1 : end;
  }

  quotingOf(column: number): number {
    const start = this.startOf(column);
    if (start === this.#wordAt(this.#base + column) + 1) return QUOTING.none;
    const end = this.endOf(column);
    for (let at = start; at < end; at++) if (this.bytes[at] === this.#quote) return QUOTING.doubled;
    return QUOTING.quoted;
  }

  get #firstWord(): number {
    return this.#module.CELL_ENDS.value / Uint32Array.BYTES_PER_ELEMENT;
  }

  #wordAt(index: number): number {
    return this.#words[index] ?? 0;
  }

  offsetOf(index: number): number {
    return this.#discarded + this.#sourceLength(index);
  }

  /** How many bytes of the source those before `end` were. */
  #sourceLength(end: number): number {
    const start = this.#module.INPUT.value;
    const { name } = this.#dialect.encoding;
    return name === 'utf-16le' || name === 'utf-16be' ? utf16Length(this.bytes, start, end) : end - start;
  }

  /** Every record from the next one on has exactly so many cells, or is refused. Until this is called, a batch has one record. */
  fixColumns(cells: number): void {
    this.#fixed = cells;
    this.#module.fixColumns(cells, true);
  }

  /** From the next record on, those that have another number of cells and no other fault are passed over, and told. */
  passOverMisfits(onMisfit: () => void): void {
    this.#onMisfit = onMisfit;
  }

  /** Whether the bytes that wait begin with these. */
  startsWith(prefix: readonly number[]): boolean {
    const at = this.#module.position();
    return this.waiting >= prefix.length && prefix.every((byte, index) => this.bytes[at + index] === byte);
  }

  /** How many bytes from here on the next one of this value stands, of those that wait; -1 where none does. */
  find(byte: number): number {
    const at = this.#module.position();
    return this.bytes.subarray(at, this.#module.inputEnd()).indexOf(byte);
  }

  /** Leaves bytes out that stand before the first record. */
  skip(count: number): void {
    this.#module.restart(this.#module.position() + count);
  }

  /** Room for a chunk behind what there is, while the batch is still used; undefined when there is none without moving anything. */
  room(): Uint8Array | undefined {
    const free = this.bytes.length - this.#module.INPUT_SLACK.value - this.#module.inputEnd();
    return free >= READ_SIZE
      ? this.bytes.subarray(this.#module.inputEnd(), this.#module.inputEnd() + READ_SIZE)
      : undefined;
  }

  /**
   * Room for the next chunk, at least {@link READ_SIZE} bytes. To be asked for when `nextBatch` has returned false; what lies before the
   * record in progress is dropped, and nothing may be written into earlier rooms any more.
   * @throws SealiftError `E_CSV` when the cell or the record in progress is over its limit.
   */
  space(): Uint8Array {
    const room = this.room();
    if (room !== undefined) return room;
    if (this.#module.refuseOverLimit() !== 0) throw this.#refusal();
    const record = this.#module.recordAddress();
    this.#discarded += this.#sourceLength(record);
    this.#module.drop();
    this.#batch = 0;
    this.#handedOut = 0;
    this.#makeRoom(READ_SIZE);
    // Without room, nothing would be read, and that would be taken for the end of the source.
    const made = this.room();
    if (made === undefined) throw new SealiftError('E_INTERNAL', 'the scanner has no room for the next chunk');
    return made;
  }

  /** Grows the memory, twice as large at least, where a chunk does not fit. */
  #makeRoom(bytes: number): void {
    const { memory, inputEnd, INPUT_SLACK } = this.#module;
    const wanted = inputEnd() + bytes + INPUT_SLACK.value - memory.buffer.byteLength;
    if (wanted > 0) {
      const input = memory.buffer.byteLength - this.#module.INPUT.value;
      memory.grow(Math.ceil(Math.max(wanted, input) / PAGE));
      this.bytes = new Uint8Array(memory.buffer);
      this.#words = new Uint32Array(memory.buffer);
    }
  }

  /** Says how many bytes were written into the room that `space` or `room` gave. */
  fill(count: number): void {
    this.#module.fill(count);
  }

  /** Says that the source has ended. */
  finish(): void {
    this.#finished = true;
  }

  /**
   * Finds the next records: true when there is at least one to be read, false when more bytes are needed or, after `finish`, none is left.
   * @throws SealiftError `E_CSV` with row and byte offset when the next record is not what the dialect allows.
   */
  nextBatch(): boolean {
    for (;;) {
      if (this.#refused && !this.#passOver()) return false;
      this.#module.beginBatch();
      this.#refused = this.#module.scan(this.#finished) === ENDED.refused;
      this.#batch = this.#module.recordCount();
      this.#handedOut = 0;
      if (this.#batch > 0 || !this.#refused) return this.#batch > 0;
    }
  }

  /**
   * Passes over the record that is refused; false when more bytes are needed to find its end. It is scanned again with any number of
   * cells, so that a fault behind the cell that was too many is found too.
   * @throws SealiftError `E_CSV` when anything but the number of its cells is wrong
   */
  #passOver(): boolean {
    const module = this.#module;
    if (!this.#passing) {
      if (this.#onMisfit === undefined || !isMisfit(module.refusalReason())) throw this.#refusal();
      module.beginBatch();
      module.restart(module.recordAddress());
      module.fixColumns(COLUMN_LIMIT, false);
      this.#passing = true;
      this.#batch = 0;
      this.#handedOut = 0;
    }
    if (module.scan(this.#finished) === ENDED.refused) throw this.#refusal();
    if (module.recordCount() === 0) return false;
    module.beginBatch();
    module.fixColumns(this.#fixed ?? COLUMN_LIMIT, true);
    this.#passing = false;
    this.#refused = false;
    this.row++;
    this.#onMisfit?.();
    return true;
  }

  /** Records of the batch. */
  get batch(): number {
    return this.#batch;
  }

  /** Goes on to the next record of the batch; false at its end. */
  next(): boolean {
    if (this.#handedOut === this.#batch) return false;
    this.select(this.#handedOut);
    return true;
  }

  /** Goes to a record of the batch, counted from 0 in it, with which `next` goes on. */
  select(record: number): void {
    this.row += record + 1 - this.#handedOut;
    this.#handedOut = record + 1;
    this.#base = this.#wordOf(record);
    this.cells = this.#fixed ?? this.#module.cellCount();
  }

  /** What reads the dates of a column, a batch at a time; undefined where they are too long. To be asked for after `fixColumns`. */
  dayReader(column: number, form: DayForm): DayReader | undefined {
    return form.width > this.#module.DATE_WIDTH.value ? undefined : new DayReader(this.#module, column, form);
  }

  /** What copies these columns, in this order, to the output. To be asked for after `fixColumns`. */
  copier(columns: readonly number[]): RecordCopier {
    return new RecordCopier(this.#module, this.#dialect.encoding, columns);
  }

  /** The place of a record of the batch, counted from 0 in it, which may have been handed out before. */
  placeOf(record: number): RecordPlace {
    const row = this.row - this.#handedOut + record + 1;
    return { row, offset: this.offsetOf(this.#wordAt(this.#wordOf(record)) + 1) };
  }

  /** The error about the record after the batch. */
  #refusal(): SealiftError {
    const module = this.#module;
    const cells = module.refusedCells();
    const { reason, hint } = faultOf(module.refusalReason(), {
      cells,
      expected: this.#fixed ?? COLUMN_LIMIT,
      fixed: this.#fixed !== undefined,
      blank: cells === 1 && module.refusalAddress() === module.recordAddress(),
    });
    const place = { row: this.row + 1, offset: this.offsetOf(module.recordAddress()) };
    return refuseRecord('E_CSV', place, reason, hint);
  }

  /** The word before those of a record of the batch. */
  #wordOf(record: number): number {
    return this.#firstWord + record * (this.#fixed ?? 0);
  }
}
