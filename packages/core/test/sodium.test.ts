import { blake2b } from '@noble/hashes/blake2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { TAG_FINAL, TAG_MESSAGE } from '../src/sealed/chunks.ts';
import * as sodium from '../src/sodium.ts';
import { seedOf } from './people.ts';

beforeAll(sodium.ready);

const message = new TextEncoder().encode('a message');
const context = Uint8Array.of(1, 2, 3);
const flipped = (bytes: Uint8Array, at = 0) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe('libsodium, as the format uses it', () => {
  test('random bytes differ, and memzero clears', () => {
    const bytes = sodium.randomBytes(32);
    expect(bytes).toHaveLength(32);
    expect(bytes).not.toEqual(sodium.randomBytes(32));
    sodium.memzero(bytes);
    expect(bytes).toEqual(new Uint8Array(32));
  });

  test('bytes are equal only in length and content', () => {
    expect(sodium.equalBytes(seedOf(1), seedOf(1))).toBe(true);
    expect(sodium.equalBytes(seedOf(1), flipped(seedOf(1), 31))).toBe(false);
    expect(sodium.equalBytes(seedOf(1), seedOf(1).subarray(1))).toBe(false);
  });

  test('sub-keys are BLAKE2b with the id as salt and the context as personalisation', () => {
    const salt = new Uint8Array(16);
    salt[0] = 7;
    const personalization = new Uint8Array(16);
    personalization.set(new TextEncoder().encode('SLcommit'));
    const expected = blake2b(new Uint8Array(0), { dkLen: 32, key: seedOf(1), salt, personalization });
    expect(sodium.deriveKey(7, 'SLcommit', seedOf(1))).toEqual(expected);
  });

  test('Ed25519 signs and verifies; an altered message, signature or key does not', () => {
    const { publicKey, privateKey } = sodium.signKeyPair(seedOf(1));
    const signature = sodium.signDetached(message, privateKey);
    expect(signature).toHaveLength(64);
    expect(sodium.verifyDetached(signature, message, publicKey)).toBe(true);
    expect(sodium.verifyDetached(flipped(signature), message, publicKey)).toBe(false);
    expect(sodium.verifyDetached(flipped(signature, 63), message, publicKey)).toBe(false);
    expect(sodium.verifyDetached(signature, flipped(message), publicKey)).toBe(false);
    expect(sodium.verifyDetached(signature, message, sodium.signKeyPair(seedOf(2)).publicKey)).toBe(false);
  });

  test('Ed25519: a signature whose S was raised by L is refused', () => {
    const { publicKey, privateKey } = sodium.signKeyPair(seedOf(1));
    const signature = sodium.signDetached(message, privateKey);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = order;
    for (let index = 0; index < 32; index += 1) s += BigInt(signature[32 + index] ?? 0) << BigInt(8 * index);
    const raised = signature.map((byte, index) =>
      index < 32 ? byte : Number((s >> BigInt(8 * (index - 32))) & 0xffn),
    );
    expect(sodium.verifyDetached(raised, message, publicKey)).toBe(false);
  });

  test('Ed25519: the small-order key under which one signature fits every message is refused', () => {
    const identityPoint = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 1 : 0));
    const signature = new Uint8Array(64);
    signature.set(identityPoint);
    expect(sodium.verifyDetached(signature, message, identityPoint)).toBe(false);
  });

  test('what has not the length of a key is no weak key: the library says so, and nobody takes it for a verdict', () => {
    for (const check of [sodium.isMainSubgroup, sodium.isSmallOrderX25519]) {
      expect(() => check(new Uint8Array(31))).toThrow(TypeError);
    }
  });

  test('sealed boxes open for their key alone', () => {
    const keys = sodium.boxKeyPair(seedOf(1));
    const box = sodium.sealBox(message, keys.publicKey);
    expect(box).toHaveLength(message.length + 48);
    expect(sodium.openBox(box, keys)).toEqual(message);
    expect(sodium.openBox(flipped(box, 40), keys)).toBeUndefined();
    expect(sodium.openBox(box.subarray(1), keys)).toBeUndefined();
    expect(sodium.openBox(box, sodium.boxKeyPair(seedOf(2)))).toBeUndefined();
  });

  test('X-Wing agrees with another implementation, in both directions', () => {
    const ours = sodium.kemKeyPair(seedOf(1));
    const theirs = ml_kem768_x25519.keygen(seedOf(1));
    expect(ours.publicKey).toEqual(theirs.publicKey);
    const { ciphertext, sharedSecret } = sodium.encapsulate(ours.publicKey);
    expect(ciphertext).toHaveLength(1120);
    expect(ml_kem768_x25519.decapsulate(ciphertext, theirs.secretKey)).toEqual(sharedSecret);
    const back = ml_kem768_x25519.encapsulate(ours.publicKey);
    expect(sodium.decapsulate(back.cipherText, ours.privateKey)).toEqual(back.sharedSecret);
  });

  test('X-Wing: an altered ciphertext gives another secret, a short one none', () => {
    const { publicKey, privateKey } = sodium.kemKeyPair(seedOf(1));
    const { ciphertext, sharedSecret } = sodium.encapsulate(publicKey);
    const other = sodium.decapsulate(flipped(ciphertext), privateKey);
    expect(other).toHaveLength(32);
    expect(other).not.toEqual(sharedSecret);
    expect(sodium.decapsulate(ciphertext.subarray(1), privateKey)).toBeUndefined();
  });

  test('XChaCha20-Poly1305 opens only what was not altered', () => {
    const nonce = new Uint8Array(24);
    const box = sodium.aeadEncrypt(message, context, nonce, seedOf(1));
    expect(box).toHaveLength(message.length + 16);
    expect(sodium.aeadDecrypt(box, context, nonce, seedOf(1))).toEqual(message);
    expect(sodium.aeadDecrypt(flipped(box), context, nonce, seedOf(1))).toBeUndefined();
    expect(sodium.aeadDecrypt(box, flipped(context), nonce, seedOf(1))).toBeUndefined();
    expect(sodium.aeadDecrypt(box, context, nonce, seedOf(2))).toBeUndefined();
  });

  test('crypto_auth is HMAC-SHA-512 cut to 32 bytes', () => {
    const mac = sodium.auth(message, seedOf(1));
    expect(mac).toEqual(hmac(sha512, seedOf(1), message).subarray(0, 32));
    expect(sodium.authVerify(mac, message, seedOf(1))).toBe(true);
    expect(sodium.authVerify(flipped(mac), message, seedOf(1))).toBe(false);
  });

  test('a stream opens in its order, under its header and context', () => {
    const { state, header } = sodium.streamSealer(seedOf(1));
    const first = sodium.sealChunk(state, message, context, TAG_MESSAGE);
    const last = sodium.sealChunk(state, message, context, TAG_FINAL);
    expect(header).toHaveLength(24);
    expect(first).toHaveLength(message.length + 17);
    const opener = sodium.streamOpener(header, seedOf(1));
    expect(sodium.openChunk(opener, first, context)).toEqual({ message, tag: 0 });
    expect(sodium.openChunk(opener, last, context)).toEqual({ message, tag: 3 });
    const restart = () => sodium.streamOpener(header, seedOf(1));
    expect(sodium.openChunk(restart(), last, context)).toBeUndefined();
    expect(sodium.openChunk(restart(), flipped(first), context)).toBeUndefined();
    expect(sodium.openChunk(restart(), first, flipped(context))).toBeUndefined();
    expect(sodium.openChunk(sodium.streamOpener(header, seedOf(2)), first, context)).toBeUndefined();
  });
});
