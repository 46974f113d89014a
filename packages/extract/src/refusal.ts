/** Why the scanner refuses a record, in words. */
import { SealiftError } from '@sealift/core';

/** What a fault is called, and what to do about it. */
export interface Fault {
  readonly reason: string;
  readonly hint: string;
}

/** Where the record stands, for the words of those faults that count its cells. */
export interface Measure {
  /** Cells of the record, the one that was refused with them. */
  readonly cells: number;
  /** Cells that every record has to have. */
  readonly expected: number;
  /** Whether {@link expected} is the header's number, and not the most that is allowed. */
  readonly fixed: boolean;
  /** The record is one cell without a byte. */
  readonly blank: boolean;
}

const RAGGED = 'check the delimiter and the quote that the instructions declare, and that row of the source';
const QUOTE =
  'check the quote that the instructions declare, and that row of the source; a quote inside quotes is doubled';
const NEWLINE = 'declare the newline that the source uses: lf, crlf, cr, or any for lf and crlf';
const NUL = 'the source may be UTF-16 or damaged: declare its encoding, or dump it again';
const LIMIT = 'a quote may never be closed: check the quote that the instructions declare, and that row of the source';

/** By the numbers of `assembly/refusal.ts`. */
const FAULTS: ReadonlyMap<number, Fault | ((measure: Measure) => Fault)> = new Map<
  number,
  Fault | ((measure: Measure) => Fault)
>([
  [1, { reason: 'there is a NUL byte', hint: NUL }],
  [2, { reason: 'a quote stands inside a cell without quotes', hint: QUOTE }],
  [3, { reason: 'there is text after a closing quote', hint: QUOTE }],
  [4, { reason: 'a line feed stands without a carriage return', hint: NEWLINE }],
  [5, { reason: 'there is a carriage return outside quotes', hint: NEWLINE }],
  [6, { reason: 'a carriage return stands without a line feed', hint: NEWLINE }],
  [7, { reason: 'there is a line feed outside quotes', hint: NEWLINE }],
  [8, tooManyCells],
  [9, tooFewCells],
  [10, { reason: 'a quote is never closed', hint: QUOTE }],
  [11, { reason: 'a cell is larger than 16 MiB', hint: LIMIT }],
  [12, { reason: 'the row is larger than 64 MiB', hint: LIMIT }],
]);

/** Whether a reason is the number of cells alone: such a row ends where it seems to. */
export function isMisfit(reason: number): boolean {
  return reason === 8 || reason === 9;
}

/** The words for a reason that the scanner gave by its number. @throws SealiftError `E_INTERNAL` for one that there is not */
export function faultOf(reason: number, measure: Measure): Fault {
  const fault = FAULTS.get(reason);
  if (fault === undefined) throw new SealiftError('E_INTERNAL', `the scanner refuses for an unknown reason, ${reason}`);
  return typeof fault === 'function' ? fault(measure) : fault;
}

function tooManyCells({ expected, fixed }: Measure): Fault {
  const most = fixed ? `cells than the ${expected} of the header` : `than ${expected} cells`;
  return { reason: `there are more ${most}`, hint: RAGGED };
}

function tooFewCells({ cells, expected, blank }: Measure): Fault {
  const found = blank ? 'the line is empty' : cells === 1 ? 'there is 1 cell' : `there are ${cells} cells`;
  return { reason: `${found}, but the header has ${expected}`, hint: RAGGED };
}
