/** Why the scanner refuses a record, in words. */

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

/** By the numbers of `assembly/scan.ts`. */
const FAULTS: readonly Fault[] = [
  { reason: 'there is no fault', hint: 'report this as a defect' },
  { reason: 'there is a NUL byte', hint: NUL },
  { reason: 'a quote stands inside a cell without quotes', hint: QUOTE },
  { reason: 'there is text after a closing quote', hint: QUOTE },
  { reason: 'a line feed stands without a carriage return', hint: NEWLINE },
  { reason: 'there is a carriage return outside quotes', hint: NEWLINE },
  { reason: 'a carriage return stands without a line feed', hint: NEWLINE },
  { reason: 'there is a line feed outside quotes', hint: NEWLINE },
];
const TOO_MANY_CELLS = 8;
const TOO_FEW_CELLS = 9;
const LARGE: readonly Fault[] = [
  { reason: 'a quote is never closed', hint: QUOTE },
  { reason: 'a cell is larger than 16 MiB', hint: LIMIT },
  { reason: 'the row is larger than 64 MiB', hint: LIMIT },
];

/** The words for a reason that the scanner gave by its number. */
export function faultOf(reason: number, measure: Measure): Fault {
  const { cells, expected, fixed, blank } = measure;
  if (reason === TOO_MANY_CELLS) {
    return {
      reason: `there are more ${fixed ? `cells than the ${expected} of the header` : `than ${expected} cells`}`,
      hint: RAGGED,
    };
  }
  if (reason === TOO_FEW_CELLS) {
    const found = blank ? 'the line is empty' : cells === 1 ? 'there is 1 cell' : `there are ${cells} cells`;
    return { reason: `${found}, but the header has ${expected}`, hint: RAGGED };
  }
  const [none] = FAULTS;
  return FAULTS[reason] ?? LARGE[reason - TOO_FEW_CELLS - 1] ?? none ?? { reason: 'unknown', hint: RAGGED };
}
