/** The recipient's folder while it is worked in: one process at a time, and nothing in it that a crash left half done. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, sweepTemporaries, takeLock } from '@sealift/core/node';

/** Where sealed files are fetched to, hidden beside what is published. */
const FETCH_FOLDER = '.fetch';

/**
 * Does something in a folder under its lock, after what a killed run left there was swept: files in clear that were never published,
 * and sealed ones.
 * @throws E_LOCKED when another process works there, E_FILE
 */
export async function inSweptFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(folder);
  try {
    await sweepTemporaries(folder);
    await remove(join(folder, FETCH_FOLDER));
    return await work();
  } finally {
    await lock.release();
  }
}

/** Does something with an empty hidden folder, which is removed afterwards. @throws E_FILE */
export async function withFetchFolder<T>(into: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(into, FETCH_FOLDER);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (cause) {
    throw fileError(cause, 'making', folder);
  }
  try {
    return await work(folder);
  } finally {
    await remove(folder);
  }
}

async function remove(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (cause) {
    throw fileError(cause, 'deleting', folder);
  }
}
