/** Writes of a file that happen while the caller goes on. */
import type { FileHandle } from 'node:fs/promises';
import { after } from './written-parts.ts';

/** How much is gathered for one call of the system. */
const GATHERED = 1 << 20;

/**
 * Gathers what is appended to a file and writes it in the background, one write at a time: at most twice a mebibyte and the
 * parts of one call wait. A write that failed is reported by the next call.
 */
export class WriteBehind {
  readonly #handle: FileHandle;
  #parts: Uint8Array[] = [];
  #length = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Appends parts, which must not change until {@link flush} resolves. Throws what the file system says. */
  async append(parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      if (part.length === 0) continue;
      this.#parts.push(part);
      this.#length += part.length;
    }
    if (this.#length >= GATHERED) await this.#writeNext();
  }

  /** Resolves when everything appended was written. Throws what the file system says. */
  async flush(): Promise<void> {
    await this.#writeNext();
    await this.#writing;
  }

  /** Resolves when nothing is being written any more, whether it succeeded or not. */
  async idle(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  async #writeNext(): Promise<void> {
    const parts = this.#parts;
    this.#parts = [];
    this.#length = 0;
    await this.#writing;
    this.#writing = this.#write(parts);
    // Whoever waits for it next hears of a failure; until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
  }

  async #write(parts: readonly Uint8Array[]): Promise<void> {
    for (let rest = parts; rest.length > 0; ) {
      const { bytesWritten } = await this.#handle.writev(rest);
      rest = after(rest, bytesWritten);
    }
  }
}
