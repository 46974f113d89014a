import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as portable from '../src/hashing.ts';
import * as node from '../src/node/hashing.ts';
import { Sha256, sha256 } from '../src/sha256.ts';

const text = (words: string) => new TextEncoder().encode(words);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const HASHING = [
  ['@noble/hashes', portable],
  ['node:crypto', node],
] as const;

describe.each(HASHING)('hashing by %s', (_name, { beginSha256, scryptKey }) => {
  function digest(...parts: readonly Uint8Array[]): Uint8Array {
    const state = beginSha256();
    for (const part of parts) state.update(part);
    return state.digest();
  }

  // FIPS 180-4's examples (NIST's SHA256.pdf), and the digest of nothing.
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('SHA-256 of %j', (words, expected) => {
    expect(hex(digest(text(words)))).toBe(expected);
    expect(hex(digest(...Array.from(words, text)))).toBe(expected);
  });

  test('the digest is a plain array of bytes that nothing else holds', () => {
    const bytes = digest(text('abc'));
    expect(bytes.constructor).toBe(Uint8Array);
    expect([bytes.byteOffset, bytes.buffer.byteLength]).toEqual([0, 32]);
  });

  test('the bytes may be reused as soon as they were added', () => {
    const [state, bytes] = [beginSha256(), text('abc')];
    state.update(bytes);
    bytes.fill(0);
    expect(hex(state.digest())).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  // RFC 7914, section 12; the first 32 of the vectors' 64 bytes, which scrypt gives for a shorter key too.
  test.each([
    ['', '', 4, 1, 1, '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442'],
    ['password', 'NaCl', 10, 8, 16, 'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162'],
    ['pleaseletmein', 'SodiumChloride', 14, 8, 1, '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2'],
  ])('scrypt of %j with %j', async (passphrase, salt, logN, r, p, expected) => {
    const key = await scryptKey(text(passphrase), text(salt), { logN, r, p });
    expect([hex(key), key.constructor]).toEqual([expected, Uint8Array]);
  });
});

test('every text has one digest, whoever computes it and in however many pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 300 }), (bytes, at) => {
      const parts = [bytes.subarray(0, at), bytes.subarray(at)];
      const [one, other] = HASHING.map(([, { beginSha256 }]) => {
        const state = beginSha256();
        for (const part of parts) state.update(part);
        return hex(state.digest());
      });
      const whole = new Sha256();
      for (const part of parts) whole.update(part);
      expect([other, hex(sha256(bytes)), whole.digest()]).toEqual([one, one, `sha256:${one}`]);
    }),
  );
});
