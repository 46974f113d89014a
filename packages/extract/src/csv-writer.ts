/**
 * The output of an extraction: RFC 4180 in UTF-8 without a byte order mark, comma, CRLF (design §4). A cell is quoted when it holds a
 * comma, a quote, CR or LF, or when it was quoted and empty; the only cell of a row is also quoted when it is empty, for
 * a reader may skip a blank line. Nothing else is quoted, and no byte of a cell is changed but its encoding.
 */
import { refuseText } from './cell.ts';
import type { CompiledDialect } from './dialect.ts';
import type { RecordCopier } from './record-copier.ts';
import type { Scanner } from './scanner.ts';

/** Takes plaintext. The bytes belong to the writer again once the sink returns or its promise resolves: copy what must stay. */
export type PlaintextSink = (bytes: Uint8Array) => void | Promise<void>;

/** The sink gets blocks of exactly 64 KiB, and a last one of at most that. */
const BLOCK_SIZE: number = 64 * 1024;

/** What a writer needs. */
export interface WriterOptions {
  readonly dialect: CompiledDialect;
  readonly scanner: Scanner;
  /** The source's columns that leave, in their order. */
  readonly columns: readonly number[];
  readonly sink: PlaintextSink;
  /** Called with all that was written, before any more of it is handed over; what it throws ends the writing. */
  readonly onWritten: (rows: number, bytes: number) => void;
}

/** Writes the kept cells of kept rows, a batch at a time. */
export class CsvWriter {
  /** Bytes handed over. */
  #handedOver = 0;
  readonly #options: WriterOptions;
  readonly #copier: RecordCopier;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#copier = options.scanner.copier(options.columns);
  }

  /** Bytes written, whether handed over yet or not. */
  get bytesWritten(): number {
    return this.#handedOver + this.#copier.length;
  }

  /** Rows written, the header not counted. */
  get rowsWritten(): number {
    return this.#copier.rows;
  }

  /** Writes the header row. */
  async writeHeader(names: readonly string[]): Promise<void> {
    const lone = names.length === 1;
    const cells = names.map((name) =>
      /[",\r\n]/.test(name) || (lone && name === '') ? `"${name.replaceAll('"', '""')}"` : name,
    );
    const bytes = new TextEncoder().encode(`${cells.join(',')}\r\n`);
    for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
      this.#copier.put(bytes.subarray(at, at + BLOCK_SIZE));
      await this.#drain();
    }
  }

  /** For each record of the scanner's batch a byte, 0 until the caller sets it to 1: the record leaves. */
  beginBatch(): Uint8Array {
    return this.#copier.begin();
  }

  /**
   * Writes what leaves of the batch.
   * @throws SealiftError `E_SOURCE_ENCODING` when the bytes of a kept cell are not text in the declared encoding.
   */
  async writeBatch(): Promise<void> {
    for (;;) {
      const outcome = this.#copier.copy();
      this.#options.onWritten(this.rowsWritten, this.bytesWritten);
      if (typeof outcome !== 'string') {
        const { scanner, dialect, columns } = this.#options;
        const place = scanner.placeOf(outcome.record);
        const offset = scanner.offsetOf(outcome.index);
        throw refuseText(place, columns[outcome.column] ?? 0, { offset, encoding: dialect.encoding.name });
      }
      if (this.#copier.length >= BLOCK_SIZE) await this.#drain();
      if (outcome === 'done') return;
    }
  }

  /** Hands over all that is left. */
  async end(): Promise<void> {
    await this.#drain();
    await this.#handOver(0, this.#copier.length);
  }

  /** Hands over the blocks that are full. */
  async #drain(): Promise<void> {
    const whole = this.#copier.length - (this.#copier.length % BLOCK_SIZE);
    await this.#handOver(BLOCK_SIZE, whole);
  }

  async #handOver(block: number, length: number): Promise<void> {
    const output = this.#copier.output();
    const step = block === 0 ? length : block;
    for (let at = 0; at < length; at += step) {
      const handedOver = this.#options.sink(output.subarray(at, at + step));
      if (handedOver !== undefined) await handedOver;
    }
    this.#copier.take(length);
    this.#handedOver += length;
  }
}
