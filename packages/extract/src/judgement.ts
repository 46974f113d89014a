/** Which rows of a batch leave: each is counted under its heading, and those that leave are marked. */
import type { Dataset } from '@sealift/core/dataset';
import { type CompiledWindow, compileWindow } from '@sealift/core/window';
import type { Accounting } from './accounting.ts';
import type { ColumnPlan } from './allow-list.ts';
import { CellReader } from './cell.ts';
import type { DateTally } from './date-tally.ts';
import type { DayReader } from './day-reader.ts';
import type { CompiledDialect } from './dialect.ts';
import { endsWithDelimiter, refuseTrail } from './header.ts';
import type { LinkKeys } from './link-keys.ts';
import type { ScannedRecord } from './record.ts';
import { compileRowRule } from './row-rule.ts';
import type { Scanner } from './scanner.ts';

/** Judges the scanner's batch: sets a byte of `kept` to 1 for each record that leaves. */
export type Judge = (scanner: Scanner, kept: Uint8Array) => void;

/** What rows are judged by, and what is made of them. */
export interface JudgeOptions {
  readonly plan: ColumnPlan;
  readonly dialect: CompiledDialect;
  readonly options: { readonly dataset: Dataset; readonly linkKeys?: LinkKeys | undefined };
  /** Whether a row that no delimiter ends where one should is left out and counted. */
  readonly withhold: boolean;
  readonly accounting: Accounting;
  /** How the rows lie in time. */
  readonly dates: DateTally | undefined;
  /** Gets the keys of the rows that leave, by field. */
  readonly keys: ReadonlyMap<string, LinkKeys>;
}

/**
 * What judges the batches of this scanner. It throws what the rule of `compileRowRule` throws, and `E_CSV` for a row that no delimiter
 * ends where one should, unless such rows are left out.
 * @throws SealiftError `E_DATE` when a window itself is wrong
 */
export function compileJudge(scanner: Scanner, options: JudgeOptions): Judge {
  const judgeRow = rowJudge(options);
  const quick = quickWindow(scanner, options);
  return quick === undefined
    ? (batch, kept) => {
        for (let record = 0; batch.next(); record++) judgeRow(batch, kept, record);
      }
    : quickJudge(quick, options, judgeRow);
}

type RowJudge = (record: ScannedRecord, kept: Uint8Array, index: number) => void;

function rowJudge({ plan, dialect, options, withhold, accounting, dates, keys }: JudgeOptions): RowJudge {
  const headingOf = compileRowRule(options.dataset, plan, dialect, { keys: options.linkKeys, dates });
  const reader = new CellReader(dialect);
  const collected = Array.from(plan.keys, ([field, column]) => ({ column, keys: keys.get(field) }));
  return (record, kept, index) => {
    if (dialect.trailingDelimiter && !endsWithDelimiter(record)) {
      if (!withhold) throw refuseTrail(record);
      accounting.count('malformed');
      return;
    }
    const heading = headingOf(record);
    accounting.count(heading);
    if (heading !== 'kept') return;
    kept[index] = 1;
    for (const { column, keys } of collected) {
      reader.read(record, column);
      if (reader.end > reader.start) keys?.add(reader.bytes, reader.start, reader.end);
    }
  };
}

/** The only thing that decides on a row, and what reads its dates a batch at a time. */
interface QuickWindow {
  readonly window: CompiledWindow;
  readonly days: DayReader;
}

/** Undefined where more than one date of fixed places decides, or more is to be looked at. */
function quickWindow(scanner: Scanner, { plan, dialect, options }: JudgeOptions): QuickWindow | undefined {
  const { window: rule, link } = options.dataset;
  const [column] = plan.dates;
  if (rule === undefined || column === undefined || 'all' in rule || 'any' in rule) return undefined;
  if (link !== undefined || plan.keys.size > 0 || dialect.trailingDelimiter) return undefined;
  const window = compileWindow(rule);
  const days = window.dayForm === undefined ? undefined : scanner.dayReader(column, window.dayForm);
  return days === undefined ? undefined : { window, days };
}

/** As the rule for one row, for rows whose date could be read; the others are judged by it. */
function quickJudge({ window, days }: QuickWindow, { accounting, dates }: JudgeOptions, judgeRow: RowJudge): Judge {
  const { first, last } = window;
  return (scanner, kept) => {
    const read = days.read();
    let [inside, outside] = [0, 0];
    for (let record = 0; record < read.length; record++) {
      const day = read[record] ?? days.unread;
      if (day === days.unread) {
        scanner.select(record);
        judgeRow(scanner, kept, record);
        continue;
      }
      const isInside = day >= first && day <= last;
      if (isInside) {
        kept[record] = 1;
        inside++;
      } else outside++;
      dates?.count(day, isInside);
    }
    accounting.count('kept', inside);
    accounting.count('outsideWindow', outside);
    scanner.select(read.length - 1);
  };
}
