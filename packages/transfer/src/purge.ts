/** The purge: every copy that the processor holds is deleted, here and on the server, and looked for again (design §7, F24). */
import { SealiftError } from '@sealift/core';
import type { UtcTime } from '@sealift/core/ids';
import type { Job } from '@sealift/core/node/workspace';
import type { Purge, PurgedFile } from '@sealift/core/statement';
import { requireClockAfterJournal, requireServerClock } from './clock.ts';
import { isPurgeable } from './collection.ts';
import { purgeLocal, stillThere } from './local-copies.ts';
import type { Remote } from './remote.ts';
import { type RemoteCopy, remoteCopies } from './remote-copies.ts';

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
  const copies = remoteCopies(job);
  const names = copies.map(({ name }) => name);
  try {
    const purged = { remote: await purgeRemote(remote, copies), local: await purgeLocal(job, names) };
    const statement: Purge = { kind: 'purge', basis, ...purged };
    await job.append(statement);
    return statement;
  } catch (cause) {
    if (cause instanceof SealiftError) await job.alert(cause);
    throw cause;
  }
}

async function purgeRemote(remote: Remote, copies: readonly RemoteCopy[]): Promise<PurgedFile[]> {
  const files: PurgedFile[] = [];
  for (const { name, path, part } of copies) {
    // What an upload that was cut off left is a copy as well (fault 56).
    const [half, whole] = [await remote.remove(part), await remote.remove(path)];
    files.push({ name, outcome: half || whole ? 'deleted' : 'absent' });
  }
  for (const { name, path, part } of copies) {
    for (const one of [part, path]) {
      if ((await remote.lstat(one)) !== undefined) throw stillThere(name, 'on the server');
    }
  }
  return files;
}
