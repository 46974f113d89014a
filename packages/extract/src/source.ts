import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { SealiftError } from '@sealift/core';
import { closeAfterReading, FileReading } from '@sealift/core/node';
import type { FileMark } from './marked-source.ts';

/** What tells one state of a file from another. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  /** Bytes. */
  readonly size: bigint;
  /** Last modification, in nanoseconds since 1970-01-01 UTC. */
  readonly mtimeNs: bigint;
}

/** Where the rows come from. */
export interface Source {
  /** The size in bytes, for progress; undefined for a pipe. */
  readonly size: number | undefined;
  /** The file as it was when it was opened; undefined for a pipe. */
  readonly identity: FileIdentity | undefined;
  /** Of a file that is marked for deletion, once all of it was read: what tells it from any other. */
  readonly mark?: () => FileMark;
  /** Reads up to `into.length` bytes; 0 at the end. */
  read(into: Uint8Array): Promise<number>;
  /**
   * Checks that what was read is one state of the source: of the whole of it, to be called after its end, or of a part.
   * @throws SealiftError `E_SOURCE_CHANGED`
   */
  confirmUnchanged(read: 'whole' | 'part'): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a regular file for reading only. A symbolic link to one is followed: its target is what is read, checked and compared.
 * @throws SealiftError `E_SOURCE` when it can't be opened or is no regular file.
 */
export async function openFileSource(path: string): Promise<Source> {
  const handle = await openForReading(path);
  try {
    const identity = await identify(handle);
    if (identity !== undefined) return fileSource(path, handle, identity);
  } catch (cause) {
    await closeAfterReading(handle);
    throw unreadable(path, cause);
  }
  await closeAfterReading(handle);
  throw new SealiftError('E_SOURCE', `the source ${path} is no regular file`, {
    hint: 'name a file, or - to read what is piped in',
  });
}

/** Reads what is piped in, such as `process.stdin`, once and in order. Nothing can tell whether a pipe was whole. */
export function pipeSource(stream: AsyncIterable<Uint8Array>): Source {
  const chunks = stream[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array(0);
  async function read(into: Uint8Array): Promise<number> {
    while (chunk.length === 0) {
      const next = await chunks.next().catch((cause: unknown) => {
        throw unreadable('-', cause);
      });
      if (next.done === true) return 0;
      chunk = next.value;
    }
    const count = Math.min(chunk.length, into.length);
    into.set(chunk.subarray(0, count));
    chunk = chunk.subarray(count);
    return count;
  }
  return {
    size: undefined,
    identity: undefined,
    read,
    confirmUnchanged: () => Promise.resolve(),
    close: async () => {
      await chunks.return?.();
    },
  };
}

function fileSource(path: string, handle: FileHandle, identity: FileIdentity): Source {
  const file = new FileReading(handle);
  async function read(into: Uint8Array): Promise<number> {
    try {
      return await file.read(into);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
  async function confirmUnchanged(read: 'whole' | 'part'): Promise<void> {
    const now = await identify(handle).catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
    // The name may lead to another file by now, which would be the one that a disposal deletes.
    const named = await identifyPath(path);
    const isAll = read === 'part' || BigInt(file.position) === identity.size;
    if (isAll && isSame(identity, now) && isSame(identity, named)) return;
    throw new SealiftError('E_SOURCE_CHANGED', `the source ${path} changed while it was read`, {
      hint: 'wait until nothing writes to it, and extract again',
    });
  }
  return { size: Number(identity.size), identity, read, confirmUnchanged, close: () => closeAfterReading(handle) };
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer; regular files ignore it.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** The identity of a regular file, undefined for anything else. */
async function identify(handle: FileHandle): Promise<FileIdentity | undefined> {
  const stats = await handle.stat({ bigint: true });
  return stats.isFile() ? stats : undefined;
}

async function identifyPath(path: string): Promise<FileIdentity | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw unreadable(path, cause);
  }
}

function isSame(one: FileIdentity, other: FileIdentity | undefined): boolean {
  return one.dev === other?.dev && one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs;
}

function unreadable(path: string, cause: unknown): SealiftError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  if (code === 'ENOENT') {
    return new SealiftError('E_SOURCE', `the source ${path} does not exist`, { hint: 'check the path', cause });
  }
  return new SealiftError('E_SOURCE', `the source ${path} can't be read${code === undefined ? '' : ` (${code})`}`, {
    hint: 'check the path and that you may read the file',
    cause,
  });
}
