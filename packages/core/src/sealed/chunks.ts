/** Plaintext cut into the chunks of a sealed file (doc/format.md §9). Nothing heavy is imported: threads load this too. */
import { SealiftError } from '../errors.ts';
import type { ChunkSealer } from './stream-cipher.ts';

/** Bytes of plaintext in every chunk but the last. */
export const CHUNK_BYTES = 65536;
/** By how many bytes a chunk grows when it is sealed. */
export const CHUNK_OVERHEAD = 17;
/** The tag of every chunk but the last (crypto_secretstream_xchacha20poly1305_TAG_MESSAGE). */
export const TAG_MESSAGE = 0;
/** The tag of the last chunk (crypto_secretstream_xchacha20poly1305_TAG_FINAL). */
export const TAG_FINAL = 3;

/** Seals the chunks of one file, whatever pieces the plaintext comes in. Memory is one chunk. */
export class SealedChunks {
  readonly #stream: ChunkSealer;
  /** A full chunk waits here too: until more comes, it may be the last one. */
  readonly #pending = new Uint8Array(CHUNK_BYTES);
  #held = 0;
  #finished = false;

  constructor(stream: ChunkSealer) {
    this.#stream = stream;
  }

  /** Adds plaintext of any length; returns the sealed chunks that it completed, to be written in order. */
  push(plaintext: Uint8Array): readonly Uint8Array[] {
    if (this.#finished) throw new SealiftError('E_INTERNAL', 'the sealed file is already complete');
    const chunks: Uint8Array[] = [];
    let rest = plaintext;
    while (rest.length > 0) {
      if (this.#held === CHUNK_BYTES) chunks.push(this.#stream.seal(this.#take(), TAG_MESSAGE));
      // Whole chunks that are certainly not the last one need not be copied.
      while (this.#held === 0 && rest.length > CHUNK_BYTES) {
        chunks.push(this.#stream.seal(rest.subarray(0, CHUNK_BYTES), TAG_MESSAGE));
        rest = rest.subarray(CHUNK_BYTES);
      }
      const part = rest.subarray(0, CHUNK_BYTES - this.#held);
      this.#pending.set(part, this.#held);
      this.#held += part.length;
      rest = rest.subarray(part.length);
    }
    return chunks;
  }

  /** Returns the last chunk and forgets plaintext and keys. */
  finish(): Uint8Array {
    if (this.#finished) throw new SealiftError('E_INTERNAL', 'the sealed file is already complete');
    this.#finished = true;
    const chunk = this.#stream.seal(this.#take(), TAG_FINAL);
    this.wipe();
    return chunk;
  }

  /** Forgets plaintext and keys. */
  wipe(): void {
    this.#finished = true;
    this.#stream.wipe();
    this.#pending.fill(0);
  }

  #take(): Uint8Array {
    const chunk = this.#pending.subarray(0, this.#held);
    this.#held = 0;
    return chunk;
  }
}
