/** A source file that is to be deleted with the job (F09): read as any other, and told from any other when the time comes. */
import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { digestText, SealiftError } from '@sealift/core';
import { BackgroundHash } from '@sealift/core/node/digest';
import type { SourceMark } from '@sealift/core/node/workspace';
import { type FileIdentity, openFileSource, type Source } from './source.ts';

/** What tells the file from another; the dataset is the caller's to say. */
export type FileMark = Omit<SourceMark, 'dataset'>;

/**
 * Opens a source file that is marked for deletion.
 * @throws SealiftError `E_SOURCE` when it can't be opened, or the path is a link or the file has a second name: what would be deleted
 * is not all there is, or not the source.
 */
export async function openMarkedSource(path: string): Promise<Source> {
  await requireOneName(path);
  const source = await openFileSource(path);
  const { identity } = source;
  if (identity === undefined) throw new SealiftError('E_INTERNAL', 'a file without an identity');
  const hash = new BackgroundHash();
  let mark: FileMark | undefined;
  return {
    ...source,
    read: async (into) => {
      const count = await source.read(into);
      hash.update(into.subarray(0, count));
      return count;
    },
    mark: () => {
      mark ??= markOf(resolve(path), identity, hash);
      return mark;
    },
    close: async () => {
      if (mark === undefined) hash.wipe();
      await source.close();
    },
  };
}

function markOf(path: string, { dev, ino, size }: FileIdentity, hash: BackgroundHash): FileMark {
  return { path, dev: String(dev), ino: String(ino), bytes: Number(size), digest: digestText(hash.digest()) };
}

async function requireOneName(path: string): Promise<void> {
  // What is wrong with a path that leads nowhere, opening it says.
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || (!found.isSymbolicLink() && found.nlink === 1)) return;
  throw new SealiftError(
    'E_SOURCE',
    found.isSymbolicLink()
      ? `the source ${path} is a symbolic link and can't be marked for deletion`
      : `the source ${path} has ${found.nlink} names on this disk and can't be marked for deletion`,
    { hint: 'name the file itself, and remove its other names; or extract without --dispose-source' },
  );
}
