/** Reads and verifies a manifest for a party that is not its processor. */
import { resolve } from 'node:path';
import { ready, SealiftError } from '@sealift/core';
import { requireWitness, type Story } from '@sealift/core/journal';
import { verifyManifest } from '@sealift/core/manifest';
import { readDocumentFile } from '@sealift/core/node';
import type { VerifiedRoster } from '@sealift/core/roster';
import type { Context } from './context.ts';
import type { Input } from './input.ts';
import { rosterFor } from './roster-source.ts';

/** A verified manifest and the roster it was verified under. */
export interface VerifiedManifest {
  readonly story: Story;
  readonly roster: VerifiedRoster;
}

/**
 * Reads the manifest of the option `witness`, verifies it as well, and requires that the story continues it.
 * @returns how many entries it has; undefined without that option
 * @throws E_MISMATCH when it is of another job, E_CHAIN when the story does not continue it
 */
export async function requireKept(
  { story, roster }: VerifiedManifest,
  input: Input,
  context: Context,
): Promise<number | undefined> {
  const file = input.optional('witness');
  if (file === undefined) return undefined;
  const { document } = await readDocumentFile(resolve(context.cwd, file), 'sealift.manifest.v1');
  const kept = verifyManifest(document, roster).chain;
  if (kept.job !== story.chain.job) {
    throw new SealiftError('E_MISMATCH', `${file} is the manifest of job ${kept.job}, and not of ${story.chain.job}`, {
      hint: 'name an earlier manifest of the same job',
    });
  }
  requireWitness(story, kept);
  return kept.seq;
}

/** Reads the manifest of the argument `manifest` and verifies it under `--lab` or the pinned roster. */
export async function verifiedManifest(input: Input, context: Context): Promise<VerifiedManifest> {
  await ready();
  const { document } = await readDocumentFile(resolve(context.cwd, input.text('manifest')), 'sealift.manifest.v1');
  const roster = await rosterFor(document.roster.signed.lab.id, input, context);
  return { story: verifyManifest(document, roster), roster };
}
