/**
 * The extraction of one dataset: source → scanner → window and link → allow-list → CSV in UTF-8 → sink (design §4).
 * Memory does not grow with the source, but for the keys that another dataset links to.
 */

import { SealiftError } from '@sealift/core';
import type { Dataset, RowCounts } from '@sealift/core/dataset';
import type { ExtractedDates } from '@sealift/core/statement';
import { windowsOf } from '@sealift/core/window';
import { Accounting } from './accounting.ts';
import { type ColumnPlan, outputColumns, planColumns } from './allow-list.ts';
import { requireBelowCeiling } from './ceiling.ts';
import { CsvWriter, type PlaintextSink } from './csv-writer.ts';
import { DateTally } from './date-tally.ts';
import { type CompiledDialect, compileDialect } from './dialect.ts';
import { Feed } from './feed.ts';
import { readHeader } from './header.ts';
import { compileJudge, type Judge } from './judgement.ts';
import { LinkKeys } from './link-keys.ts';
import { refuseEnd, skipPreamble } from './preamble.ts';
import { Scanner } from './scanner.ts';
import type { Source } from './source.ts';
import { Utf16Source } from './utf16.ts';

/** How far an extraction is. */
export interface ExtractionProgress {
  /** Bytes of the source that were read. */
  readonly bytes: number;
  /** Rows that were read, the header not counted. */
  readonly rows: number;
}

/** What becomes of a malformed row: it stops the extraction, or is left out and counted. */
export type OnMalformed = 'refuse' | 'withhold';

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
  /** Whether rows of another number of cells than the header are left out and counted, where the dataset allows it. */
  readonly onMalformed?: OnMalformed | undefined;
  /** Called once a chunk that was read. */
  readonly onProgress?: ((progress: ExtractionProgress) => void) | undefined;
}

