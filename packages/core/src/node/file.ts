/**
 * Files that appear whole or not at all: temp → fsync → rename → fsync of the folder. Everything that Sealift writes goes
 * through here; symlinks planted in its way are refused, never followed.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SealiftError } from '../errors.ts';
import { type Digest, parseDigest } from '../ids.ts';

const PRIVATE = 0o600;
const TEMPORARY = /^\..+\.tmp-[0-9a-f]{12}$/;

/** Turns what the file system said into an error that names the path and the next step. */
export function fileError(cause: unknown, doing: string, path: string): SealiftError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (reason === 'ENOENT') {
    return new SealiftError('E_NOT_FOUND', `there is no ${path}`, { hint: 'check the path', cause });
  }
  if (reason === 'EEXIST') {
    return new SealiftError('E_EXISTS', `${path} exists already, and nothing is overwritten`, {
      hint: 'move it away or choose another name',
      cause,
    });
  }
  const hints: Record<string, string> = {
    ENOSPC: 'the disk is full: make room, then run the command again',
    EFBIG: 'a size limit of this system was reached: raise it, then run the command again',
    EMFILE: 'too many files are open: raise the limit (ulimit -n), then run the command again',
    EACCES: "this user may not do that: check the folder's owner and mode",
    EROFS: 'the file system is read-only',
    ELOOP: 'a symbolic link stands in the way: remove it',
  };
  return new SealiftError('E_FILE', `${doing} ${path} failed (${reason})`, { hint: hints[reason], cause });
}

/**
 * Reads a whole file of at most `maxBytes`.
 * @throws E_NOT_FOUND, E_LIMIT, E_FILE
 */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await open(path, 'r').catch((cause: unknown) => Promise.reject(fileError(cause, 'opening', path)));
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(path, maxBytes);
    const bytes = await handle.readFile();
    if (bytes.length > maxBytes) throw tooLarge(path, maxBytes);
    return bytes;
  } catch (cause) {
    throw cause instanceof SealiftError ? cause : fileError(cause, 'reading', path);
  } finally {
    await handle.close();
  }
}

function tooLarge(path: string, maxBytes: number): SealiftError {
  return new SealiftError('E_LIMIT', `${path} is larger than ${maxBytes} bytes`, {
    hint: 'this is not a file of that kind',
  });
}

/** A file being written beside its later place; nothing is seen under that place before {@link publish}. */
export class TemporaryFile {
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  readonly #path: string;
  readonly target: string;
  #bytes = 0;
  #open = true;

  private constructor(handle: FileHandle, path: string, target: string) {
    this.#handle = handle;
    this.#path = path;
    this.target = target;
  }

  /** Opens a new temporary file in the folder of `target`. @throws E_FILE, E_NOT_FOUND when the folder is missing */
  static async create(target: string, mode: number = PRIVATE): Promise<TemporaryFile> {
    const random = createHash('sha256')
      .update(crypto.getRandomValues(new Uint8Array(16)))
      .digest('hex')
      .slice(0, 12);
    const path = join(dirname(target), `.${basename(target)}.tmp-${random}`);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    try {
      return new TemporaryFile(await open(path, flags, mode), path, target);
    } catch (cause) {
      throw fileError(cause, 'writing', target);
    }
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** SHA-256 of what was written; call once, at the end. */
  digest(): Digest {
    return parseDigest(`sha256:${this.#hash.digest('hex')}`);
  }

  /** Appends bytes; they may be reused once this resolves. @throws E_FILE */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done);
        done += bytesWritten;
      }
    } catch (cause) {
      throw fileError(cause, 'writing', this.target);
    }
    this.#bytes += bytes.length;
  }

  /** Forces the content to the disk and closes; the file is still hidden. @throws E_FILE */
  async settle(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (cause) {
      throw fileError(cause, 'writing', this.target);
    } finally {
      this.#open = false;
      await this.#handle.close();
    }
  }

  /**
   * Gives the settled file its name. `exclusive` refuses a name that is taken; otherwise an existing regular file is replaced.
   * @throws E_EXISTS, E_FILE
   */
  async publish(how: 'exclusive' | 'replace'): Promise<void> {
    try {
      if (how === 'exclusive') {
        await link(this.#path, this.target);
        await unlink(this.#path);
      } else {
        await rename(this.#path, this.target);
      }
      await syncFolder(dirname(this.target));
    } catch (cause) {
      throw fileError(cause, 'writing', this.target);
    }
  }

  /** Removes the temporary file; safe to call at any moment before {@link publish}. */
  async discard(): Promise<void> {
    if (this.#open) await this.#handle.close().catch(() => undefined);
    this.#open = false;
    await unlink(this.#path).catch(() => undefined);
  }
}

async function writeWhole(path: string, bytes: Uint8Array, how: 'exclusive' | 'replace', mode: number): Promise<void> {
  const file = await TemporaryFile.create(path, mode);
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

/** Forces a folder's entries to the disk, where the system can. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (cause) {
    // Some file systems and Windows refuse fsync on folders; the rename itself is still atomic there.
    if (!(cause instanceof Error && 'code' in cause && (cause.code === 'EINVAL' || cause.code === 'EPERM')))
      throw cause;
  } finally {
    await handle.close();
  }
}

/** Removes temporary files that a crash left in a folder. @returns how many */
export async function sweepTemporaries(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => TEMPORARY.test(name));
  for (const name of names) await unlink(join(folder, name));
  return names.length;
}

/** What stands under a path, without following a symlink; undefined when nothing does. @throws E_FILE */
export async function lookAt(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw fileError(cause, 'looking at', path);
  }
}
