/** Uploading over SFTP: to `.part`, checked, then renamed. A final name is never overwritten. */

import { SealiftError } from '@sealift/core';
import type { FileDigest, RemoteStat, UploadResult } from './remote.ts';
import { partOf, type RemotePath } from './remote-path.ts';
import type { SftpChannel } from './sftp-channel.ts';
import { digestOf } from './sftp-download.ts';
import { type ChunkSource, writeChunks } from './sftp-transfer.ts';

/** Enough of a sealed file to tell it from every other. */
const HEAD_BYTES = 4096;

/** What is sent where. */
export interface Upload {
  readonly path: RemotePath;
  readonly source: ChunkSource;
  readonly expected: FileDigest;
  /** Compare the whole digest before the rename. */
  readonly readBack: boolean;
}

function equal(one: FileDigest, other: FileDigest): boolean {
  return one.bytes === other.bytes && one.digest === other.digest;
}

/** The error for a name that something else has. */
export function occupied(path: RemotePath, by: string): SealiftError {
  return new SealiftError('E_EXISTS', `${path} exists on the server and is ${by}`, {
    hint: 'nothing on the server is overwritten; look at it there, and move it away if it may go',
  });
}

/** The error for a local file that is not the recorded one. */
export function notRecorded(): SealiftError {
  return new SealiftError('E_MISMATCH', 'the local file is not the one that the journal records', {
    hint: 'extract again under a new job, or restore the sealed file',
  });
}

async function clearPart(channel: SftpChannel, part: RemotePath): Promise<void> {
  const found = await channel.lstat(part);
  if (found === undefined) return;
  if (found.kind !== 'file') throw occupied(part, 'not a file');
  await channel.remove(part);
}

/** The final name exists: only our exact bytes complete the step. */
async function completed(channel: SftpChannel, found: RemoteStat, { path, expected }: Upload): Promise<UploadResult> {
  if (found.kind !== 'file') throw occupied(path, 'not a file');
  if (found.bytes !== expected.bytes) throw occupied(path, 'of another size');
  if (!equal(await digestOf(channel, path), expected)) throw occupied(path, 'another file');
  await clearPart(channel, partOf(path));
  return { ...expected, state: 'already-there', readBack: true };
}

async function writePart(channel: SftpChannel, part: RemotePath, { source, expected }: Upload): Promise<void> {
  const handle = await channel.create(part);
  let sent: FileDigest;
  try {
    sent = await writeChunks(channel, part, handle, expected.bytes, source);
  } catch (error) {
    await channel.closeFile(part, handle).catch(() => undefined);
    throw error;
  }
  await channel.closeFile(part, handle);
  if (!equal(sent, expected)) {
    await channel.remove(part);
    throw notRecorded();
  }
}

async function checkPart(channel: SftpChannel, part: RemotePath, { expected, readBack }: Upload): Promise<void> {
  const found = await channel.lstat(part);
  // Another session has renamed it: what holds the final name now decides.
  if (found === undefined) return;
  const sound = found.kind === 'file' && found.bytes === expected.bytes;
  if (!sound || (readBack && !equal(await digestOf(channel, part), expected))) {
    throw new SealiftError('E_REMOTE', `the server holds something else under ${part} than was sent`, {
      hint: "the server's disk may be full or faulty; tell its administrator, then send again",
    });
  }
}

/** Renames, and returns what holds the final name when it was taken meanwhile. */
async function publish(channel: SftpChannel, part: RemotePath, path: RemotePath): Promise<RemoteStat | undefined> {
  // Some servers' rename overwrites, so look once more after what may have been a long upload.
  const before = await channel.lstat(path);
  if (before !== undefined) return before;
  try {
    await channel.rename(part, path);
  } catch (error) {
    const taken = await channel.lstat(path);
    if (taken !== undefined) return taken;
    throw error;
  }
  return undefined;
}

/**
 * Two sessions that send other files of one size share `.part`, so that one could rename what the other wrote.
 * Sealed files differ from their first bytes on, which are therefore compared under the final name.
 */
async function checkPublished(channel: SftpChannel, { path, source, expected }: Upload): Promise<void> {
  const head = Buffer.alloc(Math.min(HEAD_BYTES, expected.bytes));
  await source(head, 0);
  const stored = Buffer.alloc(head.length);
  const handle = await channel.openToRead(path);
  try {
    const { kind, bytes } = await channel.fstat(path, handle);
    const read = head.length === 0 ? 0 : await channel.read(path, handle, stored, 0);
    if (kind === 'file' && bytes === expected.bytes && read === head.length && head.equals(stored)) return;
  } finally {
    await channel.closeFile(path, handle).catch(() => undefined);
  }
  throw occupied(path, 'another file, sent at the same time');
}

/**
 * Uploads under the rules of `Remote.upload`.
 *
 * @throws E_EXISTS, E_MISMATCH, E_REMOTE, and what the source throws.
 */
export async function put(channel: SftpChannel, upload: Upload): Promise<UploadResult> {
  const { path, expected, readBack } = upload;
  const found = await channel.lstat(path);
  if (found !== undefined) return completed(channel, found, upload);
  const part = partOf(path);
  await clearPart(channel, part);
  await writePart(channel, part, upload);
  await checkPart(channel, part, upload);
  const taken = await publish(channel, part, path);
  if (taken !== undefined) return completed(channel, taken, upload);
  await checkPublished(channel, upload);
  return { ...expected, state: 'uploaded', readBack };
}
