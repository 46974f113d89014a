/** What a cell is made of, found in one pass over its bytes and without a string: classes of bytes, their counts, and a hash. */
import type { ScannedRecord } from '../record.ts';

/** Bits of a cell's mask: which classes of bytes it holds. */
export const HAS = {
  digit: 1,
  lower: 2,
  upper: 4,
  space: 8,
  at: 16,
  /** `/ - . :` */
  separator: 32,
  /** 0x80 and above, whatever the encoding makes of it. */
  high: 64,
  other: 128,
} as const;

/** Digits, letters and spaces are counted side by side, ten bits each, in a cell's first {@link COUNTED} bytes. */
const LETTERS = 10;
const SPACES = 20;
const FIELD = 0x3ff;
/** The counts fit in their ten bits for so many bytes. */
const COUNTED = 1000;

const MASK_OF = new Uint8Array(256);
const COUNT_OF = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  const mask = maskOf(byte);
  MASK_OF[byte] = mask;
  if (mask === HAS.digit) COUNT_OF[byte] = 1;
  if ((mask & (HAS.lower | HAS.upper | HAS.high)) !== 0) COUNT_OF[byte] = 1 << LETTERS;
  if (mask === HAS.space) COUNT_OF[byte] = 1 << SPACES;
}

function maskOf(byte: number): number {
  if (byte >= 0x80) return HAS.high;
  const character = String.fromCharCode(byte);
  if (character >= '0' && character <= '9') return HAS.digit;
  if (character >= 'a' && character <= 'z') return HAS.lower;
  if (character >= 'A' && character <= 'Z') return HAS.upper;
  if (' \t\r\n'.includes(character)) return HAS.space;
  if (character === '@') return HAS.at;
  return '/-.:'.includes(character) ? HAS.separator : HAS.other;
}

/** One cell: where its bytes are, and what they are made of. */
export interface Cell {
  readonly bytes: Uint8Array;
  /** The first byte, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** {@link HAS} */
  readonly mask: number;
  readonly digits: number;
  /** ASCII letters, and every byte from 0x80 on. */
  readonly letters: number;
  readonly spaces: number;
  /** 32 bits that tell cells apart. */
  readonly hash: number;
}

/** A cell that is measured again and again, so that none is allocated. */
export class MeasuredCell implements Cell {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  mask = 0;
  digits = 0;
  letters = 0;
  spaces = 0;
  hash = 0;

  /** Measures the cell of a record. */
  measure(record: ScannedRecord, column: number): void {
    this.measureBytes(record.bytes, record.startOf(column), record.endOf(column));
  }

  /** Measures `bytes[start, end)`. */
  measureBytes(bytes: Uint8Array, start: number, end: number): void {
    let mask = 0;
    let counts = 0;
    // FNV-1a, whose bits fmix32 of MurmurHash3 then spreads. Nothing secret depends on it.
    let hash = 0x811c9dc5;
    const counted = Math.min(end, start + COUNTED);
    for (let at = start; at < counted; at++) {
      const byte = bytes[at] ?? 0;
      hash = Math.imul(hash ^ byte, 0x01000193);
      mask |= MASK_OF[byte] ?? 0;
      counts += COUNT_OF[byte] ?? 0;
    }
    for (let at = counted; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.mask = mask;
    this.digits = counts & FIELD;
    this.letters = (counts >>> LETTERS) & FIELD;
    this.spaces = counts >>> SPACES;
    this.hash = spread(hash);
  }
}

function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Whether a cell holds nothing but spaces. */
export function isBlank({ mask }: Cell): boolean {
  return (mask & ~HAS.space) === 0;
}

/** The cell's bytes as one character each: enough to look for ASCII patterns. It stays in memory and is never shown. */
export function asLatin1({ bytes, start, end }: Cell): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
