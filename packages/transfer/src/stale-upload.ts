/** What an upload that crashed before its rename left on the server, and nobody completed (fault 56). */
import { SealiftError } from '@sealift/core';
import { timeValue, type UtcTime } from '@sealift/core/ids';
import type { Story } from '@sealift/core/journal';
import type { Job } from '@sealift/core/node/workspace';
import type { Remote } from './remote.ts';
import { remoteCopies } from './remote-copies.ts';
import { pathsOf } from './sealed-statement.ts';

/** An upload is resumed within this time, or not at all. */
const STALE_DAYS = 7;
const STALE_MS = STALE_DAYS * 86_400_000;

/** Whether incomplete files of a job may lie on the server for too long: it was extracted days ago, and neither delivered nor ended. */
export function mayHoldStaleUpload({ progress, entries }: Story, now: UtcTime): boolean {
  const entry = entries.find(({ signed }) => signed.statement.kind === 'extraction');
  if (progress.delivery !== undefined || progress.ended !== undefined) return false;
  return entry !== undefined && timeValue(now) - timeValue(entry.signed.time) >= STALE_MS;
}

/**
 * Deletes incomplete files of a job that is not delivered, once nobody has written to them for seven days by the server's clock. That
 * is an alert: somebody has to send again, or to abort. The sealed files here stay.
 * @returns the alert, when people must be told
 * @throws E_PURGE, E_REMOTE
 */
export async function sweepStaleUpload(job: Job, remote: Remote, now: UtcTime): Promise<SealiftError | undefined> {
  if (!mayHoldStaleUpload(job.story, now)) return undefined;
  const { out } = pathsOf(job.instructions);
  const swept: string[] = [];
  for (const { name, part } of remoteCopies(job)) {
    const found = await remote.lstat(part);
    if (found === undefined) continue;
    const age = (await remote.clock(out)).getTime() - found.modified.getTime();
    if (age >= STALE_MS && (await remote.remove(part))) swept.push(name);
  }
  if (swept.length === 0) return undefined;
  const said = `the upload of ${swept.join(', ')} was begun and not completed within ${STALE_DAYS} days: what lay on the server was deleted`;
  const alert = new SealiftError('E_STALE', said, {
    hint: 'run "migrate send" again, or give the job up with "migrate abort"',
  });
  return (await job.alert(alert)) ? alert : undefined;
}
