/** Reads the datasets of a job one after the other, in the order of their links, and seals nothing. */
import { SealiftError } from '@sealift/core';
import type { Dataset } from '@sealift/core/dataset';
import { linkOrder, type VerifiedInstructions } from '@sealift/core/instructions';
import type { PlaintextSink } from './csv-writer.ts';
import { type ExtractionProgress, extractDataset, type OnMalformed } from './dataset-extraction.ts';
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

/** Called while a dataset is read; `size` is its source's size in bytes, unknown for a pipe. */
export type DatasetProgress = (dataset: string, progress: ExtractionProgress, size: number | undefined) => void;

/** What becomes of what is read. */
export interface ReadingOptions {
  /** Gets the plaintext of one dataset. */
  readonly sinkOf: (dataset: Dataset) => PlaintextSink;
  readonly onProgress?: DatasetProgress | undefined;
  readonly onMalformed?: OnMalformed | undefined;
}

/**
 * Reads every dataset as an extraction would.
 * @returns in the order of the instructions
 * @throws SealiftError `E_SOURCE` before anything is read, and what `extractDataset` throws
 */
export async function readDatasets(
  instructions: VerifiedInstructions,
  origins: ReadonlyMap<string, SourceOrigin>,
  { sinkOf, onProgress, onMalformed }: ReadingOptions,
): Promise<readonly { readonly dataset: Dataset; readonly reading: DatasetReading }[]> {
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
        sink: sinkOf(dataset),
        onMalformed,
      });
      readings.set(dataset.name, describeReading(extracted, source));
      keys.set(dataset.name, extracted.keys);
    }
  } finally {
    await closeSources(sources);
  }
  return datasets.flatMap((dataset) => {
    const reading = readings.get(dataset.name);
    return reading === undefined ? [] : [{ dataset, reading }];
  });
}
