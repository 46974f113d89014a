/**
 * Identities: a person's or service's keys to sign and to receive (doc/format.md §5). The public half is signed by itself;
 * the secret half is derived from one 32-byte seed.
 */
import { decodeBase64, encodeBase64 } from './base64.ts';
import { canonicalJson } from './canonical.ts';
import { type SignedDocument, type Signer, signDocument, verifySignature } from './envelope.ts';
import { SealiftError } from './errors.ts';
import { fingerprintText } from './fingerprint.ts';
import type { Fingerprint, UtcTime } from './ids.ts';
import { checkBoxKey, checkKemKey, checkSignKey } from './public-key.ts';
import { sha256 } from './sha256.ts';
import {
  boxKeyPair,
  decapsulate,
  deriveKey,
  type KeyPair,
  kemKeyPair,
  memzero,
  openBox,
  randomBytes,
  signDetached,
  signKeyPair,
} from './sodium.ts';

/** The members of a public identity; keys in base64. */
export interface PublicIdentity {
  readonly type: 'sealift.identity.v1';
  /** Who: a person or a service, 1–200 characters. */
  readonly name: string;
  /** Ed25519, 32 bytes. */
  readonly sign: string;
  /** X25519, 32 bytes. */
  readonly box: string;
  /** X-Wing, 1216 bytes. */
  readonly kem: string;
  readonly created: UtcTime;
}

/** A public identity as a file or another document holds it. */
export type IdentityDocument = SignedDocument<PublicIdentity>;

/** An identity whose keys and self-signature were checked; keys as raw bytes. */
export interface Identity {
  readonly document: IdentityDocument;
  readonly fingerprint: Fingerprint;
  readonly name: string;
  /** Ed25519, 32 bytes. */
  readonly sign: Uint8Array;
  /** X25519, 32 bytes. */
  readonly box: Uint8Array;
  /** X-Wing, 1216 bytes. */
  readonly kem: Uint8Array;
}

/** The fingerprint of an identity: SHA-256 over its three keys and the type, and nothing else. */
export function identityFingerprint({ box, kem, sign, type }: PublicIdentity): Fingerprint {
  return fingerprintText(sha256(canonicalJson({ box, kem, sign, type })));
}

/**
 * Checks an identity: each of its keys, then the one signature, which must be its own and cover them all.
 *
 * Throws `E_KEY`, `E_KEY_WEAK`, `E_ENCODING`, `E_UNSIGNED`. Needs `await ready()`.
 */
export function readIdentity(document: IdentityDocument): Identity {
  const { signed } = document;
  const sign = decodeBase64(signed.sign);
  const box = decodeBase64(signed.box);
  const kem = decodeBase64(signed.kem);
  checkSignKey(sign);
  checkBoxKey(box);
  checkKemKey(kem);
  const fingerprint = identityFingerprint(signed);
  const identity = { document, fingerprint, name: signed.name, sign, box, kem };
  checkSelfSignature(identity);
  return identity;
}

function checkSelfSignature(identity: Identity): void {
  const { signatures } = identity.document;
  try {
    verifySignature(identity.document, identity);
  } catch (cause) {
    if (cause instanceof SealiftError && cause.code === 'E_UNSIGNED') throw cause;
    throw notItsOwn(cause);
  }
  if (signatures.length !== 1) throw notItsOwn(undefined);
}

function notItsOwn(cause: unknown): SealiftError {
  return new SealiftError('E_KEY', 'the identity is not signed by its own key, over all of its keys, and by no other', {
    hint: 'ask its owner for the identity again and compare the fingerprint',
    cause,
  });
}

/** Bytes of the seed that everything of an identity is derived from. */
export const SEED_BYTES = 32;

/** A new identity: what may be locked into a file, and what can sign and open at once. */
export interface NewIdentity {
  /** 32 secret bytes; the caller wipes them once they are locked into a file. */
  readonly seed: Uint8Array;
  readonly secret: SecretIdentity;
}

/** Makes an identity from a random seed. Needs `await ready()`. */
export function createIdentity(name: string, created: UtcTime): NewIdentity {
  const seed = randomBytes(SEED_BYTES);
  return { seed, secret: identityFromSeed(seed, name, created) };
}

/** The identity of a 32-byte seed; the same seed, name and time give the same document. Needs `await ready()`. */
export function identityFromSeed(seed: Uint8Array, name: string, created: UtcTime): SecretIdentity {
  return new SecretIdentity(seed, name, created);
}

/** What can sign and open for an identity; its secret keys never leave it. */
export class SecretIdentity implements Signer {
  readonly fingerprint: Fingerprint;
  /** The public half, self-signed and checked. */
  readonly identity: Identity;
  readonly #sign: KeyPair;
  readonly #box: KeyPair;
  readonly #kem: KeyPair;

  constructor(seed: Uint8Array, name: string, created: UtcTime) {
    this.#sign = derivePair(1, 'SLidsign', seed, signKeyPair);
    this.#box = derivePair(2, 'SLid-box', seed, boxKeyPair);
    this.#kem = derivePair(3, 'SLid-kem', seed, kemKeyPair);
    const signed: PublicIdentity = {
      type: 'sealift.identity.v1',
      name,
      sign: encodeBase64(this.#sign.publicKey),
      box: encodeBase64(this.#box.publicKey),
      kem: encodeBase64(this.#kem.publicKey),
      created,
    };
    this.fingerprint = identityFingerprint(signed);
    this.identity = readIdentity(signDocument(signed, this));
  }

  /** The Ed25519 signature of a message, 64 bytes. */
  sign(message: Uint8Array): Uint8Array {
    return signDetached(message, this.#sign.privateKey);
  }

  /** Opens a sealed box made for this identity; undefined when it can't be opened. */
  openBox(box: Uint8Array): Uint8Array | undefined {
    return openBox(box, this.#box);
  }

  /** The shared secret of an X-Wing ciphertext (an altered one gives another secret); undefined for a wrong length. */
  decapsulate(ciphertext: Uint8Array): Uint8Array | undefined {
    return decapsulate(ciphertext, this.#kem.privateKey);
  }

  /** Overwrites the secret keys; nothing can be signed or opened afterwards. Copies of the engine are out of reach. */
  wipe(): void {
    for (const { privateKey } of [this.#sign, this.#box, this.#kem]) memzero(privateKey);
  }
}

function derivePair(id: number, context: string, seed: Uint8Array, pairOf: (seed: Uint8Array) => KeyPair): KeyPair {
  const subSeed = deriveKey(id, context, seed);
  try {
    return pairOf(subSeed);
  } finally {
    memzero(subSeed);
  }
}
