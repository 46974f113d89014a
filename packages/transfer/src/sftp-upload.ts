/** Uploading over SFTP: to `.part`, resumed where that is ours, checked, then renamed. A final name is never overwritten. */

import { SealiftError } from '@sealift/core';
import { notDone } from './not-done.ts';
import { notRecorded } from './not-recorded.ts';
import { occupied } from './occupied.ts';
import type { FileDigest, RemoteStat, UploadResult } from './remote.ts';
import { partOf, type RemotePath } from './remote-path.ts';
import type { RemoteHandle, SftpChannel } from './sftp-channel.ts';
import type { SftpChannels } from './sftp-channels.ts';
import { closeEach, digestOf } from './sftp-download.ts';
import { openPart } from './sftp-part.ts';
import { type ByteSource, type OpenFiles, sendBytes } from './sftp-transfer.ts';

/** Enough of a sealed file to tell it from every other. */
const HEAD_BYTES = 4096;

/** What is sent where. */
export interface Upload {
  /** What the file is called where people look for it. */
  readonly name: string;
  readonly path: RemotePath;
  readonly source: ByteSource;
  readonly expected: FileDigest;
  /** Compare the whole digest before the rename. */
  readonly readBack: boolean;
  /** Called with the bytes that lie there now. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** An upload whose bytes are at hand. */
export type SmallUpload = Omit<Upload, 'source'>;

/** Bytes at hand as what is sent. */
export function sourceOf(content: Buffer): ByteSource {
  return async (buffer, position) => content.copy(buffer, 0, position, position + buffer.length);
}

function equal(one: FileDigest, other: FileDigest): boolean {
  return one.bytes === other.bytes && one.digest === other.digest;
}

async function clearPart(channel: SftpChannel, part: RemotePath): Promise<void> {
  const found = await channel.lstat(part);
  if (found === undefined) return;
  if (found.kind !== 'file') throw occupied(part, 'not a file');
  await channel.remove(part);
}

/** The final name exists: only our exact bytes complete the step. */
async function completed(
  channels: SftpChannels,
  found: RemoteStat,
  { path, expected, onSent }: Upload,
): Promise<UploadResult> {
  if (found.kind !== 'file') throw occupied(path, 'not a file');
  if (found.bytes !== expected.bytes) throw occupied(path, 'of another size');
  if (!equal(await digestOf(channels, path), expected)) throw occupied(path, 'another file');
  await clearPart(channels.next(), partOf(path));
  onSent?.(expected.bytes);
  return { ...expected, state: 'already-there', readBack: true };
}

function storedOtherwise(part: RemotePath): SealiftError {
  return new SealiftError('E_REMOTE', `the server holds something else under ${part} than was sent`, {
    hint: "the server's disk may be full or faulty; tell its administrator, then send again",
  });
}

/** What a file was when it was closed, and what held its final name then. */
interface Closed {
  readonly stored: RemoteStat;
  readonly taken: RemoteStat | undefined;
}

/**
 * Sends what is missing, closes, and requires that size there and digest here are right.
 * @returns what held the final name when the file was closed
 */
async function writePart(channels: SftpChannels, part: RemotePath, upload: Upload): Promise<RemoteStat | undefined> {
  const { source, expected, onSent } = upload;
  const { bytes } = expected;
  const { files, from, hash } = await openPart(channels, part, { source, bytes });
  let after: Closed;
  try {
    await sendBytes({ path: part, files, source, bytes, from, hash, onSent });
    after = await closed(part, files, upload.path);
  } catch (error) {
    hash.drop();
    await closeEach(part, files);
    throw error;
  }
  await requireExpected(files[0].channel, part, { upload, stored: after.stored, digest: hash.digest() });
  return after.taken;
}

/** Closes a file that was written; a server whose disk is full may say so only now. */
async function closed(
  part: RemotePath,
  [{ channel, handle }, ...others]: OpenFiles,
  path: RemotePath,
): Promise<Closed> {
  // Asked at once and answered in this order.
  const [stored, , taken] = await Promise.all([
    channel.fstat(part, handle),
    channel.closeFile(part, handle),
    channel.lstat(path),
  ]);
  await closeEach(part, others);
  return { stored, taken };
}

async function requireExpected(
  channel: SftpChannel,
  part: RemotePath,
  { upload, stored, digest }: { upload: Upload; stored: RemoteStat; digest: string },
): Promise<void> {
  if (digest !== upload.expected.digest) {
    await channel.remove(part);
    throw notRecorded(upload.name);
  }
  if (stored.bytes !== upload.expected.bytes) throw storedOtherwise(part);
}

/** As {@link writePart}, in one request. */
async function writeSmallPart(
  channels: SftpChannels,
  part: RemotePath,
  upload: Upload,
  content: Buffer,
): Promise<RemoteStat | undefined> {
  const { expected, source } = upload;
  const { files, from, hash } = await openPart(channels, part, { source, bytes: expected.bytes });
  const [{ channel, handle }] = files;
  const rest = content.subarray(from);
  let after: Closed;
  try {
    if (rest.length > 0) await channel.write(part, handle, rest, from);
    after = await closed(part, files, upload.path);
  } catch (error) {
    await closeEach(part, files);
    throw error;
  }
  hash.update(rest);
  await requireExpected(channel, part, { upload, stored: after.stored, digest: hash.digest() });
  upload.onSent?.(expected.bytes);
  return after.taken;
}

async function readPartBack(channels: SftpChannels, part: RemotePath, expected: FileDigest): Promise<void> {
  try {
    if (!equal(await digestOf(channels, part), expected)) throw storedOtherwise(part);
  } catch (error) {
    // Another session has renamed it: what holds the final name decides.
    if (!(error instanceof SealiftError && error.code === 'E_NOT_FOUND')) throw error;
  }
}

/** Renames, and returns what holds the final name when it was taken meanwhile. */
async function publish(channel: SftpChannel, part: RemotePath, path: RemotePath): Promise<RemoteStat | undefined> {
  try {
    await channel.rename(part, path);
  } catch (error) {
    const taken = await channel.lstat(path);
    if (taken !== undefined) return taken;
    throw error;
  }
  return undefined;
}

async function openPublished(channel: SftpChannel, path: RemotePath): Promise<RemoteHandle> {
  try {
    return await channel.openToRead(path);
  } catch (error) {
    throw error instanceof SealiftError && error.code === 'E_NOT_FOUND' ? notDone('rename to', path) : error;
  }
}

/**
 * Two sessions that send other files of one size share `.part`, so that one could rename what the other wrote.
 * Sealed files differ from their first bytes on, which are therefore compared under the final name.
 */
async function checkPublished(channel: SftpChannel, { path, source, expected }: Upload): Promise<void> {
  const head = Buffer.alloc(Math.min(HEAD_BYTES, expected.bytes));
  const stored = Buffer.alloc(head.length);
  const [handle] = await Promise.all([openPublished(channel, path), source(head, 0)]);
  const [found, read] = await Promise.all([
    channel.lstat(path),
    head.length === 0 ? 0 : channel.read(path, handle, stored, 0),
    channel.closeFile(path, handle).catch(() => undefined),
  ]);
  if (found?.kind === 'file' && found.bytes === expected.bytes && read === head.length && head.equals(stored)) return;
  throw occupied(path, 'another file, sent at the same time');
}

/**
 * Uploads under the rules of `Remote.upload`.
 *
 * @throws E_EXISTS, E_MISMATCH, E_REMOTE, and what the source throws.
 */
export function put(channels: SftpChannels, upload: Upload): Promise<UploadResult> {
  return putBy(channels, upload, (part) => writePart(channels, part, upload));
}

/** Uploads what one request may carry as {@link put} does, in as few requests as can be. */
export function putSmall(channels: SftpChannels, small: SmallUpload, content: Buffer): Promise<UploadResult> {
  const upload = { ...small, source: sourceOf(content) };
  return putBy(channels, upload, (part) => writeSmallPart(channels, part, upload, content));
}

async function putBy(
  channels: SftpChannels,
  upload: Upload,
  write: (part: RemotePath) => Promise<RemoteStat | undefined>,
): Promise<UploadResult> {
  const { path, expected, readBack } = upload;
  const channel = channels.next();
  const found = await channel.lstat(path);
  if (found !== undefined) return completed(channels, found, upload);
  const part = partOf(path);
  // Some servers' rename overwrites: the final name is looked at once more after everything that may take long.
  let before = await write(part);
  if (readBack) {
    await readPartBack(channels, part, expected);
    before = await channel.lstat(path);
  }
  const taken = before ?? (await publish(channel, part, path));
  if (taken !== undefined) return completed(channels, taken, upload);
  await checkPublished(channel, upload);
  return { ...expected, state: 'uploaded', readBack };
}
