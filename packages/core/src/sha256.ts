/** SHA-256 (FIPS 180-4): Node's where this runs in Node, and the same in JavaScript in browsers, which have it for whole texts alone. */
import { beginSha256 } from '#hashing';
import type { Sha256State } from './hashing.ts';
import { encodeHex } from './hex.ts';
import { type Digest, parseDigest } from './ids.ts';

/** The 32 bytes of SHA-256 over some bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const state = beginSha256();
  state.update(bytes);
  return state.digest();
}

/** The digest of some bytes, as written in documents. */
export function digestOf(bytes: Uint8Array): Digest {
  return digestText(sha256(bytes));
}

/** 32 bytes of SHA-256, however computed, as written in documents. Throws `E_ENCODING` for another length. */
export function digestText(hash: Uint8Array): Digest {
  return parseDigest(`sha256:${encodeHex(hash)}`);
}

/** SHA-256 over bytes that come one piece after the other. */
export class Sha256 {
  readonly #state: Sha256State = beginSha256();

  /** Adds bytes. */
  update(bytes: Uint8Array): this {
    this.#state.update(bytes);
    return this;
  }

  /** The digest of everything added; the object can't be used afterwards. */
  digest(): Digest {
    return digestText(this.#state.digest());
  }
}
