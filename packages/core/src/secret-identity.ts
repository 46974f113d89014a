/** The file of a secret identity: its seed in clear or locked by a passphrase under scrypt (doc/format.md §5). */
import { scryptKey } from '#hashing';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { canonicalJson } from './canonical.ts';
import { SealiftError } from './errors.ts';
import {
  type IdentityDocument,
  identityFromSeed,
  type NewIdentity,
  readIdentity,
  SEED_BYTES,
  type SecretIdentity,
} from './identity.ts';
import type { Fingerprint } from './ids.ts';
import { aeadDecrypt, aeadEncrypt, memzero, randomBytes } from './sodium.ts';
import { encodeUtf8 } from './utf8.ts';

/** A secret identity as a file holds it; the file has mode 0600. */
export interface SecretIdentityFile {
  readonly type: 'sealift.secret-identity.v1';
  readonly identity: IdentityDocument;
  readonly secret: PlainSeed | LockedSeed;
}

/** The seed in clear, for services without anyone to type a passphrase. */
export interface PlainSeed {
  readonly kdf: 'none';
  readonly seed: string;
}

/** The seed under a passphrase: scrypt (RFC 7914), then XChaCha20-Poly1305. */
export interface LockedSeed extends ScryptCost {
  readonly kdf: 'scrypt';
  readonly salt: string;
  readonly nonce: string;
  readonly sealed: string;
}

interface ScryptCost {
  /** Binary logarithm of the cost: 17–20, that is 128 MiB to 1 GiB. */
  readonly logN: number;
  readonly r: 8;
  readonly p: 1;
}

/** The fewest characters of a passphrase. */
export const MIN_PASSPHRASE = 12;

const COST: ScryptCost = { logN: 17, r: 8, p: 1 };
const SALT_BYTES = 16;
const NONCE_BYTES = 24;

/**
 * Writes an identity into a file's content, locked by a passphrase; in clear only when the passphrase is undefined.
 *
 * Throws `E_PASS` for a passphrase under 12 characters. Needs `await ready()`; takes about a second.
 */
export async function lockIdentity(
  { seed, secret }: NewIdentity,
  passphrase: string | undefined,
): Promise<SecretIdentityFile> {
  const file = { type: 'sealift.secret-identity.v1', identity: secret.identity.document } as const;
  if (passphrase === undefined) return { ...file, secret: { kdf: 'none', seed: encodeBase64(seed) } };
  const salt = encodeBase64(randomBytes(SALT_BYTES));
  const nonce = randomBytes(NONCE_BYTES);
  const key = await passphraseKey(checkedPassphrase(passphrase), salt, COST);
  const sealed = aeadEncrypt(seed, lockContext(secret.fingerprint, salt, COST), nonce, key);
  memzero(key);
  return {
    ...file,
    secret: { kdf: 'scrypt', ...COST, salt, nonce: encodeBase64(nonce), sealed: encodeBase64(sealed) },
  };
}

/** Whether a file needs a passphrase. */
export function isLocked(file: SecretIdentityFile): boolean {
  return file.secret.kdf === 'scrypt';
}

/**
 * Opens a file's identity, derives its public keys again and compares them with those that the file shows.
 *
 * Throws `E_PASS` for a missing or wrong passphrase or an altered file (one error for both), `E_KEY` when the keys differ,
 * and what {@link readIdentity} throws. Needs `await ready()`; takes about a second.
 */
export async function unlockIdentity(
  file: SecretIdentityFile,
  passphrase: string | undefined,
): Promise<SecretIdentity> {
  const identity = readIdentity(file.identity);
  const seed = await openSeed(file.secret, identity.fingerprint, passphrase);
  try {
    const { name, created } = file.identity.signed;
    const secret = identityFromSeed(seed, name, created);
    if (secret.fingerprint === identity.fingerprint) return secret;
    secret.wipe();
    throw new SealiftError('E_KEY', 'the secret of this file does not belong to the public keys beside it', {
      hint: 'restore the file from a backup',
    });
  } finally {
    memzero(seed);
  }
}

async function openSeed(
  secret: PlainSeed | LockedSeed,
  owner: Fingerprint,
  passphrase: string | undefined,
): Promise<Uint8Array> {
  if (secret.kdf === 'none') return seedOfLength(decodeBase64(secret.seed));
  if (passphrase === undefined) {
    throw new SealiftError('E_PASS', 'the identity is locked by a passphrase and none was given', {
      hint: 'type it at the prompt, or name a file with it in MIGRATE_PASSPHRASE_FILE',
    });
  }
  const key = await passphraseKey(passphrase, secret.salt, secret);
  const context = lockContext(owner, secret.salt, secret);
  const seed = aeadDecrypt(decodeBase64(secret.sealed), context, decodeBase64(secret.nonce), key);
  memzero(key);
  if (seed === undefined) {
    throw new SealiftError('E_PASS', 'the passphrase is wrong, or the file was altered', {
      hint: 'type the passphrase again',
    });
  }
  return seedOfLength(seed);
}

function seedOfLength(seed: Uint8Array): Uint8Array {
  if (seed.length !== SEED_BYTES)
    throw new SealiftError('E_KEY', `the seed has ${seed.length} bytes instead of ${SEED_BYTES}`);
  return seed;
}

/** Counts characters after normalisation, as they are hashed. */
function checkedPassphrase(passphrase: string): string {
  if (Array.from(passphrase.normalize('NFC')).length < MIN_PASSPHRASE) {
    throw new SealiftError('E_PASS', `a passphrase has at least ${MIN_PASSPHRASE} characters`, {
      hint: 'take five or more random words',
    });
  }
  return passphrase;
}

function passphraseKey(passphrase: string, salt: string, cost: ScryptCost): Promise<Uint8Array> {
  return scryptKey(encodeUtf8(passphrase.normalize('NFC')), decodeBase64(salt), cost);
}

/** What the lock is bound to: the identity and the parameters, so that neither can be exchanged. */
function lockContext(identity: Fingerprint, salt: string, { logN, r, p }: ScryptCost): Uint8Array {
  return canonicalJson({ type: 'sealift.secret-identity.v1', identity, logN, r, p, salt });
}
