/** Local files that are sent or filled. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { SealiftError } from '@sealift/core';
import { closeAfterReading } from '@sealift/core/node';
import type { ContentHash } from './content-hash.ts';
import { notRecorded } from './not-recorded.ts';
import type { FileDigest } from './remote.ts';

const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);

/** Throws E_FILE for a failure of the file system. */
function localError(what: string): (cause: unknown) => never {
  return (cause) => {
    throw new SealiftError('E_FILE', `the local file can't be ${what}`, { cause });
  };
}

/** Opens a file of this size. @throws E_MISMATCH when it has another or is none, E_FILE */
export async function openLocal(path: string, expected: FileDigest): Promise<FileHandle> {
  const file = await open(path, READ_ONLY).catch(localError('opened'));
  try {
    const stat = await file.stat().catch(localError('looked at'));
    if (stat.isFile() && stat.size === expected.bytes) return file;
    throw notRecorded(basename(path));
  } catch (cause) {
    await closeAfterReading(file);
    throw cause;
  }
}

/**
 * The bytes of a file of this size that one request carries. They are read in this thread, which takes some microseconds; four calls
 * in another thread would take more than sending them.
 * @throws as {@link openLocal}
 */
export function readLocal(path: string, expected: FileDigest): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, READ_ONLY);
    const stat = fstatSync(file);
    const content = Buffer.allocUnsafe(expected.bytes);
    if (stat.isFile() && stat.size === expected.bytes && readSync(file, content) === content.length) return content;
  } catch (cause) {
    localError('read')(cause);
  } finally {
    if (file !== undefined) closeSync(file);
  }
  throw notRecorded(basename(path));
}

/**
 * Reads up to `buffer.length` bytes. This thread waits for them: another would have to be woken for each read, which takes longer than
 * the read of a file that the system reads ahead.
 * @throws E_FILE
 */
export function readHere(file: FileHandle, buffer: Buffer, position: number): number {
  try {
    return readSync(file.fd, buffer, 0, buffer.length, position);
  } catch (cause) {
    return localError('read')(cause);
  }
}

/** Writes all of `chunk`, in this thread as {@link readHere} reads. @throws E_FILE */
export function writeHere(file: FileHandle, chunk: Buffer, position: number): void {
  try {
    for (let written = 0; written < chunk.length; ) {
      written += writeSync(file.fd, chunk, written, chunk.length - written, position + written);
    }
  } catch (cause) {
    localError('written')(cause);
  }
}

/** What an open file is, asked in this thread as {@link readHere} reads. @throws E_FILE */
export function statHere(file: FileHandle): Stats {
  try {
    return fstatSync(file.fd);
  } catch (cause) {
    return localError('looked at')(cause);
  }
}

/** Hashes what a local file holds already; empties it when that is more than can be right. */
export async function heldBytes(into: FileHandle, most: number, hash: ContentHash): Promise<number> {
  const { size } = statHere(into);
  if (size > most) {
    await into.truncate(0).catch(localError('emptied'));
    return 0;
  }
  const buffer = Buffer.allocUnsafe(Math.min(size, 1 << 20));
  for (let position = 0; position < size; ) {
    const { bytesRead } = await into.read(buffer, 0, buffer.length, position).catch(localError('read'));
    if (bytesRead === 0) return position;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return size;
}
