/** A server in memory: what {@link Remote} promises, in the fewest words, so that the real ones can be held against it. */
import { createHash } from 'node:crypto';
import { type FileHandle, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { type ErrorCode, SealiftError } from '@sealift/core';
import { Rights } from '@sealift/demo/accounts';
import type { FileDigest, Remote, RemoteSession } from '@sealift/transfer';

type Upload = Awaited<ReturnType<Remote['upload']>>;
type Path = Parameters<Remote['lstat']>[0];

type Node =
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly modified: Date }
  | { readonly kind: 'folder' }
  | { readonly kind: 'symlink' };

const FOLDER: Node = { kind: 'folder' };
const refuse = (code: ErrorCode, what: string): SealiftError => new SealiftError(code, what);

/** Size and digest. */
export function digestOf(bytes: Uint8Array): FileDigest {
  return { bytes: bytes.length, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

/** Where a file that is uploaded lies until it is complete. */
export function partOf(path: string, { digest }: FileDigest): string {
  return `${path}.${digest.slice('sha256:'.length)}.part`;
}

/** What lies on the server, by absolute path, and who may do what. */
export class MemoryServer {
  readonly nodes = new Map<string, Node>([['/', FOLDER]]);
  readonly #rights = new Map<string, Rights>();

  rightsOf(account: string): Rights {
    const rights = this.#rights.get(account) ?? new Rights();
    this.#rights.set(account, rights);
    return rights;
  }

  /** A file with these bytes, now or at a time, with the folders above it. */
  put(path: string, bytes: Uint8Array | string, modified: Date = new Date()): void {
    this.makeFolders(posix.dirname(path));
    this.nodes.set(path, { kind: 'file', bytes: Buffer.from(bytes), modified });
  }

  makeFolders(path: string): void {
    if (this.nodes.has(path)) return;
    this.makeFolders(posix.dirname(path));
    this.nodes.set(path, FOLDER);
  }
}

/** One account's connection to a {@link MemoryServer}. */
export class MemoryRemote implements Remote {
  readonly session: RemoteSession;
  readonly #server: MemoryServer;
  readonly #rights: Rights;
  #isOpen = true;

  constructor(server: MemoryServer, account: string) {
    this.#server = server;
    this.#rights = server.rightsOf(account);
    const none = { hostKey: '', sshKey: '', kex: '', cipher: '', mac: '' };
    this.session = { host: 'memory', port: 22, address: '127.0.0.1', account, ...none };
  }

  #require(path: string, access: 'read' | 'write' | 'see'): void {
    if (!this.#isOpen) throw refuse('E_REMOTE', 'the connection was lost');
    const may = access === 'see' ? this.#rights.sees(path) : this.#rights.allows(path, access);
    if (!may) throw refuse('E_REMOTE', `can't ${access} ${path}: permission denied`);
  }

  #look(path: string): Node | undefined {
    this.#require(path, 'see');
    return this.#server.nodes.get(path);
  }

  /** The bytes of a file. */
  #file(path: string): Buffer | undefined {
    const found = this.#look(path);
    if (found === undefined) return undefined;
    if (found.kind !== 'file') throw refuse('E_REMOTE', `${path} is not a file`);
    this.#require(path, 'read');
    return found.bytes;
  }

  #existing(path: string): Buffer {
    const bytes = this.#file(path);
    if (bytes === undefined) throw refuse('E_NOT_FOUND', `${path} does not exist`);
    return bytes;
  }

  async lstat(path: Path): ReturnType<Remote['lstat']> {
    const found = this.#look(path);
    if (found === undefined) return undefined;
    if (found.kind === 'file') return { kind: 'file', bytes: found.bytes.length, modified: found.modified };
    return { kind: found.kind, bytes: 0, modified: new Date() };
  }

  async makeFolder(path: Path): Promise<void> {
    const found = this.#look(path);
    if (found?.kind === 'folder') return;
    if (found !== undefined) throw refuse('E_EXISTS', `${path} is not a folder`);
    this.#require(path, 'write');
    this.#server.nodes.set(path, FOLDER);
  }

  async upload(local: string, path: Path, expected: FileDigest, options = {}): Promise<Upload> {
    const bytes = await readFile(local);
    const found = digestOf(bytes);
    if (found.bytes !== expected.bytes || found.digest !== expected.digest) throw refuse('E_MISMATCH', 'another file');
    return this.#store(path, partOf(path, expected), bytes, options);
  }

  writeSmall(path: Path, bytes: Uint8Array, options = {}): Promise<Upload> {
    return this.#store(path, `${path}.part`, bytes, options);
  }

  async #store(path: Path, part: string, bytes: Uint8Array, options: { readBack?: boolean }): Promise<Upload> {
    const expected = digestOf(bytes);
    const [found, begun] = [this.#look(path), this.#look(part)];
    const isOurs = found?.kind === 'file' && digestOf(found.bytes).digest === expected.digest;
    if (begun !== undefined && begun.kind !== 'file') throw refuse('E_EXISTS', `${part} is not a file`);
    if (!isOurs || begun !== undefined) this.#require(path, 'write');
    this.#server.nodes.delete(part);
    if (found !== undefined && !isOurs) throw refuse('E_EXISTS', `${path} is something else`);
    if (isOurs) return { ...expected, state: 'already-there', readBack: true };
    this.#server.put(path, bytes);
    return { ...expected, state: 'uploaded', readBack: options.readBack === true };
  }

  async download(path: Path, into: FileHandle, limit: Parameters<Remote['download']>[2]): Promise<FileDigest> {
    const bytes = this.#existing(path);
    if (limit.bytes !== undefined && limit.bytes !== bytes.length) throw refuse('E_MISMATCH', 'another size');
    if (bytes.length > limit.maxBytes) throw refuse('E_LIMIT', 'too large');
    await into.write(bytes, 0, bytes.length, 0);
    return digestOf(bytes);
  }

  async readSmall(path: Path, maxBytes: number): Promise<Uint8Array | undefined> {
    const bytes = this.#file(path);
    if (bytes !== undefined && bytes.length > maxBytes) throw refuse('E_LIMIT', 'too large');
    return bytes === undefined ? undefined : Uint8Array.from(bytes);
  }

  async digest(path: Path): Promise<FileDigest> {
    return digestOf(this.#existing(path));
  }

  async remove(path: Path): Promise<boolean> {
    const found = this.#look(path);
    if (found === undefined) return false;
    if (found.kind !== 'file') throw refuse('E_PURGE', `${path} is not a file`);
    this.#require(path, 'write');
    return this.#server.nodes.delete(path);
  }

  async clock(folder: Path): Promise<Date> {
    const path = `${folder}/.clock`;
    if (this.#look(path)?.kind === 'folder') throw refuse('E_EXISTS', `${path} is not a file`);
    this.#require(path, 'write');
    this.#server.nodes.delete(path);
    return new Date(Math.floor(Date.now() / 1000) * 1000);
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }
}
