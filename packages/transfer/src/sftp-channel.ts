/**
 * Single requests of SFTP version 3 (draft-ietf-secsh-filexfer-02) as promises. A purge must tell "no such file" from every other
 * failure (doc/adr/0014). A server's texts are never shown: only its status codes are.
 */

import { SealiftError } from '@sealift/core';
import { SpareBlocks } from './block-ring.ts';
import { InFlightWindow } from './in-flight-window.ts';
import { inSeconds } from './patience.ts';
import type { RemoteStat } from './remote.ts';
import type { RemotePath } from './remote-path.ts';
import { type Reply, type SftpExchange, SftpProtocolError, type Waiting } from './sftp-exchange.ts';
import { type Attributes, type Field, OPEN, PACKET, ReplyFields, uint64 } from './sftp-packet.ts';
import { isBroken, type Purpose, refused, Silence, STATUS, unanswered } from './sftp-refusal.ts';

/** Types of files in a mode (POSIX's `S_IFMT` and its kin). */
const FILE_TYPE = 0o170000;
const KINDS: ReadonlyMap<number, RemoteStat['kind']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'symlink'],
]);

/** The most that OpenSSH's server takes in one request (its extension limits@openssh.com). */
const MOST_BYTES = 255 * 1024;
/** What every server takes and gives in one request (draft-ietf-secsh-filexfer-02 §3). */
const SMALL_BYTES = 32 * 1024;
const LIMITS = 'limits@openssh.com';

/** An open remote file. */
export type RemoteHandle = Buffer;

function toRemoteStat(path: string, { bytes, mode, modified }: Attributes): RemoteStat {
  if (bytes === undefined || !Number.isSafeInteger(bytes) || mode === undefined || modified === undefined) {
    throw new SealiftError('E_REMOTE', `the server does not tell kind, size and time of ${path}`);
  }
  return { kind: KINDS.get(mode & FILE_TYPE) ?? 'other', bytes, modified: new Date(modified * 1000) };
}

/** A request, the bytes that it carries, and where those go that it asks for. */
interface Request {
  readonly type: number;
  readonly fields: readonly Field[];
  readonly data?: Buffer | undefined;
  readonly into?: Buffer | undefined;
}

/** The requests of one SFTP channel. Errors are E_REMOTE, or E_NOT_FOUND when the server says that a file is absent. */
export class SftpChannel {
  /** Memory of the files that went before. */
  readonly spareBlocks: SpareBlocks = new SpareBlocks();
  readonly #exchange: SftpExchange;
  readonly #stall: NodeJS.Timeout;
  readonly #window = new InFlightWindow();
  #waiting = 0;
  #answered = 0;
  #chunkBytes = SMALL_BYTES;

  private constructor(exchange: SftpExchange, milliseconds: number, cut: () => void) {
    this.#exchange = exchange;
    this.#stall = setInterval(() => {
      const answered = this.#answered;
      // An answer that came while this thread was waiting for a disk is taken first.
      setImmediate(() => {
        if (this.#waiting === 0 || this.#answered !== answered) return;
        exchange.fail(new Silence(`the server gave no answer for ${inSeconds(milliseconds)}`));
        cut();
      });
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

  /** How many bytes of files may be on their way. */
  get inFlightBytes(): number {
    return this.#window.bytes;
  }

  /** To be called when the server is found to be far away: more bytes may be on their way then. */
  serverIsFar(): void {
    this.#window.widen();
  }

  /** To be called when the connection is gone: later requests fail at once. */
  closed(): void {
    clearInterval(this.#stall);
    this.#exchange.fail(new Error('not connected'));
  }

  /** Sends a request; `read` makes the answer of the reply. */
  #request<T>(purpose: Purpose, { type, fields, data, into }: Request, read: (reply: Reply) => T): Promise<T> {
    const bytes = (data ?? into)?.length ?? 0;
    return new Promise((resolve, reject) => {
      if (this.#waiting++ === 0) this.#stall.refresh();
      const waiting: Waiting = {
        into,
        done: (reply: Reply) => {
          this.#ended(bytes);
          try {
            resolve(read(reply));
          } catch (cause) {
            reject(isBroken(cause) ? unanswered(purpose, cause) : cause);
          }
        },
        failed: (cause: Error) => {
          this.#ended(bytes);
          reject(unanswered(purpose, cause));
        },
      };
      if (this.#window.enter(bytes)) this.#exchange.request(type, fields, waiting, data);
      else this.#window.wait(bytes, () => this.#exchange.request(type, fields, waiting, data));
    });
  }

  #ended(bytes: number): void {
    this.#waiting--;
    this.#answered++;
    this.#stall.refresh();
    this.#window.leave(bytes);
  }

  #command(what: string, path: string, type: number, fields: readonly Field[], data?: Buffer): Promise<void> {
    const purpose = { what, path };
    return this.#request(purpose, { type, fields, data }, (reply) => {
      const status = statusOf(reply);
      if (status !== STATUS.ok) throw refused(purpose, status);
    });
  }

