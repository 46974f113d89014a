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
export { placeClock, placeDay, prepareDays, readDays } from './days';
export {
  CELL_ENDS,
  COLUMN_LIMIT,
  DATE_FORM,
  DATE_WIDTH,
  DAYS,
  INPUT,
  INPUT_SLACK,
  KEPT,
  LENGTHS,
  OUTPUT,
  OUTPUT_COLUMNS,
  UNREAD,
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
