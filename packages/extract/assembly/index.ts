/** The scanner's functions, as `src/scanner-module.ts` calls them. */

export {
  beginCopy,
  copy,
  copyColumn,
  copyRecord,
  outputLength,
  prepareCopy,
  putOutput,
  rowsCopied,
  takeOutput,
  undefinedAddress,
} from './copy';
export {
  CELL_ENDS,
  COLUMN_LIMIT,
  INPUT,
  INPUT_SLACK,
  KEPT,
  LENGTHS,
  OUTPUT,
  OUTPUT_COLUMNS,
  UTF_8,
} from './memory';
export {
  beginBatch,
  cellCount,
  declare,
  drop,
  fill,
  fixColumns,
  inputEnd,
  position,
  recordAddress,
  recordCount,
  refusalAddress,
  refusalReason,
  refusedCells,
  refuseOverLimit,
  restart,
  scan,
} from './scan';
