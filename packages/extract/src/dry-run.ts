/** The dry run of an extraction: the same reading and the same counts, and nothing is written, sealed or recorded. */
import type { UtcTime } from '@sealift/core/ids';
import { requireInForce, requireRecipients, type VerifiedInstructions } from '@sealift/core/instructions';
import type { OnMalformed } from './dataset-extraction.ts';
import { type DatasetProgress, readDatasets } from './dataset-reading.ts';
import { type DatasetReading, requireMalformedAllowed, type SourceOrigin } from './job-sources.ts';

/** What {@link dryRun} needs. */
export interface DryRunOptions {
  readonly instructions: VerifiedInstructions;
  /** One for each dataset of the instructions, by its name. */
  readonly sources: ReadonlyMap<string, SourceOrigin>;
  readonly now: UtcTime;
  /** As that of an extraction. */
  readonly onProgress?: DatasetProgress | undefined;
  readonly onMalformed?: OnMalformed | undefined;
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
  onMalformed,
}: DryRunOptions): Promise<readonly DatasetReading[]> {
  requireInForce(instructions, now);
  requireRecipients(instructions, now);
  requireMalformedAllowed(instructions, onMalformed);
  const readings = await readDatasets(instructions, origins, {
    sinkOf: () => () => undefined,
    onProgress,
    onMalformed,
  });
  return readings.map(({ reading }) => reading);
}
