/**
 * Reads of a file from its beginning to its end. What lies in memory is read in this thread: to wake another one and to be woken by it
 * takes longer. Where the disk has to be waited for, another thread waits, and the caller works on what was read before.
 */
import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { SealiftError } from '../errors.ts';
import { closeAfterReading } from './file.ts';
import { fileError } from './file-error.ts';

/** Bytes a millisecond: memory gives more, a disk or a network less. */
const OF_MEMORY = 1_000_000;
/** A read of less tells nothing about where the bytes were. */
const TELLING: number = 1 << 19;
/** So many reads one after the other had to wait: one alone may have been interrupted by any other thread. */
const WAITED = 3;
/** Then so many are left to another thread. */
const LEFT = 64;
/** After so many bytes read in this thread, others have a turn: a bar of progress, a signal. */
const TURN: number = 8 << 20;
/** Fewer and larger pieces than a stream's. */
const PIECE: number = 1 << 20;

/** The bytes of an open file, in order. */
export class FileReading {
  readonly #handle: FileHandle;
  readonly #clock: () => number;
  #position = 0;
  /** Reads one after the other that had to wait. */
  #waited = 0;
  /** Reads that are still to be left to another thread. */
  #left = 0;
  /** Bytes read in this thread since others had a turn. */
  #inTurn = 0;

  /**
   * @param handle an open file, which the caller closes
   * @param clock milliseconds, from any beginning
   */
  constructor(handle: FileHandle, clock: () => number = () => performance.now()) {
    this.#handle = handle;
    this.#clock = clock;
  }

  /** How many bytes were read. */
  get position(): number {
    return this.#position;
  }

  /** Reads up to `into.length` bytes; 0 at the end. One read at a time. Throws what the file system says. */
  async read(into: Uint8Array): Promise<number> {
    const count = this.#left > 0 ? await this.#readBeside(into) : await this.#readHere(into);
    this.#position += count;
    return count;
  }

  async #readHere(into: Uint8Array): Promise<number> {
    if (this.#inTurn >= TURN) {
      this.#inTurn = 0;
      await setImmediate();
    }
    const begun = this.#clock();
    const count = readSync(this.#handle.fd, into, 0, into.length, this.#position);
    this.#inTurn += count;
    this.#waited = (this.#clock() - begun) * OF_MEMORY > Math.max(count, TELLING) ? this.#waited + 1 : 0;
    if (this.#waited === WAITED) [this.#waited, this.#left] = [0, LEFT];
    return count;
  }

  async #readBeside(into: Uint8Array): Promise<number> {
    this.#left -= 1;
    return (await this.#handle.read(into, 0, into.length, this.#position)).bytesRead;
  }

  /**
   * The bytes of a file, in pieces of up to 1 MiB. A piece is overwritten once the next is asked for: copy what must stay.
   * @throws E_NOT_FOUND, E_FILE
   */
  static async *pieces(path: string): AsyncGenerator<Uint8Array, void, undefined> {
    const handle = await open(path, 'r').catch((cause: unknown) => Promise.reject(fileError(cause, 'opening', path)));
    const file = new FileReading(handle);
    let reading: Promise<number> = Promise.resolve(0);
    const begin = (into: Uint8Array): Promise<number> => {
      reading = file.read(into);
      // Whoever awaits it hears of a failure; until then it must not count as unhandled.
      reading.catch(() => undefined);
      return reading;
    };
    let [next, spare] = [new Uint8Array(PIECE), new Uint8Array(PIECE)];
    try {
      for (let count = await begin(next); count > 0; count = await reading) {
        void begin(spare);
        yield next.subarray(0, count);
        [next, spare] = [spare, next];
      }
    } catch (cause) {
      throw cause instanceof SealiftError ? cause : fileError(cause, 'reading', path);
    } finally {
      await reading.catch(() => undefined);
      next.fill(0);
      spare.fill(0);
      await closeAfterReading(handle);
    }
  }
}
