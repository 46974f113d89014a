import type { SealiftError } from '@sealift/core';
import type { SourceEncoding } from '@sealift/core/dataset';
import { type CompiledDialect, NO_QUOTE } from './dialect.ts';
import { MAX_BYTES } from './encoding.ts';
import { QUOTING, type RecordPlace, refuseRecord, type ScannedRecord } from './record.ts';

/** The most bytes that {@link copyText} writes for a cell of `length` source bytes. */
export function mostBytes(length: number): number {
  return length * MAX_BYTES;
}

/**
 * Refuses a cell whose bytes are not text in the declared encoding.
 * @throws SealiftError `E_SOURCE_ENCODING` with row, column number and byte offset.
 */
export function requireText(record: ScannedRecord, column: number, { encoding }: CompiledDialect): void {
  const fault = encoding.firstUndefined(record.bytes, record.startOf(column), record.endOf(column));
  if (fault >= 0) throw refuseText(record, column, { offset: record.offsetOf(fault), encoding: encoding.name });
}

/** The error about a byte of a cell that the declared encoding leaves undefined. */
export function refuseText(
  place: RecordPlace,
  column: number,
  { offset, encoding }: { readonly offset: number; readonly encoding: SourceEncoding },
): SealiftError {
  const reason = `column ${column + 1} has a byte that ${encoding} does not define, at byte ${offset}`;
  return refuseRecord('E_SOURCE_ENCODING', place, reason, 'declare the encoding that the source has');
}

/**
 * Copies a cell's text as UTF-8 to `out` from its beginning, and returns its length. Doubled quotes of the source become one. The
 * cell has passed {@link requireText}, and `out` has room for {@link mostBytes}.
 */
export function copyText(record: ScannedRecord, column: number, dialect: CompiledDialect, out: Uint8Array): number {
  const { bytes } = record;
  const { lengths, utf8 } = dialect.encoding;
  const end = record.endOf(column);
  const doubledInSource = record.quotingOf(column) === QUOTING.doubled ? dialect.quote : NO_QUOTE;
  let to = 0;
  for (let from = record.startOf(column); from < end; from++) {
    const byte = bytes[from] ?? 0;
    const length = lengths[byte] ?? 0;
    for (let index = 0; index < length; index++) out[to++] = utf8[byte * MAX_BYTES + index] ?? 0;
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
    const start = record.startOf(column);
    const end = record.endOf(column);
    if (record.quotingOf(column) !== QUOTING.doubled && isAscii(record.bytes, start, end)) {
      this.bytes = record.bytes;
      this.start = start;
      this.end = end;
      return;
    }
    requireText(record, column, this.#dialect);
    if (this.#scratch.length < mostBytes(end - start)) this.#scratch = new Uint8Array(mostBytes(end - start) * 2);
    this.bytes = this.#scratch;
    this.start = 0;
    this.end = copyText(record, column, this.#dialect, this.#scratch);
  }
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) >= 0x80) return false;
  return true;
}
