/**
 * The end of an extraction: plaintext goes in and is hashed if need be, and its sealed chunks are written to an open file and hashed. All of it in one place, so
 * that it can be a thread's: no sealed byte is copied or handed on. Nothing heavy is imported: the thread loads this file alone.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { writev, writevSync } from 'node:fs';
import { CHUNK_BYTES, CHUNK_OVERHEAD, SealedChunks } from '../sealed/chunks.ts';
import type { StreamCipher, StreamStart } from '../sealed/stream-cipher.ts';
import type { Consumer } from './background-task.ts';
import { nodeCipher } from './secretstream.ts';
import { after } from './written-parts.ts';

/** Bytes of the result: the file's SHA-256 and, as a little-endian integer of 64 bits, its length. */
export const RESULT_BYTES = 40;
/** The same, and the keyed digest of the plaintext. */
export const RESULT_BYTES_WITH_DIGEST = 72;
const DIGEST_BYTES = 32;
const KEY_BYTES = 32;

/** How much is gathered for one call of the system. */
const GATHERED = 1 << 20;

/** What the thread is given, but for the keys: the stream's, and behind it that of the plaintext's digest, where that is wanted here. */
export interface SealedOutputStart extends Omit<StreamStart, 'key'> {
  /** The open file, which holds `beginning` already. */
  readonly descriptor: number;
  /** What stands before the first chunk. */
  readonly beginning: Uint8Array;
}

/** Where chunks lie until they are written: memory that is used again, which the processor still has at hand. */
class ChunkMemory {
  readonly #bytes = new Uint8Array(GATHERED + 8 * (CHUNK_BYTES + CHUNK_OVERHEAD));
  #used = 0;

  /** Memory of its own, where a caller seals so much at once that there is not enough. */
  take(bytes: number): Uint8Array {
    if (this.#used + bytes > this.#bytes.length) return new Uint8Array(bytes);
    this.#used += bytes;
    return this.#bytes.subarray(this.#used - bytes, this.#used);
  }

  release(): void {
    this.#used = 0;
  }
}

/** Seals and hashes, and gathers what is to be written. */
class SealedParts {
  readonly #chunks: SealedChunks;
  readonly #hash: Hash;
  readonly #plaintext: Hmac | undefined;
  #memory = new ChunkMemory();
  #spare = new ChunkMemory();
  #parts: Uint8Array[] = [];
  #gathered = 0;
  #bytes: number;

  constructor({ beginning, header, context }: SealedOutputStart, keys: Uint8Array, cipher: StreamCipher) {
    const [key, digestKey] = [keys.subarray(0, KEY_BYTES), keys.subarray(KEY_BYTES)];
    this.#plaintext = digestKey.length === 0 ? undefined : createHmac('sha256', digestKey);
    this.#chunks = new SealedChunks(cipher.sealing({ key, header, context }, (bytes) => this.#memory.take(bytes)));
    this.#hash = createHash('sha256').update(beginning);
    this.#bytes = beginning.length;
  }

  /** Says whether there is enough to be written. */
  push(plaintext: Uint8Array): boolean {
    this.#plaintext?.update(plaintext);
    for (const chunk of this.#chunks.push(plaintext)) this.#append(chunk);
    return this.#gathered >= GATHERED;
  }

  end(): void {
    this.#append(this.#chunks.finish());
  }

  /** What was gathered, to be written; it stays as it is until the next call. */
  take(): readonly Uint8Array[] {
    const parts = this.#parts;
    [this.#memory, this.#spare] = [this.#spare, this.#memory];
    this.#memory.release();
    this.#parts = [];
    this.#gathered = 0;
    return parts;
  }

  /** The result over all of it. */
  result(): Uint8Array {
    const result = new Uint8Array(this.#plaintext === undefined ? RESULT_BYTES : RESULT_BYTES_WITH_DIGEST);
    result.set(this.#hash.digest());
    new DataView(result.buffer).setBigUint64(DIGEST_BYTES, BigInt(this.#bytes), true);
    if (this.#plaintext !== undefined) result.set(this.#plaintext.digest(), RESULT_BYTES);
    return result;
  }

  #append(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#parts.push(chunk);
    this.#gathered += chunk.length;
    this.#bytes += chunk.length;
  }
}

/** Seals, hashes and writes, in the caller's thread. What the file system says is thrown as it is. */
export class SealedOutput implements Consumer {
  readonly #descriptor: number;
  readonly #sealed: SealedParts;

  constructor(start: SealedOutputStart, keys: Uint8Array, cipher: StreamCipher) {
    this.#descriptor = start.descriptor;
    this.#sealed = new SealedParts(start, keys, cipher);
  }

  update(plaintext: Uint8Array): void {
    if (this.#sealed.push(plaintext)) this.#write();
  }

  finish(): Uint8Array {
    this.#sealed.end();
    this.#write();
    return this.#sealed.result();
  }

  #write(): void {
    let parts = this.#sealed.take();
    while (parts.length > 0) parts = after(parts, writevSync(this.#descriptor, parts));
  }
}

/** How many bytes the system took. */
const writeParts = (descriptor: number, parts: readonly Uint8Array[]): Promise<number> =>
  new Promise((resolve, reject) => {
    writev(descriptor, parts, (failure, written) => (failure === null ? resolve(written) : reject(failure)));
  });

/** The same in a thread of its own, which goes on sealing while the system writes. */
class SealedOutputThread {
  readonly #descriptor: number;
  readonly #sealed: SealedParts;
  #writing: Promise<void> = Promise.resolve();

  constructor(start: SealedOutputStart, keys: Uint8Array) {
    this.#descriptor = start.descriptor;
    this.#sealed = new SealedParts(start, keys, nodeCipher);
  }

  /** What it promises comes when the former write has ended and this one has begun. */
  update(plaintext: Uint8Array): Promise<void> | undefined {
    return this.#sealed.push(plaintext) ? this.#writeNext() : undefined;
  }

  async finish(): Promise<Uint8Array> {
    this.#sealed.end();
    await this.#writeNext();
    await this.#writing;
    return this.#sealed.result();
  }

  async idle(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  async #writeNext(): Promise<void> {
    const parts = this.#sealed.take();
    await this.#writing;
    this.#writing = this.#write(parts);
    // Who writes next hears of a failure; until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
  }

  async #write(parts: readonly Uint8Array[]): Promise<void> {
    for (let rest = parts; rest.length > 0; ) {
      rest = after(rest, await writeParts(this.#descriptor, rest));
    }
  }
}

/** What seals in the thread. */
export function sealedOutput(start: SealedOutputStart, keys: Uint8Array): SealedOutputThread {
  return new SealedOutputThread(start, keys);
}
