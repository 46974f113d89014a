/**
 * The digest key of an extraction: keyed digests of plaintext can be checked by the recipients and the controller's signers, and
 * guess-tested by nobody else (doc/format.md section 10).
 */
import type { Identity, SecretIdentity } from './identity.ts';
import type { JobId } from './ids.ts';
import type { VerifiedInstructions } from './instructions.ts';
import { memzero, randomBytes } from './sodium.ts';
import type { Extraction } from './statement.ts';
import { unwrapKey, WRAPPED_KEY_BYTES, type WrappedKey, wrapKeyForAll } from './wrap.ts';

/** A new digest key: in clear until it is wiped, and wrapped for those who may check. */
export interface DigestKey {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly wraps: readonly WrappedKey[];
  /** Overwrites the key. */
  wipe(): void;
}

/** Makes a digest key for every recipient and every signer of the roster. */
export function newDigestKey(instructions: VerifiedInstructions): DigestKey {
  const { recipients, roster, signed } = instructions;
  const readers = new Map<string, Identity>(roster.signers);
  for (const [fingerprint, { identity }] of recipients) readers.set(fingerprint, identity);
  const key = randomBytes(WRAPPED_KEY_BYTES);
  const context = { suite: signed.suite, purpose: 'digest', job: signed.job, dataset: '' } as const;
  return { key, wraps: wrapKeyForAll(key, [...readers.values()], context), wipe: () => memzero(key) };
}

/** Unwraps an extraction's digest key, 32 bytes; the caller wipes it. @throws E_NO_MATCH, E_ENVELOPE, E_SUITE */
export function openDigestKey(extraction: Extraction, job: JobId, secret: SecretIdentity): Uint8Array {
  return unwrapKey(extraction.digestKey, secret, { suite: extraction.suite, purpose: 'digest', job, dataset: '' });
}
