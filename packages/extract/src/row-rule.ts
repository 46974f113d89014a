import type { Dataset } from '@sealift/core/dataset';
import {
  type CellDate,
  type CompiledWindow,
  compileWindow,
  type DateRule,
  joinVerdicts,
  type Window,
  windowsOf,
} from '@sealift/core/window';
import type { RowHeading } from './accounting.ts';
import type { ColumnPlan } from './allow-list.ts';
import { CellReader } from './cell.ts';
import type { DateTally } from './date-tally.ts';
import type { CompiledDialect } from './dialect.ts';
import type { LinkKeys } from './link-keys.ts';
import { showName } from './near-miss.ts';
import { refuseRecord, type ScannedRecord } from './record.ts';

/** Says under which heading a row falls. */
export type RowRule = (record: ScannedRecord) => RowHeading;

/** What decides on a row that lies in the windows. */
type Check = (record: ScannedRecord) => 'kept' | 'notLinked';

/**
 * The rule of a dataset: windows, then link; the first that applies (design §4). Each row whose date of the first window can be read is
 * counted in `dates`. The rule throws SealiftError `E_DATE` for a date that the instructions refuse, whatever other windows say of the
 * row, and `E_SOURCE_ENCODING` for a date or link cell that is not text.
 * @throws SealiftError `E_DATE` when a window itself is wrong.
 */
export function compileRowRule(
  dataset: Dataset,
  plan: ColumnPlan,
  dialect: CompiledDialect,
  { keys, dates }: { readonly keys: LinkKeys | undefined; readonly dates: DateTally | undefined },
): RowRule {
  const reader = new CellReader(dialect);
  const link: Check = plan.link === undefined || keys === undefined ? () => 'kept' : linkCheck(plan.link, keys, reader);
  return dataset.window === undefined ? link : dateRule(dataset.window, plan.dates, { reader, dates, next: link });
}

/** Where the rows of a verdict belong that no link lets go. */
const HEADINGS = { empty: 'emptyDate', impossible: 'impossibleDate', outside: 'outsideWindow' } as const;

function dateRule(
  rule: DateRule,
  columns: readonly number[],
  { reader, dates, next }: { readonly reader: CellReader; readonly dates: DateTally | undefined; readonly next: Check },
): RowRule {
  const [first, ...others] = windowsOf(rule).map((window, index) => dateColumn(window, columns[index] ?? 0, reader));
  if (first === undefined) return next;
  return (record) => {
    const date = first.read(record);
    const verdict =
      others.length === 0
        ? first.verdictOf(date)
        : joinVerdicts(rule, [first.verdictOf(date), ...others.map((one) => one.verdictOf(one.read(record)))]);
    const heading = verdict === 'inside' ? next(record) : HEADINGS[verdict];
    if (typeof date === 'number') dates?.count(first.dayOf(date), heading === 'kept');
    return heading;
  };
}

/** One window at its column of the source. */
interface DateColumn extends Pick<CompiledWindow, 'verdictOf' | 'dayOf'> {
  read(record: ScannedRecord): CellDate;
}

function dateColumn(window: Window, column: number, reader: CellReader): DateColumn {
  const compiled = compileWindow(window);
  function read(record: ScannedRecord): CellDate {
    reader.read(record, column);
    const date = compiled.read(reader.bytes, reader.start, reader.end);
    if (typeof date === 'string') requireWithheld(window, record, date);
    return date;
  }
  return { read, verdictOf: compiled.verdictOf, dayOf: compiled.dayOf };
}

function requireWithheld(window: Window, record: ScannedRecord, what: 'empty' | 'impossible'): void {
  if ((what === 'empty' ? window.emptyDate : window.impossibleDate) === 'withhold') return;
  const reason = `the date ${showName(window.field)} is ${what}, and the instructions refuse such a row`;
  const hint = 'check the date format that the instructions declare, and that row of the source';
  throw refuseRecord('E_DATE', record, reason, hint);
}

/** An empty cell links to nothing. */
function linkCheck(column: number, keys: LinkKeys, reader: CellReader): Check {
  return (record) => {
    reader.read(record, column);
    const linked = reader.end > reader.start && keys.has(reader.bytes, reader.start, reader.end);
    return linked ? 'kept' : 'notLinked';
  };
}
