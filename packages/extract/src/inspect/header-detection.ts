/**
 * Whether the first row holds column names. When it does not, it holds a patient, and showing it would be a leak: in doubt there
 * is no header, and columns go by their numbers.
 */
import { MeasuredCell } from './cell-shape.ts';
import { ColumnTally } from './column-tally.ts';
import { kindsByName } from './kind-name.ts';

/** Longer names are no names. */
const LONGEST_NAME = 128;
const MOST = 0.5;
const SURE = 0.8;
const FEW = 20;
/** One word that could be a name of a column may stand in a row by chance. */
const FEWEST_NAMES = 2;
/** Values of the first row that come again say that it is a row like the others. */
const RECURRING = 0.001;

/** A cell of the first row, beside the column that it stands over. */
export interface FirstCell {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** The rows below it. */
  readonly tally: ColumnTally;
  /** How many cells below are the same. */
  readonly recurring: number;
}

/** Whether these cells are names. */
export function isHeader(first: readonly FirstCell[]): boolean {
  // Over a column without a cell, nothing says nothing: a delimiter ends the rows.
  const cells = first.filter(({ text, tally }) => text !== '' || tally.filled > 0);
  if (cells.some(isValue)) return false;
  const named = cells.filter(({ text }) => kindsByName(text).length > 0).length;
  const enough = Math.min(cells.length, FEWEST_NAMES);
  if (named >= Math.max(enough, SURE * cells.length)) return true;
  if (cells.some(({ recurring, tally }) => recurring > RECURRING * tally.filled)) return false;
  const spoken = cells.filter((cell) => kindsByName(cell.text).length > 0 || isContrast(cell)).length;
  return spoken >= Math.max(enough, MOST * cells.length);
}

/** Something that stands in rows and not in headers: a date, a number, an address, a text. */
function isValue({ text, bytes }: FirstCell): boolean {
  const cell = new MeasuredCell();
  cell.measureBytes(bytes, 0, bytes.length);
  const tally = new ColumnTally();
  tally.add(cell);
  const { dates, nir, nirWithoutKey, email, phone, number, passwordHash, uuid, street, hidden } = tally;
  if (dates.matching + nir + nirWithoutKey + email + phone + number + passwordHash + uuid + street > 0) return true;
  return hidden.nir + hidden.email + hidden.phone > 0 || text.length > LONGEST_NAME || /[\r\n]/.test(text);
}

/** Letters over a column of numbers or dates. A few rows are no column: their first may differ from the others by chance. */
function isContrast({ text, tally }: FirstCell): boolean {
  if (!/\p{L}/u.test(text) || tally.filled < FEW) return false;
  return Math.max(tally.number / tally.sampled, tally.dates.matching / tally.filled) >= 0.9;
}
