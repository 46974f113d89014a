/**
 * Finds records and cells: RFC 4180, strictly, in a declared dialect. Sixty-four bytes at a time become masks with one bit a byte:
 * quotes, delimiters, newlines. What is inside quotes follows from the parity of the quotes before it (the prefix sum of their
 * bits), so that no byte is looked at alone but those that end a cell. What the dialect forbids is a mask as well, and takes its
 * turn among the ends of cells: the first fault of the source is the one that is reported.
 */
import {
  BATCH_LIMIT,
  COLUMN_LIMIT,
  DOUBLED,
  INPUT,
  QUOTED,
  QUOTING_SHIFT,
  RANGES,
  RANGES_SIZE,
  SLOTS,
} from './memory';
import { maskOf, parities } from './masks';
import {
  ANY,
  CELL_TOO_LARGE,
  CR,
  LF,
  LONE_CARRIAGE_RETURN,
  ONLY_CR,
  ONLY_CRLF,
  ONLY_LF,
  RECORD_TOO_LARGE,
  reasonOf,
  TOO_FEW_CELLS,
  TOO_MANY_CELLS,
  UNCLOSED_QUOTE,
} from './refusal';

const BLOCK: u32 = 64;

/** The most bytes of a cell, and of a record. */
const CELL_LIMIT: u32 = 16 << 20;
const RECORD_LIMIT: u32 = 64 << 20;

/** How a scan ended. */
const MORE = 0;
const FULL = 1;
const REFUSED = 2;

// The dialect.
let delimiters: v128 = i8x16.splat(0);
let quotes: v128 = i8x16.splat(0);
let quote: u32 = 0;
let quoting: bool = false;
let doubling: bool = false;
let newline: u32 = ANY;

// The columns.
let columnLimit: u32 = COLUMN_LIMIT;
let columnsFixed: bool = false;
let stride: u32 = 0;
let width: u32 = 4;
let most: u32 = 1;

// Where the scan is: addresses in the input.
let filled: u32 = INPUT;
let at: u32 = INPUT;
let recordStart: u32 = INPUT;
let cellStart: u32 = INPUT;
let column: u32 = 0;

// What the byte before `at` was, as bit 0, and whether `at` is inside quotes, as all bits.
let inside: u64 = 0;
let wasEnd: u64 = 1;
let wasQuote: u64 = 0;
let wasClosing: u64 = 0;
let wasReturn: u64 = 0;

let records: u32 = 0;
/** Cells of the last record. */
let cells: u32 = 0;
let refusal: u32 = 0;
let refusalAt: u32 = 0;

/** Declares the dialect; `quoteByte` is negative where nothing is quoted. */
export function declare(delimiter: u32, quoteByte: i32, quotesDouble: bool, newlinePolicy: u32): void {
  delimiters = i8x16.splat(<i8>delimiter);
  quoting = quoteByte >= 0;
  quote = quoting ? <u32>quoteByte : 0;
  quotes = i8x16.splat(<i8>quote);
  doubling = quotesDouble;
  newline = newlinePolicy;
}

/** Every record has `cells` cells from now on, of which those with a slot are kept, or, not fixed, as many as it likes. */
export function fixColumns(cells: u32, slots: u32, fixed: bool): void {
  columnLimit = cells;
  columnsFixed = fixed;
  stride = slots;
  width = 4 + slots * 8;
  most = fixed ? min(BATCH_LIMIT, max(1, RANGES_SIZE / width)) : 1;
}

/** Records of the batch. */
export function recordCount(): u32 {
  return records;
}

/** Why the record after the batch is refused. */
export function refusalReason(): u32 {
  return refusal;
}

/** The byte that decided it. */
export function refusalAddress(): u32 {
  return refusalAt;
}

/** Cells of the batch's last record. */
export function cellCount(): u32 {
  return cells;
}

/** Cells of the record in progress, the one that ends at the byte that was refused with them. */
export function refusedCells(): u32 {
  return column + 1;
}

/** Where the record in progress starts. */
export function recordAddress(): u32 {
  return recordStart;
}

/** The next byte that is looked at. */
export function position(): u32 {
  return at;
}

/** The byte after the last one that was filled in. */
export function inputEnd(): u32 {
  return filled;
}

