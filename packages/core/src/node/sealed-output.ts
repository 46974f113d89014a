/**
 * The end of an extraction: plaintext goes in, and its sealed chunks are written to an open file and hashed. All of it in one place, so
 * that it can be a thread's: no sealed byte is copied or handed on. Nothing heavy is imported: the thread loads this file alone.
 */
import { createHash, type Hash } from 'node:crypto';
import { writevSync } from 'node:fs';
import { CHUNK_BYTES, CHUNK_OVERHEAD, SealedChunks } from '../sealed/chunks.ts';
import type { StreamCipher, StreamStart } from '../sealed/stream-cipher.ts';
import type { Consumer } from './background-task.ts';
import { nodeCipher } from './secretstream.ts';
import { after } from './written-parts.ts';

/** Bytes of the result: the file's SHA-256 and, as a little-endian integer of 64 bits, its length. */
export const RESULT_BYTES = 40;
const DIGEST_BYTES = 32;

/** How much is gathered for one call of the system. */
const GATHERED = 1 << 20;

/** What the thread is given, but for the key. */
export interface SealedOutputStart extends Omit<StreamStart, 'key'> {
  /** The open file, which holds `beginning` already. */
  readonly descriptor: number;
  /** What stands before the first chunk. */
  readonly beginning: Uint8Array;
}

/** The consumer as the thread makes it. */
export function sealedOutput(start: SealedOutputStart, key: Uint8Array): SealedOutput {
  return new SealedOutput(start, key, nodeCipher);
}

/** Seals, writes and hashes. What the file system says is thrown as it is. */
export class SealedOutput implements Consumer {
  readonly #descriptor: number;
  readonly #chunks: SealedChunks;
  readonly #hash: Hash;
  #parts: Uint8Array[] = [];
  #gathered = 0;
  #bytes: number;
  /** Where chunks lie until they are written: the same memory every time, which the processor still has at hand. */
  readonly #memory = new Uint8Array(GATHERED + 8 * (CHUNK_BYTES + CHUNK_OVERHEAD));
  #used = 0;

  constructor({ descriptor, beginning, header, context }: SealedOutputStart, key: Uint8Array, cipher: StreamCipher) {
    this.#descriptor = descriptor;
    this.#chunks = new SealedChunks(cipher.sealing({ key, header, context }, (bytes) => this.#take(bytes)));
    this.#hash = createHash('sha256').update(beginning);
    this.#bytes = beginning.length;
  }

  update(plaintext: Uint8Array): void {
    for (const chunk of this.#chunks.push(plaintext)) this.#append(chunk);
    if (this.#gathered >= GATHERED) this.#write();
  }

  finish(): Uint8Array {
    this.#append(this.#chunks.finish());
    this.#write();
    const result = new Uint8Array(RESULT_BYTES);
    result.set(this.#hash.digest());
    new DataView(result.buffer).setBigUint64(DIGEST_BYTES, BigInt(this.#bytes), true);
    return result;
  }

  /** Of the memory that is there; of its own, where a caller seals so much at once that there is not enough. */
  #take(bytes: number): Uint8Array {
    if (this.#used + bytes > this.#memory.length) return new Uint8Array(bytes);
    this.#used += bytes;
    return this.#memory.subarray(this.#used - bytes, this.#used);
  }

  #append(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#parts.push(chunk);
    this.#gathered += chunk.length;
    this.#bytes += chunk.length;
  }

  #write(): void {
    for (let rest: readonly Uint8Array[] = this.#parts; rest.length > 0; ) {
      rest = after(rest, writevSync(this.#descriptor, rest));
    }
    this.#parts = [];
    this.#gathered = 0;
    this.#used = 0;
  }
}
