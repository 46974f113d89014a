/** The final name of an upload: given to what was written, looked at, and never overwritten. */

import { SealiftError } from '@sealift/core';
import { notDone } from './not-done.ts';
import { occupied } from './occupied.ts';
import type { FileDigest, RemoteStat, UploadResult } from './remote.ts';
import { isShared, type RemotePath } from './remote-path.ts';
import type { RemoteHandle, SftpChannel } from './sftp-channel.ts';
import type { SftpChannels } from './sftp-channels.ts';
import { digestOf } from './sftp-download.ts';
import type { ByteSource } from './sftp-transfer.ts';

/** Enough of a sealed file to tell it from every other. */
const HEAD_BYTES = 4096;

/** What is sent where. */
export interface Upload {
  readonly path: RemotePath;
  /** What it is called until it is complete. */
  readonly part: RemotePath;
  readonly source: ByteSource;
  readonly expected: FileDigest;
  /** Compare the whole digest before the rename. */
  readonly readBack: boolean;
  /** Called with the bytes that lie there now. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** The error for a file on the server that is not what was sent. */
export function storedOtherwise(path: RemotePath): SealiftError {
  return new SealiftError('E_REMOTE', `the server holds something else under ${path} than was sent`, {
    hint: "the server's disk may be full or faulty; tell its administrator, then send again",
  });
}

/** Whether a file on the server has this size and digest, by reading it back. @throws E_NOT_FOUND, E_REMOTE */
export async function holds(channels: SftpChannels, path: RemotePath, expected: FileDigest): Promise<boolean> {
  const { bytes, digest } = await digestOf(channels, path);
  return bytes === expected.bytes && digest === expected.digest;
}

async function clearPart(channel: SftpChannel, part: RemotePath): Promise<void> {
  const found = await channel.lstat(part);
  if (found === undefined) return;
  if (found.kind !== 'file') throw occupied(part, 'not a file');
  await channel.remove(part);
}

/**
 * Ends an upload whose final name exists: only our exact bytes complete it, and its `.part` is of no use any more.
 * @throws E_EXISTS, E_REMOTE
 */
export async function completed(
  channels: SftpChannels,
  found: RemoteStat,
  { path, part, expected, onSent }: Upload,
): Promise<UploadResult> {
  await clearPart(channels.next(), part);
  if (found.kind !== 'file') throw occupied(path, 'not a file');
  if (found.bytes !== expected.bytes) throw occupied(path, 'of another size');
  if (!(await holds(channels, path, expected))) throw occupied(path, 'another file');
  onSent?.(expected.bytes);
  return { ...expected, state: 'already-there', readBack: true };
}

/**
 * Gives a complete `.part` its final name.
 * @throws E_EXISTS when something else has it by now; E_REMOTE
 */
export async function publish(channels: SftpChannels, channel: SftpChannel, upload: Upload): Promise<UploadResult> {
  const { path, part, expected, readBack } = upload;
  // Asked at once, and answered as if one had waited for the other (draft-ietf-secsh-filexfer-02 §6.1).
  const [failure, seen] = await Promise.all([
    channel.rename(part, path).then(
      () => undefined,
      (error: unknown) => ({ error }),
    ),
    channel.lstat(path),
  ]);
  if (failure !== undefined) {
    if (seen === undefined) throw failure.error;
    return completed(channels, seen, upload);
  }
  requireOurs(seen, upload);
  if (isShared(part, path)) await requireHead(channel, upload);
  return { ...expected, state: 'uploaded', readBack };
}

function requireOurs(found: RemoteStat | undefined, { path, expected }: Upload): void {
  if (found === undefined) throw notDone('rename to', path);
  if (found.kind !== 'file' || found.bytes !== expected.bytes) throw storedOtherwise(path);
}

/**
 * Two sessions that send other files of one size share a `.part` without a digest in its name, so that one could rename what the other
 * wrote. Sealed files differ from their first bytes on, which are therefore compared under the final name.
 */
async function requireHead(channel: SftpChannel, { path, source, expected }: Upload): Promise<void> {
  const head = Buffer.alloc(Math.min(HEAD_BYTES, expected.bytes));
  const stored = Buffer.alloc(head.length);
  const [handle] = await Promise.all([openPublished(channel, path), source(head, 0)]);
  const [read] = await Promise.all([
    head.length === 0 ? 0 : channel.read(path, handle, stored, 0),
    channel.closeFile(path, handle).catch(() => undefined),
  ]);
  if (read !== head.length || !head.equals(stored)) throw occupied(path, 'another file, sent at the same time');
}

async function openPublished(channel: SftpChannel, path: RemotePath): Promise<RemoteHandle> {
  try {
    return await channel.openToRead(path);
  } catch (error) {
    throw error instanceof SealiftError && error.code === 'E_NOT_FOUND' ? notDone('rename to', path) : error;
  }
}