/** Takes in bytes that were written behind {@link inputEnd}. */
export function fill(bytes: u32): void {
  filled += bytes;
}

/** Goes on at an address as if a record began there. */
export function restart(address: u32): void {
  at = address;
  recordStart = address;
  cellStart = address;
  column = 0;
  inside = 0;
  wasEnd = 1;
  wasQuote = 0;
  wasClosing = 0;
  wasReturn = 0;
  refusal = 0;
}

/** Whether what is in progress is over a limit: then it is refused before more of it is read. */
export function refuseOverLimit(): bool {
  // A closing quote and a carriage return may have been looked at already.
  if (at - cellStart > CELL_LIMIT + 3) return refuse(CELL_TOO_LARGE, at) == REFUSED;
  if (at - recordStart > RECORD_LIMIT) return refuse(RECORD_TOO_LARGE, at) == REFUSED;
  return false;
}

/** Moves the record in progress, and what follows, to the front of the input, and returns by how many bytes. Ends the batch. */
export function drop(): u32 {
  beginBatch();
  const gone = recordStart - INPUT;
  if (gone == 0) return 0;
  memory.copy(INPUT, recordStart, filled - recordStart);
  filled -= gone;
  at -= gone;
  cellStart -= gone;
  recordStart = INPUT;
  for (let slot: u32 = 0; slot < stride; slot++) {
    const range = RANGES + 4 + slot * 8;
    store<u32>(range, load<u32>(range) - gone);
    store<u32>(range, load<u32>(range, 4) - gone, 4);
  }
  return gone;
}

/** Forgets the records of the batch; the ranges of the record in progress move to its front. */
export function beginBatch(): void {
  if (records == 0) return;
  memory.copy(RANGES, RANGES + records * width, width);
  records = 0;
}

/** Refuses with the cell in progress. */
function stop(reason: u32, address: u32, cell: u32, start: u32): u32 {
  column = cell;
  cellStart = start;
  return refuse(reason, address);
}

function refuse(reason: u32, address: u32): u32 {
  refusal = reason;
  refusalAt = address;
  return REFUSED;
}

/** Keeps the range of the cell of `slot` (counted from 1) that lies from `start` to before `end`. */
@inline
function keepRange(record: u32, slot: u32, start: u32, end: u32): void {
  const range = record + slot * 8 - 4;
  if (quoting && end > start && <u32>load<u8>(start) == quote) {
    store<u32>(range, start + 1);
    store<u32>(range, (end - 1) | (quotingOf(start + 1, end - 1) << QUOTING_SHIFT), 4);
  } else {
    store<u32>(range, start);
    store<u32>(range, end, 4);
  }
}

function quotingOf(start: u32, end: u32): u32 {
  for (let address = start; address < end; address++) {
    if (<u32>load<u8>(address) == quote) return DOUBLED;
  }
  return QUOTED;
}

/** A cell may be longer than it seems by its quotes. */
function isTooLarge(start: u32, end: u32): bool {
  const quoted = quoting && <u32>load<u8>(start) == quote;
  return end - start > (quoted ? CELL_LIMIT + 2 : CELL_LIMIT);
}

/** Why a record may not end so: its last cell lies from `start` to before `end`, its newline ends before `next`. */
@inline
function faultAtEnd(start: u32, end: u32, next: u32): u32 {
  if (end - start > CELL_LIMIT && isTooLarge(start, end)) return CELL_TOO_LARGE;
  if (columnsFixed && column + 1 != columnLimit) return TOO_FEW_CELLS;
  return next - recordStart > RECORD_LIMIT ? RECORD_TOO_LARGE : 0;
}

/** Ends the record in progress. Returns {@link REFUSED} where it may not end so. */
function endRecord(record: u32, end: u32, next: u32): u32 {
  const fault = faultAtEnd(cellStart, end, next);
  if (fault != 0) return refuse(fault, end);
  const slot = <u32>load<u16>(SLOTS + column * 2);
  if (slot != 0) keepRange(record, slot, cellStart, end);
  store<u32>(record, recordStart);
  recordStart = next;
  cellStart = next;
  cells = column + 1;
  column = 0;
  records++;
  return 0;
}

