/** Reading and looking, the same on every system: bounded, without following links, with our errors. */
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { SealiftError } from '../errors.ts';
import { fileError, isCode } from './file-error.ts';

/**
 * Reads a whole file of at most `maxBytes`.
 * @throws E_NOT_FOUND, E_LIMIT, E_FILE
 */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await open(path, 'r').catch((cause: unknown) => Promise.reject(fileError(cause, 'opening', path)));
  try {
    // A pipe or a device has no size to ask for, and may never end.
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(1 << 16), 0, 1 << 16, null);
      if (bytesRead === 0) return joined(pieces, length);
      length += bytesRead;
      if (length > maxBytes) throw tooLarge(path, maxBytes);
      pieces.push(buffer.subarray(0, bytesRead));
    }
  } catch (cause) {
    throw cause instanceof SealiftError ? cause : fileError(cause, 'reading', path);
  } finally {
    await closeAfterReading(handle);
  }
}

/** Closes a file that was only read: nothing can be lost any more, so that nothing is worth an error. */
export async function closeAfterReading(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => undefined);
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function tooLarge(path: string, maxBytes: number): SealiftError {
  return new SealiftError('E_LIMIT', `the file is larger than ${maxBytes} bytes`, {
    hint: 'this is not a file of that kind',
    place: { file: path },
  });
}

/** Forces a folder's entries to the disk, where the system can. @throws E_NOT_FOUND, E_FILE */
export async function syncFolder(path: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    await handle.sync();
  } catch (cause) {
    // Some file systems and Windows refuse fsync on folders; the rename itself is still atomic there.
    if (!isCode(cause, 'EINVAL', 'EPERM', 'EISDIR')) throw fileError(cause, 'writing', path);
  } finally {
    if (handle !== undefined) await closeAfterReading(handle);
  }
}

/** The names in a folder, sorted; none when the folder is missing. @throws E_FILE when it can't be read */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return [];
    throw fileError(cause, 'reading', folder);
  }
}

/** What stands under a path, without following a symlink; undefined when nothing does. @throws E_FILE */
export async function lookAt(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path);
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined;
    throw fileError(cause, 'looking at', path);
  }
}
