/** SHA-256 (FIPS 180-4): one code path for Node and browsers. Where gigabytes are hashed, callers may use the platform's. */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from './hex.ts';
import { type Digest, parseDigest } from './ids.ts';

/** The 32 bytes of SHA-256 over some bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
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
  readonly #hash: ReturnType<typeof nobleSha256.create> = nobleSha256.create();

  /** Adds bytes. */
  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }

  /** The digest of everything added; the object can't be used afterwards. */
  digest(): Digest {
    return digestText(this.#hash.digest());
  }
}
