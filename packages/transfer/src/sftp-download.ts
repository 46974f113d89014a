/** Downloading over SFTP: a size limit before the first byte, then exactly that many bytes. */

import { SealiftError } from '@sealift/core';
import { ContentHash } from './content-hash.ts';
import type { DownloadLimit, FileDigest, RemoteStat } from './remote.ts';
import type { RemotePath } from './remote-path.ts';
import type { SftpChannel } from './sftp-channel.ts';
import type { SftpChannels } from './sftp-channels.ts';
import { KEPT, type OpenFile, type OpenFiles, readBlocks } from './sftp-transfer.ts';

/** Takes the next bytes. */
export type ByteSink = (bytes: Buffer, position: number) => Promise<void>;

function checkLimit(path: RemotePath, stat: RemoteStat, limit: DownloadLimit): void {
  if (stat.kind !== 'file') throw new SealiftError('E_REMOTE', `${path} is not a file on the server`);
  if (limit.bytes !== undefined && stat.bytes !== limit.bytes) {
    throw new SealiftError('E_MISMATCH', `${path} has ${stat.bytes} bytes on the server, not ${limit.bytes}`);
  }
  if (stat.bytes > limit.maxBytes) {
    throw new SealiftError('E_LIMIT', `${path} has ${stat.bytes} bytes on the server, more than ${limit.maxBytes}`);
  }
}

/** Opens a file on each of some channels; those after the first may fail, and are left out then. */
export async function openEach(
  [first, ...others]: readonly [SftpChannel, ...SftpChannel[]],
  open: (channel: SftpChannel) => Promise<OpenFile['handle']>,
): Promise<OpenFiles> {
  const opened = { channel: first, handle: await open(first) };
  const more = await Promise.allSettled(others.map(async (channel) => ({ channel, handle: await open(channel) })));
  return [opened, ...more.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))];
}

/** Closes them; what the server says to that does not matter any more. */
export async function closeEach(path: RemotePath, files: readonly OpenFile[]): Promise<void> {
  await Promise.allSettled(files.map(({ channel, handle }) => channel.closeFile(path, handle)));
}

/** How the bytes of a file are taken. */
export interface Taking {
  readonly path: RemotePath;
  readonly limit: DownloadLimit;
  /** Bytes from the beginning that are not wanted; `hash` has them. */
  readonly from: number;
  /** Where bytes went before; otherwise there is a new one. */
  readonly hash?: ContentHash;
  readonly sink: ByteSink;
}

/**
 * Hands a file's bytes to `sink` in order, one call after the other, while the next are fetched.
 *
 * @returns size and digest of the whole file
 * @throws E_NOT_FOUND when it is absent; E_LIMIT or E_MISMATCH when its size is not allowed; E_REMOTE when it is not a
 * file or changes while it is read; what the sink throws.
 */
export async function get(channels: SftpChannels, { path, limit, from, sink, ...taking }: Taking): Promise<FileDigest> {
  const found = await channels.next().lstat(path);
  if (found === undefined) throw new SealiftError('E_NOT_FOUND', `${path} does not exist on the server`);
  checkLimit(path, found, limit);
  const files = await openEach(await channels.forBytes(found.bytes - from), (channel) => channel.openToRead(path));
  const hash = taking.hash ?? new ContentHash(found.bytes);
  try {
    const { bytes } = found;
    const [stat, content] = await Promise.all([
      files[0].channel.fstat(path, files[0].handle),
      from === 0 && bytes < files[0].channel.chunkBytes ? readSmall(path, files[0], bytes) : undefined,
    ]);
    checkLimit(path, stat, { maxBytes: bytes, bytes });
    const blocks = content === undefined ? readBlocks(path, files, { from, bytes }) : [content];
    await drain(blocks, from, hash, sink);
    return { bytes, digest: hash.digest() };
  } finally {
    hash.drop();
    await closeEach(path, files);
  }
}

/** A file's bytes in one request that asks for one more; undefined when the answer is not exactly they, for whatever reason. */
async function readSmall(path: RemotePath, { channel, handle }: OpenFile, bytes: number): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(bytes + 1);
  return (await channel.read(path, handle, buffer, 0)) === bytes ? buffer.subarray(0, bytes) : undefined;
}

async function drain(
  blocks: AsyncIterable<Buffer> | Iterable<Buffer>,
  from: number,
  hash: ContentHash,
  sink: ByteSink,
): Promise<void> {
  const taken: Promise<void>[] = [];
  let last = Promise.resolve();
  let position = from;
  try {
    for await (const block of blocks) {
      hash.update(block);
      const at = position;
      last = last.then(() => sink(block, at));
      last.catch(() => undefined);
      taken.push(last);
      if (taken.length === KEPT) await taken.shift();
      position += block.length;
    }
  } finally {
    await last.catch(() => undefined);
  }
  await last;
}

/** Size and digest of a file by reading it back. @throws as {@link get}. */
export function digestOf(channels: SftpChannels, path: RemotePath): Promise<FileDigest> {
  const limit = { maxBytes: Number.MAX_SAFE_INTEGER };
  return get(channels, { path, limit, from: 0, sink: async () => undefined });
}
