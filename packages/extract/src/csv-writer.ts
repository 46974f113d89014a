/**
 * The output of an extraction: RFC 4180 in UTF-8 without a byte order mark, comma, CRLF (design §4). A cell is quoted when it holds a
 * comma, a quote, CR or LF, or when it was quoted and empty; the only cell of a row is also quoted when it is empty, for
 * a reader may skip a blank line. Nothing else is quoted, and no byte of a cell is changed but its encoding.
 */

import { copyText, DOUBLE_NONE, mostBytes, requireText } from './cell.ts';
import { type CompiledDialect, NO_QUOTE } from './dialect.ts';
import { QUOTING, type ScannedRecord } from './record.ts';

/** Takes plaintext. The bytes belong to the writer again once the sink returns or its promise resolves: copy what must stay. */
export type PlaintextSink = (bytes: Uint8Array) => void | Promise<void>;

/** The sink gets blocks of exactly 64 KiB, and a last one of at most that. */
const BLOCK_SIZE: number = 64 * 1024;

const COMMA = 0x2c;
const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;

/** Writes the kept cells of kept rows. Writing is synchronous; the caller drains when {@link full}. */
export class CsvWriter {
  /** Bytes written, whether handed over yet or not. */
  bytesWritten = 0;
  /** Rows written, the header not counted. */
  rowsWritten = 0;

  readonly #dialect: CompiledDialect;
  readonly #columns: readonly number[];
  readonly #sink: PlaintextSink;
  /** 1 for a byte that is copied as it is and asks for no quotes. */
  readonly #plain: Uint8Array;
  #buffer: Uint8Array = new Uint8Array(4 * BLOCK_SIZE);
  #length = 0;

  /** Writes these columns of the source's records, in this order. */
  constructor(dialect: CompiledDialect, columns: readonly number[], sink: PlaintextSink) {
    this.#dialect = dialect;
    this.#columns = columns;
    this.#sink = sink;
    this.#plain = plainBytes(dialect);
  }

  /** Whether a block waits to be handed over. */
  get full(): boolean {
    return this.#length >= BLOCK_SIZE;
  }

  /** Writes the header row. */
  writeHeader(names: readonly string[]): void {
    const lone = names.length === 1;
    const cells = names.map((name) =>
      /[",\r\n]/.test(name) || (lone && name === '') ? `"${name.replaceAll('"', '""')}"` : name,
    );
    const bytes = new TextEncoder().encode(`${cells.join(',')}\r\n`);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    this.bytesWritten += bytes.length;
  }

  /**
   * Writes one row.
   * @throws SealiftError `E_SOURCE_ENCODING` when the bytes of a kept cell are not text in the declared encoding.
   */
  writeRow(record: ScannedRecord): void {
    this.#reserve(this.#mostBytesOfRow(record));
    const buffer = this.#buffer;
    let to = this.#length;
    for (const column of this.#columns) {
      to = this.#writeCell(record, column, to);
      buffer[to++] = COMMA;
    }
    // The last comma makes room for the newline.
    buffer[to - 1] = CR;
    buffer[to++] = LF;
    this.bytesWritten += to - this.#length;
    this.#length = to;
    this.rowsWritten++;
  }

  /** Hands over the blocks that are full; a promise only when the sink gave one. */
  drain(): void | Promise<void> {
    let from = 0;
    while (this.#length - from >= BLOCK_SIZE) {
      const handedOver = this.#sink(this.#buffer.subarray(from, from + BLOCK_SIZE));
      from += BLOCK_SIZE;
      if (handedOver !== undefined) return this.#drainAfter(handedOver, from);
    }
    this.#drop(from);
  }

  /** Hands over all that is left. */
  async end(): Promise<void> {
    await this.drain();
    if (this.#length > 0) await this.#sink(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
  }

  async #drainAfter(handedOver: Promise<void>, from: number): Promise<void> {
    await handedOver;
    this.#drop(from);
    await this.drain();
  }

  #drop(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  #mostBytesOfRow(record: ScannedRecord): number {
    const length = (record.ends[record.cells - 1] ?? 0) - (record.starts[0] ?? 0);
    return mostBytes(length) + this.#columns.length * 3;
  }

  #reserve(count: number): void {
    if (this.#buffer.length - this.#length >= count) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + count));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }

  /** Writes one cell at `at` and returns the index after it. */
  #writeCell(record: ScannedRecord, column: number, at: number): number {
    const { bytes } = record;
    const buffer = this.#buffer;
    const plain = this.#plain;
    const end = record.ends[column] ?? 0;
    let from = record.starts[column] ?? 0;
    if (from === end) return this.#writeEmpty(record.quoting[column] !== QUOTING.none, at);
    let to = at;
    while (from < end) {
      const byte = bytes[from++] ?? 0;
      if (plain[byte] === 0) return this.#writeDecoded(record, column, at);
      buffer[to++] = byte;
    }
    return to;
  }

  #writeEmpty(quoted: boolean, at: number): number {
    if (!quoted && this.#columns.length > 1) return at;
    this.#buffer[at] = QUOTE;
    this.#buffer[at + 1] = QUOTE;
    return at + 2;
  }

  /** Writes a cell that has to be decoded, quoted or both, from its beginning. */
  #writeDecoded(record: ScannedRecord, column: number, at: number): number {
    requireText(record, column, this.#dialect);
    const buffer = this.#buffer;
    if (!needsQuotes(record, column)) return copyText(record, column, this.#dialect, DOUBLE_NONE, buffer, at);
    buffer[at] = QUOTE;
    const end = copyText(record, column, this.#dialect, QUOTE, buffer, at + 1);
    buffer[end] = QUOTE;
    return end + 1;
  }
}

function needsQuotes(record: ScannedRecord, column: number): boolean {
  const { bytes } = record;
  const end = record.ends[column] ?? 0;
  for (let at = record.starts[column] ?? 0; at < end; at++) {
    const byte = bytes[at];
    if (byte === COMMA || byte === QUOTE || byte === CR || byte === LF) return true;
  }
  return false;
}

function plainBytes(dialect: CompiledDialect): Uint8Array {
  const plain = new Uint8Array(256).fill(1, 0, 0x80);
  for (const byte of [COMMA, QUOTE, CR, LF]) plain[byte] = 0;
  if (dialect.quote !== NO_QUOTE) plain[dialect.quote] = 0;
  return plain;
}
