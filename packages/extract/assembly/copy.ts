/**
 * Copies the kept cells of the kept records to the output, as RFC 4180 in UTF-8 (design §4). A cell of ASCII that needs no quotes,
 * which most are, moves sixteen bytes at a time; any other is decoded by a table, a byte at a time. The copy can stop after any
 * byte when the output is full, and goes on there: no row is too large for it.
 */
import {
  ADDRESS,
  DOUBLED,
  KEPT,
  LENGTHS,
  OUTPUT,
  OUTPUT_END,
  OUTPUT_SLACK,
  OUTPUT_SLOTS,
  QUOTING_SHIFT,
  RANGES,
  UTF_8,
} from './memory';
import { recordCount } from './scan';
import { firstIllFormed } from './utf8';

const COMMA: u8 = 0x2c;
const QUOTE: u8 = 0x22;
const CR: u8 = 0x0d;
const LF: u8 = 0x0a;
const CRLF: u16 = 0x0a0d;
const TWO_QUOTES: u16 = 0x2222;

/** What {@link classesOf} finds. */
const HIGH: u32 = 1;
const SPECIAL: u32 = 2;
/** Stands for a byte that there is not. */
const NO_BYTE: u32 = 256;

/** How a copy ended. */
const DONE = 0;
const FULL = 1;
const REFUSED = 2;

let columns: u32 = 0;
let width: u32 = 0;
/** The quote of the source, which stands doubled inside quotes. */
let sourceQuote: u32 = 0;
let isUtf8: bool = false;

// Where the copy is.
let record: u32 = 0;
let column: u32 = 0;
/** The next byte of a cell that was begun, or 0. */
let resumeAt: u32 = 0;
let quoted: bool = false;
let to: u32 = OUTPUT;
let rows: f64 = 0;
let refusalAt: u32 = 0;

/** Says how many columns leave, how many slots a record has, and how text is written in the source. */
export function prepareCopy(fields: u32, slots: u32, quote: i32, utf8: bool): void {
  columns = fields;
  width = 4 + slots * 8;
  sourceQuote = <u32>quote;
  isUtf8 = utf8;
}

/** A new batch is copied from its beginning. */
export function beginCopy(): void {
  record = 0;
  column = 0;
}

/** The record that the copy is at. */
export function copyRecord(): u32 {
  return record;
}

/** The column, in the allow-list's order, that the copy is at. */
export function copyColumn(): u32 {
  return column;
}

/** The byte that the encoding does not define. */
export function undefinedAddress(): u32 {
  return refusalAt;
}

/** Rows that were copied to their end. */
export function rowsCopied(): f64 {
  return rows;
}

/** Bytes in the output. */
export function outputLength(): u32 {
  return to - OUTPUT;
}

/** Takes in bytes that were written behind the output's end. */
export function putOutput(bytes: u32): void {
  to += bytes;
}

/** Takes bytes from the front of the output away. */
export function takeOutput(bytes: u32): void {
  memory.copy(OUTPUT, OUTPUT + bytes, to - OUTPUT - bytes);
  to -= bytes;
}

/** Copies what is kept of the batch. The output is full: take some, and call again. A byte is no text: the run ends. */
export function copy(): u32 {
  const records = recordCount();
  for (; record < records; record++) {
    if (load<u8>(KEPT + record) == 0) continue;
    const ranges = RANGES + record * width + 4;
    for (; column < columns; column++) {
      if (to >= OUTPUT_END) return FULL;
      if (column > 0 && resumeAt == 0) store<u8>(to++, COMMA);
      const range = ranges + (<u32>load<u16>(OUTPUT_SLOTS + column * 2) << 3);
      const outcome = copyCell(load<u32>(range), load<u32>(range, 4));
      if (outcome != DONE) return outcome;
    }
    store<u16>(to, CRLF);
    to += 2;
    column = 0;
    rows++;
  }
  return DONE;
}

/** Marks the bytes for which a cell is quoted: comma, quote, CR, LF. */
@inline
function quotedBytes(bytes: v128): v128 {
  const separators = v128.or(i8x16.eq(bytes, i8x16.splat(COMMA)), i8x16.eq(bytes, i8x16.splat(QUOTE)));
  return v128.or(separators, v128.or(i8x16.eq(bytes, i8x16.splat(CR)), i8x16.eq(bytes, i8x16.splat(LF))));
}

