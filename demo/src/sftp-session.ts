/** One SFTP session of the embedded server: version 3 (draft-ietf-secsh-filexfer-02) on real files. */

import {
  chmod,
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rmdir,
  unlink,
  utimes,
} from 'node:fs/promises';
import type { Attributes, FileEntry, SFTPWrapper } from 'ssh2';
import type { Access, Rights } from './accounts.ts';
import type { Place, SftpFolder } from './sftp-folder.ts';
import { attributes, MODE, openFlags, STATUS, StatusError, statusOf } from './sftp-protocol.ts';

const MAX_READ_BYTES = 256 * 1024;

interface OpenFile {
  readonly kind: 'file';
  readonly file: FileHandle;
  readonly writable: boolean;
}

interface OpenFolder {
  readonly kind: 'folder';
  readonly place: Place;
  listed: boolean;
}

/** Serves one channel until it closes. */
export class SftpSession {
  readonly #sftp: SFTPWrapper;
  readonly #folder: SftpFolder;
  readonly #rights: Rights;
  readonly #open = new Map<number, OpenFile | OpenFolder>();
  #nextHandle = 0;
  /** Done when every request until now is answered. */
  #last: Promise<void> = Promise.resolve();

  constructor(sftp: SFTPWrapper, folder: SftpFolder, rights: Rights) {
    this.#sftp = sftp;
    this.#folder = folder;
    this.#rights = rights;
    this.#serveFiles();
    this.#serveAttributes();
    this.#serveNames();
    // What arrived before is still done.
    sftp.on('close', () => void this.#last.then(() => this.#closeAll()));
  }

  /**
   * Runs a request and answers with its failure, if any; a request that answers by itself returns nothing. Requests that come together
   * have the same results as if each had waited for the one before (section 6.1).
   */
  #answer(request: number, work: () => Promise<void>): void {
    this.#last = this.#last.then(work).catch((error: unknown) => this.#sftp.status(request, statusOf(error)));
  }

