/** Reconciliation: the rows of each dataset as each party counted them, beside each other. */
import type { DatasetRows } from '../statement.ts';
import { currentInstructions, type Story } from './replay.ts';

/** Whose count it is: the laboratory's expectation or recomputation, the extraction, a recipient's receipt or import, the validation. */
export type Counted = 'expected' | 'recomputed' | 'extraction' | 'receipt' | 'import' | 'validation';

/** One party's count of a dataset. */
export interface Count {
  readonly by: Counted;
  /** Whose receipt or import. */
  readonly recipient?: string;
  /** Rows in the source. */
  readonly read?: number;
  /** Rows that leave, that left, that were received or loaded. */
  readonly kept?: number;
}

/** Where a count differs from the extraction's. */
export interface Difference {
  readonly by: Exclude<Counted, 'extraction'>;
  readonly recipient?: string;
  readonly of: 'read' | 'kept';
  readonly rows: number;
  readonly extraction: number;
}

/**
 * What the counts of a dataset come to: `none` while nothing is extracted, `single` while nobody but the processor has counted, else
 * whether every other count is the extraction's.
 */
export type Agreement = 'none' | 'single' | 'equal' | 'different';

/** One dataset. */
export interface Reconciled {
  readonly dataset: string;
  /** In the order of a job; a party that has not counted is left out. */
  readonly counts: readonly Count[];
  readonly differences: readonly Difference[];
  readonly agreement: Agreement;
}

/** A column of the table of every party's counts. */
export interface CountColumn extends Pick<Count, 'by' | 'recipient'> {
  readonly of: 'read' | 'kept';
  /** Of each dataset in its order; undefined where that party has not counted it. */
  readonly counts: readonly (number | undefined)[];
}

/**
 * The counts as columns, in the order of a job: of the rows in the source where more than the extraction counted them, then of those that
 * leave.
 */
export function countColumns(reconciled: readonly Reconciled[]): CountColumn[] {
  const read = columnsOf(reconciled, 'read');
  return [...(read.length > 1 ? read : []), ...columnsOf(reconciled, 'kept')];
}

const ORDER: readonly Counted[] = ['expected', 'recomputed', 'extraction', 'receipt', 'import', 'validation'];

function columnsOf(reconciled: readonly Reconciled[], of: CountColumn['of']): CountColumn[] {
  const parties = new Map<string, Pick<Count, 'by' | 'recipient'>>();
  for (const { by, recipient, ...count } of reconciled.flatMap(({ counts }) => counts)) {
    if (count[of] === undefined) continue;
    parties.set(`${by} ${recipient ?? ''}`, { by, ...(recipient === undefined ? {} : { recipient }) });
  }
  return [...parties.values()]
    .sort((a, b) => ORDER.indexOf(a.by) - ORDER.indexOf(b.by))
    .map((party) => ({ ...party, of, counts: reconciled.map((one) => countOf(one, party)?.[of]) }));
}

function countOf({ counts }: Reconciled, party: Pick<Count, 'by' | 'recipient'>): Count | undefined {
  return counts.find(({ by, recipient }) => by === party.by && recipient === party.recipient);
}

/** What the laboratory counted in its own copy. */
export interface Recount {
  readonly dataset: string;
  readonly read: number;
  readonly kept: number;
}

/**
 * The counts of every dataset of the instructions.
 * @param recomputed what the laboratory counted in its own copy, where it has one
 */
export function reconcile(story: Story, recomputed: readonly Recount[] = []): Reconciled[] {
  return currentInstructions(story).signed.datasets.map(({ name, expected }) => {
    const counts = [
      ...(expected === undefined ? [] : [expectedCount(expected)]),
      ...recomputed.flatMap(({ dataset, read, kept }): Count[] =>
        dataset === name ? [{ by: 'recomputed', read, kept }] : [],
      ),
      ...statedCounts(story, name),
    ];
    const found = differences(counts);
    return { dataset: name, counts, differences: found, agreement: agreement(counts, found) };
  });
}

function agreement(counts: readonly Count[], found: readonly Difference[]): Agreement {
  if (!counts.some(({ by }) => by === 'extraction')) return 'none';
  if (found.length > 0) return 'different';
  return counts.length === 1 ? 'single' : 'equal';
}

/** An expectation may be of the source, of what leaves, or of both. */
function expectedCount({ rows, kept }: { readonly rows?: number; readonly kept?: number }): Count {
  return { by: 'expected', ...(rows === undefined ? {} : { read: rows }), ...(kept === undefined ? {} : { kept }) };
}

function statedCounts(story: Story, dataset: string): Count[] {
  const { extraction, validation } = story.progress;
  const extracted = extraction?.statement.datasets.find((candidate) => candidate.dataset === dataset)?.counts;
  return [
    ...(extracted === undefined ? [] : [{ by: 'extraction', read: extracted.read, kept: extracted.kept } as const]),
    ...recipientCounts(story, dataset),
    ...rowsOf(validation?.datasets, dataset).map((kept) => ({ by: 'validation', kept }) as const),
  ];
}

/** Receipts, then imports; of each recipient the last import, complete or not. */
function recipientCounts(story: Story, dataset: string): Count[] {
  return (['receipt', 'import'] as const).flatMap((by) =>
    [...currentInstructions(story).recipients].flatMap(([key, { entry }]) => {
      const document = story.entries.findLast(
        ({ signed: { statement } }) => statement.kind === by && statement.document.signed.recipient === key,
      )?.signed.statement;
      if (document?.kind !== by) return [];
      return rowsOf(document.document.signed.datasets, dataset).map((kept) => ({ by, recipient: entry.name, kept }));
    }),
  );
}

function rowsOf(datasets: readonly DatasetRows[] | undefined, name: string): number[] {
  return (datasets ?? []).flatMap(({ dataset, rows }) => (dataset === name ? [rows] : []));
}

function differences(counts: readonly Count[]): Difference[] {
  const extraction = counts.find(({ by }) => by === 'extraction');
  if (extraction === undefined) return [];
  return counts.flatMap(({ by, recipient, ...count }) =>
    by === 'extraction'
      ? []
      : (['read', 'kept'] as const).flatMap((of): Difference[] => {
          const [rows, extracted] = [count[of], extraction[of]];
          if (rows === undefined || extracted === undefined || rows === extracted) return [];
          return [{ by, ...(recipient === undefined ? {} : { recipient }), of, rows, extraction: extracted }];
        }),
  );
}
