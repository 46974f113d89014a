/**
 * Keyed digests: BLAKE2b (RFC 7693) of 32 bytes under a random 32-byte key (doc/format.md §1).
 * Whoever lacks the key can't test a guess of the content against the digest.
 */
import { encodeHex } from './hex.ts';
import { type KeyedDigest, parseKeyedDigest } from './ids.ts';
import { keyedHash, keyedHashFinal, keyedHashUpdate, type State } from './sodium.ts';

/** A keyed digest over bytes that come one piece after the other. Needs `await ready()`. */
export class KeyedHash {
  readonly #state: State;

  /** The key has 32 bytes; it is copied into libsodium's memory. */
  constructor(key: Uint8Array) {
    this.#state = keyedHash(key);
  }

  /** Adds bytes. */
  update(bytes: Uint8Array): this {
    keyedHashUpdate(this.#state, bytes);
    return this;
  }

  /** The digest of everything added; the object can't be used afterwards. */
  digest(): KeyedDigest {
    return parseKeyedDigest(`blake2b:${encodeHex(keyedHashFinal(this.#state))}`);
  }
}

/** The keyed digest of some bytes under a 32-byte key. Needs `await ready()`. */
export function keyedDigestOf(bytes: Uint8Array, key: Uint8Array): KeyedDigest {
  return new KeyedHash(key).update(bytes).digest();
}
