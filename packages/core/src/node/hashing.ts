/**
 * SHA-256 (FIPS 180-4) and scrypt (RFC 7914) by Node. A command that runs for a moment digests a few documents, for which JavaScript that
 * was just loaded takes longer than for everything else that it does with them; scrypt takes a third of the time.
 */
import { createHash, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { ScryptCost, Sha256State } from '../hashing.ts';

const KEY_BYTES = 32;

const deriveKey: (
  passphrase: Uint8Array,
  salt: Uint8Array,
  length: number,
  cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
) => Promise<Buffer> = promisify(scrypt);

/** Begins a digest. */
export function beginSha256(): Sha256State {
  const hash = createHash('sha256');
  return {
    update: (bytes) => hash.update(bytes),
    digest: () => Uint8Array.from(hash.digest()),
  };
}

/** A key of 32 bytes from a passphrase. OpenSSL overwrites its working memory. */
export async function scryptKey(
  passphrase: Uint8Array,
  salt: Uint8Array,
  { logN, r, p }: ScryptCost,
): Promise<Uint8Array> {
  const N = 2 ** logN;
  // What OpenSSL counts is a little more than the table.
  const key = await deriveKey(passphrase, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r });
  const copy = Uint8Array.from(key);
  key.fill(0);
  return copy;
}
