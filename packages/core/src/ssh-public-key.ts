/** SSH public keys, as the instructions carry them: one line `<type> <base64>` (RFC 4253 §6.6, RFC 5656, RFC 8709). */

import { decodeBase64, encodeBase64 } from './base64.ts';
import { SealiftError } from './errors.ts';
import { sha256 } from './sha256.ts';
import { readSshStrings } from './ssh-wire.ts';

/** Bytes of the uncompressed point of each ECDSA type (RFC 5656 §3.1). */
const ECDSA_POINT_BYTES = {
  'ecdsa-sha2-nistp256': 65,
  'ecdsa-sha2-nistp384': 97,
  'ecdsa-sha2-nistp521': 133,
} as const;

type EcdsaKeyType = keyof typeof ECDSA_POINT_BYTES;

/** The types of key that a person or a server may have. */
export type SshKeyType = 'ssh-ed25519' | 'ssh-rsa' | EcdsaKeyType;

/** A public key that was checked for its form. */
export interface SshPublicKey {
  readonly type: SshKeyType;
  /** The key in SSH's binary encoding. */
  readonly blob: Uint8Array;
  /** `<type> <base64>`, without a comment. */
  readonly line: string;
  /** OpenSSH's fingerprint, `SHA256:` and 43 base64 characters. */
  readonly fingerprint: string;
}

const MIN_RSA_BITS = 3072;
const MAX_RSA_BITS = 16384;

function isEcdsa(type: string): type is EcdsaKeyType {
  return Object.hasOwn(ECDSA_POINT_BYTES, type);
}

function isKeyType(type: string): type is SshKeyType {
  return type === 'ssh-ed25519' || type === 'ssh-rsa' || isEcdsa(type);
}

/** OpenSSH's SHA-256 fingerprint of a public key in SSH's binary encoding: `SHA256:` and base64 without padding. */
function sshFingerprint(blob: Uint8Array): string {
  return `SHA256:${encodeBase64(sha256(blob)).replace(/=+$/, '')}`;
}

/** Bits of a positive multiple-precision integer in its shortest form (RFC 4251 §5), or undefined. */
function integerBits(integer: Uint8Array): number | undefined {
  const [first, second] = integer;
  if (first === undefined || first >= 0x80) return undefined;
  if (first !== 0) return (integer.length - 1) * 8 + (32 - Math.clz32(first));
  return second === undefined || second < 0x80 ? undefined : (integer.length - 1) * 8;
}

function rsaFault(exponent: Uint8Array, modulus: Uint8Array): string | undefined {
  const bits = integerBits(modulus);
  if (integerBits(exponent) === undefined || bits === undefined) return 'its numbers are not in their shortest form';
  if (bits > MAX_RSA_BITS) return `it has ${bits} bits, more than ${MAX_RSA_BITS}`;
  if (bits < MIN_RSA_BITS) {
    throw new SealiftError('E_KEY_WEAK', `the RSA key has ${bits} bits, fewer than ${MIN_RSA_BITS}`, {
      hint: 'make a new one with ssh-keygen -t ed25519',
    });
  }
  return undefined;
}

/** What is wrong with the parts of a key, or undefined. The parts are those after the type. */
function partsFault(type: SshKeyType, parts: readonly Uint8Array[]): string | undefined {
  const [first, second] = parts;
  if (type === 'ssh-ed25519') {
    return parts.length === 1 && first?.length === 32 ? undefined : 'an Ed25519 key holds 32 bytes';
  }
  if (parts.length !== 2 || first === undefined || second === undefined) return 'it does not hold two values';
  if (type === 'ssh-rsa') return rsaFault(first, second);
  const curve = type.slice('ecdsa-sha2-'.length);
  const sound = asciiText(first) === curve && second.length === ECDSA_POINT_BYTES[type];
  return sound && second[0] === 4 ? undefined : 'it does not hold an uncompressed point of its curve';
}

/** Names inside a key are ASCII; anything else is no name that is known. */
function asciiText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64));
}

function malformed(why: string): SealiftError {
  return new SealiftError('E_SSH_KEY', `not an SSH public key: ${why}`, {
    hint: 'give the first two words of the .pub file: the type and the base64',
  });
}

/**
 * Reads a public key in SSH's binary encoding.
 *
 * @throws E_SSH_KEY when it is malformed or of an unknown type; E_KEY_WEAK when an RSA key has fewer than 3072 bits.
 */
export function parseSshPublicBlob(blob: Uint8Array): SshPublicKey {
  const [name, ...parts] = readSshStrings(blob) ?? [];
  if (name === undefined) throw malformed('the base64 does not hold a key');
  const type = asciiText(name);
  if (!isKeyType(type)) throw malformed('its type is not ssh-ed25519, ecdsa-sha2-nistp256/384/521 or ssh-rsa');
  const fault = partsFault(type, parts);
  if (fault !== undefined) throw malformed(fault);
  const line = `${type} ${encodeBase64(blob)}`;
  return { type, blob: Uint8Array.from(blob), line, fingerprint: sshFingerprint(blob) };
}

/**
 * Reads an OpenSSH public key line of exactly two words, `<type> <canonical base64>`, without a comment.
 *
 * @throws E_SSH_KEY when it is malformed, of an unknown type, or of another type than it says; E_KEY_WEAK as
 * {@link parseSshPublicBlob}.
 */
export function parseSshPublicKey(line: string): SshPublicKey {
  const match = /^([a-z0-9-]{1,32}) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
  const type = match?.[1];
  const base64 = match?.[2];
  if (type === undefined || base64 === undefined) throw malformed('the line is not a type, one space and base64');
  const key = parseSshPublicBlob(canonicalBytes(base64));
  if (key.type !== type) throw malformed('the line names another type than the key itself');
  return key;
}

function canonicalBytes(base64: string): Uint8Array {
  try {
    return decodeBase64(base64);
  } catch {
    throw malformed('the base64 is not canonical');
  }
}

/** True when both are the same key, byte for byte. */
export function sameSshKey(one: SshPublicKey, other: Uint8Array): boolean {
  return one.blob.length === other.length && one.blob.every((byte, index) => byte === other[index]);
}
