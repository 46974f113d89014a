/**
 * Copies the kept cells of the kept records to the output, as RFC 4180 in UTF-8 (design §4). A cell of ASCII that needs no quotes,
 * which most are, moves sixteen bytes at a time; in any other, the bytes that are not ASCII or a quote are written one by one, by a
 * table. The copy can stop after any byte when the output is full, and goes on there: no row is too large for it.
 */
import { behind, cellEnds, delimiterByte, firstOf, isQuoted, quoteByte, sourceColumns } from './cell';
import { KEPT, LENGTHS, OUTPUT, OUTPUT_COLUMNS, OUTPUT_END, OUTPUT_RUNS, OUTPUT_SLACK, UTF_8 } from './memory';
import { recordCount } from './scan';
import { firstIllFormed } from './utf8';

const COMMA: u8 = 0x2c;
const QUOTE: u8 = 0x22;
const CR: u8 = 0x0d;
const LF: u8 = 0x0a;
const CRLF: u16 = 0x0a0d;
const TWO_QUOTES: u16 = 0x2222;

/**
 * Bytes of a record that is copied in runs. A byte becomes at most three, a cell may be given quotes and has a comma: the output of
 * such a record is less than six times as long, which the slack has room for.
 */
const QUICK_LIMIT: u32 = 8 << 10;

/** How a copy ended. */
const DONE = 0;
const FULL = 1;
const REFUSED = 2;

/** Columns that leave. */
let columns: u32 = 0;
/** The quote of the source, which stands doubled inside quotes. */
let quote: u32 = 0;
let quotes: v128 = i8x16.splat(0);
let delimiters: v128 = i8x16.splat(0);
/** Runs of columns that leave side by side as they stand in the source. */
let runs: u32 = 0;
let isUtf8: bool = false;

// Where the copy is.
let record: u32 = 0;
let column: u32 = 0;
/** The next byte of a cell that was begun, or 0. */
let resumeAt: u32 = 0;
/** Where a cell that is decoded is interrupted. */
let fullAt: u32 = OUTPUT_END + 64;
let inQuotes: bool = false;
let to: u32 = OUTPUT;
let rows: f64 = 0;
let refusalAt: u32 = 0;

/** Says how many columns leave, and whether the source is in UTF-8; to be called when the dialect was declared. */
export function prepareCopy(fields: u32, utf8: bool): void {
  columns = fields;
  quote = quoteByte();
  quotes = i8x16.splat(<i8>quote);
  delimiters = i8x16.splat(<i8>delimiterByte());
  isUtf8 = utf8;
  findRuns();
}

function findRuns(): void {
  runs = 0;
  let before: u32 = 0;
  for (let field: u32 = 0; field < columns; field++) {
    const source = <u32>load<u16>(OUTPUT_COLUMNS + field * 2);
    if (field == 0 || source != before + 1) store<u16>(OUTPUT_RUNS + runs++ * 4, <u16>source);
    store<u16>(OUTPUT_RUNS + runs * 4 - 2, <u16>source);
    before = source;
  }
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
    if (column == 0 && resumeAt == 0) {
      if (to >= OUTPUT_END) return FULL;
      if (columns > 1 && recordLength(ends) <= QUICK_LIMIT) {
        if (copyRuns(ends) != DONE) return REFUSED;
        rows++;
        continue;
      }
    }
    const outcome = copyCells(ends);
    if (outcome != DONE) return outcome;
    column = 0;
    rows++;
  }
  return DONE;
}

/** Copies a record of any size, from where the copy is. */
function copyCells(ends: u32): u32 {
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
  return DONE;
}

/** Copies a record whose output fits behind the output's end: runs of columns that stand side by side in the source, as one text. */
function copyRuns(ends: u32): u32 {
  const begun = to;
  fullAt = OUTPUT_END + OUTPUT_SLACK;
  for (let run: u32 = 0; run < runs; run++) {
    if (run > 0) store<u8>(to++, COMMA);
    const place = OUTPUT_RUNS + run * 4;
    if (copyRun(ends, load<u16>(place), load<u16>(place, 2)) != DONE) {
      to = begun;
      return REFUSED;
    }
  }
  fullAt = OUTPUT_END + 64;
  store<u16>(to, CRLF);
  to += 2;
  return DONE;
}

/**
 * Copies columns `from` to `last`, their delimiters as commas. A byte that is not ASCII is written by the table; a cell with any other
 * that is not copied as it is, quotes among them, is begun again by itself.
 */
@inline
function copyRun(ends: u32, from: u32, last: u32): u32 {
  const behindAll = behind(ends, last, firstOf(ends, last));
  let cell = from;
  let address = firstOf(ends, from);
  let out = to;
  while (address < behindAll) {
    const bytes = v128.load(address);
    const isDelimiter = i8x16.eq(bytes, delimiters);
    const stops = <u32>i8x16.bitmask(v128.andnot(special(bytes), isDelimiter)) & maskOf(behindAll - address);
    v128.store(out, v128.bitselect(i8x16.splat(COMMA), bytes, isDelimiter));
    const plain = stops == 0 ? min<u32>(16, behindAll - address) : <u32>ctz(stops);
    address += plain;
    out += plain;
    if (stops == 0) continue;
    const byte = <u32>load<u8>(address);
    const length = byte < 0x80 || isUtf8 ? 0 : <u32>load<u8>(LENGTHS + byte);
    if (length != 0) {
      store<u32>(out, load<u32>(UTF_8 + byte * 4));
      out += length;
      address++;
      continue;
    }
    while (load<u32>(ends + cell * 4) <= address) cell++;
    const first = firstOf(ends, cell);
    const end = behind(ends, cell, first);
    to = out - lengthOf(first, address);
    if (copyCell(first, end) != DONE) {
      column = outputColumnOf(cell);
      return REFUSED;
    }
    out = to;
    address = end;
  }
  to = out;
  return DONE;
}

/** Bytes that the text from `start` to before `end` became. */
@inline
function lengthOf(start: u32, end: u32): u32 {
  let length: u32 = 0;
  for (let address = start; address < end; address++) length += isUtf8 ? 1 : <u32>load<u8>(LENGTHS + <u32>load<u8>(address));
  return length;
}

/** Bytes from a record's first one to the end of its last cell. */
@inline
function recordLength(ends: u32): u32 {
  return load<u32>(ends + sourceColumns() * 4 - 4) - firstOf(ends, 0);
}

function outputColumnOf(source: u32): u32 {
  let found: u32 = 0;
  while (<u32>load<u16>(OUTPUT_COLUMNS + found * 2) != source) found++;
  return found;
}

/** Marks the bytes for which a cell is quoted: comma, quote, CR, LF. */
@inline
function quotedBytes(bytes: v128): v128 {
  const separators = v128.or(i8x16.eq(bytes, i8x16.splat(COMMA)), i8x16.eq(bytes, i8x16.splat(QUOTE)));
  return v128.or(separators, v128.or(i8x16.eq(bytes, i8x16.splat(CR)), i8x16.eq(bytes, i8x16.splat(LF))));
}

/** Marks the bytes that are not copied as they are: those, the source's quotes, and from 0x80 on. */
@inline
function special(bytes: v128): v128 {
  return v128.or(v128.or(bytes, i8x16.eq(bytes, quotes)), quotedBytes(bytes));
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
    if ((<u32>i8x16.bitmask(special(bytes)) & ((1 << length) - 1)) == 0) {
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
    if ((<u32>i8x16.bitmask(special(bytes)) & maskOf(length - done)) != 0) return false;
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
    if (out >= fullAt) {
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
