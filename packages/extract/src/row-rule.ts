import type { Dataset, DateFault } from '@sealift/core/dataset';
import { compileWindow } from '@sealift/core/dataset';
import type { RowHeading } from './accounting.ts';
import type { ColumnPlan } from './allow-list.ts';
import { CellReader } from './cell.ts';
import type { CompiledDialect } from './dialect.ts';
import type { LinkKeys } from './link-keys.ts';
import { refuseRecord, type ScannedRecord } from './record.ts';

/** Says under which heading a row falls. */
export type RowRule = (record: ScannedRecord) => RowHeading;

/** A check that leaves a row to the next one by returning undefined. */
type Check = (record: ScannedRecord) => RowHeading | undefined;

/**
 * The rule of a dataset: window, then link; the first that applies (design §4).
 * The rule throws SealiftError `E_DATE` for a date that the instructions refuse, and `E_SOURCE_ENCODING` for a date or link cell that is not text.
 * @throws SealiftError `E_DATE` when the window itself is wrong.
 */
export function compileRowRule(
  dataset: Dataset,
  plan: ColumnPlan,
  dialect: CompiledDialect,
  keys: LinkKeys | undefined,
): RowRule {
  const checks: Check[] = [];
  const reader = new CellReader(dialect);
  if (dataset.window !== undefined && plan.date !== undefined)
    checks.push(windowCheck(dataset.window, plan.date, reader));
  if (plan.link !== undefined && keys !== undefined) checks.push(linkCheck(plan.link, keys, reader));
  return (record) => {
    for (const check of checks) {
      const heading = check(record);
      if (heading !== undefined) return heading;
    }
    return 'kept';
  };
}

function windowCheck(window: NonNullable<Dataset['window']>, column: number, reader: CellReader): Check {
  const compiled = compileWindow(window);
  return (record) => {
    reader.read(record, column);
    const verdict = compiled.classify(reader.bytes, reader.start, reader.end);
    switch (verdict) {
      case 'inside':
        return undefined;
      case 'outside':
        return 'outsideWindow';
      case 'empty':
        return withheldOrRefused(window.emptyDate, record, 'empty');
      case 'impossible':
        return withheldOrRefused(window.impossibleDate, record, 'impossible');
    }
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
    return linked ? undefined : 'notLinked';
  };
}
