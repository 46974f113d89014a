/**
 * Finds records and cells: RFC 4180, strictly, in a declared dialect. Sixty-four bytes at a time become masks with one bit a byte:
 * quotes, delimiters, newlines. What is inside quotes follows from the parity of the quotes before it (the prefix sum of their
 * bits). The ends of cells are written down eight at a time, without a branch a cell, and records are counted off by their newlines
 * alone: no byte of a cell is looked at. What the dialect forbids is a mask as well: the first fault of the source is the one that
 * is reported.
 */
import { countCells, declareCells } from './cell';
import { BATCH_LIMIT, CELL_ENDS, CELL_ENDS_LIMIT, COLUMN_LIMIT, INPUT } from './memory';
import { eitherMaskOf, maskOf, parities } from './masks';
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
let most: u32 = 1;

// Where the scan is: addresses in the input.
let filled: u32 = INPUT;
let at: u32 = INPUT;
let recordStart: u32 = INPUT;

// What the byte before `at` was, as bit 0, and whether `at` is inside quotes, as all bits.
let inside: u64 = 0;
let wasEnd: u64 = 1;
let wasQuote: u64 = 0;
let wasClosing: u64 = 0;
let wasReturn: u64 = 0;

/** Whole records of the batch. */
let records: u32 = 0;
/** Cells of the batch whose ends were found, and how many of them belong to whole records. */
let cells: u32 = 0;
let wholeCells: u32 = 0;
/** Cells of the last whole record. */
let lastCells: u32 = 0;
let refusal: u32 = 0;
let refusalAt: u32 = 0;
/** The cell that is refused, counted from 0 in its record. */
let refusalCell: u32 = 0;

/** Declares the dialect of a new source; `quoteByte` is negative where nothing is quoted. */
export function declare(delimiter: u32, quoteByte: i32, quotesDouble: bool, newlinePolicy: u32): void {
  delimiters = i8x16.splat(<i8>delimiter);
  quoting = quoteByte >= 0;
  quote = quoting ? <u32>quoteByte : 0;
  quotes = i8x16.splat(<i8>quote);
  doubling = quotesDouble;
  newline = newlinePolicy;
  declareCells(delimiter, quoteByte, newline != ONLY_CR);
  restart(INPUT);
}

