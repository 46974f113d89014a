/**
 * Files that appear whole or not at all: temp → fsync → rename → fsync of the folder. Everything that Sealift writes goes
 * through here; symlinks planted in its way are never followed.
 */
import { constants } from 'node:fs';
import { type FileHandle, link, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SealiftError } from '../errors.ts';
import type { Digest } from '../ids.ts';
import { digestText } from '../sha256.ts';
import { BackgroundHash } from './background-hash.ts';
import { lookAt, namesIn, syncFolder } from './file.ts';
import { fileError, isCode } from './file-error.ts';
import { isMarkOfTheDead, MARK_DIGITS, ownMark } from './running.ts';
import { SyncBehind } from './sync-behind.ts';
import { WriteBehind } from './write-behind.ts';

const PRIVATE = 0o600;
/** `.<name>.tmp-`, then the mark of the process that writes it and digits at random. */
const TEMPORARY = /^\..+\.tmp-[0-9a-f]{12,18}$/;

/** A file being written beside its later place; nothing is seen under that place before {@link publish}. */
export class TemporaryFile {
  readonly #handle: FileHandle;
  readonly #hash: BackgroundHash | undefined;
  readonly #writes: WriteBehind;
  readonly #syncs: SyncBehind;
  readonly #path: string;
  readonly target: string;
  #bytes = 0;
  #open = true;

  private constructor(handle: FileHandle, path: string, target: string, hashed: boolean) {
    this.#handle = handle;
    this.#writes = new WriteBehind(handle);
    this.#syncs = new SyncBehind(handle);
    this.#hash = hashed ? new BackgroundHash() : undefined;
    this.#path = path;
    this.target = target;
  }

  /**
   * Opens a new temporary file in the folder of `target`, and removes what dead processes left there for it; `hashed` says whether {@link digest} will be wanted.
   * @throws E_FILE, E_NOT_FOUND when the folder is missing
   */
  static async create(target: string, mode: number = PRIVATE, hashed = true): Promise<TemporaryFile> {
    await sweepDead(target);
    const path = join(dirname(target), `.${basename(target)}.tmp-${await ownMark()}${randomDigits()}`);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    try {
      return new TemporaryFile(await open(path, flags, mode), path, target, hashed);
    } catch (cause) {
      // Only the folder can be missing, and only the temporary name be taken.
      throw fileError(cause, 'writing', isCode(cause, 'ENOENT') ? dirname(target) : target);
    }
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** For who writes to the file directly, from where it is, and says with {@link wasWritten} how long it became, and before with {@link grew}. */
  get descriptor(): number {
    return this.#handle.fd;
  }

  /** Says by about how many bytes the file grew, for what is there to be brought to the disk while more comes. */
  grew(bytes: number): void {
    this.#syncs.wrote(bytes);
  }

  /** Says how many bytes the file has by now. */
  wasWritten(bytes: number): void {
    this.#bytes = bytes;
  }

  /** SHA-256 of what was written; call once, at the end. @throws E_INTERNAL when the file was created without it */
  digest(): Digest {
    if (this.#hash === undefined) throw new SealiftError('E_INTERNAL', 'the digest of this file was not wanted');
    return digestText(this.#hash.digest());
  }

  /** Appends bytes; they may be reused once this resolves. @throws E_FILE */
  async write(bytes: Uint8Array): Promise<void> {
    await this.append([bytes]);
    await this.#writing(() => this.#writes.flush());
  }

  /**
   * Appends parts that belong to the file from now on and must not change. They are gathered and written while the caller
   * goes on: this waits for a former write at most.
   * @throws E_FILE, also for what was appended before
   */
  async append(parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      this.#hash?.update(part);
      this.#bytes += part.length;
      this.grew(part.length);
    }
    await this.#writing(() => this.#writes.append(parts));
  }

  async #writing(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (cause) {
      throw cause instanceof SealiftError ? cause : fileError(cause, 'writing', this.target);
    }
  }

