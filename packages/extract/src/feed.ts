/** Fills a scanner from a source, and reads ahead of it where the source can be read while the scanner works. */
import type { Scanner } from './scanner.ts';
import type { Source } from './source.ts';
import { Utf16Source } from './utf16.ts';

/** What the scanner of one dataset is fed with. */
export class Feed {
  readonly scanner: Scanner;
  readonly #source: Source;
  readonly #onRead: (() => void) | undefined;
  #bytesRead = 0;
  /** A read into room that nobody else uses. */
  #ahead: Promise<number> | undefined;

  /** `onRead` is called once a chunk. */
  constructor(source: Source, scanner: Scanner, onRead?: () => void) {
    this.#source = source;
    this.scanner = scanner;
    this.#onRead = onRead;
  }

  /** Bytes that were read of the source, as they are there. */
  get bytesRead(): number {
    return this.#source instanceof Utf16Source ? this.#source.sourceBytes : this.#bytesRead;
  }

  /**
   * Feeds one more chunk; false when the source had ended before. To be called when the scanner wants more bytes.
   * @throws SealiftError what the source and the scanner's `space` throw
   */
  async more(): Promise<boolean> {
    const { scanner } = this;
    if (scanner.finished) return false;
    const count = await (this.#ahead ?? this.#source.read(scanner.space()));
    this.#ahead = undefined;
    this.#bytesRead += count;
    if (count === 0) scanner.finish();
    else scanner.fill(count);
    if (count > 0) this.#readAhead();
    this.#onRead?.();
    return true;
  }

  /** Resolves when nothing is written into the scanner's memory any more. */
  async settle(): Promise<void> {
    await this.#ahead?.catch(() => undefined);
  }

  #readAhead(): void {
    const room = this.scanner.room();
    if (room === undefined) return;
    this.#ahead = this.#source.read(room);
    // Whoever waits for it next hears of a failure; until then it must not count as unhandled.
    this.#ahead.catch(() => undefined);
  }
}
