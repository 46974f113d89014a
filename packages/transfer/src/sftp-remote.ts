/** The remote over SFTP. */

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SealiftError } from '@sealift/core';
import { closeAfterReading } from '@sealift/core/node';
import type {
  DownloadLimit,
  FileDigest,
  Remote,
  RemoteSession,
  RemoteStat,
  UploadOptions,
  UploadResult,
} from './remote.ts';
import { clockOf, type RemotePath } from './remote-path.ts';
import type { SftpChannel } from './sftp-channel.ts';
import { serverClock } from './sftp-clock.ts';
import { digestOf, get } from './sftp-download.ts';
import type { ChunkSource } from './sftp-transfer.ts';
import { notRecorded, occupied, put } from './sftp-upload.ts';

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
    throw notRecorded();
  } catch (cause) {
    await closeAfterReading(file);
    throw cause;
  }
}

/** {@link Remote} over one SFTP channel. */
export class SftpRemote implements Remote {
  readonly session: RemoteSession;
  readonly #channel: SftpChannel;
  readonly #end: () => Promise<void>;

  constructor(session: RemoteSession, channel: SftpChannel, end: () => Promise<void>) {
    this.session = session;
    this.#channel = channel;
    this.#end = end;
  }

  lstat(path: RemotePath): Promise<RemoteStat | undefined> {
    return this.#channel.lstat(path);
  }

  async makeFolder(path: RemotePath): Promise<void> {
    let found = await this.lstat(path);
    if (found === undefined) {
      // Another session may make the same folder at the same time.
      const failure = await this.#channel.makeFolder(path).catch((error: unknown) => ({ error }));
      found = await this.lstat(path);
      if (found === undefined && failure !== undefined) throw failure.error;
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
      return await put(this.#channel, { path, source, expected, readBack: options.readBack === true });
    } finally {
      await closeAfterReading(file);
    }
  }

  writeSmall(path: RemotePath, bytes: Uint8Array, options: UploadOptions = {}): Promise<UploadResult> {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const source: ChunkSource = async (buffer, position) =>
      Buffer.from(bytes.subarray(position, position + buffer.length)).copy(buffer);
    const expected = { bytes: bytes.length, digest };
    return put(this.#channel, { path, source, expected, readBack: options.readBack === true });
  }

  download(path: RemotePath, into: FileHandle, limit: DownloadLimit): Promise<FileDigest> {
    return get(this.#channel, path, limit, async (chunk, position) => {
      for (let written = 0; written < chunk.length; ) {
        const { bytesWritten } = await into
          .write(chunk, written, chunk.length - written, position + written)
          .catch(localError('written'));
        written += bytesWritten;
      }
    });
  }

  async readSmall(path: RemotePath, maxBytes: number): Promise<Uint8Array | undefined> {
    const chunks: Buffer[] = [];
    try {
      await get(this.#channel, path, { maxBytes }, async (chunk) => void chunks.push(Buffer.from(chunk)));
    } catch (error) {
      if (isCode(error, 'E_NOT_FOUND')) return undefined;
      throw error;
    }
    return Uint8Array.from(Buffer.concat(chunks));
  }

  digest(path: RemotePath): Promise<FileDigest> {
    return digestOf(this.#channel, path);
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
      await this.#channel.remove(path);
    } catch (error) {
      if (isCode(error, 'E_NOT_FOUND')) return false;
      throw error;
    }
    return true;
  }

  clock(folder: RemotePath): Promise<Date> {
    return serverClock(this.#channel, clockOf(folder));
  }

  async close(): Promise<void> {
    await this.#end();
  }
}
