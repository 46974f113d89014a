/** The purge: every copy that the processor holds is deleted, here and on the server, and looked for again (design §7, F24). */
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SealiftError } from '@sealift/core';
import type { UtcTime } from '@sealift/core/ids';
import { SEALED_MANIFEST_NAME, sealedFileName } from '@sealift/core/journal';
import { fileError, lookAt, syncFolder } from '@sealift/core/node';
import type { Job } from '@sealift/core/node/workspace';
import type { Purge, PurgedFile } from '@sealift/core/statement';
import { requireClockAfterJournal, requireServerClock } from './clock.ts';
import { isPurgeable } from './collection.ts';
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
 * deadline it first compares the clocks. The source is never touched.
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
  const statement: Purge = {
    kind: 'purge',
    basis,
    remote: await purgeRemote(job, remote, names),
    local: await purgeLocal(job, names),
  };
  await job.append(statement);
  return statement;
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

async function purgeLocal(job: Job, names: readonly string[]): Promise<PurgedFile[]> {
  const files: PurgedFile[] = [];
  for (const name of names)
    files.push({ name, outcome: (await removeLocal(join(job.out, name))) ? 'deleted' : 'absent' });
  await syncFolder(job.out);
  for (const name of names) {
    if ((await lookAt(join(job.out, name))) !== undefined) throw stillThere(name, 'in the workspace');
  }
  return files;
}

/** Removes one of our files: never through a symlink, never one that has a second name elsewhere. */
async function removeLocal(path: string): Promise<boolean> {
  const found = await lookAt(path);
  if (found === undefined) return false;
  if (!found.isFile() || Number(found.nlink) !== 1) {
    throw new SealiftError(
      'E_PURGE',
      found.isFile() ? `${path} has ${found.nlink} names on this disk` : `${path} is not a regular file`,
      {
        hint: 'somebody linked it: remove the other names yourself, then run the purge again',
      },
    );
  }
  try {
    await unlink(path);
  } catch (cause) {
    throw fileError(cause, 'deleting', path);
  }
  return true;
}

function stillThere(name: string, where: string): SealiftError {
  return new SealiftError('E_PURGE', `${name} is still ${where} after its deletion`, {
    hint: 'no purge is recorded; look into it and run the purge again',
  });
}