/** What an extraction was. */
export interface DatasetExtraction {
  readonly dataset: string;
  readonly rows: RowCounts;
  /** How the rows lie in time; undefined without a window. */
  readonly dates: ExtractedDates | undefined;
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

/** What can be wrong with the bytes of a source. */
const OF_CONTENT: ReadonlySet<string> = new Set([
  'E_CSV',
  'E_HEADER',
  'E_FIELD_MISSING',
  'E_SOURCE_ENCODING',
  'E_DATE',
]);

/**
 * Extracts one dataset, once. The caller closes the source.
 * @throws SealiftError `E_CSV`, `E_HEADER`, `E_FIELD_MISSING`, `E_SOURCE_ENCODING`, `E_DATE`, `E_SOURCE`, `E_SOURCE_CHANGED`
 * when the source is not what the instructions say; `E_CEILING` before more than allowed leaves; `E_SCHEMA`, `E_SCOPE`, `E_DATE` when
 * the dataset itself is wrong; `E_INTERNAL` when the sums don't close. What the sink throws is passed on.
 */
export async function extractDataset(options: ExtractionOptions): Promise<DatasetExtraction> {
  const { dataset, source, onProgress } = options;
  const columns = outputColumns(dataset.fields);
  requireLinkKeys(options);
  const dialect = compileDialect(dataset.dialect);
  const scanner = new Scanner(dialect);
  const feed = new Feed(decoded(source, dialect), scanner, () =>
    onProgress?.({ bytes: feed.bytesRead, rows: rowsOf(scanner, dialect) }),
  );
  try {
    const plan = await readPlan(feed, dialect, options);
    const extracted = await extractRows(feed, { options, dialect, plan, columns });
    return {
      dataset: dataset.name,
      sourceBytes: feed.bytesRead,
      columns,
      withheld: plan?.withheld ?? [],
      sourceEmpty: plan === undefined,
      ...extracted,
    };
  } catch (cause) {
    // Whoever writes to a source leaves half a row: that it changed says more than what is wrong with the row.
    if (cause instanceof SealiftError && OF_CONTENT.has(cause.code)) await source.confirmUnchanged('part');
    throw cause;
  } finally {
    await feed.settle();
  }
}

/** The source in an encoding that can be scanned. */
function decoded(source: Source, { encoding }: CompiledDialect): Source {
  if (encoding.name === 'utf-16le' || encoding.name === 'utf-16be') {
    return new Utf16Source(source, encoding.name === 'utf-16le');
  }
  return source;
}

/** Reads as far as the header, if there is one, and finds the columns; undefined when the source is empty. */
async function readPlan(
  feed: Feed,
  dialect: CompiledDialect,
  { dataset, keyFields = [] }: ExtractionOptions,
): Promise<ColumnPlan | undefined> {
  if (!(await skipPreamble(feed, dialect))) return undefined;
  const header = dialect.header ?? (await findHeader(feed, dialect));
  if (header === undefined) return undefined;
  const plan = planColumns(dataset, header, keyFields);
  feed.scanner.fixColumns(header.length + (dialect.trailingDelimiter ? 1 : 0));
  return plan;
}

async function findHeader(feed: Feed, dialect: CompiledDialect): Promise<string[] | undefined> {
  const { scanner } = feed;
  while (!scanner.nextBatch()) {
    if (await feed.more()) continue;
    // A dump of nothing has no byte; one that has lines before its header, and then no header, was cut or has fewer such lines.
    if (dialect.preamble > 0) throw refuseEnd('before its header');
    return undefined;
  }
  scanner.next();
  return readHeader(scanner, dialect);
}

/** What the rows of one dataset are extracted with. */
interface Course {
  readonly options: ExtractionOptions;
  readonly dialect: CompiledDialect;
  /** Undefined when the source is empty. */
  readonly plan: ColumnPlan | undefined;
  /** The names of the columns that leave. */
  readonly columns: readonly string[];
}

async function extractRows(
  feed: Feed,
  { options, dialect, plan, columns }: Course,
): Promise<Pick<DatasetExtraction, 'rows' | 'dates' | 'plaintextBytes' | 'keys'>> {
  const { dataset, source, sink } = options;
  const { scanner } = feed;
  const ceiling = dataset.ceiling ?? {};
  const writer = new CsvWriter({
    dialect,
    scanner,
    columns: plan?.kept ?? columns.map((_, column) => column),
    sink,
    onWritten: (rows, bytes) => requireBelowCeiling(ceiling, rows, bytes),
  });
  await writer.writeHeader(columns);
  const keys = new Map(Array.from(options.keyFields ?? [], (field) => [field, new LinkKeys()]));
  const accounting = new Accounting();
  const [window] = dataset.window === undefined ? [] : windowsOf(dataset.window);
  const dates = window === undefined ? undefined : new DateTally(window.field);
  const withhold = withholdsMalformed(options);
  if (withhold) scanner.passOverMisfits(() => accounting.count('malformed'));
  if (plan !== undefined) {
    const judge = compileJudge(scanner, { plan, dialect, options, withhold, accounting, dates, keys });
    do {
      while (scanner.nextBatch()) await writeKept(scanner, writer, judge);
    } while (await feed.more());
  }
  await source.confirmUnchanged('whole');
  requireBelowCeiling(ceiling, writer.rowsWritten, writer.bytesWritten);
  const rows = accounting.close(rowsOf(scanner, dialect), writer.rowsWritten);
  await writer.end();
  return { rows, dates: dates?.close(), plaintextBytes: writer.bytesWritten, keys };
}

/** Rows that the scanner found, the header not counted. */
function rowsOf({ row }: Scanner, { header }: CompiledDialect): number {
  return header === undefined ? Math.max(0, row - 1) : row;
}

/** Judges a batch and writes what leaves. A row that is refused has rows before it, whose own faults come first. */
async function writeKept(scanner: Scanner, writer: CsvWriter, judge: Judge): Promise<void> {
  const kept = writer.beginBatch();
  try {
    judge(scanner, kept);
  } finally {
    await writer.writeBatch();
  }
}

function withholdsMalformed({ dataset, onMalformed }: ExtractionOptions): boolean {
  return onMalformed === 'withhold' && dataset.malformed === 'withhold';
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
