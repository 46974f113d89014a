/**
 * File contents over SFTP with many requests in flight, so that the rate is not bound by the round trip; over several
 * channels where the server is far away. Chunks are read and hashed in order.
 */

import type { Hash } from 'node:crypto';
import { SealiftError } from '@sealift/core';
import type { RemotePath } from './remote-path.ts';
import type { RemoteHandle, SftpChannel } from './sftp-channel.ts';

/** Bytes in flight on one channel: twice its window. */
const IN_FLIGHT_BYTES = 4 << 20;
/** How many chunks stay valid behind the one that was read last. */
export const KEPT = 8;

/** Fills `buffer` from `position` and returns how many bytes it got; fewer only at the end. */
export type ChunkSource = (buffer: Buffer, position: number) => Promise<number>;

/** A remote file, open on a channel. */
export interface OpenFile {
  readonly channel: SftpChannel;
  readonly handle: RemoteHandle;
}

/** A remote file, open on each of some channels. */
export type OpenFiles = readonly [OpenFile, ...OpenFile[]];

/** Buffers used in turn: one is free again when as many others were taken. */
class Ring {
  readonly #buffers: Buffer[] = [];
  readonly #size: number;
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  take(bytes: number): Buffer {
    const slot = this.#next++ % this.#size;
    const buffer = this.#buffers[slot];
    if (buffer !== undefined && buffer.length >= bytes) return buffer.subarray(0, bytes);
    const made = Buffer.allocUnsafe(bytes);
    this.#buffers[slot] = made;
    return made;
  }
}

/** A request in flight whose failure is reported when its turn comes, or never, but is not unhandled. */
function started<T>(request: Promise<T>): Promise<T> {
  request.catch(() => undefined);
  return request;
}

function depthOf(files: OpenFiles, chunkBytes: number): number {
  return Math.ceil(IN_FLIGHT_BYTES / chunkBytes) * files.length;
}

function turn(files: OpenFiles, index: number): OpenFile {
  return files[index % files.length] ?? files[0];
}

/** What is sent, and where it begins. */
export interface Sending {
  readonly path: RemotePath;
  readonly files: OpenFiles;
  readonly source: ChunkSource;
  /** The file's size. */
  readonly bytes: number;
  /** Bytes that lie there already. */
  readonly from: number;
  /** Gets every byte that is sent. */
  readonly hash: Hash;
  /** Called with the bytes that lie there now. */
  readonly onSent: ((bytes: number) => void) | undefined;
}

/**
 * Writes the bytes of `source` from `from` on to an open remote file. The next chunk is read while one is hashed.
 *
 * @throws E_MISMATCH when the source ends early; what the source throws; E_REMOTE.
 */
export async function sendChunks({ path, files, source, bytes, from, hash, onSent }: Sending): Promise<void> {
  const { chunkBytes } = files[0].channel;
  const depth = depthOf(files, chunkBytes);
  const ring = new Ring(depth + 2);
  const inFlight: Promise<void>[] = [];
  const read = async (position: number): Promise<Buffer> => {
    const chunk = ring.take(Math.min(chunkBytes, bytes - position));
    if ((await source(chunk, position)) === chunk.length) return chunk;
    throw new SealiftError('E_MISMATCH', 'the local file became shorter while it was sent');
  };
  let sent = from;
  onSent?.(sent);
  const oneLess = async (): Promise<void> => {
    await inFlight.shift();
    sent = Math.min(sent + chunkBytes, bytes);
    onSent?.(sent);
  };
  let reading = from < bytes ? started(read(from)) : undefined;
  try {
    for (let position = from, index = 0; reading !== undefined; index++) {
      const chunk = await reading;
      const following = position + chunk.length;
      if (inFlight.length === depth) await oneLess();
      reading = following < bytes ? started(read(following)) : undefined;
      hash.update(chunk);
      const { channel, handle } = turn(files, index);
      inFlight.push(started(channel.write(path, handle, chunk, position)));
      position = following;
    }
    while (inFlight.length > 0) await oneLess();
  } finally {
    await Promise.allSettled([...inFlight, reading]);
  }
}

/** Reads until `buffer` is full; a server may answer with less than was asked. */
async function readFully(path: RemotePath, { channel, handle }: OpenFile, buffer: Buffer, at: number): Promise<Buffer> {
  for (let filled = 0; filled < buffer.length; ) {
    const count = await channel.read(path, handle, buffer.subarray(filled), at + filled);
    if (count === 0) throw new SealiftError('E_REMOTE', `${path} became shorter while it was read`);
    filled += count;
  }
  return buffer;
}

async function requireEnd(path: RemotePath, { channel, handle }: OpenFile, bytes: number): Promise<void> {
  if ((await channel.read(path, handle, Buffer.alloc(1), bytes)) === 0) return;
  throw new SealiftError('E_REMOTE', `${path} became longer while it was read`);
}

/**
 * The bytes of an open remote file from `from` to `bytes`, in order, and no more: it must end there. A chunk is overwritten once
 * {@link KEPT} more were read.
 *
 * @throws E_REMOTE when the file is shorter or longer.
 */
export async function* readChunks(
  path: RemotePath,
  files: OpenFiles,
  { from, bytes }: { readonly from: number; readonly bytes: number },
): AsyncGenerator<Buffer, void, undefined> {
  const { chunkBytes } = files[0].channel;
  const depth = depthOf(files, chunkBytes);
  const ring = new Ring(depth + KEPT + 1);
  const inFlight: Promise<Buffer>[] = [];
  let end: Promise<void> | undefined;
  let asked = from;
  try {
    for (let index = 0; ; ) {
      for (; inFlight.length < depth && asked < bytes; asked += chunkBytes) {
        const chunk = ring.take(Math.min(chunkBytes, bytes - asked));
        inFlight.push(started(readFully(path, turn(files, index++), chunk, asked)));
      }
      if (asked >= bytes) end ??= started(requireEnd(path, files[0], bytes));
      const chunk = await inFlight[0];
      if (chunk === undefined) break;
      void inFlight.shift();
      yield chunk;
    }
    await end;
  } finally {
    await Promise.allSettled([...inFlight, end]);
  }
}
