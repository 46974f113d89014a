/** Which roster a command works under: the file of `--lab`, else the one that is pinned for the laboratory. */
import { resolve } from 'node:path';
import { ready, SealiftError } from '@sealift/core';
import { readDocumentFile, stateFolder } from '@sealift/core/node';
import { TrustStore } from '@sealift/core/node/workspace';
import { type LabId, type VerifiedRoster, verifyRoster } from '@sealift/core/roster';
import type { Context } from './context.ts';
import type { Input } from './input.ts';

/** The pinned rosters of the user. */
export function trustStore(context: Context): TrustStore {
  return new TrustStore(stateFolder(context.env));
}

/**
 * The roster of a laboratory.
 * @throws E_TRUST when none is named and none pinned, and what reading and verifying a roster throws
 */
export async function rosterFor(lab: LabId, input: Input, context: Context): Promise<VerifiedRoster> {
  const named = await rosterOption(input, context);
  if (named !== undefined) return named;
  return trustStore(context)
    .require(lab)
    .catch((cause: unknown) => {
      if (!(cause instanceof SealiftError) || cause.code !== 'E_TRUST') throw cause;
      throw new SealiftError(cause.code, cause.message, {
        hint: 'name its roster: --lab lab.roster.json, or pin it with "migrate trust add" after comparing its fingerprint on the phone',
        cause,
      });
    });
}

/**
 * The roster for a document that doesn't name its laboratory yet: `--lab`, else the only one that is pinned.
 * @throws E_TRUST when none or several are pinned, and what reading and verifying a roster throws
 */
export async function onlyRoster(input: Input, context: Context): Promise<VerifiedRoster> {
  const named = await rosterOption(input, context);
  if (named !== undefined) return named;
  const [pinned, ...others] = await trustStore(context).list();
  if (pinned !== undefined && others.length === 0) return pinned;
  const found = pinned === undefined ? 'no roster is' : `rosters of ${others.length + 1} laboratories are`;
  throw new SealiftError('E_TRUST', `${found} pinned on this machine`, {
    hint: 'name the roster: --lab lab.roster.json',
  });
}

/** Reads and verifies the roster of `--lab`; undefined without that option. */
async function rosterOption(input: Input, context: Context): Promise<VerifiedRoster | undefined> {
  const file = input.optional('lab');
  await ready();
  if (file === undefined) return undefined;
  const { document } = await readDocumentFile(resolve(context.cwd, file), 'sealift.roster.v1');
  return verifyRoster(document);
}
