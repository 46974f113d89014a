/**
 * Public keys are checked when they are read (doc/format.md §5): one encoding for each key, and no key for which a
 * signature or a shared secret means nothing.
 */
import { SealiftError } from './errors.ts';
import { isMainSubgroup, isSmallOrderX25519 } from './sodium.ts';

/** Bytes of an Ed25519 or X25519 public key. */
const PUBLIC_KEY_BYTES = 32;
/** Bytes of an X-Wing public key: an ML-KEM-768 encapsulation key, then an X25519 key. */
const KEM_KEY_BYTES = 1216;

const MLKEM_KEY_BYTES = 1184;
/** 768 coefficients of 12 bits; the 32 bytes after them are a seed and may be anything. */
const MLKEM_COEFFICIENT_BYTES = 1152;
/** ML-KEM's modulus (FIPS 203 §2.4). */
const MLKEM_Q = 3329;

/** Ed25519: canonical, and a point of the prime-order subgroup. Throws `E_KEY` (length), `E_KEY_WEAK`. Needs `await ready()`. */
export function checkSignKey(key: Uint8Array): void {
  checkLength('signing', key, PUBLIC_KEY_BYTES);
  if (!isCanonicalY(key) || !isMainSubgroup(key)) {
    throw new SealiftError(
      'E_KEY_WEAK',
      'the signing key is weak: it is no canonical point of the prime-order subgroup',
      {
        hint: 'do not use this identity; ask for a new one',
      },
    );
  }
}

/** X25519: canonical and not of small order. Throws `E_KEY`. Needs `await ready()`. */
export function checkBoxKey(key: Uint8Array): void {
  checkLength('receiving', key, PUBLIC_KEY_BYTES);
  checkX25519('receiving', key);
}

/** X-Wing: both of its parts are checked. Throws `E_KEY`. Needs `await ready()`. */
export function checkKemKey(key: Uint8Array): void {
  checkLength('hybrid', key, KEM_KEY_BYTES);
  if (!isReduced(key.subarray(0, MLKEM_COEFFICIENT_BYTES))) {
    throw new SealiftError(
      'E_KEY',
      'the hybrid key is not canonical: a coefficient of its ML-KEM part is not below q',
      {
        hint: 'ask for the identity again',
      },
    );
  }
  checkX25519('hybrid', key.subarray(MLKEM_KEY_BYTES));
}

function checkLength(what: string, key: Uint8Array, length: number): void {
  if (key.length !== length) {
    throw new SealiftError('E_KEY', `the ${what} key has ${key.length} bytes instead of ${length}`, {
      hint: 'ask for the identity again',
    });
  }
}

function checkX25519(what: string, key: Uint8Array): void {
  const lastByte = key[PUBLIC_KEY_BYTES - 1] ?? 0;
  if (lastByte > 0x7f || !isCanonicalY(key)) {
    throw new SealiftError('E_KEY', `the ${what} key is not canonical: its owner could not open what is sealed to it`, {
      hint: 'ask for the identity again',
    });
  }
  if (isSmallOrderX25519(key)) {
    throw new SealiftError('E_KEY', `the ${what} key has small order: everyone could open what is sealed to it`, {
      hint: 'do not use this identity; ask for a new one',
    });
  }
}

/** Whether the low 255 bits, least significant byte first, are below 2^255−19. */
function isCanonicalY(key: Uint8Array): boolean {
  const first = key[0] ?? 0;
  const last = (key[PUBLIC_KEY_BYTES - 1] ?? 0) & 0x7f;
  const middle = key.subarray(1, PUBLIC_KEY_BYTES - 1);
  return first < 0xed || last < 0x7f || middle.some((byte) => byte < 0xff);
}

/** FIPS 203 §7.2, modulus check: decoding to integers below q and encoding again gives the same bytes. */
function isReduced(coefficients: Uint8Array): boolean {
  for (let at = 0; at < coefficients.length; at += 3) {
    const [low = 0, middle = 0, high = 0] = coefficients.subarray(at, at + 3);
    if ((low | ((middle & 0x0f) << 8)) >= MLKEM_Q || ((middle >> 4) | (high << 4)) >= MLKEM_Q) return false;
  }
  return true;
}
