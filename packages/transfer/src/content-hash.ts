/** The digest of a file while it is moved. */
import { createHash, type Hash } from 'node:crypto';
import { BackgroundHash } from '@sealift/core/node/digest';

/** From so many bytes on, a thread for the digest is worth it: the connection's cipher keeps this one busy. */
const LARGE_BYTES = 8 << 20;

/** SHA-256 of bytes that come in order. */
export class ContentHash {
  readonly #hash: Hash | BackgroundHash;

  /** @param bytes how many will come, about */
  constructor(bytes: number) {
    this.#hash = bytes >= LARGE_BYTES ? new BackgroundHash() : createHash('sha256');
  }

  /** Adds bytes, which may be reused as soon as this returns. */
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** `sha256:` and 64 lower-case hexadecimal digits; call once, at the end. */
  digest(): string {
    return `sha256:${Buffer.from(this.#hash.digest()).toString('hex')}`;
  }

  /** To be called when the digest is not wanted any more. */
  drop(): void {
    if (this.#hash instanceof BackgroundHash) this.#hash.wipe();
  }
}
