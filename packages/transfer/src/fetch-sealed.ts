/** Fetching sealed files: what a former run fetched is used, and nothing counts before its digest is the one of the manifest. */
import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SealiftError } from '@sealift/core';
import { closeAfterReading, fileError } from '@sealift/core/node';
import type { FileDigest } from '@sealift/core/statement';
import { overlappingFiles } from './in-flight.ts';
import { statHere } from './local-file.ts';
import type { Remote, TransferProgress } from './remote.ts';
import type { JobPaths } from './remote-path.ts';

/** What is fetched, and where to. */
export interface Fetching {
  readonly remote: Remote;
  readonly paths: JobPaths;
  readonly files: readonly FileDigest[];
  /** A folder of ours alone; what lies there under the name of one of the files is the beginning of it, or damaged. */
  readonly folder: string;
  /** Called with the bytes of all of them that are here now. */
  readonly onProgress: TransferProgress | undefined;
}

/**
 * Fetches exactly the files that the manifest lists: each one's size is compared before, its digest after, both before anything is
 * decrypted. Small ones are fetched at the same time.
 * @throws E_MISMATCH when the server holds something else; E_NOT_FOUND, E_REMOTE, E_FILE
 */
export async function fetchSealed(fetching: Fetching): Promise<void> {
  const { files, folder, onProgress } = fetching;
  await overlappingFiles(files, onProgress, async (file, onMoved) => {
    const path = join(folder, file.name);
    const handle = await openToFill(path);
    try {
      if (await isFetched(fetching, file, { handle, path, onMoved })) return;
    } finally {
      // Its digest was compared; what is opened of it is checked again.
      await closeAfterReading(handle);
    }
    await unlink(path).catch(() => undefined);
    throw new SealiftError('E_MISMATCH', `${file.name} on the server is not the file that the manifest lists`, {
      hint: 'it was altered or exchanged: nothing was decrypted; tell the processor and the laboratory',
    });
  });
}

/** What lay here before may be damaged: then it is thrown away, and all of the file fetched. */
async function isFetched(
  { remote, paths }: Fetching,
  { name, bytes, digest }: FileDigest,
  into: { readonly handle: FileHandle; readonly path: string; readonly onMoved: TransferProgress },
): Promise<boolean> {
  const { handle, path, onMoved } = into;
  const fetch = async (): Promise<boolean> => {
    const limit = { maxBytes: bytes, bytes };
    return (await remote.download(paths.outFile(name), handle, limit, { onProgress: onMoved })).digest === digest;
  };
  try {
    const { size } = statHere(handle);
    if (await fetch()) return true;
    if (size === 0) return false;
    await handle.truncate(0);
    return await fetch();
  } catch (cause) {
    throw cause instanceof SealiftError ? cause : fileError(cause, 'writing', path);
  }
}

async function openToFill(path: string): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
  try {
    return await open(path, O_RDWR | O_CREAT | (O_NOFOLLOW ?? 0), 0o600);
  } catch (cause) {
    throw fileError(cause, 'writing', path);
  }
}