/** Bytes that are not copied as they are: those, and from 0x80 on. */
@inline
function special(bytes: v128): u32 {
  return <u32>i8x16.bitmask(v128.or(bytes, quotedBytes(bytes)));
}

@inline
function copyCell(start: u32, packed: u32): u32 {
  const length = (packed & ADDRESS) - start;
  const quoting = packed >> QUOTING_SHIFT;
  if (length <= 16 && quoting != DOUBLED) {
    const bytes = v128.load(start);
    if ((special(bytes) & ((1 << length) - 1)) == 0) {
      v128.store(to, bytes);
      to += length;
      if (length == 0 && (quoting != 0 || columns == 1)) {
        store<u16>(to, TWO_QUOTES);
        to += 2;
      }
      return DONE;
    }
  } else if (resumeAt == 0 && quoting != DOUBLED && length < OUTPUT_SLACK - 64 && copyPlain(start, length)) {
    return DONE;
  }
  return copyDecoded(start, packed & ADDRESS, quoting);
}

/** Copies a longer cell as it is; false, with nothing copied, when it can't be. */
function copyPlain(start: u32, length: u32): bool {
  let out = to;
  for (let done: u32 = 0; done < length; done += 16) {
    const bytes = v128.load(start + done);
    const rest = length - done;
    const mask: u32 = rest >= 16 ? 0xffff : (1 << rest) - 1;
    if ((special(bytes) & mask) != 0) return false;
    v128.store(out, bytes);
    out += 16;
  }
  to += length;
  return true;
}

/** Copies a cell that has to be decoded, quoted or both, or that is too long for the room that is left. */
function copyDecoded(start: u32, end: u32, quoting: u32): u32 {
  if (resumeAt == 0) {
    const found = classesOf(start, end);
    if ((found & HIGH) != 0) {
      refusalAt = isUtf8 ? firstIllFormed(start, end) : firstUndefined(start, end);
      if (refusalAt != 0) return REFUSED;
    }
    quoted = (found & SPECIAL) != 0;
    if (quoted) store<u8>(to++, QUOTE);
    resumeAt = start;
  }
  const inner = quoting == DOUBLED ? sourceQuote : NO_BYTE;
  const inners = i8x16.splat(<i8>inner);
  let address = resumeAt;
  let out = to;
  while (address < end) {
    if (out >= OUTPUT_END + 64) {
      resumeAt = address;
      to = out;
      return FULL;
    }
    // As many bytes as need nothing are copied at once.
    const bytes = v128.load(address);
    const rest = end - address;
    let stops = <u32>i8x16.bitmask(v128.or(bytes, i8x16.eq(bytes, i8x16.splat(QUOTE))));
    if (inner != NO_BYTE) stops |= <u32>i8x16.bitmask(i8x16.eq(bytes, inners));
    const plain = min(<u32>ctz(stops | 0x10000), rest);
    v128.store(out, bytes);
    out += plain;
    address += plain;
    if (plain == 16 || plain == rest) continue;
    const byte = <u32>load<u8>(address++);
    if (byte == inner) address++;
    store<u32>(out, load<u32>(UTF_8 + byte * 4));
    out += <u32>load<u8>(LENGTHS + byte);
    if (byte == QUOTE) store<u8>(out++, QUOTE);
  }
  if (quoted) store<u8>(out++, QUOTE);
  to = out;
  resumeAt = 0;
  return DONE;
}

/** Whether a cell has a byte from 0x80 on, and one that asks for quotes. */
function classesOf(start: u32, end: u32): u32 {
  let found: u32 = 0;
  for (let address = start; address < end; address += 16) {
    const bytes = v128.load(address);
    const mask: u32 = end - address >= 16 ? 0xffff : (1 << (end - address)) - 1;
    if ((<u32>i8x16.bitmask(bytes) & mask) != 0) found |= HIGH;
    if ((<u32>i8x16.bitmask(quotedBytes(bytes)) & mask) != 0) found |= SPECIAL;
  }
  return found;
}

function firstUndefined(start: u32, end: u32): u32 {
  for (let address = start; address < end; address++) {
    if (load<u8>(LENGTHS + <u32>load<u8>(address)) == 0) return address;
  }
  return 0;
}
