/** The remote over SFTP. */

import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { SealiftError } from '@sealift/core';
import { closeAfterReading } from '@sealift/core/node';
import { ContentHash } from './content-hash.ts';
import { heldBytes, openLocal, readHere, readLocal, writeHere } from './local-file.ts';
import { notDone } from './not-done.ts';
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
import { clockOf, partOf, type RemotePath } from './remote-path.ts';
import type { SftpChannels } from './sftp-channels.ts';
import { serverClock } from './sftp-clock.ts';
import { type ByteSink, digestOf, get } from './sftp-download.ts';
import type { ByteSource } from './sftp-transfer.ts';
import { put, putSmall, type SmallUpload, sourceOf } from './sftp-upload.ts';

function isCode(error: unknown, code: SealiftError['code']): boolean {
  return error instanceof SealiftError && error.code === code;
}

function uploadOf(
  path: RemotePath,
  part: RemotePath,
  expected: FileDigest,
  { readBack = false, onProgress }: UploadOptions,
): SmallUpload {
  return { path, part, expected, readBack, onSent: onProgress };
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
    const about = uploadOf(path, partOf(path, expected.digest), expected, options);
    if (expected.bytes <= this.#channels.chunkBytes) return putSmall(this.#channels, about, readLocal(local, expected));
    const file = await openLocal(local, expected);
    const source: ByteSource = async (buffer, position) => readHere(file, buffer, position);
    try {
      return await put(this.#channels, { ...about, source });
    } finally {
      await closeAfterReading(file);
    }
  }

  writeSmall(path: RemotePath, bytes: Uint8Array, options: UploadOptions = {}): Promise<UploadResult> {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const about = uploadOf(path, partOf(path), { bytes: bytes.length, digest }, options);
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length <= this.#channels.chunkBytes) return putSmall(this.#channels, about, content);
    return put(this.#channels, { ...about, source: sourceOf(content) });
  }

  async download(
    path: RemotePath,
    into: FileHandle,
    limit: DownloadLimit,
    { onProgress }: DownloadOptions = {},
  ): Promise<FileDigest> {
    const hash = new ContentHash(limit.bytes ?? 0);
    const from = await heldBytes(into, limit.bytes ?? 0, hash);
    onProgress?.(from);
    const sink: ByteSink = async (chunk, position) => {
      writeHere(into, chunk, position);
      onProgress?.(position + chunk.length);
    };
    return get(this.#channels, { path, limit, from, hash, sink });
  }

  async readSmall(path: RemotePath, maxBytes: number): Promise<Uint8Array | undefined> {
    const chunks: Buffer[] = [];
    try {
      const sink: ByteSink = async (chunk) => void chunks.push(Buffer.from(chunk));
      await get(this.#channels, { path, limit: { maxBytes }, from: 0, sink });
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
