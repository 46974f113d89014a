/** Downloading over SFTP: a size limit before the first byte, then exactly that many bytes. */

import { SealiftError } from '@sealift/core';
import type { DownloadLimit, FileDigest, RemoteStat } from './remote.ts';
import type { RemotePath } from './remote-path.ts';
import type { SftpChannel } from './sftp-channel.ts';
import { type ChunkSink, readChunks } from './sftp-transfer.ts';

function checkLimit(path: RemotePath, stat: RemoteStat, limit: DownloadLimit): void {
  if (stat.kind !== 'file') throw new SealiftError('E_REMOTE', `${path} is not a file on the server`);
  if (limit.bytes !== undefined && stat.bytes !== limit.bytes) {
    throw new SealiftError('E_MISMATCH', `${path} has ${stat.bytes} bytes on the server, not ${limit.bytes}`);
  }
  if (stat.bytes > limit.maxBytes) {
    throw new SealiftError('E_LIMIT', `${path} has ${stat.bytes} bytes on the server, more than ${limit.maxBytes}`);
  }
}

/**
 * Hands a file's bytes to `sink` in order.
 *
 * @throws E_NOT_FOUND when it is absent; E_LIMIT or E_MISMATCH when its size is not allowed; E_REMOTE when it is not a
 * file or changes while it is read; what the sink throws.
 */
export async function get(
  channel: SftpChannel,
  path: RemotePath,
  limit: DownloadLimit,
  sink: ChunkSink,
): Promise<FileDigest> {
  const found = await channel.lstat(path);
  if (found === undefined) throw new SealiftError('E_NOT_FOUND', `${path} does not exist on the server`);
  checkLimit(path, found, limit);
  const handle = await channel.openToRead(path);
  try {
    const stat = await channel.fstat(path, handle);
    checkLimit(path, stat, limit);
    return await readChunks(channel, path, handle, stat.bytes, sink);
  } finally {
    await channel.closeFile(path, handle).catch(() => undefined);
  }
}

/** Size and digest of a file by reading it back. @throws as {@link get}. */
export function digestOf(channel: SftpChannel, path: RemotePath): Promise<FileDigest> {
  return get(channel, path, { maxBytes: Number.MAX_SAFE_INTEGER }, async () => undefined);
}
