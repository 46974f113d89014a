/** The purge: every copy that the processor holds is deleted, here and on the server, and looked for again (design §7, F24). */
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Purge, type PurgedFile, SealiftError } from '@sealift/core';
import { SEALED_MANIFEST_NAME, sealedFileName } from '@sealift/core/journal';
import { fileError, type Job, lookAt, syncFolder } from '@sealift/core/node';
import { isPurgeable } from './collection.ts';
import type { Remote } from './remote.ts';
import { pathsOf } from './sealed-statement.ts';

/**
 * Deletes the sealed files of a job and records the purge. Run again after a crash, it finds what is gone already as absent.
 * @throws E_WAITING while a statement is missing; E_PURGE for what is not a plain file of ours, or is still there afterwards
 */
export async function purge(job: Job, remote: Remote): Promise<Purge> {
  if (!isPurgeable(job)) {
    throw new SealiftError(
      'E_WAITING',
      `job ${job.instructions.signed.job} still waits for a statement that gates the purge`,
      {
        hint: '"migrate status" shows which',
      },
    );
  }
  const names = [...job.instructions.signed.datasets.map(({ name }) => sealedFileName(name)), SEALED_MANIFEST_NAME];
  const statement: Purge = {
    kind: 'purge',
    basis: job.story.progress.ended === undefined ? 'statements' : 'ended',
    remote: await purgeRemote(job, remote, names),
    local: await purgeLocal(job, names),
  };
  await job.append(statement);
  return statement;
}

async function purgeRemote(job: Job, remote: Remote, names: readonly string[]): Promise<PurgedFile[]> {
  const paths = pathsOf(job.instructions);
  const files: PurgedFile[] = [];
  for (const name of names)
    files.push({ name, outcome: (await remote.remove(paths.outFile(name))) ? 'deleted' : 'absent' });
  for (const name of names) {
    if ((await remote.lstat(paths.outFile(name))) !== undefined) throw stillThere(name, 'on the server');
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
