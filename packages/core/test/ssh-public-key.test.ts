import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../src/base64.ts';
import { parseSshPublicBlob, parseSshPublicKey, sameSshKey } from '../src/ssh-public-key.ts';
import { readSshStrings, SshWireReader } from '../src/ssh-wire.ts';
import { sshKey } from './laboratory.ts';
import { codeOf, refusal } from './refusal.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Strings in SSH's binary encoding (RFC 4251 §5): four bytes of length, then the bytes. */
function blobOf(...strings: readonly Uint8Array[]): Uint8Array {
  const parts = strings.flatMap((string) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, string.length);
    return [length, string];
  });
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** An integer of so many bits, all of them set, in its shortest form: a zero before it where the first bit is one. */
function integerOfBits(bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits / 8)).fill(0xff);
  if (bits % 8 === 0) return Uint8Array.from([0, ...bytes]);
  bytes[0] = 2 ** (bits % 8) - 1;
  return bytes;
}

const EXPONENT = Uint8Array.of(1, 0, 1);
const rsa = (modulus: Uint8Array, exponent = EXPONENT) => blobOf(ascii('ssh-rsa'), exponent, modulus);
const rsaMessage = (modulus: Uint8Array, exponent = EXPONENT) => {
  const { code, message } = refusal(() => parseSshPublicBlob(rsa(modulus, exponent)));
  return [code, message];
};

/** A point of a curve as Node makes one, uncompressed (SEC 1 §2.3.3). */
function pointOf(namedCurve: string): Uint8Array {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' });
  return Uint8Array.from([4, ...Buffer.from(x, 'base64url'), ...Buffer.from(y, 'base64url')]);
}

describe('SSH’s binary encoding', () => {
  test('is a sequence of whole strings, an empty one at its end with them', () => {
    expect(readSshStrings(blobOf(ascii('a'), new Uint8Array()))).toEqual([ascii('a'), new Uint8Array()]);
    expect(readSshStrings(new Uint8Array())).toEqual([]);
    expect(readSshStrings(blobOf(ascii('abc')).subarray(0, -1))).toBeUndefined();
  });

  test('gives no string and no number that the bytes do not hold whole', () => {
    const second = new SshWireReader(
      Uint8Array.from([...blobOf(ascii('abc')), ...blobOf(ascii('defg')).subarray(0, -1)]),
    );
    expect([second.string(), second.string()]).toEqual([ascii('abc'), undefined]);
    expect(new SshWireReader(Uint8Array.of(0, 0, 0)).uint32()).toBeUndefined();
  });
});

