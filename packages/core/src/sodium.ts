/**
 * The one place that touches libsodium-wrappers, and exactly what Sealift uses of it.
 *
 * `await ready()` once before anything else. Names are bound late, because the library defines its functions only then;
 * and by the default import, because its named imports type-check and then fail at link. A test calls every one.
 */
import sodium, { type StateAddress } from 'libsodium-wrappers';

/** Resolves when the functions below may be called. */
export async function ready(): Promise<void> {
  await sodium.ready;
}

/** A pair of keys as raw bytes. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** The state of a stream inside libsodium's memory. */
export type State = StateAddress;

/** Random bytes for keys (randombytes_buf). */
export function randomBytes(length: number): Uint8Array {
  return sodium.randombytes_buf(length);
}

/** Overwrites bytes with zeros; copies that the engine made are out of reach. */
export function memzero(bytes: Uint8Array): void {
  sodium.memzero(bytes);
}

/** Compares two byte strings of equal length in constant time (sodium_memcmp). */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && sodium.memcmp(left, right);
}

/** A 32-byte sub-key (crypto_kdf_derive_from_key); `context` is eight ASCII characters. */
export function deriveKey(id: number, context: string, key: Uint8Array): Uint8Array {
  return sodium.crypto_kdf_derive_from_key(32, id, context, key);
}

/** Ed25519 keys of a 32-byte seed (crypto_sign_seed_keypair); the private key has 64 bytes. */
export function signKeyPair(seed: Uint8Array): KeyPair {
  return sodium.crypto_sign_seed_keypair(seed);
}

/** An Ed25519 signature of 64 bytes (crypto_sign_detached). */
export function signDetached(message: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return sodium.crypto_sign_detached(message, privateKey);
}

/** Whether an Ed25519 signature holds (crypto_sign_verify_detached); S ≥ L and weak keys or R do not. */
export function verifyDetached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return sodium.crypto_sign_verify_detached(signature, message, publicKey);
}

/** Whether an Ed25519 public key decodes to a point of the prime-order subgroup (crypto_sign_ed25519_pk_to_curve25519). */
export function isMainSubgroup(publicKey: Uint8Array): boolean {
  return !isRefused('invalid key', () => sodium.crypto_sign_ed25519_pk_to_curve25519(publicKey));
}

/** Whether an X25519 public key has small order: its product with any scalar is zero (crypto_scalarmult). */
export function isSmallOrderX25519(publicKey: Uint8Array): boolean {
  return isRefused('weak public key', () => sodium.crypto_scalarmult(new Uint8Array(32).fill(1), publicKey));
}

/** X25519 keys of a 32-byte seed (crypto_box_seed_keypair). */
export function boxKeyPair(seed: Uint8Array): KeyPair {
  return sodium.crypto_box_seed_keypair(seed);
}

/** A sealed box: 48 bytes longer than the message (crypto_box_seal). */
export function sealBox(message: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return sodium.crypto_box_seal(message, publicKey);
}

/** Opens a sealed box (crypto_box_seal_open); undefined when it was not made for this key or was altered. */
export function openBox(box: Uint8Array, keys: KeyPair): Uint8Array | undefined {
  return attempt(() => sodium.crypto_box_seal_open(box, keys.publicKey, keys.privateKey));
}

/** X-Wing keys of a 32-byte seed (crypto_kem_xwing_seed_keypair). */
export function kemKeyPair(seed: Uint8Array): KeyPair {
  return sodium.crypto_kem_xwing_seed_keypair(seed);
}

/** A fresh X-Wing ciphertext (1120 bytes) and shared secret (32); throws for a key that encapsulation refuses (crypto_kem_xwing_enc). */
export function encapsulate(publicKey: Uint8Array): {
  readonly ciphertext: Uint8Array;
  readonly sharedSecret: Uint8Array;
} {
  return sodium.crypto_kem_xwing_enc(publicKey);
}

/** The shared secret of an X-Wing ciphertext; an altered one yields another secret, not an error (crypto_kem_xwing_dec). */
export function decapsulate(ciphertext: Uint8Array, privateKey: Uint8Array): Uint8Array | undefined {
  return attempt(() => sodium.crypto_kem_xwing_dec(ciphertext, privateKey));
}

/** XChaCha20-Poly1305-IETF: 16 bytes longer than the message; the nonce has 24. */
export function aeadEncrypt(message: Uint8Array, context: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(message, context, null, nonce, key);
}

/** Opens {@link aeadEncrypt}; undefined when anything of it was altered. */
export function aeadDecrypt(
  box: Uint8Array,
  context: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array | undefined {
  return attempt(() => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, box, context, nonce, key));
}

/** HMAC-SHA-512 cut to 32 bytes (crypto_auth). */
export function auth(message: Uint8Array, key: Uint8Array): Uint8Array {
  return sodium.crypto_auth(message, key);
}

/** Whether {@link auth} holds, in constant time (crypto_auth_verify). */
export function authVerify(mac: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  return sodium.crypto_auth_verify(mac, message, key);
}

/** Begins a sealed stream: its state and 24 bytes of stream header (crypto_secretstream_xchacha20poly1305_init_push). */
export function streamSealer(key: Uint8Array): { readonly state: State; readonly header: Uint8Array } {
  return sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
}

/** Seals one chunk: 17 bytes longer (crypto_secretstream_xchacha20poly1305_push). */
export function sealChunk(state: State, chunk: Uint8Array, context: Uint8Array, tag: number): Uint8Array {
  return sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, context, tag);
}

/** Begins to open a stream (crypto_secretstream_xchacha20poly1305_init_pull). */
export function streamOpener(header: Uint8Array, key: Uint8Array): State {
  return sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
}

/**
 * Opens one chunk (crypto_secretstream_xchacha20poly1305_pull); undefined when it was altered or is not the next one.
 * The library would go on with the chunk after it: callers must stop.
 */
export function openChunk(
  state: State,
  chunk: Uint8Array,
  context: Uint8Array,
): { readonly message: Uint8Array; readonly tag: number } | undefined {
  // The library throws for what can't be a chunk, instead of refusing it.
  if (chunk.length < sodium.crypto_secretstream_xchacha20poly1305_ABYTES) return undefined;
  const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, context);
  return opened === false ? undefined : opened;
}

/** The library tells refusal by throwing: here it becomes a value. Arguments of a wrong length are refusals too. */
function attempt(open: () => Uint8Array): Uint8Array | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}

/** Whether libsodium's wrapper refuses with this verdict; anything else that goes wrong, such as want of memory, is none. */
function isRefused(verdict: string, check: () => Uint8Array): boolean {
  try {
    check();
    return false;
  } catch (cause) {
    if (cause instanceof Error && cause.message === verdict) return true;
    throw cause;
  }
}
