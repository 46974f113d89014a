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

/** One dataset. */
export interface Reconciled {
  readonly dataset: string;
  /** In the order of a job; a party that has not counted is left out. */
  readonly counts: readonly Count[];
  readonly differences: readonly Difference[];
}

/** What the laboratory counted in its own copy. */
export interface Recount {
  readonly dataset: string;
  readonly read: number;
  readonly kept: number;
}

/** The counts of every dataset of the instructions. */
export function reconcile(story: Story, recomputed: readonly Recount[] = []): Reconciled[] {
  return currentInstructions(story).signed.datasets.map(({ name, expected }) => {
    const counts = [
      ...(expected === undefined ? [] : [expectedCount(expected)]),
      ...recomputed.flatMap(({ dataset, read, kept }): Count[] =>
        dataset === name ? [{ by: 'recomputed', read, kept }] : [],
      ),
      ...statedCounts(story, name),
    ];
    return { dataset: name, counts, differences: differences(counts) };
  });
}

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
