/** `migrate recompute`: extracts again from a copy of one's own, and compares with what the processor stated. */
import { SealiftError } from '@sealift/core';
import { openDigestKey } from '@sealift/core/instructions';
import { currentInstructions } from '@sealift/core/journal';
import { type RecomputedDataset, recompute } from '@sealift/extract';
import type { Context } from '../context.ts';
import { sourcesOf, withProgress } from '../dataset-source.ts';
import { closedIdentity } from '../identity-source.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';
import { verifiedManifest } from '../manifest-source.ts';
import { number } from '../table.ts';

/** What was found, dataset by dataset. */
export interface RecomputeResult {
  readonly job: string;
  readonly datasets: readonly RecomputedDataset[];
}

/** Throws E_STATE where nothing was extracted, E_NO_MATCH for an identity without the digest key, and as extracting does. */
export async function run(input: Input, context: Context): Promise<RecomputeResult> {
  const { story } = await verifiedManifest(input, context);
  const instructions = currentInstructions(story);
  const extraction = story.progress.extraction?.statement;
  const { job } = instructions.signed;
  if (extraction === undefined) {
    throw new SealiftError('E_STATE', `job ${job} is not extracted: there is nothing to compare with`);
  }
  const sources = sourcesOf(instructions, context.cwd, { input, context });
  const secret = await (await closedIdentity(input, context)).open();
  try {
    const digestKey = openDigestKey(extraction, job, secret);
    try {
      const datasets = await withProgress(context, (onProgress) =>
        recompute({ instructions, extraction, digestKey, sources, onProgress }),
      );
      return { job, datasets };
    } finally {
      digestKey.fill(0);
    }
  } finally {
    secret.wipe();
  }
}

/** 0 when every plaintext is the same, that of E_MISMATCH otherwise. */
export function exitCode({ datasets }: RecomputeResult): number {
  return datasets.every(isSame) ? 0 : new SealiftError('E_MISMATCH', 'the extraction differs').exitCode;
}

function isSame({ plaintext }: RecomputedDataset): boolean {
  return plaintext === 'same';
}

/** One line a dataset, and what differs. */
export function present({ job, datasets }: RecomputeResult): readonly Line[] {
  const title = datasets.every(isSame)
    ? emphasised('good', `job ${job}: this copy gives what the processor stated, byte for byte`)
    : emphasised('bad', `job ${job}: this copy does not give what the processor stated`);
  return [title, ...datasets.flatMap(presentDataset)];
}

function presentDataset({ dataset, plaintext, counts, columns }: RecomputedDataset): readonly string[] {
  const named = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`    ${what}: ${names.join(', ')}`];
  return [
    `  ${dataset}: ${plaintext}`,
    ...counts.map(({ heading, stated, found }) => `    ${heading}: ${number(stated)} stated, ${number(found)} here`),
    ...named('columns that only this copy has', columns.added),
    ...named('columns that this copy lacks', columns.missing),
  ];
}
