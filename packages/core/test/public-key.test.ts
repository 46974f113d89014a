/** Public keys at their borders: length, canonical form, order. What is on the right side of each border is accepted. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ready } from '../src/index.ts';
import { checkBoxKey, checkKemKey, checkSignKey } from '../src/public-key.ts';
import { boxKeyPair, kemKeyPair, signKeyPair } from '../src/sodium.ts';
import { codeOf, refusal } from './refusal.ts';

const seed = new Uint8Array(32).fill(7);
/** 2^255 − 19, least significant byte first. */
const P = Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 0xed : at === 31 ? 0x7f : 0xff));
const changed = (key: Uint8Array, changes: Readonly<Record<number, number>>): Uint8Array =>
  key.map((byte, at) => changes[at] ?? byte);

describe('public keys', () => {
  beforeAll(ready);

  const checks = [
    ['signing', checkSignKey, () => signKeyPair(seed).publicKey],
    ['receiving', checkBoxKey, () => boxKeyPair(seed).publicKey],
    ['hybrid', checkKemKey, () => kemKeyPair(seed).publicKey],
  ] as const;

  it.each(checks)('fault 22: a %s key one byte too short or too long is told with its length', (what, check, make) => {
    const key = make();
    expect(() => check(key)).not.toThrow();
    for (const wrong of [key.subarray(1), Uint8Array.from([...key, 0]), new Uint8Array(0)]) {
      expect(refusal(() => check(wrong))).toMatchObject({
        code: 'E_KEY',
        message: `the ${what} key has ${wrong.length} bytes instead of ${key.length}`,
      });
    }
  });

  it('fault 22: an X25519 key from 2^255 − 19 on, or with its top bit, is not canonical; those below are', () => {
    for (let above = 0; above < 19; above++) {
      expect(refusal(() => checkBoxKey(changed(P, { 0: 0xed + above }))).message).toContain('not canonical');
    }
    expect(refusal(() => checkBoxKey(changed(boxKeyPair(seed).publicKey, { 31: 0xff }))).message).toContain(
      'not canonical',
    );
    // 2^255 − 20 is −1: canonical, and of small order.
    expect(refusal(() => checkBoxKey(changed(P, { 0: 0xec })))).toMatchObject({
      code: 'E_KEY',
      message: expect.stringContaining('small order'),
    });
    for (const below of [{ 0: 0xeb }, { 1: 0xfe }, { 15: 0xfe }, { 30: 0xfe }, { 31: 0x7e }, { 0: 0xff, 31: 0x7e }]) {
      expect(() => checkBoxKey(changed(P, below))).not.toThrow();
    }
  });

  it('fault 21: no Ed25519 key is accepted that is written with y + p, whatever its sign', () => {
    for (let y = 0; y < 19; y++) {
      for (const sign of [0, 0x80]) {
        expect(codeOf(() => checkSignKey(changed(P, { 0: 0xed + y, 31: 0x7f | sign })))).toBe('E_KEY_WEAK');
      }
    }
  });

  it('fault 23: a coefficient of the ML-KEM part is below q = 3329, in either half of its three bytes', () => {
    const key = kemKeyPair(seed).publicKey;
    const at = (first: number, second: number): Uint8Array =>
      changed(key, { 0: first & 0xff, 1: (first >> 8) | ((second & 0x0f) << 4), 2: second >> 4 });
    expect(() => checkKemKey(at(3328, 3328))).not.toThrow();
    for (const [first, second] of [
      [3329, 0],
      [0, 3329],
      [4095, 0],
      [0, 4095],
    ] as const) {
      expect(refusal(() => checkKemKey(at(first, second))).message).toContain('ML-KEM');
    }
    const last = 1152 - 3;
    const tail = changed(key, { [last]: 0, [last + 1]: 0x10, [last + 2]: 0xd0 });
    expect(refusal(() => checkKemKey(tail)).message).toContain('ML-KEM');
  });
});
