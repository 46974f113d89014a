/**
 * SHA-256 (FIPS 180-4) and scrypt (RFC 7914) in JavaScript, for browsers. In Node, `node/hashing.ts` stands in this file's place
 * (`imports` of package.json; doc/adr/0006).
 */
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** SHA-256 over bytes that come one piece after the other. */
export interface Sha256State {
  /** Adds bytes; they may be reused as soon as this returns. */
  update(bytes: Uint8Array): unknown;
  /** The 32 bytes of everything added; the object can't be used afterwards. */
  digest(): Uint8Array;
}

/** What scrypt costs: it takes 128 × 2^logN × r bytes of memory. */
export interface ScryptCost {
  /** Binary logarithm of N. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** Begins a digest. */
export function beginSha256(): Sha256State {
  return sha256.create();
}

/** A key of 32 bytes from a passphrase. */
export function scryptKey(passphrase: Uint8Array, salt: Uint8Array, { logN, r, p }: ScryptCost): Promise<Uint8Array> {
  return scryptAsync(passphrase, salt, { N: 2 ** logN, r, p, dkLen: 32 });
}
