/**
 * The memory of the scanner, in bytes from its beginning. `src/scanner-module.ts` reads the same places: what is exported here is
 * all that both sides have to agree on.
 */

/** Columns that a source may have. */
export const COLUMN_LIMIT: u32 = 16384;
/** Columns that may leave. */
const FIELD_LIMIT: u32 = 4096;
/** Records of a batch. */
export const BATCH_LIMIT: u32 = 4096;

/** u16 for each column that leaves, in the allow-list's order: which column of the source it is. */
export const OUTPUT_COLUMNS: u32 = 1024;
/** For each run of columns that leave side by side, as they stand in the source, u16 for its first and u16 for its last column. */
export const OUTPUT_RUNS: u32 = OUTPUT_COLUMNS + FIELD_LIMIT * 2;
/** u8 for each byte value: how many bytes of UTF-8 it becomes; 0 where the encoding leaves it undefined. */
export const LENGTHS: u32 = OUTPUT_RUNS + FIELD_LIMIT * 4;
/** u32 for each byte value: those bytes, the first one lowest. */
export const UTF_8: u32 = LENGTHS + 256;
/** u8 for each record of a batch: 1 when it leaves. */
export const KEPT: u32 = UTF_8 + 256 * 4;
/**
 * Where cells end: u32 for each cell of the batch, the address of the delimiter or newline behind it, one record after the other. The
 * word before them is the address before the first record. So a cell begins one behind the word before its own.
 */
export const CELL_ENDS: u32 = KEPT + BATCH_LIMIT;
/** Cells of a batch, the record in progress included; behind them there is room for those of one more block. */
export const CELL_ENDS_LIMIT: u32 = 1 << 17;
/** How a date is written: for each of {@link DATE_WIDTH} bytes the one that stands there, or 0 for a digit. */
export const DATE_FORM: u32 = CELL_ENDS + 4 + CELL_ENDS_LIMIT * 4 + 1024;
/** The most bytes of a date that is read here. */
export const DATE_WIDTH: u32 = 32;
/** i32 for each record of a batch: the day of its date, in days since 1970-01-01, or {@link UNREAD}. */
export const DAYS: u32 = DATE_FORM + DATE_WIDTH;
/** Stands for what is no day in the form, whatever else it is. */
export const UNREAD: i32 = i32.MIN_VALUE;
/** Plaintext that waits to be handed over. */
export const OUTPUT: u32 = 10 << 16;
/** No cell is begun behind this. */
export const OUTPUT_END: u32 = OUTPUT + (256 << 10);
/** Short cells and separators may be written so far behind {@link OUTPUT_END}. */
export const OUTPUT_SLACK: u32 = 64 << 10;
/** The bytes of the source. The memory ends at least {@link INPUT_SLACK} behind them. */
export const INPUT: u32 = 16 << 16;
/** Whole vectors are read, whatever of them counts. */
export const INPUT_SLACK: u32 = 64;
