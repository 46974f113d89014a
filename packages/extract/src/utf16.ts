/**
 * UTF-16 (RFC 2781) made UTF-8 before it is scanned: its bytes are no ASCII where rows are cut. What is no text stays none: a lone
 * surrogate becomes its three bytes of UTF-8, which is ill-formed, and an odd byte at the end 0xff. So a source is refused for it
 * where every other is: in the header and in kept, date and link cells.
 */
import type { Source } from './source.ts';

/** Bytes that are read of the source at once. */
const READ_SIZE: number = 64 * 1024;
/** Three bytes of UTF-8 come from two of UTF-16 at the most. */
const GROWTH = 1.5;
const ODD = 0xff;
/** First bytes of UTF-8 sequences, by the number of bytes that follow (RFC 3629 §3). */
const LEADS = [0, 0xc0, 0xe0, 0xf0] as const;

/** A source of UTF-16, read as UTF-8. Its `size` and identity are the file's. */
export class Utf16Source implements Source {
  readonly size: number | undefined;
  readonly identity: Source['identity'];
  /** Bytes that were read of the file or pipe. */
  sourceBytes = 0;
  readonly #source: Source;
  readonly #littleEndian: boolean;
  readonly #raw = new Uint8Array(READ_SIZE);
  /** Bytes of {@link #raw} that wait for the rest of their character. */
  #held = 0;
  #ended = false;

  constructor(source: Source, littleEndian: boolean) {
    this.#source = source;
    this.#littleEndian = littleEndian;
    this.size = source.size;
    this.identity = source.identity;
  }

  /** Reads UTF-8. `into` has room for 16 bytes at least. */
  async read(into: Uint8Array): Promise<number> {
    while (!this.#ended) {
      const most = Math.min(this.#raw.length, Math.floor(into.length / GROWTH)) - this.#held;
      const count = await this.#source.read(this.#raw.subarray(this.#held, this.#held + most));
      this.sourceBytes += count;
      this.#ended = count === 0;
      const written = this.#convert(this.#held + count, into);
      if (written > 0) return written;
    }
    return 0;
  }

  confirmUnchanged(read: 'whole' | 'part'): Promise<void> {
    return this.#source.confirmUnchanged(read);
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** Converts `raw[0, length)` as far as characters are whole, keeps the rest, and returns the bytes written. */
  #convert(length: number, into: Uint8Array): number {
    const view = new DataView(this.#raw.buffer);
    let from = 0;
    let to = 0;
    while (from + 1 < length) {
      const unit = view.getUint16(from, this.#littleEndian);
      const isHigh = unit >= 0xd800 && unit < 0xdc00;
      if (isHigh && from + 3 >= length && !this.#ended) break;
      const next = isHigh && from + 3 < length ? view.getUint16(from + 2, this.#littleEndian) : 0;
      const paired = next >= 0xdc00 && next < 0xe000;
      to = writeUtf8(paired ? 0x10000 + ((unit - 0xd800) << 10) + next - 0xdc00 : unit, into, to);
      from += paired ? 4 : 2;
    }
    if (this.#ended && from < length) {
      into[to++] = ODD;
      from = length;
    }
    this.#raw.copyWithin(0, from, length);
    this.#held = length - from;
    return to;
  }
}

function writeUtf8(point: number, into: Uint8Array, at: number): number {
  if (point < 0x80) {
    into[at] = point;
    return at + 1;
  }
  const tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  into[at] = (LEADS[tail] ?? 0) | (point >> (6 * tail));
  for (let index = 1; index <= tail; index++) into[at + index] = 0x80 | ((point >> (6 * (tail - index))) & 0x3f);
  return at + tail + 1;
}

/** How many bytes of UTF-16 `bytes[start, end)`, which {@link Utf16Source} wrote, came from. */
export function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80 || (byte >= 0xc0 && byte < 0xf0)) length += 2;
    else if (byte === ODD) length += 1;
    else if (byte >= 0xf0) length += 4;
  }
  return length;
}
