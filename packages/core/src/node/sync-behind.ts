/** Brings a file to the disk while more of it is written, so that the last `fsync` has little left to wait for. */
import type { FileHandle } from 'node:fs/promises';

/** So many bytes are written before they are brought to the disk; the page cache holds little more of the file that is not there yet. */
const BEHIND = 64 << 20;

/** One `fdatasync` at a time, each after {@link BEHIND} more bytes. */
export class SyncBehind {
  readonly #handle: FileHandle;
  #written = 0;
  #syncing: Promise<void> | undefined;
  /** What the first one that failed said: the system says it once, and a later `fsync` would succeed. */
  #failure: unknown;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Says that so many bytes more were written. */
  wrote(bytes: number): void {
    this.#written += bytes;
    if (this.#written < BEHIND || this.#syncing !== undefined) return;
    this.#written = 0;
    this.#syncing = this.#sync();
  }

  /** Resolves when nothing is being brought to the disk any more. Throws what the file system said, now or before. */
  async flush(): Promise<void> {
    await this.#syncing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when nothing is being brought to the disk any more, whether it succeeded or not. */
  async idle(): Promise<void> {
    await this.#syncing;
  }

  async #sync(): Promise<void> {
    try {
      await this.#handle.datasync();
    } catch (cause) {
      this.#failure ??= cause;
    } finally {
      this.#syncing = undefined;
    }
  }
}
