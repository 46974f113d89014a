/**
 * Single requests of SFTP version 3 (draft-ietf-secsh-filexfer-02) as promises. A purge must tell "no such file" from every other
 * failure (doc/adr/0014). A server's texts are never shown: only its status codes are.
 */

import { SealiftError } from '@sealift/core';
import { inSeconds } from './patience.ts';
import type { RemoteStat } from './remote.ts';
import type { RemotePath } from './remote-path.ts';
import { type Payload, type Reply, type SftpExchange, SftpProtocolError } from './sftp-exchange.ts';
import { type Attributes, type Field, OPEN, PACKET, type ReplyFields } from './sftp-packet.ts';

const [OK, END_OF_FILE, NO_SUCH_FILE, PERMISSION_DENIED] = [0, 1, 2, 3];

/** Types of files in a mode (POSIX's `S_IFMT` and its kin). */
const FILE_TYPE = 0o170000;
const KINDS: ReadonlyMap<number, RemoteStat['kind']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'symlink'],
]);

/** The most that OpenSSH's server takes in one request (its extension limits@openssh.com). */
const MOST_BYTES = 255 * 1024;
/** What every server takes (draft-ietf-secsh-filexfer-02 §3). */
const LEAST_BYTES = 32 * 1024;
const LIMITS = 'limits@openssh.com';

/** An open remote file. */
export type RemoteHandle = Buffer;

/** What a request was for, as errors say it. */
interface Purpose {
  readonly what: string;
  readonly path: string;
}

function refused({ what, path }: Purpose, status: number): SealiftError {
  const cannot = `can't ${what} ${path} on the server`;
  if (status === NO_SUCH_FILE) return new SealiftError('E_NOT_FOUND', `${cannot}: it does not exist`);
  if (status === PERMISSION_DENIED) {
    return new SealiftError('E_REMOTE', `${cannot}: permission denied`, {
      hint: "the account lacks the rights that the format gives its role; ask the server's administrator",
    });
  }
  return new SealiftError('E_REMOTE', `${cannot}: status ${status}`, {
    hint: "the server's disk may be full or faulty; tell its administrator, then run the command again",
  });
}

/** The server keeps the connection, and says nothing. */
class Silence extends Error {}

function whyUnanswered(cause: unknown): string {
  if (cause instanceof Silence) return cause.message;
  const isNonsense = cause instanceof SftpProtocolError || cause instanceof RangeError;
  return isNonsense ? 'its answer breaks the rules of SFTP' : 'the connection was lost';
}

function unanswered({ what, path }: Purpose, cause: unknown): SealiftError {
  return new SealiftError('E_REMOTE', `can't ${what} ${path} on the server: ${whyUnanswered(cause)}`, {
    hint: 'run the command again; what is complete is not sent twice',
    cause,
  });
}

function toRemoteStat(path: string, { bytes, mode, modified }: Attributes): RemoteStat {
  if (bytes === undefined || !Number.isSafeInteger(bytes) || mode === undefined || modified === undefined) {
    throw new SealiftError('E_REMOTE', `the server does not tell kind, size and time of ${path}`);
  }
  return { kind: KINDS.get(mode & FILE_TYPE) ?? 'other', bytes, modified: new Date(modified * 1000) };
}

/** The requests of one SFTP channel. Errors are E_REMOTE, or E_NOT_FOUND when the server says that a file is absent. */
export class SftpChannel {
  readonly #exchange: SftpExchange;
  readonly #stall: NodeJS.Timeout;
  #waiting = 0;
  #chunkBytes = LEAST_BYTES;

