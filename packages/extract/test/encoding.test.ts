import { spawnSync } from 'node:child_process';
import type { SourceEncoding } from '@sealift/core/dataset';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Encoding, encodingOf, MAX_BYTES } from '../src/encoding.ts';

const HIGH = Array.from({ length: 128 }, (_, index) => index + 0x80);
const UNDEFINED_IN_1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

function decode(encoding: Encoding, byte: number): string | undefined {
  const at = byte * MAX_BYTES;
  const length = encoding.lengths[byte] ?? 0;
  return length === 0 ? undefined : Buffer.from(encoding.utf8.subarray(at, at + length)).toString();
}

/** The system's iconv, which has tables of its own. */
function iconv(name: string, byte: number): string | undefined {
  const { status, stdout } = spawnSync('iconv', ['-f', name, '-t', 'UTF-8'], { input: Buffer.of(byte) });
  return status === 0 ? stdout.toString() : undefined;
}

const hasIconv = spawnSync('iconv', ['--version']).status === 0;

describe('single-byte encodings', () => {
  it.skipIf(!hasIconv).each([
    ['windows-1252', 'CP1252'],
    ['iso-8859-1', 'ISO-8859-1'],
    ['iso-8859-15', 'ISO-8859-15'],
    ['cp437', 'CP437'],
    ['cp850', 'CP850'],
  ] as const)('%s has the characters that iconv has for %s, and leaves the same bytes undefined', (name, theirs) => {
    const encoding = encodingOf(name);
    expect(HIGH.map((byte) => decode(encoding, byte))).toEqual(HIGH.map((byte) => iconv(theirs, byte)));
  });

  it.each(['windows-1252', 'iso-8859-15'] as const)('%s has the characters of the WHATWG encoding standard', (name) => {
    const encoding = encodingOf(name);
    for (const byte of HIGH.filter((high) => name !== 'windows-1252' || !UNDEFINED_IN_1252.includes(high))) {
      const theirs = new TextDecoder(name).decode(Uint8Array.of(byte), { stream: true });
      expect(decode(encoding, byte), byte.toString(16)).toBe(theirs);
    }
  });

  it('mac-roman has the characters of the WHATWG encoding standard', () => {
    const encoding = encodingOf('mac-roman');
    for (const byte of HIGH) {
      const theirs = new TextDecoder('macintosh').decode(Uint8Array.of(byte));
      expect(decode(encoding, byte), byte.toString(16)).toBe(theirs);
    }
  });

  it('cp850 has the characters that French dumps use', () => {
    const bytes = [0x82, 0x8a, 0x85, 0x87, 0x90, 0xe6, 0xff, 0x80, 0xd5];
    expect(bytes.map((byte) => decode(encodingOf('cp850'), byte)).join('')).toBe('éèàçÉµ\u00a0Çı');
  });

  it.each(['windows-1252', 'iso-8859-1', 'iso-8859-15', 'cp437', 'cp850', 'mac-roman', 'utf-8'] as const)(
    '%s leaves ASCII as it is',
    (name) => {
      const encoding = encodingOf(name);
      for (let byte = 0; byte < 0x80; byte++) expect(decode(encoding, byte)).toBe(String.fromCharCode(byte));
    },
  );

  it('windows-1252 finds the first undefined byte of a range, and only there', () => {
    const encoding = encodingOf('windows-1252');
    const bytes = Uint8Array.of(0x81, 0xe9, 0x41, 0x9d, 0x81);
    expect(encoding.firstUndefined(bytes, 1, 3)).toBe(-1);
    expect(encoding.firstUndefined(bytes, 1, 5)).toBe(3);
    for (const byte of UNDEFINED_IN_1252) expect(encoding.firstUndefined(Uint8Array.of(byte), 0, 1)).toBe(0);
  });
});

describe('UTF-8', () => {
  const encoding = encodingOf('utf-8' satisfies SourceEncoding);

  function isText(bytes: Uint8Array): boolean {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  }

  it.each([
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong of three bytes', [0xe0, 0x9f, 0xbf]],
    ['an overlong of four bytes', [0xf0, 0x8f, 0xbf, 0xbf]],
    ['a high surrogate', [0xed, 0xa0, 0x80]],
    ['a low surrogate', [0xed, 0xbf, 0xbf]],
    ['U+110000', [0xf4, 0x90, 0x80, 0x80]],
    ['a lead byte that no character has', [0xf5, 0x80, 0x80, 0x80]],
    ['a continuation without a lead', [0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['a sequence cut by a letter', [0xe2, 0x82, 0x41]],
    ['é in windows-1252', [0xe9, 0x41, 0x41]],
  ])('refuses %s', (_, bytes) => {
    expect(encoding.firstUndefined(Uint8Array.from([0x41, ...bytes]), 0, bytes.length + 1)).toBe(1);
  });

  it('agrees with TextDecoder after every high byte, at the ends of each range that continuation bytes may have', () => {
    const ends = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    const two = HIGH.flatMap((lead) => ends.map((second) => [lead, second]));
    const three = two.flatMap((bytes) => ends.map((third) => [...bytes, third]));
    const four = three.flatMap((bytes) => [0x7f, 0x80, 0xbf, 0xc0].map((fourth) => [...bytes, fourth]));
    const all = [...HIGH.map((lead) => [lead]), ...two, ...three, ...four].map((bytes) => Uint8Array.from(bytes));
    const disagreed = all.filter((bytes) => (encoding.firstUndefined(bytes, 0, bytes.length) === -1) !== isText(bytes));
    expect(all.length).toBeGreaterThan(60_000);
    expect(disagreed).toEqual([]);
  });

  it('agrees with TextDecoder on text with a byte changed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(), fc.nat(255), (text, place, byte) => {
        const bytes = Buffer.from(text);
        expect(encoding.firstUndefined(bytes, 0, bytes.length)).toBe(-1);
        if (bytes.length > 0) bytes[place % bytes.length] = byte;
        expect(encoding.firstUndefined(bytes, 0, bytes.length) === -1).toBe(isText(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a sequence that the end of the cell cuts, whatever follows in the buffer', () => {
    expect(encoding.firstUndefined(Buffer.from('é'), 0, 1)).toBe(0);
  });
});
