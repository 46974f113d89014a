/** The purge: every copy that the processor holds is deleted, here and on the server, and looked for again (design §7, F24). */
import { SealiftError } from '@sealift/core';
import type { UtcTime } from '@sealift/core/ids';
import { SEALED_MANIFEST_NAME, sealedFileName } from '@sealift/core/journal';
import type { Job } from '@sealift/core/node/workspace';
import type { Purge, PurgedFile } from '@sealift/core/statement';
import { requireClockAfterJournal, requireServerClock } from './clock.ts';
import { isPurgeable } from './collection.ts';
import { purgeLocal, stillThere } from './local-copies.ts';
import type { Remote } from './remote.ts';
import { partOf } from './remote-path.ts';
import { pathsOf } from './sealed-statement.ts';

/**
 * Why a job may be purged at a time: it ended, every statement is there, or its deadline has come and the instructions purge on it.
 * Undefined where it may not.
 */
export function purgeBasis(job: Job, now: UtcTime): Purge['basis'] | undefined {
  const { progress } = job.story;
  if (isPurgeable(job)) return progress.ended === undefined ? 'statements' : 'ended';
  const { purge: due, atPurge } = job.instructions.signed.deadlines;
  const isDelivered = progress.delivery !== undefined && progress.purge === undefined;
  return isDelivered && atPurge === 'purge' && now >= due ? 'deadline' : undefined;
}

/**
 * Deletes the sealed files of a job and records the purge. Run again after a crash, it finds what is gone already as absent. On a
 * deadline it first compares the clocks. Sources are disposal.ts's. What fails is an alert in the journal, and no purge.
 * @throws E_WAITING while a statement is missing and the deadline has not come; E_CLOCK; E_PURGE for what is not a plain file of
 * ours, or is still there afterwards
 */
export async function purge(job: Job, remote: Remote, now: UtcTime): Promise<Purge> {
  const basis = purgeBasis(job, now);
  if (basis === undefined) {
    throw new SealiftError(
      'E_WAITING',
      `job ${job.instructions.signed.job} still waits for a statement that gates the purge`,
      {
        hint: '"migrate status" shows which',
      },
    );
  }
  // What could not be recorded is not begun.
  await (basis === 'deadline' ? requireServerClock(job, remote, now) : requireClockAfterJournal(job, now));
  const names = [...job.instructions.signed.datasets.map(({ name }) => sealedFileName(name)), SEALED_MANIFEST_NAME];
  try {
    const copies = { remote: await purgeRemote(job, remote, names), local: await purgeLocal(job, names) };
    const statement: Purge = { kind: 'purge', basis, ...copies };
    await job.append(statement);
    return statement;
  } catch (cause) {
    if (cause instanceof SealiftError) await job.alert(cause);
    throw cause;
  }
}

async function purgeRemote(job: Job, remote: Remote, names: readonly string[]): Promise<PurgedFile[]> {
  const paths = pathsOf(job.instructions);
  const files: PurgedFile[] = [];
  for (const name of names) {
    // What an upload that was cut off left is a copy as well (fault 56).
    const part = await remote.remove(partOf(paths.outFile(name)));
    const whole = await remote.remove(paths.outFile(name));
    files.push({ name, outcome: part || whole ? 'deleted' : 'absent' });
  }
  for (const name of names) {
    for (const path of [partOf(paths.outFile(name)), paths.outFile(name)]) {
      if ((await remote.lstat(path)) !== undefined) throw stillThere(name, 'on the server');
    }
  }
  return files;
}
