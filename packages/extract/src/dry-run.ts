/** The dry run of an extraction: the same reading and the same counts, and nothing is written, sealed or recorded. */
import { SealiftError } from '@sealift/core';
import type { UtcTime } from '@sealift/core/ids';
import { linkOrder, requireInForce, requireRecipients, type VerifiedInstructions } from '@sealift/core/instructions';
import { type ExtractionProgress, extractDataset } from './dataset-extraction.ts';
import {
  closeSources,
  type DatasetReading,
  describeReading,
  linkedFields,
  linkKeysFor,
  openSources,
  requireSources,
  type SourceOrigin,
} from './job-sources.ts';
import type { LinkKeys } from './link-keys.ts';

/** What {@link dryRun} needs. */
export interface DryRunOptions {
  readonly instructions: VerifiedInstructions;
  /** One for each dataset of the instructions, by its name. */
  readonly sources: ReadonlyMap<string, SourceOrigin>;
  readonly now: UtcTime;
  /** As that of an extraction. */
  readonly onProgress?: (dataset: string, progress: ExtractionProgress, size: number | undefined) => void;
}

/**
 * Reads every dataset as an extraction would, and says what would leave and what would stay. What is plaintext is dropped at once.
 * @throws SealiftError as `extractJob` before and while it reads, but for the state of a job, which needs none
 */
export async function dryRun({
  instructions,
  sources: origins,
  now,
  onProgress,
}: DryRunOptions): Promise<readonly DatasetReading[]> {
  requireInForce(instructions, now);
  requireRecipients(instructions, now);
  requireSources(instructions, origins);
  const { datasets } = instructions.signed;
  const sources = await openSources(instructions, origins);
  const readings = new Map<string, DatasetReading>();
  const keys = new Map<string, ReadonlyMap<string, LinkKeys>>();
  try {
    for (const dataset of linkOrder(datasets)) {
      const source = sources.get(dataset.name);
      if (source === undefined) throw new SealiftError('E_INTERNAL', `dataset ${dataset.name} has no open source`);
      const extracted = await extractDataset({
        dataset,
        source,
        linkKeys: linkKeysFor(dataset, (name) => keys.get(name)),
        keyFields: linkedFields(dataset, datasets),
        onProgress: (progress) => onProgress?.(dataset.name, progress, source.size),
        sink: () => undefined,
      });
      readings.set(dataset.name, describeReading(extracted, source));
      keys.set(dataset.name, extracted.keys);
    }
  } finally {
    await closeSources(sources);
  }
  return datasets.flatMap(({ name }) => readings.get(name) ?? []);
}
