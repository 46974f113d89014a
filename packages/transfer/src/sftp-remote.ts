/** The remote over SFTP. */

import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { SealiftError } from '@sealift/core';
import { closeAfterReading } from '@sealift/core/node';
import { notDone } from './not-done.ts';
import { notRecorded } from './not-recorded.ts';
import { occupied } from './occupied.ts';
import type {
  DownloadLimit,
  DownloadOptions,
  FileDigest,
  Remote,
  RemoteSession,
  RemoteStat,
  UploadOptions,
  UploadResult,
} from './remote.ts';
import { clockOf, type RemotePath } from './remote-path.ts';
import type { SftpChannels } from './sftp-channels.ts';
import { serverClock } from './sftp-clock.ts';
import { type ChunkSink, digestOf, get } from './sftp-download.ts';
import type { ChunkSource } from './sftp-transfer.ts';
import { put } from './sftp-upload.ts';

function isCode(error: unknown, code: SealiftError['code']): boolean {
  return error instanceof SealiftError && error.code === code;
}

function localError(what: string): (cause: unknown) => never {
  return (cause) => {
    throw new SealiftError('E_FILE', `the local file can't be ${what}`, { cause });
  };
}

async function openLocal(path: string, expected: FileDigest): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(localError('opened'));
  try {
    const stat = await file.stat().catch(localError('looked at'));
    if (stat.isFile() && stat.size === expected.bytes) return file;
    throw notRecorded(basename(path));
  } catch (cause) {
    await closeAfterReading(file);
    throw cause;
  }
}

/** Hashes what a local file holds already; empties it when that is more than can be right. */
async function heldBytes(into: FileHandle, most: number, hash: Hash): Promise<number> {
  const { size } = await into.stat().catch(localError('looked at'));
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

/** {@link Remote} over SFTP. */
export class SftpRemote implements Remote {
  readonly session: RemoteSession;
  readonly #channels: SftpChannels;
  readonly #end: () => Promise<void>;

  constructor(session: RemoteSession, channels: SftpChannels, end: () => Promise<void>) {
    this.session = session;
    this.#channels = channels;
    this.#end = end;
  }

  lstat(path: RemotePath): Promise<RemoteStat | undefined> {
    return this.#channels.next().lstat(path);
  }

  async makeFolder(path: RemotePath): Promise<void> {
    let found = await this.lstat(path);
    if (found === undefined) {
      // Another session may make the same folder at the same time.
      const failure = await this.#channels
        .next()
        .makeFolder(path)
        .catch((error: unknown) => ({ error }));
      found = await this.lstat(path);
      if (found === undefined) throw failure === undefined ? notDone('make the folder', path) : failure.error;
    }
    if (found?.kind !== 'folder') throw occupied(path, 'not a folder');
  }

  async upload(
    local: string,
    path: RemotePath,
    expected: FileDigest,
    options: UploadOptions = {},
  ): Promise<UploadResult> {
    const file = await openLocal(local, expected);
    const source: ChunkSource = async (buffer, position) => {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position).catch(localError('read'));
      return bytesRead;
    };
    try {
      return await put(this.#channels, {
        name: basename(local),
        path,
        source,
        expected,
        readBack: options.readBack === true,
        onSent: options.onProgress,
      });
    } finally {
      await closeAfterReading(file);
    }
  }

  writeSmall(path: RemotePath, bytes: Uint8Array, options: UploadOptions = {}): Promise<UploadResult> {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const source: ChunkSource = async (buffer, position) =>
      Buffer.from(bytes.subarray(position, position + buffer.length)).copy(buffer);
    const expected = { bytes: bytes.length, digest };
    return put(this.#channels, {
      name: basename(path),
      path,
      source,
      expected,
      readBack: options.readBack === true,
      onSent: options.onProgress,
    });
  }

  async download(
    path: RemotePath,
    into: FileHandle,
    limit: DownloadLimit,
    { onProgress }: DownloadOptions = {},
  ): Promise<FileDigest> {
    const hash = createHash('sha256');
    const from = await heldBytes(into, limit.bytes ?? 0, hash);
    onProgress?.(from);
    const sink: ChunkSink = async (chunk, position) => {
      for (let written = 0; written < chunk.length; ) {
        const { bytesWritten } = await into
          .write(chunk, written, chunk.length - written, position + written)
          .catch(localError('written'));
        written += bytesWritten;
      }
      onProgress?.(position + chunk.length);
    };
    return get(this.#channels, { path, limit, from, hash, sink });
  }

  async readSmall(path: RemotePath, maxBytes: number): Promise<Uint8Array | undefined> {
    const chunks: Buffer[] = [];
    try {
      const sink: ChunkSink = async (chunk) => void chunks.push(Buffer.from(chunk));
      await get(this.#channels, { path, limit: { maxBytes }, from: 0, hash: createHash('sha256'), sink });
    } catch (error) {
      if (isCode(error, 'E_NOT_FOUND')) return undefined;
      throw error;
    }
    return Uint8Array.from(Buffer.concat(chunks));
  }

  digest(path: RemotePath): Promise<FileDigest> {
    return digestOf(this.#channels, path);
  }

  async remove(path: RemotePath): Promise<boolean> {
    const found = await this.lstat(path);
    if (found === undefined) return false;
    if (found.kind !== 'file') {
      throw new SealiftError('E_PURGE', `${path} is not a file on the server, and is not deleted`, {
        hint: 'look at it on the server; Sealift deletes only files that it wrote',
      });
    }
    try {
      await this.#channels.next().remove(path);
    } catch (error) {
      if (isCode(error, 'E_NOT_FOUND')) return false;
      throw error;
    }
    return true;
  }

  clock(folder: RemotePath): Promise<Date> {
    return serverClock(this.#channels.next(), clockOf(folder));
  }

  async close(): Promise<void> {
    await this.#end();
  }
}
