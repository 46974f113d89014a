/**
 * The extraction of one dataset: source → scanner → window and link → allow-list → CSV in UTF-8 → sink (design §4).
 * Memory does not grow with the source, but for the keys that another dataset links to.
 */

import { SealiftError } from '@sealift/core';
import type { Dataset, RowCounts } from '@sealift/core/dataset';
import { Accounting } from './accounting.ts';
import { type ColumnPlan, outputColumns, planColumns } from './allow-list.ts';
import { requireBelowCeiling } from './ceiling.ts';
import { CellReader } from './cell.ts';
import { CsvWriter, type PlaintextSink } from './csv-writer.ts';
import { type CompiledDialect, compileDialect } from './dialect.ts';
import { MARK_LENGTH, readHeader, skipByteOrderMark } from './header.ts';
import { LinkKeys } from './link-keys.ts';
import type { ScannedRecord } from './record.ts';
import { compileRowRule } from './row-rule.ts';
import { Scanner } from './scanner.ts';
import type { Source } from './source.ts';

/** How far an extraction is. */
export interface ExtractionProgress {
  /** Bytes of the source that were read. */
  readonly bytes: number;
  /** Rows that were read, the header not counted. */
  readonly rows: number;
}

/** What {@link extractDataset} needs. */
export interface ExtractionOptions {
  readonly dataset: Dataset;
  readonly source: Source;
  /** Gets the plaintext; see {@link PlaintextSink} for whose the bytes are. What it has got is worth nothing if the extraction fails. */
  readonly sink: PlaintextSink;
  /** The keys of the rows kept of the dataset that this one links to: `result.keys.get(link.toField)` of its extraction. */
  readonly linkKeys?: LinkKeys | undefined;
  /** The fields whose keys of kept rows are wanted, because other datasets link to them. */
  readonly keyFields?: Iterable<string> | undefined;
  /** Called once a chunk that was read. */
  readonly onProgress?: ((progress: ExtractionProgress) => void) | undefined;
}

/** What an extraction was. */
export interface DatasetExtraction {
  readonly dataset: string;
  readonly rows: RowCounts;
  /** Bytes read from the source. */
  readonly sourceBytes: number;
  /** Bytes of plaintext CSV handed to the sink, header included. */
  readonly plaintextBytes: number;
  /** The columns that left, by their new names, in their order. */
  readonly columns: readonly string[];
  /** The columns of the source that did not leave, by their names there, in the source's order. */
  readonly withheld: readonly string[];
  /** The source held not even a header. It counts as 0 rows, and the output is the header alone. */
  readonly sourceEmpty: boolean;
  /** The keys of the kept rows, by field, for those of `keyFields`. */
  readonly keys: ReadonlyMap<string, LinkKeys>;
}

/**
 * Extracts one dataset, once. The caller closes the source.
 * @throws SealiftError `E_CSV`, `E_HEADER`, `E_FIELD_MISSING`, `E_SOURCE_ENCODING`, `E_DATE`, `E_SOURCE`, `E_SOURCE_CHANGED`
 * when the source is not what the instructions say; `E_CEILING` before more than allowed leaves; `E_SCHEMA`, `E_SCOPE`, `E_DATE` when
 * the dataset itself is wrong; `E_INTERNAL` when the sums don't close. What the sink throws is passed on.
 */
export async function extractDataset(options: ExtractionOptions): Promise<DatasetExtraction> {
  const { dataset, source } = options;
  const columns = outputColumns(dataset.fields);
  requireLinkKeys(options);
  const dialect = compileDialect(dataset.dialect);
  const feed = new Feed(source, new Scanner(dialect), options.onProgress);
  const plan = await readPlan(feed, dialect, options);

  const keys = new Map(Array.from(options.keyFields ?? [], (field) => [field, new LinkKeys()]));
  const writer = new CsvWriter(dialect, plan?.kept ?? dataset.fields.map((_, column) => column), options.sink);
  writer.writeHeader(columns);
  const accounting = new Accounting();
  if (plan !== undefined)
    await extractRows(feed, writer, rowHandler(plan, dialect, options, { writer, accounting, keys }));
  await source.confirmUnchanged();
  requireBelowCeiling(dataset.ceiling ?? {}, writer.rowsWritten, writer.bytesWritten);
  const rows = accounting.close(feed.scanner.rowsRead, writer.rowsWritten);
  await writer.end();

  return {
    dataset: dataset.name,
    rows,
    sourceBytes: feed.bytesRead,
    plaintextBytes: writer.bytesWritten,
    columns,
    withheld: plan?.withheld ?? [],
    sourceEmpty: plan === undefined,
    keys,
  };
}

