/**
 * A dataset of the instructions: one table of the source, the fields of it that may leave, and the rows of it that may leave.
 * Field for field the JSON of `schemas/instructions.schema.json`.
 */

/** Encodings a source may declare. */
export type SourceEncoding =
  | 'utf-8'
  | 'utf-16le'
  | 'utf-16be'
  | 'windows-1252'
  | 'iso-8859-1'
  | 'iso-8859-15'
  | 'cp437'
  | 'cp850'
  | 'mac-roman';

/** The CSV dialect of a source, as declared; nothing of it is guessed. */
export interface Dialect {
  readonly encoding: SourceEncoding;
  /** One ASCII character, neither the quote nor a newline. */
  readonly delimiter: string;
  /** One ASCII character, or null when the source never quotes. */
  readonly quote: string | null;
  /** Whether a quote inside quotes is written twice (RFC 4180 §2.7), as it is where this is absent; false: no cell has one. */
  readonly doubleQuote?: boolean;
  /** What ends a row outside quotes: LF, CRLF, either of both, or CR. */
  readonly newline: 'lf' | 'crlf' | 'any' | 'cr';
  /** Lines before the header that are no rows; none where this is absent. */
  readonly preamble?: number;
  /** The names of the columns, where the source has no header row. */
  readonly header?: readonly string[];
  /** Present and true: every row, and the header, ends with a delimiter that no cell follows. */
  readonly trailingDelimiter?: boolean;
}

/** One line of the allow-list. */
export interface AllowedField {
  /** The literal header name in the source. */
  readonly name: string;
  /** The header name in the sealed CSV; absent: the same. */
  readonly as?: string;
  /** Present and true: the field is free text, and `purpose` says why it must leave (F03). */
  readonly freeText?: boolean;
  readonly purpose?: string;
  /** A remark for the reader of the instructions. */
  readonly note?: string;
}

/** One end of a window: a calendar date `YYYY-MM-DD`, and whether that day itself belongs to the window (F10). */
export interface Bound {
  readonly date: string;
  /** Where the day is meant, as hours and minutes east of UTC (`+02:00`): with dates that name instants, and only with them. */
  readonly offset?: string;
  readonly inclusive: boolean;
}

/** What to do with a row whose date is empty or impossible. */
export type DateFault = 'withhold' | 'refuse';

/** One window. At least one bound is present. */
export interface Window {
  readonly field: string;
  /** A pattern such as `DD/MM/YYYY HH:mm`, `D/M/YYYY`, `YYYYMMDD` or `YYYY-MM-DDTHH:mm:ssXXX`, or `epoch-seconds` or `epoch-milliseconds`. */
  readonly format: string;
  /** The first of the hundred years that `YY` in the format stands for. */
  readonly pivot?: number;
  readonly from?: Bound;
  readonly to?: Bound;
  readonly emptyDate: DateFault;
  readonly impossibleDate: DateFault;
}

/** Several windows: a row has to lie in all of them, or in any. */
export type JoinedWindows = { readonly all: readonly Window[] } | { readonly any: readonly Window[] };

/** The date rule of a dataset. */
export type DateRule = Window | JoinedWindows;

/** Rows leave only when this field's cell is among the kept rows' `toField` cells of dataset `to`. */
export interface Link {
  readonly field: string;
  readonly to: string;
  readonly toField: string;
}

/** What the laboratory expects, where it knows; compared in the report. */
export interface Expected {
  readonly rows?: number;
  readonly kept?: number;
}

/** The most that may leave (rows, and bytes of plaintext CSV). */
export interface Ceiling {
  readonly rows?: number;
  readonly bytes?: number;
}

/** One table of the source, as the instructions describe it. */
export interface Dataset {
  readonly name: string;
  readonly dialect: Dialect;
  readonly fields: readonly AllowedField[];
  readonly window?: DateRule;
  readonly link?: Link;
  readonly expected?: Expected;
  readonly ceiling?: Ceiling;
  /** Present: a row with another number of cells than the header may be left out and counted; otherwise it stops the extraction. */
  readonly malformed?: 'withhold';
  /** Present: the source file may be marked for deletion after the statements that gate the purge (F09). */
  readonly disposeSource?: true;
  readonly note?: string;
}

/** Every row read, under the first heading that applies, in this order (design §4). The sums close: read = all the others together. */
export interface RowCounts {
  readonly read: number;
  readonly kept: number;
  readonly malformed: number;
  readonly emptyDate: number;
  readonly impossibleDate: number;
  readonly outsideWindow: number;
  readonly excluded: number;
  readonly notLinked: number;
}
