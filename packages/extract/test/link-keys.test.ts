import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkKeys } from '../src/link-keys.ts';
import { sipHash128 } from '../src/siphash.ts';

/** The digests that OpenSSL 3 gives for 0, 1, 2, … under the key 000102…0f: `openssl mac -macopt size:16 … SIPHASH`. */
const OPENSSL = new Map([
  [0, 'a3817f04ba25a8e66df67214c7550293'],
  [1, 'da87c1d86b99af44347659119b22fc45'],
  [2, '8177228da4a45dc7fca38bdef60affe4'],
  [3, '9c70b60c5267a94e5f33b6b02985ed51'],
  [7, 'a1f1ebbed8dbc153c0b84aa61ff08239'],
  [8, '3b62a9ba6258f5610f83e264f31497b4'],
  [9, '264499060ad9baabc47f8b02bb6d71ed'],
  [15, '5493e99933b0a8117e08ec0f97cfc3d9'],
  [16, '6ee2a4ca67b054bbfd3315bf85230577'],
  [17, '473d06e8738db89854c066c47ae47740'],
  [31, '2939b0183223fafc1723de4f52c43d35'],
  [63, '5150d1772f50834a503e069a973fbd7c'],
]);

function digest(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const out = new Uint32Array(4);
  sipHash128([0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c], bytes, start, end, out);
  const hex = Buffer.alloc(16);
  for (const [index, word] of out.entries()) hex.writeUInt32LE(word, index * 4);
  return hex.toString('hex');
}

describe('SipHash-2-4-128', () => {
  it.each([...OPENSSL])('gives the digest of OpenSSL for %i bytes', (length, expected) => {
    expect(digest(Uint8Array.from({ length }, (_, index) => index))).toBe(expected);
  });

  it('hashes the range alone, whatever lies around it', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.uint8Array(), (before, key, after) => {
        const bytes = Uint8Array.from([...before, ...key, ...after]);
        expect(digest(bytes, before.length, before.length + key.length)).toBe(digest(key));
      }),
    );
  });
});

describe('link keys', () => {
  const add = (keys: LinkKeys, text: string): boolean => keys.add(Buffer.from(text), 0, Buffer.byteLength(text));
  const has = (keys: LinkKeys, text: string): boolean => keys.has(Buffer.from(text), 0, Buffer.byteLength(text));

  it('agrees with a Set of strings', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 4 })), fc.array(fc.string({ maxLength: 4 })), (kept, asked) => {
        const keys = new LinkKeys();
        const set = new Set<string>();
        for (const text of kept) expect(add(keys, text)).toBe(!set.has(text) && set.add(text) === set);
        expect(keys.size).toBe(set.size);
        for (const text of [...kept, ...asked]) expect(has(keys, text)).toBe(set.has(text));
      }),
    );
  });

  it('holds 100,000 keys in 18 to 37 bytes each, and loses none while it grows', () => {
    const keys = new LinkKeys();
    for (let key = 0; key < 100_000; key++) {
      add(keys, String(10_000_000 + key));
      if (key > 2000 && keys.byteLength / keys.size > 37)
        expect.unreachable(`${key} keys take ${keys.byteLength} bytes`);
    }
    expect(keys.size).toBe(100_000);
    expect(keys.byteLength / keys.size).toBeGreaterThan(18);
    expect(LinkKeys.mostBytesFor(100_000)).toBe(keys.byteLength * 1.5);
    const numbers = Array.from({ length: 100_000 }, (_, key) => 10_000_000 + key);
    expect(numbers.every((key) => has(keys, String(key)))).toBe(true);
    expect(numbers.some((key) => has(keys, String(key + 10_000_000)))).toBe(false);
  });

  it('sees the same key only where the bytes are the same', () => {
    const keys = new LinkKeys();
    add(keys, '007');
    for (const other of ['7', '0007', '007 ', ' 007', '００７']) expect(has(keys, other), other).toBe(false);
    expect(has(keys, '007')).toBe(true);
  });
});
