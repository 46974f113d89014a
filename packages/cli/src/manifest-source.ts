/** Reads and verifies a manifest for a party that is not its processor. */
import { resolve } from 'node:path';
import { ready } from '@sealift/core';
import type { Story } from '@sealift/core/journal';
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

/** Reads the manifest of the argument `manifest` and verifies it under `--lab` or the pinned roster. */
export async function verifiedManifest(input: Input, context: Context): Promise<VerifiedManifest> {
  await ready();
  const { document } = await readDocumentFile(resolve(context.cwd, input.text('manifest')), 'sealift.manifest.v1');
  const roster = await rosterFor(document.roster.signed.lab.id, input, context);
  return { story: verifyManifest(document, roster), roster };
}
