/**
 * The extraction done again on another copy of the source, by somebody to whom the digest key was sealed: a laboratory with a copy of
 * its own, or a recipient. Equal keyed digests mean equal plaintext, byte for byte (design §4).
 */
import type { RowCounts } from '@sealift/core/dataset';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import { nodeKeyedHash } from '@sealift/core/node/digest';
import type { ExtractedDataset, Extraction } from '@sealift/core/statement';
import { type DatasetProgress, readDatasets } from './dataset-reading.ts';
import type { DatasetReading, SourceOrigin } from './job-sources.ts';

/** What {@link recompute} needs. */
export interface RecomputationOptions {
  /** The instructions that the extraction was made under. */
  readonly instructions: VerifiedInstructions;
  readonly extraction: Extraction;
  /** The opened digest key, 32 bytes. */
  readonly digestKey: Uint8Array;
  /** One for each dataset, by its name. */
  readonly sources: ReadonlyMap<string, SourceOrigin>;
  readonly onProgress?: DatasetProgress | undefined;
}

/** One dataset: what the statement says beside what was found. */
export interface RecomputedDataset {
  readonly dataset: string;
  /** Whether the plaintext is the same, byte for byte. */
  readonly plaintext: 'same' | 'different';
  /** The rows of this copy, and those of them that would leave. */
  readonly rows: Pick<RowCounts, 'read' | 'kept'>;
  /** The headings under which another number of rows was counted. */
  readonly counts: readonly { readonly heading: keyof RowCounts; readonly stated: number; readonly found: number }[];
  /** Columns of this copy that the statement does not name, and columns that it names and this copy lacks. */
  readonly columns: { readonly added: readonly string[]; readonly missing: readonly string[] };
}

const HEADINGS = [
  'read',
  'kept',
  'malformed',
  'emptyDate',
  'impossibleDate',
  'outsideWindow',
  'excluded',
  'notLinked',
] as const satisfies readonly (keyof RowCounts)[];

/**
 * Extracts again and compares. Nothing is written; what is plaintext is hashed and dropped.
 * @throws SealiftError `E_SOURCE`, and what `extractDataset` throws
 */
export async function recompute(options: RecomputationOptions): Promise<readonly RecomputedDataset[]> {
  const { instructions, extraction, digestKey, sources, onProgress } = options;
  const hashes = new Map(instructions.signed.datasets.map(({ name }) => [name, nodeKeyedHash(digestKey)]));
  try {
    const found = await readDatasets(instructions, sources, {
      sinkOf:
        ({ name }) =>
        (plaintext) => {
          hashes.get(name)?.update(plaintext);
        },
      onProgress,
      // Rows of this copy that the processor let stop it, or left out, show in the counts.
      onMalformed: 'withhold',
    });
    return extraction.datasets.flatMap((stated) => {
      const reading = found.find(({ dataset }) => dataset.name === stated.dataset)?.reading;
      const digest = hashes.get(stated.dataset)?.digest();
      return reading === undefined ? [] : [compare(stated, reading, digest === stated.plaintext.digest)];
    });
  } finally {
    for (const hash of hashes.values()) hash.wipe();
  }
}

function compare(stated: ExtractedDataset, reading: DatasetReading, same: boolean): RecomputedDataset {
  const [theirs, ours] = [stated.columns.withheld, reading.columns.withheld];
  return {
    dataset: stated.dataset,
    plaintext: same ? 'same' : 'different',
    rows: { read: reading.counts.read, kept: reading.counts.kept },
    counts: HEADINGS.flatMap((heading) => {
      const [before, now] = [stated.counts[heading], reading.counts[heading]];
      return before === now ? [] : [{ heading, stated: before, found: now }];
    }),
    columns: {
      added: ours.filter((name) => !theirs.includes(name)),
      missing: theirs.filter((name) => !ours.includes(name)),
    },
  };
}