describe('an SSH public key', () => {
  test.each([
    ['nistp256', 'P-256'],
    ['nistp384', 'P-384'],
    ['nistp521', 'P-521'],
  ])('of the curve %s is read from its line, and none but a whole point of that very curve', (curve, node) => {
    const type = `ecdsa-sha2-${curve}`;
    const point = pointOf(node);
    const blob = blobOf(ascii(type), ascii(curve), point);
    const line = `${type} ${encodeBase64(blob)}`;
    expect(parseSshPublicKey(line)).toMatchObject({ type, line, blob });
    const compressed = Uint8Array.from(point);
    compressed[0] = 2;
    for (const [name, bytes] of [
      ['nistp999', point],
      [curve, point.subarray(0, -1)],
      [curve, point.subarray(1)],
      [curve, compressed],
    ] as const) {
      expect(codeOf(() => parseSshPublicBlob(blobOf(ascii(type), ascii(name), bytes)))).toBe('E_SSH_KEY');
    }
    expect(codeOf(() => parseSshPublicBlob(blobOf(ascii(type), ascii(curve))))).toBe('E_SSH_KEY');
    expect(codeOf(() => parseSshPublicBlob(blobOf(ascii(type), ascii(curve), point, point)))).toBe('E_SSH_KEY');
  });

  test('of RSA has from 3072 to 16384 bits', () => {
    const smallest = Uint8Array.from([0, 0x80, ...new Uint8Array(383)]);
    expect(parseSshPublicBlob(rsa(smallest)).type).toBe('ssh-rsa');
    for (const bits of [3072, 3073, 4096, 16_384]) {
      expect(parseSshPublicBlob(rsa(integerOfBits(bits))).type).toBe('ssh-rsa');
    }
    const weak = (bits: number) => ['E_KEY_WEAK', `the RSA key has ${bits} bits, fewer than 3072`];
    expect(rsaMessage(integerOfBits(3071))).toEqual(weak(3071));
    expect(rsaMessage(integerOfBits(1024))).toEqual(weak(1024));
    expect(rsaMessage(integerOfBits(16_385))).toEqual(['E_SSH_KEY', expect.stringContaining('16385 bits')]);
  });

  test.each([
    ['a negative modulus', integerOfBits(3072).subarray(1), EXPONENT],
    ['the greatest negative modulus', Uint8Array.from([0x80, ...new Uint8Array(383)]), EXPONENT],
    ['a modulus after a zero too many', Uint8Array.from([0, ...integerOfBits(3071)]), EXPONENT],
    ['an exponent after a zero too many', integerOfBits(3072), Uint8Array.of(0, 3)],
    ['an exponent of zero bytes', integerOfBits(3072), new Uint8Array()],
    ['an exponent of zero', integerOfBits(3072), Uint8Array.of(0)],
  ])('of RSA with %s is refused: one key has one form (RFC 4251 §5)', (_title, modulus, exponent) => {
    expect(rsaMessage(modulus, exponent)).toEqual(['E_SSH_KEY', expect.stringContaining('shortest form')]);
  });

  test('of another type, of 31 bytes or with more behind it is refused', () => {
    const ed25519 = (...parts: readonly Uint8Array[]) =>
      codeOf(() => parseSshPublicBlob(blobOf(ascii('ssh-ed25519'), ...parts)));
    expect(ed25519(new Uint8Array(31))).toBe('E_SSH_KEY');
    expect(ed25519(new Uint8Array(32), new Uint8Array())).toBe('E_SSH_KEY');
    expect(refusal(() => parseSshPublicBlob(blobOf(ascii('ssh-dss'), new Uint8Array(32)))).message).toContain(
      'its type is not',
    );
    const whole = blobOf(ascii('ssh-ed25519'), new Uint8Array(32));
    for (let length = 0; length < whole.length; length += 1) {
      expect(codeOf(() => parseSshPublicBlob(whole.subarray(0, length)))).toBe('E_SSH_KEY');
    }
    expect(codeOf(() => parseSshPublicBlob(Uint8Array.from([...whole, 0])))).toBe('E_SSH_KEY');
  });

  test('fault 49: is one line of two words whose base64 is canonical and says the type that the line says', () => {
    const line = sshKey(1);
    const [type = '', base64 = ''] = line.split(' ');
    expect(parseSshPublicKey(line).line).toBe(line);
    for (const other of [
      `${line} alice@vendor`,
      `${line}\n`,
      ` ${line}`,
      `${type}  ${base64}`,
      `${type} ${base64}=`,
      `${type} ${base64.slice(0, -1)}`,
      `${type}`,
      `ssh-rsa ${base64}`,
    ]) {
      expect(codeOf(() => parseSshPublicKey(other))).toBe('E_SSH_KEY');
    }
    expect(refusal(() => parseSshPublicKey(type)).message).toContain('one space and base64');
  });

  test('is named as OpenSSH names it', () => {
    const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
    expect(parseSshPublicKey(line).fingerprint).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
  });

  test('is the same as another only byte for byte', () => {
    const [one, other] = [parseSshPublicKey(sshKey(1)), parseSshPublicKey(sshKey(2))];
    expect(sameSshKey(one, Uint8Array.from(one.blob))).toBe(true);
    expect(sameSshKey(one, other.blob)).toBe(false);
    expect(sameSshKey(one, one.blob.subarray(0, -1))).toBe(false);
    expect(sameSshKey(one, Uint8Array.from([...one.blob, 0]))).toBe(false);
  });
});
