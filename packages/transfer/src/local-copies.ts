/** The sealed files in the workspace, deleted and looked for again: never through a link, never outside the job's folder (fault 61). */
import { unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SealiftError } from '@sealift/core';
import { lookAt, syncFolder } from '@sealift/core/node';
import type { Job } from '@sealift/core/node/workspace';
import type { PurgedFile } from '@sealift/core/statement';

/**
 * Deletes these files of a job's out folder.
 * @throws E_PURGE when a folder on the way or a file is a link, a file has a second name, can't be deleted, or is still there
 */
export async function purgeLocal(job: Job, names: readonly string[]): Promise<PurgedFile[]> {
  if (!(await isOwnFolder(job))) return names.map((name) => ({ name, outcome: 'absent' }));
  const files: PurgedFile[] = [];
  for (const name of names)
    files.push({ name, outcome: (await removeLocal(join(job.out, name))) ? 'deleted' : 'absent' });
  await syncFolder(job.out);
  for (const name of names) {
    if ((await lookAt(join(job.out, name))) !== undefined) throw stillThere(name, 'in the workspace');
  }
  return files;
}

/** The refusal to record a purge. */
export function stillThere(name: string, where: string): SealiftError {
  return new SealiftError('E_PURGE', `${name} is still ${where} after its deletion`, {
    hint: 'no purge is recorded; look into it and run the purge again',
  });
}

/** Whether the job's out folder is there, and reached from the workspace through folders alone. @throws E_PURGE */
async function isOwnFolder({ folder, out }: Job): Promise<boolean> {
  for (const path of [dirname(folder), folder, out]) {
    const found = await lookAt(path);
    if (found === undefined) return false;
    if (!found.isDirectory()) {
      throw new SealiftError(
        'E_PURGE',
        `${path} is not a folder but leads elsewhere, and nothing behind it is deleted`,
        {
          hint: 'put the folder itself back in its place, or name the workspace where it really lies; then run the purge again',
        },
      );
    }
  }
  return true;
}

/** Removes one of our files: never through a symlink, never one that has a second name elsewhere. */
async function removeLocal(path: string): Promise<boolean> {
  const found = await lookAt(path);
  if (found === undefined) return false;
  if (!found.isFile() || Number(found.nlink) !== 1) {
    throw new SealiftError(
      'E_PURGE',
      found.isFile()
        ? `${path} has ${found.nlink} names on this disk (nlink ${found.nlink})`
        : `${path} is not a regular file`,
      { hint: 'somebody linked it: remove the other names yourself, then run the purge again' },
    );
  }
  try {
    await unlink(path);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new SealiftError('E_PURGE', `deleting ${path} failed (${reason})`, {
      hint: 'no purge is recorded; see why the file system refuses, then run the purge again',
      cause,
    });
  }
  return true;
}
