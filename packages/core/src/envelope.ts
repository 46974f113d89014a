/** Signed documents: typed Ed25519 signatures over DSSE's pre-authentication encoding (doc/format.md §4). */
import { decodeBase64, encodeBase64 } from './base64.ts';
import { canonicalJson } from './canonical.ts';
import { SealiftError } from './errors.ts';
import type { Digest, Fingerprint } from './ids.ts';
import { digestOf } from './sha256.ts';
import { verifyDetached } from './sodium.ts';
import { encodeUtf8 } from './utf8.ts';

/** What is under the signatures; `type` is `sealift.<kind>.v<number>`. */
export interface Signable {
  readonly type: string;
}

/** One signature: whose, and its 64 bytes in base64. */
export interface Signature {
  readonly key: Fingerprint;
  readonly sig: string;
}

/** A document as a file holds it. */
export interface SignedDocument<T extends Signable> {
  readonly signed: T;
  readonly signatures: readonly Signature[];
}

/** Whoever can sign: a secret identity. */
export interface Signer {
  readonly fingerprint: Fingerprint;
  /** The Ed25519 signature, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** Whose signatures can be verified: an identity that was read and checked. */
export interface SignatureKey {
  readonly fingerprint: Fingerprint;
  /** The Ed25519 public key, 32 bytes. */
  readonly sign: Uint8Array;
}

/** A document has at most this many signatures. */
const MAX_SIGNATURES = 32;

/** DSSE's pre-authentication encoding: `DSSEv1 LEN(type) type LEN(body) body`, lengths in bytes. */
export function preAuthenticationEncoding(type: string, body: Uint8Array): Uint8Array {
  const typeLength = encodeUtf8(type).length;
  const head = encodeUtf8(`DSSEv1 ${typeLength} ${type} ${body.length} `);
  const encoding = new Uint8Array(head.length + body.length);
  encoding.set(head);
  encoding.set(body, head.length);
  return encoding;
}

/**
 * The digest of a document: SHA-256 of the canonical JSON of `signed` alone; another signature doesn't change it.
 * @throws as {@link canonicalJson}
 */
export function documentDigest<T extends Signable>(signed: T): Digest {
  return digestOf(canonicalJson(signed));
}

/** Signs a new document, by one or more signers. Throws what {@link canonicalJson} throws. */
export function signDocument<T extends Signable>(signed: T, ...signers: readonly Signer[]): SignedDocument<T> {
  return signers.reduce<SignedDocument<T>>(addSignature, { signed, signatures: [] });
}

/** The document with one more signature; who signed before keeps the one signature. Throws `E_LIMIT` beyond 32. */
export function addSignature<T extends Signable>(document: SignedDocument<T>, signer: Signer): SignedDocument<T> {
  const others = document.signatures.filter(({ key }) => key !== signer.fingerprint);
  if (others.length >= MAX_SIGNATURES) {
    throw new SealiftError('E_LIMIT', `a document has at most ${MAX_SIGNATURES} signatures`);
  }
  const signature = { key: signer.fingerprint, sig: encodeBase64(signer.sign(signedBytes(document.signed))) };
  return { signed: document.signed, signatures: [...others, signature] };
}

/**
 * Who of the known keys signed. Each known key's signature must hold; signatures of unknown keys say nothing.
 * The set may be empty: whether it suffices (role, threshold) is the caller's question.
 *
 * Throws `E_UNSIGNED` without any signature, `E_SCHEMA` when a key signs twice or there are more than 32, `E_SIG` when a known key's
 * signature does not hold, `E_ENCODING` when one is not canonical base64. Needs `await ready()`.
 */
export function verifiedSigners(
  document: SignedDocument<Signable>,
  known: ReadonlyMap<Fingerprint, SignatureKey>,
): ReadonlySet<Fingerprint> {
  checkSignatureList(document.signatures);
  const message = signedBytes(document.signed);
  const signers = new Set<Fingerprint>();
  for (const { key, sig } of document.signatures) {
    const identity = known.get(key);
    if (identity === undefined) continue;
    if (!holds(sig, message, identity)) {
      throw new SealiftError('E_SIG', `the signature of ${key} does not hold`, {
        hint: 'the document was changed after it was signed; ask for it again',
      });
    }
    signers.add(key);
  }
  return signers;
}

/**
 * Requires the signature of one identity on a document.
 *
 * Throws as {@link verifiedSigners}, and `E_SIG` when others signed but not this identity.
 */
export function verifySignature(document: SignedDocument<Signable>, identity: SignatureKey): void {
  const signers = verifiedSigners(document, new Map([[identity.fingerprint, identity]]));
  if (!signers.has(identity.fingerprint)) {
    throw new SealiftError('E_SIG', `the document does not bear the signature of ${identity.fingerprint}`);
  }
}

function checkSignatureList(signatures: readonly Signature[]): void {
  if (signatures.length === 0) {
    throw new SealiftError('E_UNSIGNED', 'the document is not signed', { hint: 'ask its author to sign it' });
  }
  if (signatures.length > MAX_SIGNATURES) {
    throw new SealiftError('E_SCHEMA', `a document has at most ${MAX_SIGNATURES} signatures`);
  }
  if (new Set(signatures.map(({ key }) => key)).size !== signatures.length) {
    throw new SealiftError('E_SCHEMA', 'the document is signed twice by the same key', {
      hint: 'remove the second signature; each key counts once',
    });
  }
}

function signedBytes(signed: Signable): Uint8Array {
  return preAuthenticationEncoding(signed.type, canonicalJson(signed));
}

/** libsodium refuses S ≥ L, and keys and R of small order or in a non-canonical encoding. */
function holds(sig: string, message: Uint8Array, identity: SignatureKey): boolean {
  const bytes = decodeBase64(sig);
  return bytes.length === 64 && verifyDetached(bytes, message, identity.sign);
}
