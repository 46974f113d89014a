import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { joinBytes } from '../src/sealed/bytes.ts';
import { encodeHeader, type SealedHeader } from '../src/sealed/header.ts';
import { CHUNK_BYTES, Opener, openBytes, Sealer, sealBytes } from '../src/sealed/index.ts';
import { ready } from '../src/sodium.ts';
import { type Suite, wrapKeyForAll } from '../src/wrap.ts';
import { person } from './people.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

const SUITES: readonly Suite[] = ['xwing-sealedbox', 'sealedbox'];
const EXPECTED = { job: 'lab-2026', dataset: 'patients' };

function optionsOf(suite: Suite = 'xwing-sealedbox', numbers: readonly number[] = [1]) {
  return { ...EXPECTED, suite, recipients: numbers.map((number) => person(number).identity) };
}

/** Equality of long byte strings: a matcher that shows differences takes seconds for them. */
function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(Buffer.compare(actual, expected)).toBe(0);
}

/** Bytes that differ from chunk to chunk. */
function plaintextOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 13)) & 0xff);
}

/** Bytes cut into pieces of some lengths, taken in turn. */
function pieces(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += cut.at(-1)?.length ?? 0) {
    cut.push(bytes.subarray(at, at + (lengths[cut.length % lengths.length] ?? 1)));
  }
  return cut;
}

function sealInPieces(plaintext: Uint8Array, lengths: readonly number[]): Uint8Array {
  const sealer = new Sealer(optionsOf('sealedbox'));
  const chunks = pieces(plaintext, lengths).flatMap((piece) => sealer.push(piece));
  return joinBytes([sealer.header, ...chunks, sealer.finish()]);
}

function openInPieces(sealed: Uint8Array, lengths: readonly number[]): Uint8Array {
  const opener = new Opener(person(1), EXPECTED);
  const opened = pieces(sealed, lengths).flatMap((piece) => opener.push(piece));
  return joinBytes([...opened, ...opener.finish()]);
}

const LENGTHS = [
  0,
  1,
  15,
  16,
  17,
  CHUNK_BYTES - 1,
  CHUNK_BYTES,
  CHUNK_BYTES + 1,
  2 * CHUNK_BYTES,
  3 * CHUNK_BYTES + 100,
];

describe.each(SUITES)('sealed files in the suite %s', (suite) => {
  test.each(LENGTHS)('%i bytes come back, for every recipient', (length) => {
    const plaintext = plaintextOf(length);
    const sealed = sealBytes(plaintext, optionsOf(suite, [1, 2, 3]));
    for (const number of [1, 2, 3]) expectSameBytes(openBytes(sealed, person(number), EXPECTED), plaintext);
  });
});

describe('sealed files', () => {
  test.each(LENGTHS)('%i bytes grow by 17 for each chunk', (length) => {
    const sealer = new Sealer(optionsOf());
    const chunks = [...sealer.push(plaintextOf(length)), sealer.finish()];
    expect(chunks).toHaveLength(Math.max(1, Math.ceil(length / CHUNK_BYTES)));
    expect(joinBytes(chunks)).toHaveLength(length + 17 * chunks.length);
  });

  test('begin with the magic and the length of a canonical header', () => {
    const { header } = new Sealer(optionsOf('sealedbox'));
    expect(new TextDecoder().decode(header.subarray(0, 18))).toBe('sealift-sealed-v1\n');
    const length = new DataView(header.buffer).getUint32(18);
    expect(header).toHaveLength(22 + length + 32 + 24);
    expect(new TextDecoder().decode(header.subarray(22, 22 + length))).toMatch(
      /^\{"chunk":65536,"commitment":"[^"]{44}","dataset":"patients","job":"lab-2026","keys":\[\{"box":"[^"]{108}","recipient":"[a-z2-7]{52}"\}\],"suite":"sealedbox","type":"sealift\.sealed\.v1"\}$/,
    );
  });

  test('the same plaintext never seals to the same bytes', () => {
    const plaintext = plaintextOf(100);
    expect(sealBytes(plaintext, optionsOf())).not.toEqual(sealBytes(plaintext, optionsOf()));
  });

  test('written byte by byte, and read byte by byte', () => {
    const plaintext = plaintextOf(500);
    expect(openInPieces(sealInPieces(plaintext, [1]), [1])).toEqual(plaintext);
    expect(openInPieces(sealInPieces(new Uint8Array(0), [1]), [1])).toEqual(new Uint8Array(0));
  });

  test('however the bytes are cut, the chunks are the same', () => {
    const length = fc.constantFrom(0, 1, 2, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 150_000);
    const cuts = fc.array(fc.constantFrom(7, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 17, 100_000), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(length, cuts, cuts, (bytes, written, read) => {
        const plaintext = plaintextOf(bytes);
        expectSameBytes(openInPieces(sealInPieces(plaintext, written), read), plaintext);
      }),
      { numRuns: 40 },
    );
  });

  test('a caller may reuse its buffer after each push', () => {
    const sealer = new Sealer(optionsOf());
    const buffer = new Uint8Array(1000).fill(1);
    const first = sealer.push(buffer);
    buffer.fill(2);
    const sealed = joinBytes([sealer.header, ...first, ...sealer.push(buffer), sealer.finish()]);
    expect(openBytes(sealed, person(1))).toEqual(joinBytes([new Uint8Array(1000).fill(1), buffer]));
  });

  test('the header is known once its MAC was checked', () => {
    const opener = new Opener(person(1));
    const sealed = sealBytes(plaintextOf(10), optionsOf());
    opener.push(sealed.subarray(0, 1000));
    expect(opener.header).toBeUndefined();
    opener.push(sealed.subarray(1000));
    expect(opener.header).toMatchObject({ job: 'lab-2026', dataset: 'patients', suite: 'xwing-sealedbox' });
  });

  test('a file of another job or dataset is refused', () => {
    const sealed = sealBytes(plaintextOf(10), optionsOf());
    expect(codeOf(() => openBytes(sealed, person(1), { ...EXPECTED, job: 'lab-2027' }))).toBe('E_MISMATCH');
    expect(codeOf(() => openBytes(sealed, person(1), { ...EXPECTED, dataset: 'results' }))).toBe('E_MISMATCH');
  });

  test('no recipient, or the same one twice, is refused', () => {
    expect(codeOf(() => new Sealer(optionsOf('sealedbox', [])))).toBe('E_USAGE');
    expect(codeOf(() => new Sealer(optionsOf('sealedbox', [1, 1])))).toBe('E_SHARED');
  });

  test('a header of more than 1 MiB is refused before anything is written', () => {
    const context = { ...EXPECTED, suite: 'sealedbox', purpose: 'file' } as const;
    const [key] = wrapKeyForAll(new Uint8Array(32), [person(1).identity], context);
    if (key === undefined) throw new Error('no key was wrapped');
    const keys = Array.from({ length: 6000 }, () => key);
    const header: SealedHeader = {
      type: 'sealift.sealed.v1',
      ...EXPECTED,
      suite: 'sealedbox',
      chunk: CHUNK_BYTES,
      commitment: '',
      keys,
    };
    expect(codeOf(() => encodeHeader(header))).toBe('E_LIMIT');
    expect(encodeHeader({ ...header, keys: keys.slice(0, 500) }).length).toBeLessThan(1024 * 1024);
  });

  test('nothing follows the last chunk', () => {
    const sealer = new Sealer(optionsOf());
    sealer.finish();
    expect(codeOf(() => sealer.push(plaintextOf(1)))).toBe('E_INTERNAL');
    expect(codeOf(() => sealer.finish())).toBe('E_INTERNAL');
  });
});
