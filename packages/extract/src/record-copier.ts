/** The TypeScript side of `assembly/copy.ts`: copies kept cells of kept records, as RFC 4180 in UTF-8, to the scanner's output. */
import { type Encoding, MAX_BYTES } from './encoding.ts';
import { ENDED, type ScannerModule } from './scanner-module.ts';

/** Bytes of the table's places in `assembly/copy.ts`. */
const PLACE = 4;

/** A byte of a kept cell that is no text. */
export interface UndefinedByte {
  /** The record in the batch, and the column in the output's order; both from 0. */
  readonly record: number;
  readonly column: number;
  /** Index of the byte in the scanner's. */
  readonly index: number;
}

/** Copies from one scanner. A record leaves if {@link keep} said so before {@link copy} began. */
export class RecordCopier {
  readonly #module: ScannerModule;

  /** `columns` are those that leave, in their order. */
  constructor(module: ScannerModule, encoding: Encoding, columns: readonly number[]) {
    this.#module = module;
    const { buffer } = module.memory;
    new Uint16Array(buffer, module.OUTPUT_COLUMNS.value, columns.length).set(columns);
    const lengths = new Uint8Array(buffer, module.LENGTHS.value, 256);
    const utf8 = new Uint8Array(buffer, module.UTF_8.value, 256 * PLACE);
    lengths.set(encoding.lengths);
    for (let byte = 0; byte < 256; byte++) {
      utf8.set(encoding.utf8.subarray(byte * MAX_BYTES, (byte + 1) * MAX_BYTES), byte * PLACE);
    }
    module.prepareCopy(columns.length, encoding.multibyte);
  }

  /** Rows copied so far. */
  get rows(): number {
    return this.#module.rowsCopied();
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#module.outputLength();
  }

  /** Begins with a new batch, of which no record leaves yet. */
  begin(): Uint8Array {
    this.#module.beginCopy();
    const kept = new Uint8Array(this.#module.memory.buffer, this.#module.KEPT.value, this.#module.recordCount());
    return kept.fill(0);
  }

  /** Copies on: until the batch is done, the output is full, or a cell is no text. */
  copy(): 'done' | 'full' | UndefinedByte {
    const module = this.#module;
    const ended = module.copy();
    if (ended === ENDED.done) return 'done';
    if (ended === ENDED.full) return 'full';
    return { record: module.copyRecord(), column: module.copyColumn(), index: module.undefinedAddress() };
  }

  /** The output, from its beginning; valid until {@link take}. */
  output(): Uint8Array {
    return new Uint8Array(this.#module.memory.buffer, this.#module.OUTPUT.value, this.length);
  }

  /** Puts bytes behind the output; at most 64 KiB at a time, while {@link length} is at most 256 KiB. */
  put(bytes: Uint8Array): void {
    new Uint8Array(this.#module.memory.buffer, this.#module.OUTPUT.value + this.length, bytes.length).set(bytes);
    this.#module.putOutput(bytes.length);
  }

  /** Takes bytes away from the output's beginning. */
  take(bytes: number): void {
    this.#module.takeOutput(bytes);
  }
}
