/** Uploading over SFTP: to `.part`, resumed where that is ours, checked, then renamed. A final name is never overwritten. */

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { SealiftError } from '@sealift/core';
import { notRecorded } from './not-recorded.ts';
import type { RemoteStat, UploadResult } from './remote.ts';
import type { RemotePath } from './remote-path.ts';
import type { RemoteHandle, SftpChannel } from './sftp-channel.ts';
import type { SftpChannels } from './sftp-channels.ts';
import { closeEach } from './sftp-download.ts';
import { completed, holds, publish, storedOtherwise, type Upload } from './sftp-final-name.ts';
import { type OpenPart, openPart } from './sftp-part.ts';
import { type ByteSource, type OpenFile, type OpenFiles, sendBytes } from './sftp-transfer.ts';

/** An upload whose bytes are at hand. */
export type SmallUpload = Omit<Upload, 'source'>;

/** Bytes at hand as what is sent. */
export function sourceOf(content: Buffer): ByteSource {
  return async (buffer, position) => content.copy(buffer, 0, position, position + buffer.length);
}

/**
 * Uploads under the rules of `Remote.upload`.
 *
 * @throws E_EXISTS, E_MISMATCH, E_REMOTE, and what the source throws.
 */
export async function put(channels: SftpChannels, upload: Upload): Promise<UploadResult> {
  const channel = channels.next();
  const found = await channel.lstat(upload.path);
  if (found !== undefined) return completed(channels, found, upload);
  return finished(channels, channel, upload, await writePart(channels, upload));
}

/**
 * Uploads what one request may carry, in three round trips where nothing has either name; as {@link put} otherwise.
 * @throws as {@link put}; E_MISMATCH before anything is sent
 */
export async function putSmall(channels: SftpChannels, small: SmallUpload, content: Buffer): Promise<UploadResult> {
  const upload = { ...small, source: sourceOf(content) };
  const { path, part, expected } = upload;
  const digest = createHash('sha256').update(content).digest('hex');
  if (expected.digest !== `sha256:${digest}`) throw notRecorded(basename(path));
  const channel = channels.next();
  let handle: RemoteHandle;
  try {
    handle = await channel.create(part);
  } catch {
    // What is in the way, or what the server lacks, is found out there.
    return put(channels, upload);
  }
  const taken = await writeNew({ channel, handle }, upload, content);
  upload.onSent?.(expected.bytes);
  return finished(channels, channel, upload, taken);
}

/** @param taken what held the final name when the `.part` was closed */
async function finished(
  channels: SftpChannels,
  channel: SftpChannel,
  upload: Upload,
  taken: RemoteStat | undefined,
): Promise<UploadResult> {
  // Some servers' rename overwrites: the final name is looked at once more after everything that may take long.
  const found = upload.readBack ? await readPartBack(channels, channel, upload) : taken;
  return found === undefined ? publish(channels, channel, upload) : completed(channels, found, upload);
}

/** @returns what holds the final name now */
async function readPartBack(
  channels: SftpChannels,
  channel: SftpChannel,
  { path, part, expected }: Upload,
): Promise<RemoteStat | undefined> {
  try {
    if (!(await holds(channels, part, expected))) throw storedOtherwise(part);
  } catch (error) {
    // Another session has renamed it: what holds the final name decides.
    if (!(error instanceof SealiftError && error.code === 'E_NOT_FOUND')) throw error;
  }
  return channel.lstat(path);
}

/**
 * Sends what is missing, closes, and requires that size there and digest here are right.
 * @returns what held the final name when the file was closed
 */
async function writePart(channels: SftpChannels, upload: Upload): Promise<RemoteStat | undefined> {
  const { path, part, source, expected } = upload;
  const opened = await openPart(channels, part, { source, bytes: expected.bytes });
  const { files, hash } = opened;
  try {
    await sendRest(opened, upload);
    const { stored, taken } = await closed(part, files, path);
    if (hash.digest() !== expected.digest) {
      await files[0].channel.remove(part);
      throw notRecorded(basename(path));
    }
    if (stored.bytes !== expected.bytes) throw storedOtherwise(part);
    return taken;
  } finally {
    hash.drop();
  }
}

/** Closes what it could not fill. */
async function sendRest({ files, from, hash }: OpenPart, upload: Upload): Promise<void> {
  const { part: path, source, expected, onSent } = upload;
  try {
    await sendBytes({ path, files, source, bytes: expected.bytes, from, hash, onSent });
  } catch (error) {
    await closeEach(path, files);
    throw error;
  }
}

/** What a file was when it was closed, and what held its final name then. */
interface Closed {
  readonly stored: RemoteStat;
  readonly taken: RemoteStat | undefined;
}

/** Closes a file that was written, once, whatever comes of it; a server whose disk is full may say so only now. */
async function closed(part: RemotePath, [file, ...others]: OpenFiles, path: RemotePath): Promise<Closed> {
  try {
    const [stored, , taken] = await closing(part, file, path);
    return { stored, taken };
  } finally {
    await closeEach(part, others);
  }
}

/** Asked at once, and answered as if each had waited for the one before (draft-ietf-secsh-filexfer-02 §6.1). */
function closing(
  part: RemotePath,
  { channel, handle }: OpenFile,
  path: RemotePath,
): Promise<[stored: RemoteStat, closed: unknown, taken: RemoteStat | undefined]> {
  return Promise.all([channel.fstat(part, handle), channel.closeFile(part, handle), channel.lstat(path)]);
}

/** As {@link writePart}, of a new file in one flight. */
async function writeNew(
  { channel, handle }: OpenFile,
  { path, part, expected }: Upload,
  content: Buffer,
): Promise<RemoteStat | undefined> {
  const [, [stored, , taken]] = await Promise.all([
    content.length > 0 ? channel.write(part, handle, content, 0) : undefined,
    closing(part, { channel, handle }, path),
  ]);
  if (stored.bytes !== expected.bytes) throw storedOtherwise(part);
  return taken;
}
