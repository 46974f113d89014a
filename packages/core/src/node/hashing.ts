/**
 * SHA-256 (FIPS 180-4) and scrypt (RFC 7914) by Node. A command that runs for a moment digests a few documents, for which JavaScript that
 * was just loaded takes longer than for everything else that it does with them; scrypt takes two thirds of the time.
 */
import { createHash, scrypt } from 'node:crypto';
import type { ScryptCost, Sha256State } from '../hashing.ts';

const KEY_BYTES = 32;

/** Begins a digest. */
export function beginSha256(): Sha256State {
  const hash = createHash('sha256');
  return {
    update: (bytes) => hash.update(bytes),
    digest: () => Uint8Array.from(hash.digest()),
  };
}

/** A key of 32 bytes from a passphrase. OpenSSL overwrites its working memory. */
export function scryptKey(passphrase: Uint8Array, salt: Uint8Array, { logN, r, p }: ScryptCost): Promise<Uint8Array> {
  const N = 2 ** logN;
  // What OpenSSL counts is a little more than the table.
  const cost = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, KEY_BYTES, cost, (error, key) =>
      error === null ? resolve(plainArray(key)) : reject(error),
    );
  });
}

/** The same memory, so that who wipes the key leaves none behind. */
function plainArray({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
