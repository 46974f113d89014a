/**
 * Copies the kept cells of the kept records to the output, as RFC 4180 in UTF-8 (design §4). A cell of ASCII that needs no quotes,
 * which most are, moves sixteen bytes at a time; in any other, the bytes that are not ASCII or a quote are written one by one, by a
 * table. The copy can stop after any byte when the output is full, and goes on there: no row is too large for it.
 */
import { behind, cellEnds, firstOf, isQuoted, quoteByte } from './cell';
import { KEPT, LENGTHS, OUTPUT, OUTPUT_COLUMNS, OUTPUT_END, OUTPUT_SLACK, UTF_8 } from './memory';
import { recordCount } from './scan';
import { firstIllFormed } from './utf8';

const COMMA: u8 = 0x2c;
const QUOTE: u8 = 0x22;
const CR: u8 = 0x0d;
const LF: u8 = 0x0a;
const CRLF: u16 = 0x0a0d;
const TWO_QUOTES: u16 = 0x2222;

/** How a copy ended. */
const DONE = 0;
const FULL = 1;
const REFUSED = 2;

/** Columns that leave. */
let columns: u32 = 0;
/** The quote of the source, which stands doubled inside quotes. */
let quote: u32 = 0;
let quotes: v128 = i8x16.splat(0);
let isUtf8: bool = false;

// Where the copy is.
let record: u32 = 0;
let column: u32 = 0;
/** The next byte of a cell that was begun, or 0. */
let resumeAt: u32 = 0;
let inQuotes: bool = false;
let to: u32 = OUTPUT;
let rows: f64 = 0;
let refusalAt: u32 = 0;

/** Says how many columns leave, and whether the source is in UTF-8; to be called when the dialect was declared. */
export function prepareCopy(fields: u32, utf8: bool): void {
  columns = fields;
  quote = quoteByte();
  quotes = i8x16.splat(<i8>quote);
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
    const ends = cellEnds(record);
    for (; column < columns; column++) {
      if (to >= OUTPUT_END) return FULL;
      if (column > 0 && resumeAt == 0) store<u8>(to++, COMMA);
      const source = <u32>load<u16>(OUTPUT_COLUMNS + column * 2);
      const first = firstOf(ends, source);
      const outcome = copyCell(first, behind(ends, source, first));
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

/** Bytes that are not copied as they are: those, the source's quotes, and from 0x80 on. */
@inline
function special(bytes: v128): u32 {
  return <u32>i8x16.bitmask(v128.or(v128.or(bytes, i8x16.eq(bytes, quotes)), quotedBytes(bytes)));
}

/** Of sixteen bits, those of so many bytes. */
@inline
function maskOf(length: u32): u32 {
  return length >= 16 ? 0xffff : (1 << length) - 1;
}

@inline
function copyCell(from: u32, before: u32): u32 {
  const quoted = isQuoted(from, before);
  const start = quoted ? from + 1 : from;
  const end = quoted ? before - 1 : before;
  const length = end - start;
  if (length <= 16) {
    const bytes = v128.load(start);
    if ((special(bytes) & ((1 << length) - 1)) == 0) {
      v128.store(to, bytes);
      to += length;
      if (length == 0 && (quoted || columns == 1)) {
        store<u16>(to, TWO_QUOTES);
        to += 2;
      }
      return DONE;
    }
  } else if (resumeAt == 0 && length < OUTPUT_SLACK - 64 && copyPlain(start, length)) {
    return DONE;
  }
  return copyDecoded(start, end, quoted);
}

/** Copies a longer cell as it is; false, with nothing copied, when it can't be. */
function copyPlain(start: u32, length: u32): bool {
  let out = to;
  for (let done: u32 = 0; done < length; done += 16) {
    const bytes = v128.load(start + done);
    if ((special(bytes) & maskOf(length - done)) != 0) return false;
    v128.store(out, bytes);
    out += 16;
  }
  to += length;
  return true;
}

/** Copies a cell that has to be decoded, quoted or both, or that is too long for the room that is left. */
function copyDecoded(start: u32, end: u32, quotedInSource: bool): u32 {
  const first = to;
  if (resumeAt == 0) {
    if (isUtf8) {
      refusalAt = firstIllFormed(start, end);
      if (refusalAt != 0) return REFUSED;
    }
    inQuotes = needsQuotes(start, end);
    if (inQuotes) store<u8>(to++, QUOTE);
    resumeAt = start;
  }
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
    const quotesOfBoth = v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, quotes));
    const stops = <u32>i8x16.bitmask(v128.or(bytes, quotesOfBoth)) & maskOf(end - address);
    v128.store(out, bytes);
    if (stops == 0) {
      const plain = min<u32>(16, end - address);
      out += plain;
      address += plain;
      continue;
    }
    const plain = <u32>ctz(stops);
    out += plain;
    address += plain;
    const byte = <u32>load<u8>(address);
    const length = <u32>load<u8>(LENGTHS + byte);
    if (length == 0) {
      refusalAt = address;
      to = first;
      return REFUSED;
    }
    store<u32>(out, load<u32>(UTF_8 + byte * 4));
    out += length;
    address += quotedInSource && byte == quote ? 2 : 1;
    if (byte == QUOTE) store<u8>(out++, QUOTE);
  }
  if (inQuotes) store<u8>(out++, QUOTE);
  to = out;
  resumeAt = 0;
  return DONE;
}

/** Whether a cell has a byte that asks for quotes. */
function needsQuotes(start: u32, end: u32): bool {
  for (let address = start; address < end; address += 16) {
    if ((<u32>i8x16.bitmask(quotedBytes(v128.load(address))) & maskOf(end - address)) != 0) return true;
  }
  return false;
}
