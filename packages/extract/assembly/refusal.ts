/** Why a record is refused. */

export const CR: u8 = 13;
export const LF: u8 = 10;

// The newlines that a dialect may declare; `src/dialect.ts` has the same order.
export const ANY = 0;
export const ONLY_LF = 1;
export const ONLY_CRLF = 2;
export const ONLY_CR = 3;

// The reasons; `src/refusal.ts` has the words.
export const NUL = 1;
export const QUOTE_INSIDE = 2;
export const TEXT_AFTER_QUOTE = 3;
export const LONE_LINE_FEED = 4;
export const CARRIAGE_RETURN = 5;
export const LONE_CARRIAGE_RETURN = 6;
export const LINE_FEED = 7;
export const TOO_MANY_CELLS = 8;
export const TOO_FEW_CELLS = 9;
export const UNCLOSED_QUOTE = 10;
export const CELL_TOO_LARGE = 11;
export const RECORD_TOO_LARGE = 12;

/** Of two or more faults at one byte, the one that is told; `newline` is the declared policy. */
export function reasonOf(newline: u32, byte: u8, isText: bool, followsReturn: bool): u32 {
  if (followsReturn && byte != LF && newline != ONLY_CR) return LONE_CARRIAGE_RETURN;
  if (isText) return TEXT_AFTER_QUOTE;
  if (byte == 0) return NUL;
  if (byte == LF) return newline == ONLY_CR ? LINE_FEED : LONE_LINE_FEED;
  return byte == CR ? CARRIAGE_RETURN : QUOTE_INSIDE;
}
