/** Datasets: dialect, allow-list, window, links, counts (doc/format.md section 7). */

export { outputHeader, outputName } from '../allow-list.ts';
export type {
  AllowedField,
  Bound,
  Ceiling,
  Dataset,
  DateFault,
  Dialect,
  Expected,
  Link,
  RowCounts,
  SourceEncoding,
  Window,
} from '../dataset.ts';
export {
  type CellDay,
  type CompiledWindow,
  compileDateFormat,
  compileWindow,
  type DateFormat,
  type WindowVerdict,
} from '../window.ts';