/**
 * Scans what there is. Returns {@link MORE} when more bytes are needed (or, at the end of the source, none are left),
 * {@link FULL} when the batch is, {@link REFUSED} when the record after the batch is not what the dialect allows.
 */
export function scan(ended: bool): u32 {
  const returns = i8x16.splat(CR);
  const feeds = i8x16.splat(LF);
  const nuls = i8x16.splat(0);
  let record = RANGES + records * width;
  // Locals are registers; what they hold is written back before anybody else reads it.
  let cell = column;
  let start = cellStart;
  while (at < filled) {
    const left = filled - at;
    const last: u64 = left < BLOCK ? left - 1 : BLOCK - 1;
    const valid: u64 = ~(<u64>0) >> (63 - last);
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const delimiter = maskOf(a, b, c, d, delimiters) & valid;
    const feed = maskOf(a, b, c, d, feeds) & valid;
    const carriage = maskOf(a, b, c, d, returns) & valid;
    const lowest = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d));
    const nul = i8x16.all_true(lowest) ? 0 : maskOf(a, b, c, d, nuls) & valid;
    const quoteBits = quoting ? maskOf(a, b, c, d, quotes) & valid : 0;

    // An opening quote counts as inside, a closing one as outside.
    const within = parities(quoteBits) ^ inside;
    const outside = ~within;
    const feedOut = feed & outside;
    const returnOut = carriage & outside;
    const ends = (delimiter & outside) | feedOut | returnOut;
    let faults = nul;
    let texts: u64 = 0;
    if ((quoteBits | wasClosing) != 0) {
      const closing = quoteBits & outside;
      const begins = (ends << 1) | wasEnd;
      const again = doubling ? (quoteBits << 1) | wasQuote : 0;
      texts = ((closing << 1) | wasClosing) & ~(ends | (doubling ? quoteBits : 0)) & valid;
      faults |= (quoteBits & within & ~(begins | again)) | texts;
      wasClosing = (closing >> last) & 1;
    }
    wasQuote = (quoteBits >> last) & 1;
    const afterReturn = (returnOut << 1) | wasReturn;
    if (newline == ONLY_CR) faults |= feedOut;
    else if (newline == ONLY_LF) faults |= returnOut;
    else if (newline == ONLY_CRLF) faults |= (afterReturn ^ feedOut) & valid;
    else faults |= afterReturn & ~feedOut & valid;
    wasReturn = (returnOut >> last) & 1;
    wasEnd = (ends >> last) & 1;
    const newlines = newline == ONLY_CR ? returnOut : feedOut;

    let events = (delimiter & outside) | newlines | faults;
    inside = 0 - ((within >> last) & 1);
    while (events != 0) {
      const bit = events & (0 - events);
      const address = at + <u32>ctz(events);
      events ^= bit;
      if (((faults | newlines) & bit) == 0) {
        const slot = <u32>load<u16>(SLOTS + cell * 2);
        if (slot != 0) keepRange(record, slot, start, address);
        if (address - start > CELL_LIMIT && isTooLarge(start, address)) return stop(CELL_TOO_LARGE, address, cell, start);
        cell++;
        if (cell >= columnLimit) return stop(TOO_MANY_CELLS, address, cell - 1, start);
        start = address + 1;
        continue;
      }
      column = cell;
      cellStart = start;
      if ((faults & bit) != 0) {
        return refuse(reasonOf(newline, load<u8>(address), (texts & bit) != 0, (afterReturn & bit) != 0), address);
      }
      const pair = newline != ONLY_CR && address > start && load<u8>(address - 1) == CR;
      if (endRecord(record, pair ? address - 1 : address, address + 1) != 0) return REFUSED;
      cell = 0;
      start = address + 1;
      record += width;
      if (records == most) {
        restart(address + 1);
        return FULL;
      }
    }
    at = left < BLOCK ? filled : at + BLOCK;
  }
  column = cell;
  cellStart = start;
  return ended ? end(record) : MORE;
}

/** The source has ended: so has its last record, with or without a newline. */
function end(record: u32): u32 {
  if (recordStart == filled) return MORE;
  if (inside != 0) return refuse(UNCLOSED_QUOTE, filled);
  if (newline != ONLY_CR && load<u8>(filled - 1) == CR) return refuse(LONE_CARRIAGE_RETURN, filled);
  return endRecord(record, filled, filled);
}