  #stat(path: string, type: number, field: Field): Promise<RemoteStat | undefined> {
    const purpose = { what: 'look at', path };
    return this.#request(purpose, { type, fields: [field] }, (reply) => {
      const found = fieldsOf(reply, PACKET.attributes);
      if (found instanceof ReplyFields) return toRemoteStat(path, found.attributes());
      if (found === STATUS.noSuchFile) return undefined;
      throw refused(purpose, found);
    });
  }

  #open(what: string, path: string, flags: number): Promise<RemoteHandle> {
    const purpose = { what, path };
    // No attributes: the server's own mask decides about the mode.
    const fields = [path, flags, 0];
    return this.#request(purpose, { type: PACKET.open, fields }, (reply) => {
      const opened = fieldsOf(reply, PACKET.handle);
      if (opened instanceof ReplyFields) return opened.bytes();
      throw refused(purpose, opened);
    });
  }

  async #askLimits(): Promise<void> {
    const request = { type: PACKET.extended, fields: [LIMITS] };
    const known = await this.#request({ what: 'ask the limits of', path: '.' }, request, (reply) => {
      const limits = fieldsOf(reply, PACKET.extendedReply);
      if (!(limits instanceof ReplyFields)) return [];
      const [, mostRead, mostWritten] = [limits.uint64(), limits.uint64(), limits.uint64()];
      return [mostRead, mostWritten];
    });
    // 0 is no limit.
    const limits = known.filter((bytes) => bytes > 0);
    if (known.length > 0) this.#chunkBytes = Math.max(SMALL_BYTES, Math.min(MOST_BYTES, ...limits));
  }

  /** How long the server takes to answer an easy question, in milliseconds. */
  async answerTime(): Promise<number> {
    const begun = performance.now();
    const request = { type: PACKET.realpath, fields: ['.'] };
    await this.#request({ what: 'look at', path: '.' }, request, () => undefined);
    return performance.now() - begun;
  }

  /** Undefined when nothing has that name. */
  lstat(path: RemotePath): Promise<RemoteStat | undefined> {
    return this.#stat(path, PACKET.lstat, path);
  }

  async fstat(path: RemotePath, handle: RemoteHandle): Promise<RemoteStat> {
    const found = await this.#stat(path, PACKET.fstat, handle);
    if (found === undefined) throw refused({ what: 'look at', path }, STATUS.noSuchFile);
    return found;
  }

  makeFolder(path: RemotePath): Promise<void> {
    return this.#command('make the folder', path, PACKET.mkdir, [path, 0]);
  }

  remove(path: RemotePath): Promise<void> {
    return this.#command('delete', path, PACKET.remove, [path]);
  }

  /** Plain SFTPv3 rename, which fails when the target exists; OpenSSH's posix-rename would overwrite. */
  rename(from: RemotePath, to: RemotePath): Promise<void> {
    return this.#command('rename to', to, PACKET.rename, [from, to]);
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
    return this.#command('close', path, PACKET.close, [handle]);
  }

  /** Reads up to `buffer.length` bytes into the beginning of `buffer`; 0 is the end of the file. */
  read(path: RemotePath, handle: RemoteHandle, buffer: Buffer, position: number): Promise<number> {
    const purpose = { what: 'read', path };
    const fields = [handle, ...uint64(position), buffer.length];
    return this.#request(purpose, { type: PACKET.read, fields, into: buffer }, (reply) => {
      if (reply.kind === 'data') return reply.count;
      const status = statusOf(reply);
      if (status === STATUS.endOfFile) return 0;
      throw refused(purpose, status);
    });
  }

  /** `data` must not change until this resolves. */
  write(path: RemotePath, handle: RemoteHandle, data: Buffer, position: number): Promise<void> {
    const fields = [handle, ...uint64(position), data.length];
    return this.#command('write', path, PACKET.write, fields, data);
  }
}

/** The fields of a reply of this type, or the status with which the server refuses. @throws SftpProtocolError, RangeError */
function fieldsOf(reply: Reply, type: number): ReplyFields | number {
  return reply.kind === 'fields' && reply.type === type ? reply.fields : statusOf(reply);
}

function statusOf(reply: Reply): number {
  if (reply.kind === 'fields' && reply.type === PACKET.status) return reply.fields.uint32();
  throw new SftpProtocolError('another kind of answer');
}
