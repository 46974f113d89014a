/**
 * Keyed digests: HMAC-SHA-256 (RFC 2104, FIPS 198-1) under a random 32-byte key (doc/format.md §1).
 * Whoever lacks the key can't test a guess of the content against the digest; whoever has it recomputes it with stock tools.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from './hex.ts';
import { type KeyedDigest, parseKeyedDigest } from './ids.ts';

/** A keyed digest over bytes that come one piece after the other. */
export interface KeyedHash {
  /** Adds bytes; they may be reused as soon as this returns. */
  update(bytes: Uint8Array): this;
  /** The digest of everything added; the object can't be used afterwards. */
  digest(): KeyedDigest;
  /** For a digest that is not wanted after all: overwrites what can be reached, and ends what computes it. */
  wipe(): void;
}

/** Begins a keyed digest under a key of 32 bytes, anywhere; `@sealift/core/node` has a faster one for Node. */
export function portableKeyedHash(key: Uint8Array): KeyedHash {
  const state = hmac.create(sha256, key);
  const hash: KeyedHash = {
    update: (bytes) => {
      state.update(bytes);
      return hash;
    },
    // noble overwrites the state, and with it what derives from the key.
    digest: () => keyedDigestText(state.digest()),
    wipe: () => state.destroy(),
  };
  return hash;
}

/** 32 bytes of HMAC-SHA-256, however computed, as written in documents. Throws `E_ENCODING` for another length. */
export function keyedDigestText(mac: Uint8Array): KeyedDigest {
  return parseKeyedDigest(`hmac-sha256:${encodeHex(mac)}`);
}

/** The keyed digest of some bytes under a 32-byte key. */
export function keyedDigestOf(bytes: Uint8Array, key: Uint8Array): KeyedDigest {
  return portableKeyedHash(key).update(bytes).digest();
}
