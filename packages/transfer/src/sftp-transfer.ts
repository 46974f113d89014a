/**
 * File contents over SFTP with many requests in flight, so that the rate is not bound by the round trip. Chunks are
 * hashed and handed on in order.
 */

import { createHash } from 'node:crypto';
import { SealiftError } from '@sealift/core';
import type { FileDigest } from './remote.ts';
import type { RemotePath } from './remote-path.ts';
import type { RemoteHandle, SftpChannel } from './sftp-channel.ts';

/** The most that OpenSSH's server takes in one request (its extension limits@openssh.com). */
const CHUNK_BYTES = 255 * 1024;
/** Chunks in flight: 16 MiB. */
const DEPTH = 64;

/** Fills `buffer` from `position` and returns how many bytes it got; fewer only at the end. */
export type ChunkSource = (buffer: Buffer, position: number) => Promise<number>;

/** Takes the next chunk. The chunk is overwritten after the promise is fulfilled. */
export type ChunkSink = (chunk: Buffer, position: number) => Promise<void>;

/** Buffers used in turn: one is free again when the request that was started `DEPTH` chunks ago is done. */
class Ring {
  readonly #buffers: Buffer[] = [];
  #next = 0;

  take(bytes: number): Buffer {
    const slot = this.#next++ % DEPTH;
    const buffer = this.#buffers[slot] ?? Buffer.allocUnsafe(bytes);
    this.#buffers[slot] = buffer;
    return buffer.subarray(0, bytes);
  }
}

/** A request in flight whose failure is reported when its turn comes, or never, but is not unhandled. */
function started<T>(request: Promise<T>): Promise<T> {
  request.catch(() => undefined);
  return request;
}

function sha256(digest: { digest(encoding: 'hex'): string }): string {
  return `sha256:${digest.digest('hex')}`;
}

/**
 * Writes `bytes` bytes of `source` to an open remote file and returns what was sent.
 *
 * @throws E_MISMATCH when the source ends early; what the source throws; E_REMOTE.
 */
export async function writeChunks(
  channel: SftpChannel,
  path: RemotePath,
  handle: RemoteHandle,
  bytes: number,
  source: ChunkSource,
): Promise<FileDigest> {
  const hash = createHash('sha256');
  const ring = new Ring();
  const inFlight: Promise<void>[] = [];
  try {
    for (let position = 0; position < bytes; ) {
      if (inFlight.length === DEPTH) await inFlight.shift();
      const chunk = ring.take(Math.min(CHUNK_BYTES, bytes - position));
      const count = await source(chunk, position);
      if (count !== chunk.length)
        throw new SealiftError('E_MISMATCH', 'the local file became shorter while it was sent');
      hash.update(chunk);
      inFlight.push(started(channel.write(path, handle, chunk, position)));
      position += count;
    }
    await Promise.all(inFlight);
  } finally {
    await Promise.allSettled(inFlight);
  }
  return { bytes, digest: sha256(hash) };
}

/** Reads until `buffer` is full; a server may answer with less than was asked. */
async function readFully(
  channel: SftpChannel,
  path: RemotePath,
  handle: RemoteHandle,
  buffer: Buffer,
  position: number,
): Promise<Buffer> {
  for (let filled = 0; filled < buffer.length; ) {
    const count = await channel.read(path, handle, buffer.subarray(filled), position + filled);
    if (count === 0) throw new SealiftError('E_REMOTE', `${path} became shorter while it was read`);
    filled += count;
  }
  return buffer;
}

/**
 * Reads exactly `bytes` bytes of an open remote file, checks that it ends there, and returns what was read.
 *
 * @throws E_REMOTE when the file is shorter or longer; what the sink throws.
 */
export async function readChunks(
  channel: SftpChannel,
  path: RemotePath,
  handle: RemoteHandle,
  bytes: number,
  sink: ChunkSink,
): Promise<FileDigest> {
  const hash = createHash('sha256');
  const ring = new Ring();
  const inFlight: Promise<Buffer>[] = [];
  let asked = 0;
  try {
    for (let position = 0; position < bytes; ) {
      for (; inFlight.length < DEPTH && asked < bytes; asked += CHUNK_BYTES) {
        const chunk = ring.take(Math.min(CHUNK_BYTES, bytes - asked));
        inFlight.push(started(readFully(channel, path, handle, chunk, asked)));
      }
      const chunk = await inFlight[0];
      if (chunk === undefined) break;
      hash.update(chunk);
      await sink(chunk, position);
      // Only now may its buffer be used again.
      void inFlight.shift();
      position += chunk.length;
    }
    if ((await channel.read(path, handle, Buffer.alloc(1), bytes)) !== 0) {
      throw new SealiftError('E_REMOTE', `${path} became longer while it was read`);
    }
  } finally {
    await Promise.allSettled(inFlight);
  }
  return { bytes, digest: sha256(hash) };
}
