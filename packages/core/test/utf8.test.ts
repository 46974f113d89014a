import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../src/utf8.ts';
import { refusal } from './refusal.ts';

/** The byte offset that a refusal names. */
function offsetOf(...bytes: readonly number[]): number {
  const { code, message } = refusal(() => decodeUtf8(Uint8Array.from(bytes)));
  expect(code).toBe('E_ENCODING');
  return Number(/byte offset (\d+)$/.exec(message)?.[1]);
}

describe('UTF-8', () => {
  test('leads back to every text without lone surrogates', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.startsWith('\ufeff'));
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
  });

  test('holds the first and the last code point of each length and on both sides of the surrogates', () => {
    for (const point of [
      0, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0xcfff, 0xd000, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x3ffff, 0x40000, 0xfffff,
      0x100000, 0x10ffff,
    ]) {
      const text = String.fromCodePoint(point);
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      // Where something after it is wrong, the whole of it counts as right.
      const bytes = encodeUtf8(text);
      expect(offsetOf(...bytes, 0xff)).toBe(bytes.length);
    }
  });

  test.each([
    ['a following byte first', [0x80]],
    ['an overlong form of two bytes', [0xc1, 0xbf]],
    ['an overlong form of three bytes', [0xe0, 0x9f, 0xbf]],
    ['an overlong form of four bytes', [0xf0, 0x8f, 0xbf, 0xbf]],
    ['the first surrogate', [0xed, 0xa0, 0x80]],
    ['the last surrogate', [0xed, 0xbf, 0xbf]],
    ['the first after U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a form that begins above it', [0xf5, 0x80, 0x80, 0x80]],
    ['two bytes, the second missing', [0xc3]],
    ['three bytes, the last missing', [0xe2, 0x82]],
    ['four bytes, the last missing', [0xf0, 0x9f, 0xa7]],
    ['a letter where a second byte should be', [0xe2, 0x41, 0x80]],
    ['a letter where a third byte should be', [0xe2, 0x82, 0x41]],
    ['a letter where a fourth byte should be', [0xf0, 0x9f, 0xa7, 0x41]],
    ['a first byte where a second should be', [0xc3, 0xc0]],
  ])('fault 5: with %s is refused where the sequence begins', (_title, bytes) => {
    expect(offsetOf(...bytes)).toBe(0);
    expect(offsetOf(0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, ...bytes)).toBe(6);
  });

  test('fault 5: after a byte order mark is refused, and one in the middle is a character', () => {
    const { code, place } = refusal(() => decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), 'lab.json'));
    expect([code, place]).toEqual(['E_ENCODING', { file: 'lab.json', line: 1, column: 1 }]);
    expect(decodeUtf8(Uint8Array.of(0x61, 0xef, 0xbb, 0xbf))).toBe('a\ufeff');
    for (const near of ['\ufefc', '\uf3bf', '\u2eff', '\ufeff'.slice(1)])
      expect(decodeUtf8(encodeUtf8(near))).toBe(near);
  });

  test('is refused with file, line and column', () => {
    const { place } = refusal(() => decodeUtf8(Uint8Array.of(0x61, 0x0a, 0xc3, 0xa9, 0xff), 'lab.json'));
    expect(place).toEqual({ file: 'lab.json', line: 2, column: 2 });
  });
});
