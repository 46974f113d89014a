import { type CompiledDialect, NO_QUOTE } from './dialect.ts';
import { MAX_BYTES } from './encoding.ts';
import { QUOTING, refuseRecord, type ScannedRecord } from './record.ts';

/** Stands for "double no byte" in {@link copyText}. */
export const DOUBLE_NONE = -1;

/** The most bytes that {@link copyText} writes for a cell of `length` source bytes, each quote doubled and two around it. */
export function mostBytes(length: number): number {
  return length * MAX_BYTES + 2;
}

/**
 * Refuses a cell whose bytes are not text in the declared encoding.
 * @throws SealiftError `E_SOURCE_ENCODING` with row, column number and byte offset.
 */
export function requireText(record: ScannedRecord, column: number, { encoding }: CompiledDialect): void {
  const start = record.starts[column] ?? 0;
  const fault = encoding.firstUndefined(record.bytes, start, record.ends[column] ?? 0);
  if (fault < 0) return;
  const reason = `column ${column + 1} has a byte that ${encoding.name} does not define, at byte ${record.offsetOf(fault)}`;
  const hint = 'declare the encoding that the source has';
  throw refuseRecord('E_SOURCE_ENCODING', record, reason, hint);
}

/**
 * Copies a cell's text as UTF-8 to `out` from `at` on, and returns the index after it. Doubled quotes of the source become one;
 * each byte `double` becomes two. The cell has passed {@link requireText}, and `out` has room for {@link mostBytes}.
 */
export function copyText(
  record: ScannedRecord,
  column: number,
  dialect: CompiledDialect,
  double: number,
  out: Uint8Array,
  at: number,
): number {
  const { bytes } = record;
  const { lengths, utf8 } = dialect.encoding;
  const end = record.ends[column] ?? 0;
  const doubledInSource = record.quoting[column] === QUOTING.doubled ? dialect.quote : NO_QUOTE;
  let to = at;
  for (let from = record.starts[column] ?? 0; from < end; from++) {
    const byte = bytes[from] ?? 0;
    const length = lengths[byte] ?? 0;
    for (let index = 0; index < length; index++) out[to++] = utf8[byte * MAX_BYTES + index] ?? 0;
    if (byte === double) out[to++] = byte;
    if (byte === doubledInSource) from++;
  }
  return to;
}

/** Reads cells as ranges of UTF-8: `bytes[start, end)` is the text of the cell that was read last. */
export class CellReader {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  readonly #dialect: CompiledDialect;
  #scratch: Uint8Array = new Uint8Array(256);

  constructor(dialect: CompiledDialect) {
    this.#dialect = dialect;
  }

  /**
   * Reads one cell; the range is valid until the next read and until the scanner moves on.
   * @throws SealiftError `E_SOURCE_ENCODING` when its bytes are not text in the declared encoding.
   */
  read(record: ScannedRecord, column: number): void {
    const start = record.starts[column] ?? 0;
    const end = record.ends[column] ?? 0;
    if (record.quoting[column] !== QUOTING.doubled && isAscii(record.bytes, start, end)) {
      this.bytes = record.bytes;
      this.start = start;
      this.end = end;
      return;
    }
    requireText(record, column, this.#dialect);
    if (this.#scratch.length < mostBytes(end - start)) this.#scratch = new Uint8Array(mostBytes(end - start) * 2);
    this.bytes = this.#scratch;
    this.start = 0;
    this.end = copyText(record, column, this.#dialect, DOUBLE_NONE, this.#scratch, 0);
  }
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) >= 0x80) return false;
  return true;
}
