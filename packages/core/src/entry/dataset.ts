/** Datasets: dialect, allow-list, links, counts (doc/format.md section 7). */

export { outputHeader, outputName } from '../allow-list.ts';
export type {
  AllowedField,
  Ceiling,
  Dataset,
  Dialect,
  Expected,
  Link,
  RowCounts,
  SourceEncoding,
} from '../dataset.ts';