/** Fills the scanner from the source. */
class Feed {
  readonly scanner: Scanner;
  bytesRead = 0;
  readonly #source: Source;
  readonly #onProgress: ExtractionOptions['onProgress'];

  constructor(source: Source, scanner: Scanner, onProgress: ExtractionOptions['onProgress']) {
    this.#source = source;
    this.scanner = scanner;
    this.#onProgress = onProgress;
  }

  /** Reads once more; false when the source had ended before. */
  async more(): Promise<boolean> {
    if (this.scanner.finished) return false;
    const count = await this.#source.read(this.scanner.space());
    this.bytesRead += count;
    if (count === 0) this.scanner.finish();
    else this.scanner.fill(count);
    this.#onProgress?.({ bytes: this.bytesRead, rows: this.scanner.rowsRead });
    return true;
  }
}

/** Reads as far as the header and finds the columns; undefined when the source is empty. */
async function readPlan(
  feed: Feed,
  dialect: CompiledDialect,
  options: ExtractionOptions,
): Promise<ColumnPlan | undefined> {
  const { scanner } = feed;
  while (scanner.waiting < MARK_LENGTH && (await feed.more())) {
    // A byte order mark may come in pieces.
  }
  skipByteOrderMark(scanner, dialect);
  while (!scanner.next()) if (!(await feed.more())) return undefined;
  const header = readHeader(scanner, dialect);
  scanner.fixColumns();
  return planColumns(options.dataset, header, options.keyFields ?? []);
}

async function extractRows(feed: Feed, writer: CsvWriter, handle: (record: ScannedRecord) => void): Promise<void> {
  const { scanner } = feed;
  do {
    while (scanner.next()) {
      handle(scanner);
      if (!writer.full) continue;
      const drained = writer.drain();
      if (drained !== undefined) await drained;
    }
  } while (await feed.more());
}

interface RowOutcome {
  readonly writer: CsvWriter;
  readonly accounting: Accounting;
  readonly keys: ReadonlyMap<string, LinkKeys>;
}

/** What happens to one row: it is counted, and if kept, written, held against the ceiling, and its keys remembered. */
function rowHandler(
  plan: ColumnPlan,
  dialect: CompiledDialect,
  { dataset, linkKeys }: ExtractionOptions,
  { writer, accounting, keys }: RowOutcome,
): (record: ScannedRecord) => void {
  const headingOf = compileRowRule(dataset, plan, dialect, linkKeys);
  const ceiling = dataset.ceiling ?? {};
  const reader = new CellReader(dialect);
  const collected = Array.from(plan.keys, ([field, column]) => ({ column, keys: keys.get(field) }));
  return (record) => {
    const heading = headingOf(record);
    accounting.count(heading);
    if (heading !== 'kept') return;
    writer.writeRow(record);
    requireBelowCeiling(ceiling, writer.rowsWritten, writer.bytesWritten);
    for (const { column, keys } of collected) {
      reader.read(record, column);
      if (reader.end > reader.start) keys?.add(reader.bytes, reader.start, reader.end);
    }
  };
}

function requireLinkKeys({ dataset, linkKeys }: ExtractionOptions): void {
  if (dataset.link === undefined || linkKeys !== undefined) return;
  throw new SealiftError(
    'E_INTERNAL',
    `dataset ${dataset.name} is extracted before ${dataset.link.to}, to which it links`,
    {
      hint: 'keep the source and report this as a defect',
    },
  );
}
