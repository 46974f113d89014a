/** SSH keys of every form, right and wrong (doc/format.md §1). Public parts alone: nobody can log in with them. */
import { createECDH } from 'node:crypto';
import { encodeBase64 } from '../../packages/core/src/base64.ts';
import type { Edit, Short } from './edit.ts';
import { text } from './edit.ts';
import { fixedBytes } from './people.ts';
import { joined } from './sealed-file.ts';

const CURVES = { nistp256: 'prime256v1', nistp384: 'secp384r1', nistp521: 'secp521r1' } as const;
type Curve = keyof typeof CURVES;

const OPERATOR = '/processor/operators/0/sshKey';
const RECIPIENT = '/recipients/0/sshKey';
const HOST = '/endpoint/hostKey';

const uint32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);

/** Strings of SSH's binary encoding (RFC 4251 §5), one after the other. */
function sshStrings(...parts: readonly Uint8Array[]): Uint8Array {
  return joined(...parts.flatMap((part) => [uint32(part.length), part]));
}

const line = (type: string, blob: Uint8Array): string => `${type} ${encodeBase64(blob)}`;

/** A line whose key names its own type. */
const key = (type: string, ...parts: readonly Uint8Array[]): string => line(type, sshStrings(text(type), ...parts));

const KEY_BYTES = fixedBytes('ssh key of another form');
const ED25519 = sshStrings(text('ssh-ed25519'), KEY_BYTES);

/** A point of a curve, uncompressed or compressed. */
function point(curve: Curve, form: 'uncompressed' | 'compressed' | 'hybrid' = 'uncompressed'): Uint8Array {
  const ecdh = createECDH(CURVES[curve]);
  ecdh.setPrivateKey(fixedBytes(`ssh ${curve}`));
  return new Uint8Array(ecdh.getPublicKey(null, form));
}

const ecdsa = (curve: Curve, named: Curve, at: Uint8Array): string => key(`ecdsa-sha2-${curve}`, text(named), at);

/** An odd number of exactly so many bits, without the zero byte before it. A modulus by its size alone. */
function numberOf(bits: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(bits / 256) + 1 }, (_, block) =>
    fixedBytes(`ssh rsa ${bits} ${block}`),
  );
  const bytes = joined(...blocks).slice(0, Math.ceil(bits / 8));
  const top = (bits - 1) % 8;
  bytes[0] = ((bytes[0] ?? 0) & ((1 << top) - 1)) | (1 << top);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
  return bytes;
}

const ZERO = Uint8Array.of(0);
const EXPONENT = Uint8Array.of(1, 0, 1);

/** An RSA key whose modulus is written as RFC 4251 wants it. */
function rsa(bits: number): string {
  const modulus = numberOf(bits);
  return key('ssh-rsa', EXPONENT, (modulus[0] ?? 0) < 0x80 ? modulus : joined(ZERO, modulus));
}

/** Keys that are refused though their line looks right. */
export function brokenSshKeys(): Short[] {
  const modulus = numberOf(3072);
  return [
    [
      'other-type-inside',
      'The operator’s key says ECDSA, and the key itself says Ed25519.',
      'E_SSH_KEY',
      [OPERATOR, line('ecdsa-sha2-nistp256', ED25519)],
    ],
    [
      'ed25519-31-bytes',
      'An Ed25519 key of the operator has 31 bytes.',
      'E_SSH_KEY',
      [OPERATOR, key('ssh-ed25519', KEY_BYTES.slice(1))],
    ],
    [
      'value-after-the-key',
      'A further value stands behind the recipient’s key.',
      'E_SSH_KEY',
      [RECIPIENT, key('ssh-ed25519', KEY_BYTES, KEY_BYTES)],
    ],
    [
      'byte-after-the-key',
      'A zero byte stands behind the recipient’s key.',
      'E_SSH_KEY',
      [RECIPIENT, line('ssh-ed25519', joined(ED25519, ZERO))],
    ],
    [
      'cut-off',
      'The last byte of the host key is missing.',
      'E_SSH_KEY',
      [HOST, line('ssh-ed25519', ED25519.slice(0, -1))],
    ],
    [
      'ecdsa-other-curve',
      'A host key of one curve names another.',
      'E_SSH_KEY',
      [HOST, ecdsa('nistp256', 'nistp384', point('nistp256'))],
    ],
    [
      'ecdsa-compressed-point',
      'The point of an ECDSA key is compressed.',
      'E_SSH_KEY',
      [HOST, ecdsa('nistp256', 'nistp256', point('nistp256', 'compressed'))],
    ],
    [
      'ecdsa-hybrid-point',
      'The point of an ECDSA key is in the hybrid form.',
      'E_SSH_KEY',
      [HOST, ecdsa('nistp256', 'nistp256', point('nistp256', 'hybrid'))],
    ],
    ['rsa-3071-bits', 'The host key is an RSA key of 3071 bits.', 'E_KEY_WEAK', [HOST, rsa(3071)]],
    ['rsa-16385-bits', 'The host key is an RSA key of 16385 bits.', 'E_SSH_KEY', [HOST, rsa(16_385)]],
    [
      'rsa-zeros-before-the-modulus',
      'A zero byte too many stands before the modulus of an RSA key.',
      'E_SSH_KEY',
      [HOST, key('ssh-rsa', EXPONENT, joined(ZERO, ZERO, modulus))],
    ],
    [
      'rsa-negative-modulus',
      'The zero byte before the modulus of an RSA key is missing: it reads as a negative number.',
      'E_SSH_KEY',
      [HOST, key('ssh-rsa', EXPONENT, modulus)],
    ],
  ];
}

/** Lines that the schema refuses before anyone looks into the key. */
export function misspeltSshKeys(): Short[] {
  const good = line('ssh-ed25519', ED25519);
  return [
    ['ssh-key-comment', 'An SSH key carries its comment.', 'E_SCHEMA', [OPERATOR, `${good} nils@example`]],
    [
      'ssh-key-not-canonical',
      'The base64 of an SSH key has bits set that mean nothing.',
      'E_SCHEMA',
      [HOST, ecdsa('nistp256', 'nistp256', point('nistp256')).replace(/.=$/, (end) => nextCharacter(end))],
    ],
  ];
}

/** The last character of base64 before its padding, with an unused bit set. */
function nextCharacter(end: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return `${alphabet[alphabet.indexOf(end[0] ?? '') + 1] ?? ''}=`;
}

/** Keys of the other types that are taken. */
export function soundSshKeys(): Readonly<Record<'rsa' | 'ecdsa', readonly Edit[]>> {
  const plain = (curve: Curve): string => ecdsa(curve, curve, point(curve));
  return {
    rsa: [
      [HOST, rsa(3072)],
      [RECIPIENT, rsa(16_384)],
    ],
    ecdsa: [
      [HOST, plain('nistp256')],
      [OPERATOR, plain('nistp384')],
      [RECIPIENT, plain('nistp521')],
    ],
  };
}
