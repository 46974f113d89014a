/** Brings a file to the disk while more of it is written, so that the last `fsync` has little left to wait for. */
import type { FileHandle } from 'node:fs/promises';

/** So many bytes are written before they are brought to the disk; the page cache holds little more of the file that is not there yet. */
const BEHIND = 64 << 20;

/** One `fdatasync` at a time, each after {@link BEHIND} more bytes. */
export class SyncBehind {
  readonly #handle: FileHandle;
  #written = 0;
  #isSyncing = false;
  /** Rejects for good once one failed: the system says it once, and a later `fsync` would succeed. */
  #synced: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Says that so many bytes more were written. */
  wrote(bytes: number): void {
    this.#written += bytes;
    if (this.#written < BEHIND || this.#isSyncing) return;
    this.#written = 0;
    this.#synced = this.#sync(this.#synced);
    // Who flushes hears of a failure; until then it must not count as unhandled.
    this.#synced.catch(() => undefined);
  }

  /** Resolves when nothing is being brought to the disk any more. Throws what the file system said, now or before. */
  async flush(): Promise<void> {
    await this.#synced;
  }

  /** Resolves when nothing is being brought to the disk any more, whether it succeeded or not. */
  async idle(): Promise<void> {
    await this.#synced.catch(() => undefined);
  }

  async #sync(before: Promise<void>): Promise<void> {
    this.#isSyncing = true;
    try {
      await before;
      await this.#handle.datasync();
    } finally {
      this.#isSyncing = false;
    }
  }
}