/** Every record has so many cells from now on, or, not fixed, at most so many. */
export function fixColumns(count: u32, fixed: bool): void {
  columnLimit = count;
  columnsFixed = fixed;
  most = fixed ? BATCH_LIMIT : 1;
  countCells(count);
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

/** Cells of the record that was refused, the one that was refused with it included. */
export function refusedCells(): u32 {
  return refusalCell + 1;
}

/** Cells of the batch's last record. */
export function cellCount(): u32 {
  return lastCells;
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

/** Where the end of a cell is written, counted from the batch's first one. */
@inline
function placeOf(cell: u32): u32 {
  return CELL_ENDS + 4 + cell * 4;
}

/** Goes on at an address as if a record began there. */
export function restart(address: u32): void {
  at = address;
  recordStart = address;
  cells = wholeCells;
  store<u32>(placeOf(cells) - 4, address - 1);
  inside = 0;
  wasEnd = 1;
  wasQuote = 0;
  wasClosing = 0;
  wasReturn = 0;
  refusal = 0;
}

/** Whether what is in progress is over a limit: then it is refused before more of it is read. */
export function refuseOverLimit(): bool {
  if (at - recordStart <= CELL_LIMIT) return false;
  if (refuseTooLarge()) return true;
  // A closing quote and a carriage return may have been looked at already.
  if (at - (load<u32>(placeOf(cells) - 4) + 1) > CELL_LIMIT + 3) return refuse(CELL_TOO_LARGE, at) == REFUSED;
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
  recordStart = INPUT;
  for (let place = placeOf(0) - 4; place < placeOf(cells); place += 4) store<u32>(place, load<u32>(place) - gone);
  return gone;
}

/** Forgets the records of the batch; the cells of the record in progress move to its front. */
export function beginBatch(): void {
  if (records == 0) return;
  const left = cells - wholeCells;
  memory.copy(CELL_ENDS, placeOf(wholeCells) - 4, (left + 1) * 4);
  cells = left;
  wholeCells = 0;
  records = 0;
}

/** Refuses the record in progress for a cell that ended in it before, if one is too large; that comes first, whatever else is wrong. */
function refuseTooLarge(): bool {
  for (let cell = wholeCells; cell < cells; cell++) {
    const start = load<u32>(placeOf(cell) - 4) + 1;
    const end = load<u32>(placeOf(cell));
    if (end - start <= CELL_LIMIT || !isTooLarge(start, end)) continue;
    cells = cell;
    refuse(CELL_TOO_LARGE, end);
    return true;
  }
  return false;
}

/** A cell may be longer than it seems by its quotes. */
function isTooLarge(start: u32, end: u32): bool {
  const quoted = quoting && <u32>load<u8>(start) == quote;
  return end - start > (quoted ? CELL_LIMIT + 2 : CELL_LIMIT);
}

/** Refuses the record in progress with the cell after those whose ends were found. */
function refuse(reason: u32, address: u32): u32 {
  refusal = reason;
  refusalAt = address;
  refusalCell = cells - wholeCells;
  return REFUSED;
}

/** The same, if none of its cells is too large. */
function refuseUnlessLarge(reason: u32, address: u32): u32 {
  if (address - recordStart > CELL_LIMIT && refuseTooLarge()) return REFUSED;
  return refuse(reason, address);
}

/** Refuses the record in progress with the first cell that is one too many. */
function refuseTooMany(): u32 {
  cells = wholeCells + columnLimit;
  const address = load<u32>(placeOf(cells - 1));
  if (address - recordStart > CELL_LIMIT && refuseTooLarge()) return REFUSED;
  cells--;
  return refuse(TOO_MANY_CELLS, address);
}

/**
 * Ends the record in progress with the cell whose end, at `address`, was found last; the next record starts at `next`. Returns
 * {@link REFUSED} where it may not end so.
 */
@inline
function endRecord(cell: u32, address: u32, next: u32): u32 {
  const found = cell + 1 - wholeCells;
  const tooLong = next - recordStart > CELL_LIMIT;
  if (tooLong || (columnsFixed ? found != columnLimit : found > columnLimit)) {
    const fault = refuseEnd(cell, address, next);
    if (fault != 0) return fault;
  }
  recordStart = next;
  lastCells = found;
  wholeCells = cell + 1;
  records++;
  return 0;
}

/** Why a record may not end so, if it may not. */
function refuseEnd(cell: u32, address: u32, next: u32): u32 {
  const found = cell + 1 - wholeCells;
  if (found > columnLimit) return refuseTooMany();
  const later = cells;
  cells = cell;
  const start = load<u32>(placeOf(cell) - 4) + 1;
  const end = newline != ONLY_CR && address > start && load<u8>(address - 1) == CR ? address - 1 : address;
  if (refuseTooLarge()) return REFUSED;
  if (end - start > CELL_LIMIT && isTooLarge(start, end)) return refuse(CELL_TOO_LARGE, end);
  if (columnsFixed && found != columnLimit) return refuse(TOO_FEW_CELLS, end);
  if (next - recordStart > RECORD_LIMIT) return refuse(RECORD_TOO_LARGE, end);
  cells = later;
  return 0;
}

/** Writes down where cells end: eight at a time, of which those that there are count. */
@inline
function writeEnds(ends: u64, address: u32, place: u32): void {
  do {
    store<u32>(place, address + <u32>ctz(ends));
    ends &= ends - 1;
    store<u32>(place, address + <u32>ctz(ends), 4);
    ends &= ends - 1;
    store<u32>(place, address + <u32>ctz(ends), 8);
    ends &= ends - 1;
    store<u32>(place, address + <u32>ctz(ends), 12);
    ends &= ends - 1;
    store<u32>(place, address + <u32>ctz(ends), 16);
    ends &= ends - 1;
    store<u32>(place, address + <u32>ctz(ends), 20);
    ends &= ends - 1;
    store<u32>(place, address + <u32>ctz(ends), 24);
    ends &= ends - 1;
    store<u32>(place, address + <u32>ctz(ends), 28);
    ends &= ends - 1;
    place += 32;
  } while (ends != 0);
}

/**
 * Scans what there is. Returns {@link MORE} when more bytes are needed (or, at the end of the source, none are left),
 * {@link FULL} when the batch is, {@link REFUSED} when the record after the batch is not what the dialect allows.
 */
export function scan(ended: bool): u32 {
  const returns = i8x16.splat(CR);
  const feeds = i8x16.splat(LF);
  const nuls = i8x16.splat(0);
  while (at < filled) {
    if (cells > CELL_ENDS_LIMIT && records > 0) {
      restart(recordStart);
      return FULL;
    }
    const left = filled - at;
    const last: u64 = left < BLOCK ? left - 1 : BLOCK - 1;
    const valid: u64 = ~(<u64>0) >> (63 - last);
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const delimiter = maskOf(a, b, c, d, delimiters) & valid;
    const lines = eitherMaskOf(a, b, c, d, feeds, returns) & valid;
    const lowest = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d));
    const nul = i8x16.all_true(lowest) ? 0 : maskOf(a, b, c, d, nuls) & valid;
    const quoteBits = quoting ? maskOf(a, b, c, d, quotes) & valid : 0;

    // An opening quote counts as inside, a closing one as outside.
    const within = parities(quoteBits) ^ inside;
    const outside = ~within;
    const borders = (delimiter | lines) & outside;
    let faults = nul;
    let texts: u64 = 0;
    if ((quoteBits | wasClosing) != 0) {
      const closing = quoteBits & outside;
      const begins = (borders << 1) | wasEnd;
      const again = doubling ? (quoteBits << 1) | wasQuote : 0;
      texts = ((closing << 1) | wasClosing) & ~(borders | (doubling ? quoteBits : 0)) & valid;
      faults |= (quoteBits & within & ~(begins | again)) | texts;
      wasClosing = (closing >> last) & 1;
    }
    wasQuote = (quoteBits >> last) & 1;
    wasEnd = (borders >> last) & 1;
    let newlines: u64 = 0;
    let afterReturn: u64 = 0;
    if ((lines | wasReturn) != 0) {
      const returnOut = maskOf(a, b, c, d, returns) & borders;
      const feedOut = lines & borders & ~returnOut;
      afterReturn = (returnOut << 1) | wasReturn;
      if (newline == ONLY_CR) faults |= feedOut;
      else if (newline == ONLY_LF) faults |= returnOut;
      else if (newline == ONLY_CRLF) faults |= (afterReturn ^ feedOut) & valid;
      else faults |= afterReturn & ~feedOut & valid;
      wasReturn = (returnOut >> last) & 1;
      newlines = newline == ONLY_CR ? returnOut : feedOut;
    }
    inside = 0 - ((within >> last) & 1);

    // What comes before the first fault.
    const sound = faults == 0 ? valid : (faults & (0 - faults)) - 1;
    newlines &= sound;
    const ends = ((delimiter & outside) | newlines) & sound;
    writeEnds(ends, at, placeOf(cells));
    const before = cells;
    cells += <u32>popcnt(ends);
    while (newlines != 0) {
      const bit = newlines & (0 - newlines);
      newlines ^= bit;
      const address = at + <u32>ctz(bit);
      if (endRecord(before + <u32>popcnt(ends & (bit - 1)), address, address + 1) != 0) return REFUSED;
      if (records == most) {
        restart(address + 1);
        return FULL;
      }
    }
    if (cells - wholeCells >= columnLimit) return refuseTooMany();
    if (faults != 0) {
      const address = at + <u32>ctz(faults);
      const bit = faults & (0 - faults);
      const reason = reasonOf(newline, load<u8>(address), (texts & bit) != 0, (afterReturn & bit) != 0);
      return refuseUnlessLarge(reason, address);
    }
    at = left < BLOCK ? filled : at + BLOCK;
  }
  return ended ? end() : MORE;
}

/** The source has ended: so has its last record, with or without a newline. */
function end(): u32 {
  if (recordStart == filled) return MORE;
  if (inside != 0) return refuseUnlessLarge(UNCLOSED_QUOTE, filled);
  if (newline != ONLY_CR && load<u8>(filled - 1) == CR) return refuseUnlessLarge(LONE_CARRIAGE_RETURN, filled);
  store<u32>(placeOf(cells), filled);
  cells++;
  return endRecord(cells - 1, filled, filled);
}
