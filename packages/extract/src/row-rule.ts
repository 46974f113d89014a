import type { Dataset, DateFault, Window } from '@sealift/core/dataset';
import { compileWindow } from '@sealift/core/dataset';
import type { RowHeading } from './accounting.ts';
import type { ColumnPlan } from './allow-list.ts';
import { CellReader } from './cell.ts';
import type { DateTally } from './date-tally.ts';
import type { CompiledDialect } from './dialect.ts';
import type { LinkKeys } from './link-keys.ts';
import { refuseRecord, type ScannedRecord } from './record.ts';

/** Says under which heading a row falls. */
export type RowRule = (record: ScannedRecord) => RowHeading;

/** What decides on a row that lies in the window. */
type Check = (record: ScannedRecord) => 'kept' | 'notLinked';

/**
 * The rule of a dataset: window, then link; the first that applies (design §4). Each row whose date can be read is counted in `dates`.
 * The rule throws SealiftError `E_DATE` for a date that the instructions refuse, and `E_SOURCE_ENCODING` for a date or link cell that is not text.
 * @throws SealiftError `E_DATE` when the window itself is wrong.
 */
export function compileRowRule(
  dataset: Dataset,
  plan: ColumnPlan,
  dialect: CompiledDialect,
  { keys, dates }: { readonly keys: LinkKeys | undefined; readonly dates: DateTally | undefined },
): RowRule {
  const reader = new CellReader(dialect);
  const link: Check = plan.link === undefined || keys === undefined ? () => 'kept' : linkCheck(plan.link, keys, reader);
  if (dataset.window === undefined || plan.date === undefined) return link;
  return windowRule(dataset.window, { column: plan.date, reader, dates, next: link });
}

function windowRule(
  window: Window,
  {
    column,
    reader,
    dates,
    next,
  }: {
    readonly column: number;
    readonly reader: CellReader;
    readonly dates: DateTally | undefined;
    readonly next: Check;
  },
): RowRule {
  const compiled = compileWindow(window);
  return (record) => {
    reader.read(record, column);
    const day = compiled.dayOf(reader.bytes, reader.start, reader.end);
    if (day === 'empty') return withheldOrRefused(window.emptyDate, record, day);
    if (day === 'impossible') return withheldOrRefused(window.impossibleDate, record, day);
    const heading = compiled.verdictOf(day) === 'inside' ? next(record) : 'outsideWindow';
    dates?.count(day, heading === 'kept');
    return heading;
  };
}

function withheldOrRefused(fault: DateFault, record: ScannedRecord, what: 'empty' | 'impossible'): RowHeading {
  if (fault === 'withhold') return what === 'empty' ? 'emptyDate' : 'impossibleDate';
  const reason = `the date of the window is ${what}, and the instructions refuse such a row`;
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