  /** Runs a request that is answered by its status alone. */
  #status(request: number, work: () => Promise<unknown>): void {
    this.#answer(request, async () => {
      await work();
      this.#sftp.status(request, STATUS.ok);
    });
  }

  #require(place: Place, access: Access | 'see'): Place {
    const allowed = access === 'see' ? this.#rights.sees(place.remote) : this.#rights.allows(place.remote, access);
    if (!allowed) throw new StatusError(STATUS.permissionDenied);
    return place;
  }

  async #placeOf(path: string, access: Access | 'see'): Promise<string> {
    return this.#require(await this.#folder.place(path), access).local;
  }

  async #targetOf(path: string, access: Access | 'see'): Promise<string> {
    return this.#require(await this.#folder.target(path), access).local;
  }

  #register(request: number, entry: OpenFile | OpenFolder): void {
    const id = this.#nextHandle++;
    this.#open.set(id, entry);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(id);
    this.#sftp.handle(request, handle);
  }

  #entry(handle: Buffer): OpenFile | OpenFolder {
    const entry = handle.length === 4 ? this.#open.get(handle.readUInt32BE()) : undefined;
    if (entry === undefined) throw new StatusError(STATUS.failure);
    return entry;
  }

  #file(handle: Buffer): OpenFile {
    const entry = this.#entry(handle);
    if (entry.kind !== 'file') throw new StatusError(STATUS.failure);
    return entry;
  }

  #closeAll(): void {
    for (const entry of this.#open.values()) {
      if (entry.kind === 'file') entry.file.close().catch(() => undefined);
    }
    this.#open.clear();
  }

  #serveFiles(): void {
    const sftp = this.#sftp;
    sftp.on('OPEN', (request: number, path: string, requested: number) => {
      this.#answer(request, async () => {
        const writable = (requested & ~MODE.READ) !== 0;
        const local = writable ? await this.#placeOf(path, 'write') : await this.#targetOf(path, 'read');
        const file = await open(local, openFlags(requested), 0o660);
        this.#register(request, { kind: 'file', file, writable });
      });
    });
    sftp.on('READ', (request: number, handle: Buffer, offset: number, length: number) => {
      this.#answer(request, async () => {
        const buffer = Buffer.allocUnsafe(Math.min(length, MAX_READ_BYTES));
        const { bytesRead } = await this.#file(handle).file.read(buffer, 0, buffer.length, offset);
        if (bytesRead === 0) sftp.status(request, STATUS.endOfFile);
        else sftp.data(request, buffer.subarray(0, bytesRead));
      });
    });
    sftp.on('WRITE', (request: number, handle: Buffer, offset: number, data: Buffer) => {
      const copy = Buffer.from(data);
      this.#status(request, async () => {
        const { file } = this.#file(handle);
        for (let written = 0; written < copy.length; ) {
          written += (await file.write(copy, written, copy.length - written, offset + written)).bytesWritten;
        }
      });
    });
    sftp.on('CLOSE', (request: number, handle: Buffer) => {
      this.#status(request, async () => {
        const entry = this.#entry(handle);
        this.#open.delete(handle.readUInt32BE());
        if (entry.kind === 'file') await entry.file.close();
      });
    });
  }

  #serveAttributes(): void {
    const sftp = this.#sftp;
    sftp.on('FSTAT', (request: number, handle: Buffer) => {
      this.#answer(request, async () => sftp.attrs(request, attributes(await this.#file(handle).file.stat())));
    });
    sftp.on('LSTAT', (request: number, path: string) => {
      this.#answer(request, async () => sftp.attrs(request, attributes(await lstat(await this.#placeOf(path, 'see')))));
    });
    sftp.on('STAT', (request: number, path: string) => {
      this.#answer(request, async () =>
        sftp.attrs(request, attributes(await lstat(await this.#targetOf(path, 'see')))),
      );
    });
    sftp.on('SETSTAT', (request: number, path: string, wanted: Partial<Attributes>) => {
      this.#status(request, async () => {
        const local = await this.#targetOf(path, 'write');
        if (wanted.mode !== undefined) await chmod(local, wanted.mode & 0o777);
        if (wanted.atime !== undefined && wanted.mtime !== undefined) await utimes(local, wanted.atime, wanted.mtime);
      });
    });
    sftp.on('FSETSTAT', (request: number, handle: Buffer, wanted: Partial<Attributes>) => {
      this.#status(request, async () => {
        const { file, writable } = this.#file(handle);
        if (!writable) throw new StatusError(STATUS.permissionDenied);
        if (wanted.size !== undefined) await file.truncate(wanted.size);
        if (wanted.mode !== undefined) await file.chmod(wanted.mode & 0o777);
        if (wanted.atime !== undefined && wanted.mtime !== undefined) await file.utimes(wanted.atime, wanted.mtime);
      });
    });
  }

  #serveNames(): void {
    const sftp = this.#sftp;
    sftp.on('REALPATH', (request: number, path: string) => {
      this.#answer(request, async () => {
        const filename = this.#folder.absolute(path);
        const attrs = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };
        sftp.name(request, [{ filename, longname: filename, attrs }]);
      });
    });
    sftp.on('OPENDIR', (request: number, path: string) => {
      this.#answer(request, async () => {
        const place = this.#require(await this.#folder.target(path), 'read');
        if (!(await lstat(place.local)).isDirectory()) throw new StatusError(STATUS.failure);
        this.#register(request, { kind: 'folder', place, listed: false });
      });
    });
    sftp.on('READDIR', (request: number, handle: Buffer) => this.#answer(request, () => this.#list(request, handle)));
    sftp.on('MKDIR', (request: number, path: string) => {
      this.#status(request, async () => mkdir(await this.#placeOf(path, 'write'), 0o770));
    });
    sftp.on('RMDIR', (request: number, path: string) => {
      this.#status(request, async () => rmdir(await this.#placeOf(path, 'write')));
    });
    sftp.on('REMOVE', (request: number, path: string) => {
      this.#status(request, async () => unlink(await this.#placeOf(path, 'write')));
    });
    sftp.on('RENAME', (request: number, from: string, to: string) => {
      this.#status(request, async () =>
        this.#rename(await this.#placeOf(from, 'write'), await this.#placeOf(to, 'write')),
      );
    });
  }

  async #list(request: number, handle: Buffer): Promise<void> {
    const entry = this.#entry(handle);
    if (entry.kind !== 'folder') throw new StatusError(STATUS.failure);
    if (entry.listed) throw new StatusError(STATUS.endOfFile);
    entry.listed = true;
    const names: FileEntry[] = [];
    for (const filename of await readdir(entry.place.local)) {
      const stats = await lstat(`${entry.place.local}/${filename}`);
      names.push({ filename, longname: filename, attrs: attributes(stats) });
    }
    this.#sftp.name(request, names);
  }

  /** Never overwrites: a hard link to the new name fails when that exists, in one step. */
  async #rename(from: string, to: string): Promise<void> {
    if ((await lstat(from)).isFile()) {
      await link(from, to);
      await unlink(from);
      return;
    }
    const taken = await lstat(to).then(
      () => true,
      () => false,
    );
    if (taken) throw new StatusError(STATUS.failure);
    await rename(from, to);
  }
}
