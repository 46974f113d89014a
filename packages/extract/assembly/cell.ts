/** Where a cell of the batch lies, between its quotes if it has any. */
import { CELL_ENDS } from './memory';
import { CR } from './refusal';

/** Columns of the source. */
let columns: u32 = 1;
let delimiter: u32 = 0;
let quoting: bool = false;
/** The quote of the source; a byte that is no quote of anybody where nothing is quoted. */
let quote: u32 = 0;
/** Whether a carriage return before the newline belongs to it. */
let returnEnds: bool = false;

/** Says how cells are divided and quoted, and how records end; `quoteByte` is negative where nothing is quoted. */
export function declareCells(delimiterByte: u32, quoteByte: i32, pairs: bool): void {
  delimiter = delimiterByte;
  quoting = quoteByte >= 0;
  quote = quoting ? <u32>quoteByte : 0;
  returnEnds = pairs;
}

/** Says how many cells each record has. */
export function countCells(cells: u32): void {
  columns = cells;
}

/** Where it is written where the cells of a record end. */
@inline
export function cellEnds(record: u32): u32 {
  return CELL_ENDS + 4 + record * columns * 4;
}

/** The first byte of a cell, its quote included. */
@inline
export function firstOf(ends: u32, column: u32): u32 {
  return load<u32>(ends + column * 4 - 4) + 1;
}

/** The byte behind a cell that begins at `first`, its quote included. */
@inline
export function behind(ends: u32, column: u32, first: u32): u32 {
  const end = load<u32>(ends + column * 4);
  return column + 1 == columns && returnEnds && end > first && load<u8>(end - 1) == CR ? end - 1 : end;
}

/** Whether a cell stands in quotes. */
@inline
export function isQuoted(first: u32, end: u32): bool {
  return quoting && end > first && <u32>load<u8>(first) == quote;
}

/** Columns of the source. */
@inline
export function sourceColumns(): u32 {
  return columns;
}

/** The delimiter of the source. */
@inline
export function delimiterByte(): u32 {
  return delimiter;
}

/** The quote of the source, or 0. */
@inline
export function quoteByte(): u32 {
  return quote;
}
