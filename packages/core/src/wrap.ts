/** Wrapped keys: a 32-byte key that only one identity can unwrap (doc/format.md §8). */
import { decodeBase64, encodeBase64 } from './base64.ts';
import { canonicalJson } from './canonical.ts';
import { SealiftError } from './errors.ts';
import type { Identity, SecretIdentity } from './identity.ts';
import type { Fingerprint } from './ids.ts';
import { aeadDecrypt, aeadEncrypt, deriveKey, encapsulate, memzero, sealBox } from './sodium.ts';

/**
 * How keys are wrapped. `sealedbox` is X25519 alone: open to whoever keeps the ciphertext until there is a quantum
 * computer; `xwing-sealedbox` puts that sealed box inside a layer keyed by X-Wing.
 */
export type Suite = 'xwing-sealedbox' | 'sealedbox';

/** A key wrapped for one identity, as JSON holds it; binary members in base64. */
export interface WrappedKey {
  readonly recipient: Fingerprint;
  /** X-Wing ciphertext, 1120 bytes; absent in the suite `sealedbox`. */
  readonly kem?: string;
  /** 96 bytes, or 80 in the suite `sealedbox`. */
  readonly box: string;
}

/** What a wrapped key belongs to. */
export interface WrapContext {
  readonly suite: Suite;
  /** `file`: the file key of a sealed file; `digest`: the key of keyed digests. */
  readonly purpose: 'file' | 'digest';
  readonly job: string;
  /** Empty for a digest key. */
  readonly dataset: string;
}

/** Bytes of a key that is wrapped. */
export const WRAPPED_KEY_BYTES = 32;

const OUTER_CONTEXT = 'SL-xwrap';
/** May be constant: the key under it is new for every wrap. */
const OUTER_NONCE = new Uint8Array(24);

/** Wraps a 32-byte key for one identity. Needs `await ready()`. */
export function wrapKey(key: Uint8Array, recipient: Identity, context: WrapContext): WrappedKey {
  const inner = sealBox(key, recipient.box);
  if (context.suite === 'sealedbox') return { recipient: recipient.fingerprint, box: encodeBase64(inner) };
  const { ciphertext, sharedSecret } = encapsulate(recipient.kem);
  const kem = encodeBase64(ciphertext);
  const outerKey = deriveKey(1, OUTER_CONTEXT, sharedSecret);
  const box = aeadEncrypt(inner, contextBytes(recipient.fingerprint, kem, context), OUTER_NONCE, outerKey);
  memzero(sharedSecret);
  memzero(outerKey);
  return { recipient: recipient.fingerprint, kem, box: encodeBase64(box) };
}

/**
 * Wraps a key for several identities, sorted by fingerprint. Throws `E_SHARED` when one is named twice.
 * Needs `await ready()`; takes about a millisecond for each.
 */
export function wrapKeyForAll(
  key: Uint8Array,
  recipients: readonly Identity[],
  context: WrapContext,
): readonly WrappedKey[] {
  if (new Set(recipients.map(({ fingerprint }) => fingerprint)).size !== recipients.length) {
    throw new SealiftError('E_SHARED', 'two recipients have the same identity', { hint: 'name each recipient once' });
  }
  return recipients
    .map((recipient) => wrapKey(key, recipient, context))
    .sort((left, right) => (left.recipient < right.recipient ? -1 : 1));
}

/** The wrap that is addressed to an identity. Throws `E_NO_MATCH` when there is none. */
export function findWrappedKey(keys: readonly WrappedKey[], fingerprint: Fingerprint): WrappedKey {
  const wrapped = keys.find(({ recipient }) => recipient === fingerprint);
  if (wrapped === undefined) {
    throw new SealiftError('E_NO_MATCH', 'this is not sealed for your identity', {
      hint: 'check with "migrate identity show" that you use the identity that the instructions name',
    });
  }
  return wrapped;
}

/**
 * Unwraps the key that is addressed to this identity; the caller wipes it.
 *
 * Throws `E_NO_MATCH` when none is, `E_SUITE` when the wrap is of the other suite, `E_ENVELOPE` when it can't be opened:
 * it was altered, or made for another job, dataset or purpose. Needs `await ready()`.
 */
export function unwrapKey(keys: readonly WrappedKey[], secret: SecretIdentity, context: WrapContext): Uint8Array {
  const wrapped = findWrappedKey(keys, secret.fingerprint);
  checkSuite([wrapped], context.suite);
  const inner = context.suite === 'sealedbox' ? decodeBase64(wrapped.box) : openOuter(wrapped, secret, context);
  const key = inner && secret.openBox(inner);
  if (key?.length !== WRAPPED_KEY_BYTES) {
    throw new SealiftError('E_ENVELOPE', 'the key that is wrapped for your identity can not be unwrapped', {
      hint: 'the file was altered or made wrongly; ask for it again',
    });
  }
  return key;
}

/** One file never mixes suites. Throws `E_SUITE`. */
export function checkSuite(keys: readonly WrappedKey[], suite: Suite): void {
  if (keys.some(({ kem }) => (kem === undefined) !== (suite === 'sealedbox'))) {
    throw new SealiftError('E_SUITE', `a key is not wrapped in the suite ${suite}`, {
      hint: 'the file was altered or made wrongly; ask for it again',
    });
  }
}

function openOuter(
  { kem = '', box, recipient }: WrappedKey,
  secret: SecretIdentity,
  context: WrapContext,
): Uint8Array | undefined {
  const sharedSecret = secret.decapsulate(decodeBase64(kem));
  if (sharedSecret === undefined) return undefined;
  const outerKey = deriveKey(1, OUTER_CONTEXT, sharedSecret);
  memzero(sharedSecret);
  const inner = aeadDecrypt(decodeBase64(box), contextBytes(recipient, kem, context), OUTER_NONCE, outerKey);
  memzero(outerKey);
  return inner;
}

function contextBytes(recipient: Fingerprint, kem: string, { suite, purpose, job, dataset }: WrapContext): Uint8Array {
  return canonicalJson({ type: 'sealift.wrap.v1', suite, purpose, job, dataset, recipient, kem });
}
