/** The recipient's folder while it is worked in: one process at a time, and nothing in it that a crash left half done. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, lookAt, sweepTemporaries, takeLock } from '@sealift/core/node';

/** Where sealed files are fetched to, hidden beside what is published. */
const FETCH_FOLDER = '.fetch';

/**
 * Does something in a folder under its lock, after what a killed run left there in clear and never published was swept. Sealed files
 * that such a run fetched stay: what can be used of them is not fetched again.
 * @throws E_LOCKED when another process works there, E_FILE
 */
export async function inSweptFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(folder);
  try {
    await sweepTemporaries(folder);
    return await work();
  } finally {
    await lock.release();
  }
}

/**
 * The hidden folder for sealed files: new, or with those that a former run has fetched, wholly or in part. Whatever else is in it, or
 * has its name, is removed; of a link the link itself.
 * @param names of the sealed files that are wanted
 * @throws E_FILE
 */
export async function fetchFolder(into: string, names: readonly string[]): Promise<string> {
  const folder = join(into, FETCH_FOLDER);
  const found = await lookAt(folder);
  if (found !== undefined && !found.isDirectory()) await remove(folder);
  try {
    if (!(found?.isDirectory() ?? false)) await mkdir(folder, { mode: 0o700 });
    for (const name of await readdir(folder)) {
      if (!names.includes(name) || !(await isOwnFile(join(folder, name)))) await remove(join(folder, name));
    }
  } catch (cause) {
    throw fileError(cause, 'making', folder);
  }
  return folder;
}

/** Removes that folder with everything in it. @throws E_FILE */
export function removeFetchFolder(into: string): Promise<void> {
  return remove(join(into, FETCH_FOLDER));
}

/** A second name of a file is somebody else's, who must not find it written to. */
async function isOwnFile(path: string): Promise<boolean> {
  const found = await lookAt(path);
  return found?.isFile() === true && Number(found.nlink) === 1;
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (cause) {
    throw fileError(cause, 'deleting', path);
  }
}
