/**
 * File contents over SFTP with many requests in flight, so that the rate is not bound by the round trip; over several
 * channels where the server is far away. Bytes are read and hashed in order, a block of several requests at a time.
 */

import { SealiftError } from '@sealift/core';
import { BlockRing } from './block-ring.ts';
import type { ContentHash } from './content-hash.ts';
import type { RemotePath } from './remote-path.ts';
import type { RemoteHandle, SftpChannel } from './sftp-channel.ts';

/** Requests for a block. */
const BLOCK_REQUESTS = 2;
/** How many blocks stay valid behind the one that was read last. */
export const KEPT = 4;

/** Fills `buffer` from `position` and returns how many bytes it got; fewer only at the end. */
export type ByteSource = (buffer: Buffer, position: number) => Promise<number>;

/** A remote file, open on a channel. */
export interface OpenFile {
  readonly channel: SftpChannel;
  readonly handle: RemoteHandle;
}

/** A remote file, open on each of some channels. */
export type OpenFiles = readonly [OpenFile, ...OpenFile[]];

/** A request in flight whose failure is reported when its turn comes, or never, but is not unhandled. */
function started<T>(request: Promise<T>): Promise<T> {
  request.catch(() => undefined);
  return request;
}

/** How the bytes of a file are divided among requests and channels. */
class Division {
  readonly blockBytes: number;
  /** Blocks in flight. */
  readonly depth: number;
  readonly #chunkBytes: number;
  readonly #files: OpenFiles;
  #turn = 0;

  constructor(files: OpenFiles) {
    this.#files = files;
    this.#chunkBytes = files[0].channel.chunkBytes;
    this.blockBytes = this.#chunkBytes * BLOCK_REQUESTS;
    this.depth = Math.ceil(files[0].channel.inFlightBytes / this.blockBytes) * files.length;
  }

  /** Makes a request for each part of a block, each on the channel whose turn it is. */
  requests<T>(block: Buffer, position: number, request: (file: OpenFile, chunk: Buffer, at: number) => T): T[] {
    const made: T[] = [];
    for (let start = 0; start < block.length; start += this.#chunkBytes) {
      const file = this.#files[this.#turn++ % this.#files.length] ?? this.#files[0];
      made.push(request(file, block.subarray(start, start + this.#chunkBytes), position + start));
    }
    return made;
  }
}

/** What is sent, and where it begins. */
export interface Sending {
  readonly path: RemotePath;
  readonly files: OpenFiles;
  readonly source: ByteSource;
  /** The file's size. */
  readonly bytes: number;
  /** Bytes that lie there already. */
  readonly from: number;
  /** Gets every byte that is sent. */
  readonly hash: ContentHash;
  /** Called with how many bytes lie there now. */
  readonly onSent: ((bytes: number) => void) | undefined;
}

/**
 * Writes the bytes of `source` from `from` on to an open remote file. The next block is read while one is hashed and sent.
 *
 * @throws E_MISMATCH when the source ends early; what the source throws; E_REMOTE.
 */
export async function sendBytes({ path, files, source, bytes, from, hash, onSent }: Sending): Promise<void> {
  const division = new Division(files);
  const ring = new BlockRing(division.depth + 2, division.blockBytes, files[0].channel.spareBlocks);
  const inFlight: Promise<unknown>[] = [];
  const read = async (position: number): Promise<Buffer> => {
    const block = ring.take(Math.min(division.blockBytes, bytes - position));
    if ((await source(block, position)) === block.length) return block;
    throw new SealiftError('E_MISMATCH', 'the local file became shorter while it was sent');
  };
  let sent = from;
  onSent?.(sent);
  const write = async ({ channel, handle }: OpenFile, chunk: Buffer, position: number): Promise<void> => {
    await channel.write(path, handle, chunk, position);
    sent += chunk.length;
    onSent?.(sent);
  };
  let reading = from < bytes ? started(read(from)) : undefined;
  try {
    for (let position = from; reading !== undefined; ) {
      const block = await reading;
      const following = position + block.length;
      if (inFlight.length === division.depth) await inFlight.shift();
      reading = following < bytes ? started(read(following)) : undefined;
      inFlight.push(started(Promise.all(division.requests(block, position, write))));
      hash.update(block);
      position = following;
    }
    while (inFlight.length > 0) await inFlight.shift();
    // After a failure a request may still wait to be sent.
    ring.giveBack();
  } finally {
    await Promise.allSettled([...inFlight, reading]);
  }
}

/** Reads until `buffer` is full; a server may answer with less than was asked. */
async function readFully(path: RemotePath, { channel, handle }: OpenFile, buffer: Buffer, at: number): Promise<number> {
  for (let filled = 0; filled < buffer.length; ) {
    const count = await channel.read(path, handle, buffer.subarray(filled), at + filled);
    if (count === 0) throw new SealiftError('E_REMOTE', `${path} became shorter while it was read`);
    filled += count;
  }
  return buffer.length;
}

async function requireEnd(path: RemotePath, { channel, handle }: OpenFile, bytes: number): Promise<void> {
  if ((await channel.read(path, handle, Buffer.alloc(1), bytes)) === 0) return;
  throw new SealiftError('E_REMOTE', `${path} became longer while it was read`);
}

/** A block, and the requests for its parts. */
interface Reading {
  readonly block: Buffer;
  readonly parts: readonly Promise<number>[];
}

/** Yields a block; of one that fails, the parts before the failure. */
async function* wholeOrBeginning({ block, parts }: Reading): AsyncGenerator<Buffer, void, undefined> {
  let filled = 0;
  try {
    for (const part of parts) filled += await part;
  } catch (cause) {
    if (filled > 0) yield block.subarray(0, filled);
    throw cause;
  }
  yield block;
}

/**
 * The bytes of an open remote file from `from` to `bytes`, in order, and no more: it must end there. A block is overwritten once
 * {@link KEPT} more were read.
 *
 * @throws E_REMOTE when the file is shorter or longer.
 */
export async function* readBlocks(
  path: RemotePath,
  files: OpenFiles,
  { from, bytes }: { readonly from: number; readonly bytes: number },
): AsyncGenerator<Buffer, void, undefined> {
  const division = new Division(files);
  const ring = new BlockRing(division.depth + KEPT + 1, division.blockBytes);
  const inFlight: Reading[] = [];
  const read = (file: OpenFile, chunk: Buffer, at: number): Promise<number> =>
    started(readFully(path, file, chunk, at));
  let end: Promise<void> | undefined;
  let asked = from;
  try {
    for (;;) {
      for (; inFlight.length < division.depth && asked < bytes; asked += division.blockBytes) {
        const block = ring.take(Math.min(division.blockBytes, bytes - asked));
        inFlight.push({ block, parts: division.requests(block, asked, read) });
      }
      if (asked >= bytes) end ??= started(requireEnd(path, files[0], bytes));
      const [reading] = inFlight;
      if (reading === undefined) break;
      yield* wholeOrBeginning(reading);
      void inFlight.shift();
    }
    await end;
  } finally {
    await Promise.allSettled([...inFlight.flatMap(({ parts }) => parts), end]);
  }
}