  /** Forces the content to the disk and closes; the file is still hidden. @throws E_FILE */
  async settle(): Promise<void> {
    await this.#writing(async () => {
      await this.#writes.flush();
      await this.#syncs.flush();
      const { size } = await this.#handle.stat();
      if (size !== this.#bytes) {
        throw new SealiftError('E_FILE', `writing ${this.target} left ${size} bytes of ${this.#bytes}`, {
          hint: 'something else writes to that folder: see that nothing does',
        });
      }
      await this.#handle.sync();
      this.#open = false;
      await this.#handle.close();
    });
  }

  /**
   * Gives the settled file its name. `exclusive` refuses a name that is taken; otherwise what has the name is replaced: of a
   * symlink the link itself, never what it leads to.
   * @throws E_EXISTS, E_FILE
   */
  async publish(how: 'exclusive' | 'replace'): Promise<void> {
    try {
      if (how === 'exclusive') await this.#publishExclusively();
      else {
        await rename(this.#path, this.target);
        await syncFolder(dirname(this.target));
      }
    } catch (cause) {
      throw cause instanceof SealiftError ? cause : fileError(cause, 'writing', this.target);
    }
  }

  /** A name that was given and can't be made to last is taken back: a failed command leaves no file. */
  async #publishExclusively(): Promise<void> {
    await link(this.#path, this.target);
    try {
      await unlink(this.#path);
      await syncFolder(dirname(this.target));
    } catch (cause) {
      await unlink(this.target).catch(() => undefined);
      throw cause;
    }
  }

  /** Removes the temporary file; safe to call at any moment before {@link publish}. */
  async discard(): Promise<void> {
    this.#hash?.wipe();
    await this.#writes.idle();
    await this.#syncs.idle();
    if (this.#open) await this.#handle.close().catch(() => undefined);
    this.#open = false;
    await unlink(this.#path).catch(() => undefined);
  }
}

const digits = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const randomDigits = (): string => digits(crypto.getRandomValues(new Uint8Array(3)));

/** Removes the temporary files of one name that processes left which run no more. What can't be removed does no harm. */
export async function sweepDead(target: string): Promise<void> {
  const prefix = `.${basename(target)}.tmp-`;
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    if (!name.startsWith(prefix) || !TEMPORARY.test(name)) continue;
    if (await isMarkOfTheDead(name.slice(prefix.length, prefix.length + MARK_DIGITS))) {
      await unlink(join(dirname(target), name)).catch(() => undefined);
    }
  }
}

async function writeWhole(path: string, bytes: Uint8Array, how: 'exclusive' | 'replace', mode: number): Promise<void> {
  const file = await TemporaryFile.create(path, mode, false);
  try {
    await file.write(bytes);
    await file.settle();
    await file.publish(how);
  } catch (cause) {
    await file.discard();
    throw cause;
  }
}

/** Writes a file whose name must be free. @throws E_EXISTS, E_FILE */
export async function createFile(path: string, bytes: Uint8Array, mode: number = PRIVATE): Promise<void> {
  await writeWhole(path, bytes, 'exclusive', mode);
}

/** Writes a file, replacing a former version of it in one step. @throws E_FILE */
export async function replaceFile(path: string, bytes: Uint8Array, mode: number = PRIVATE): Promise<void> {
  await writeWhole(path, bytes, 'replace', mode);
}

/**
 * Removes temporary files that a crash left in a folder.
 * @returns how many
 * @throws E_FILE
 */
export async function sweepTemporaries(folder: string): Promise<number> {
  if ((await lookAt(folder))?.isDirectory() !== true) return 0; // nothing is swept behind a link
  const names = (await namesIn(folder)).filter((name) => TEMPORARY.test(name));
  for (const name of names) {
    const path = join(folder, name);
    await unlink(path).catch((cause: unknown) => Promise.reject(fileError(cause, 'deleting', path)));
  }
  return names.length;
}
