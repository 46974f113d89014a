/**
 * Single requests of SFTP version 3 (draft-ietf-secsh-filexfer-02) as promises. ssh2's channel is used
 * itself: a purge must tell "no such file" from every other failure, and requests are kept in flight (doc/adr/0014). A server's texts are never shown: only its status codes are.
 */

import { SealiftError } from '@sealift/core';
import type { Callback, SFTPWrapper, Stats } from 'ssh2';
import type { RemoteStat } from './remote.ts';
import type { RemotePath } from './remote-path.ts';

const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;

/** The most that OpenSSH's server takes in one request (its extension limits@openssh.com). */
const MOST_BYTES = 255 * 1024;
/** What every server takes (draft-ietf-secsh-filexfer-02 §3). */
const LEAST_BYTES = 32 * 1024;

/** An open remote file. */
export type RemoteHandle = Buffer;

type Done<T> = (error: Error | null | undefined, value: T) => void;

function statusOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}

function asSealiftError(what: string, path: string, error: Error): SealiftError {
  const status = statusOf(error);
  const cannot = `can't ${what} ${path} on the server`;
  if (status === NO_SUCH_FILE) return new SealiftError('E_NOT_FOUND', `${cannot}: it does not exist`);
  if (status === PERMISSION_DENIED) {
    return new SealiftError('E_REMOTE', `${cannot}: permission denied`, {
      hint: "the account lacks the rights that the format gives its role; ask the server's administrator",
    });
  }
  if (typeof status === 'number') {
    return new SealiftError('E_REMOTE', `${cannot}: status ${status}`, {
      hint: "the server's disk may be full or faulty; tell its administrator, then run the command again",
    });
  }
  return new SealiftError('E_REMOTE', `${cannot}: the connection was lost`, {
    hint: 'run the command again; what is complete is not sent twice',
    cause: error,
  });
}

function kindOf(stats: Stats): RemoteStat['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

function toRemoteStat(path: string, stats: Stats): RemoteStat {
  if (!Number.isSafeInteger(stats.size) || !Number.isSafeInteger(stats.mtime) || !Number.isSafeInteger(stats.mode)) {
    throw new SealiftError('E_REMOTE', `the server does not tell kind, size and time of ${path}`);
  }
  return { kind: kindOf(stats), bytes: stats.size, modified: new Date(stats.mtime * 1000) };
}

/** The requests of one SFTP channel. Errors are E_REMOTE, or E_NOT_FOUND when the server says that a file is absent. */
export class SftpChannel {
  readonly #sftp: SFTPWrapper;
  readonly #stall: NodeJS.Timeout;
  #waiting = 0;
  #closed = false;

  /**
   * @param stalled called when the server has left every request unanswered for `stallSeconds`; it must cut the
   * connection, which fails the requests
   */
  constructor(sftp: SFTPWrapper, stallSeconds: number, stalled: () => void) {
    this.#sftp = sftp;
    this.#stall = setInterval(() => {
      if (this.#waiting > 0) stalled();
    }, stallSeconds * 1000).unref();
  }

  /**
   * How many bytes of a file one request may carry. ssh2 knows what the server said of itself, in a private field; it would send a
   * larger request in parts, one after the other.
   */
  get chunkBytes(): number {
    const limits = ['_maxWriteLen', '_maxReadLen'].map((name): unknown => Reflect.get(this.#sftp, name));
    const known = limits.every((limit) => typeof limit === 'number' && limit >= LEAST_BYTES);
    return known ? Math.min(MOST_BYTES, ...limits.map(Number)) : LEAST_BYTES;
  }

  /** To be called when the connection is gone: later requests fail at once. */
  closed(): void {
    this.#closed = true;
    clearInterval(this.#stall);
  }

  #request<T>(what: string, path: string, send: (done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(asSealiftError(what, path, new Error('not connected')));
        return;
      }
      if (this.#waiting++ === 0) this.#stall.refresh();
      send((error, value) => {
        this.#waiting--;
        this.#stall.refresh();
        if (error instanceof Error) reject(asSealiftError(what, path, error));
        else resolve(value);
      });
    });
  }

  #command(what: string, path: string, send: (done: Callback) => void): Promise<void> {
    return this.#request<void>(what, path, (done) => send((error) => done(error, undefined)));
  }

  /** How long the server takes to answer, in milliseconds. */
  async roundTrip(): Promise<number> {
    const begun = performance.now();
    await this.#request<string>('look at', '.', (done) => this.#sftp.realpath('.', done));
    return performance.now() - begun;
  }

  async lstat(path: RemotePath): Promise<RemoteStat | undefined> {
    try {
      return toRemoteStat(path, await this.#request<Stats>('look at', path, (done) => this.#sftp.lstat(path, done)));
    } catch (error) {
      if (error instanceof SealiftError && error.code === 'E_NOT_FOUND') return undefined;
      throw error;
    }
  }

  async fstat(path: RemotePath, handle: RemoteHandle): Promise<RemoteStat> {
    return toRemoteStat(path, await this.#request<Stats>('look at', path, (done) => this.#sftp.fstat(handle, done)));
  }

  makeFolder(path: RemotePath): Promise<void> {
    return this.#command('make the folder', path, (done) => this.#sftp.mkdir(path, done));
  }

  remove(path: RemotePath): Promise<void> {
    return this.#command('delete', path, (done) => this.#sftp.unlink(path, done));
  }

  /** Plain SFTPv3 rename, which fails when the target exists; OpenSSH's posix-rename would overwrite. */
  rename(from: RemotePath, to: RemotePath): Promise<void> {
    return this.#command('rename to', to, (done) => this.#sftp.rename(from, to, done));
  }

  openToRead(path: RemotePath): Promise<RemoteHandle> {
    return this.#request<RemoteHandle>('read', path, (done) => this.#sftp.open(path, 'r', done));
  }

  /** Creates the file; fails when anything has that name, a dangling link included. */
  create(path: RemotePath): Promise<RemoteHandle> {
    return this.#request<RemoteHandle>('create', path, (done) => this.#sftp.open(path, 'wx', done));
  }

  /** Opens a file that is there for writing, and follows links. */
  openToWrite(path: RemotePath): Promise<RemoteHandle> {
    return this.#request<RemoteHandle>('write', path, (done) => this.#sftp.open(path, 'r+', done));
  }

  closeFile(path: RemotePath, handle: RemoteHandle): Promise<void> {
    return this.#command('close', path, (done) => this.#sftp.close(handle, done));
  }

  /** Reads up to `length` bytes into the beginning of `buffer`; 0 is the end of the file. */
  read(path: RemotePath, handle: RemoteHandle, buffer: Buffer, position: number): Promise<number> {
    return this.#request<number>('read', path, (done) =>
      this.#sftp.read(handle, buffer, 0, buffer.length, position, (error, count) => done(error, count)),
    );
  }

  write(path: RemotePath, handle: RemoteHandle, data: Buffer, position: number): Promise<void> {
    return this.#command('write', path, (done) => this.#sftp.write(handle, data, 0, data.length, position, done));
  }
}
