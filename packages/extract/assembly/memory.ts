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

/** u16 for each column of the source: one more than its slot in a record's ranges, 0 for a column that nobody asks for. */
export const SLOTS: u32 = 1024;
/** u16 for each column that leaves, in the allow-list's order: its slot. */
export const OUTPUT_SLOTS: u32 = SLOTS + COLUMN_LIMIT * 2;
/** u8 for each byte value: how many bytes of UTF-8 it becomes; 0 where the encoding leaves it undefined. */
export const LENGTHS: u32 = OUTPUT_SLOTS + FIELD_LIMIT * 2;
/** u32 for each byte value: those bytes, the first one lowest. */
export const UTF_8: u32 = LENGTHS + 256;
/** u8 for each record of a batch: 1 when it leaves. */
export const KEPT: u32 = UTF_8 + 256 * 4;
/**
 * The batch. For each record u32 where it starts, then for each slot u32 where the cell's text starts and u32 where it ends, with
 * {@link QUOTED} or {@link DOUBLED} in the two highest bits.
 */
export const RANGES: u32 = KEPT + BATCH_LIMIT;
/** Bytes for the ranges of whole records; behind them there is room for one record in progress. */
export const RANGES_SIZE: u32 = 1 << 20;
/** Plaintext that waits to be handed over. */
export const OUTPUT: u32 = 21 << 16;
/** No cell is begun behind this. */
export const OUTPUT_END: u32 = OUTPUT + (256 << 10);
/** Short cells and separators may be written so far behind {@link OUTPUT_END}. */
export const OUTPUT_SLACK: u32 = 64 << 10;
/** The bytes of the source. The memory ends at least {@link INPUT_SLACK} behind them. */
export const INPUT: u32 = 27 << 16;
/** Whole vectors are read, whatever of them counts. */
export const INPUT_SLACK: u32 = 64;

/** The text stood in quotes, with none inside. */
export const QUOTED: u32 = 1;
/** The text stood in quotes, with doubled ones inside. */
export const DOUBLED: u32 = 2;
/** Where {@link QUOTED} and {@link DOUBLED} are, above the address of a cell's end. */
export const QUOTING_SHIFT: u32 = 30;
/** The address alone. */
export const ADDRESS: u32 = (1 << QUOTING_SHIFT) - 1;