  private constructor(exchange: SftpExchange, milliseconds: number, cut: () => void) {
    this.#exchange = exchange;
    this.#stall = setInterval(() => {
      if (this.#waiting === 0) return;
      exchange.fail(new Silence(`the server gave no answer for ${inSeconds(milliseconds)}`));
      cut();
    }, milliseconds).unref();
  }

  /**
   * Begins to speak SFTP.
   * @param milliseconds how long the server may leave every request unanswered
   * @param cut called when it did, which fails the requests; it must cut the connection
   */
  static async open(exchange: SftpExchange, milliseconds: number, cut: () => void): Promise<SftpChannel> {
    const extensions = await exchange.begin();
    const channel = new SftpChannel(exchange, milliseconds, cut);
    if (extensions.get(LIMITS) === '1') await channel.#askLimits();
    return channel;
  }

  /** How many bytes of a file one request may carry. */
  get chunkBytes(): number {
    return this.#chunkBytes;
  }

  /** To be called when the connection is gone: later requests fail at once. */
  closed(): void {
    clearInterval(this.#stall);
    this.#exchange.fail(new Error('not connected'));
  }

  async #request(purpose: Purpose, type: number, fields: readonly Field[], payload?: Payload): Promise<Reply> {
    if (this.#waiting++ === 0) this.#stall.refresh();
    try {
      return await this.#exchange.request(type, fields, payload);
    } catch (cause) {
      throw unanswered(purpose, cause);
    } finally {
      this.#waiting--;
      this.#stall.refresh();
    }
  }

  /** The fields of a reply of this type; or the status, where the server refuses. */
  async #ask(purpose: Purpose, wanted: number, type: number, fields: readonly Field[]): Promise<ReplyFields | number> {
    const reply = await this.#request(purpose, type, fields);
    if (reply.kind === 'fields' && reply.type === wanted) return reply.fields;
    return statusOf(purpose, reply);
  }

  async #command(what: string, path: string, type: number, fields: readonly Field[], data?: Buffer): Promise<void> {
    const purpose = { what, path };
    const reply = await this.#request(purpose, type, fields, data === undefined ? {} : { data });
    const status = statusOf(purpose, reply);
    if (status !== OK) throw refused(purpose, status);
  }

  async #stat(path: string, type: number, field: Field): Promise<RemoteStat | undefined> {
    const purpose = { what: 'look at', path };
    const found = await this.#ask(purpose, PACKET.attributes, type, [field]);
    if (found === NO_SUCH_FILE) return undefined;
    if (typeof found === 'number') throw refused(purpose, found);
    return toRemoteStat(
      path,
      read(purpose, () => found.attributes()),
    );
  }

  async #open(what: string, path: string, flags: number): Promise<RemoteHandle> {
    const purpose = { what, path };
    const opened = await this.#ask(purpose, PACKET.handle, PACKET.open, [
      { bytes: path },
      { uint32: flags },
      // No attributes: the server's own mask decides about the mode.
      { uint32: 0 },
    ]);
    if (typeof opened === 'number') throw refused(purpose, opened);
    return read(purpose, () => opened.bytes());
  }

  async #askLimits(): Promise<void> {
    const purpose = { what: 'ask the limits of', path: '.' };
    const limits = await this.#ask(purpose, PACKET.extendedReply, PACKET.extended, [{ bytes: LIMITS }]);
    if (typeof limits === 'number') return;
    const [, most, ...mostWrite] = read(purpose, () => [limits.uint64(), limits.uint64(), limits.uint64()]);
    const known = [most ?? 0, ...mostWrite].filter((bytes) => bytes > 0);
    this.#chunkBytes = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, ...known));
  }

  /** How long the server takes to answer, in milliseconds. */
  async roundTrip(): Promise<number> {
    const begun = performance.now();
    await this.#request({ what: 'look at', path: '.' }, PACKET.realpath, [{ bytes: '.' }]);
    return performance.now() - begun;
  }

  /** Undefined when nothing has that name. */
  lstat(path: RemotePath): Promise<RemoteStat | undefined> {
    return this.#stat(path, PACKET.lstat, { bytes: path });
  }

  async fstat(path: RemotePath, handle: RemoteHandle): Promise<RemoteStat> {
    const found = await this.#stat(path, PACKET.fstat, { bytes: handle });
    if (found === undefined) throw refused({ what: 'look at', path }, NO_SUCH_FILE);
    return found;
  }

  makeFolder(path: RemotePath): Promise<void> {
    return this.#command('make the folder', path, PACKET.mkdir, [{ bytes: path }, { uint32: 0 }]);
  }

  remove(path: RemotePath): Promise<void> {
    return this.#command('delete', path, PACKET.remove, [{ bytes: path }]);
  }

  /** Plain SFTPv3 rename, which fails when the target exists; OpenSSH's posix-rename would overwrite. */
  rename(from: RemotePath, to: RemotePath): Promise<void> {
    return this.#command('rename to', to, PACKET.rename, [{ bytes: from }, { bytes: to }]);
  }

  openToRead(path: RemotePath): Promise<RemoteHandle> {
    return this.#open('read', path, OPEN.read);
  }

  /** Creates the file; fails when anything has that name, a dangling link included. */
  create(path: RemotePath): Promise<RemoteHandle> {
    return this.#open('create', path, OPEN.write | OPEN.create | OPEN.exclusive);
  }

  /** Opens a file that is there for reading and writing, and follows links. */
  openToWrite(path: RemotePath): Promise<RemoteHandle> {
    return this.#open('write', path, OPEN.read | OPEN.write);
  }

  closeFile(path: RemotePath, handle: RemoteHandle): Promise<void> {
    return this.#command('close', path, PACKET.close, [{ bytes: handle }]);
  }

  /** Reads up to `buffer.length` bytes into the beginning of `buffer`; 0 is the end of the file. */
  async read(path: RemotePath, handle: RemoteHandle, buffer: Buffer, position: number): Promise<number> {
    const purpose = { what: 'read', path };
    const fields = [{ bytes: handle }, { uint64: position }, { uint32: buffer.length }];
    const reply = await this.#request(purpose, PACKET.read, fields, { into: buffer });
    if (reply.kind === 'data') return reply.count;
    const status = statusOf(purpose, reply);
    if (status === END_OF_FILE) return 0;
    throw refused(purpose, status);
  }

  /** `data` must not change until this resolves. */
  write(path: RemotePath, handle: RemoteHandle, data: Buffer, position: number): Promise<void> {
    const fields = [{ bytes: handle }, { uint64: position }, { uint32: data.length }];
    return this.#command('write', path, PACKET.write, fields, data);
  }
}

function statusOf(purpose: Purpose, reply: Reply): number {
  if (reply.kind === 'fields' && reply.type === PACKET.status) return read(purpose, () => reply.fields.uint32());
  throw unanswered(purpose, new SftpProtocolError('another kind of answer'));
}

/** A reply that is shorter than it should be is no reply. */
function read<T>(purpose: Purpose, fields: () => T): T {
  try {
    return fields();
  } catch (cause) {
    throw unanswered(purpose, cause);
  }
}
