import { beforeAll, describe, expect, test } from 'vitest';
import { encodeBase64 } from '../src/base64.ts';
import { canonicalJson } from '../src/canonical.ts';
import { joinBytes } from '../src/sealed/bytes.ts';
import { TAG_FINAL, TAG_MESSAGE } from '../src/sealed/chunks.ts';
import { deriveSubKeys, encodeHeader, headerMac, MAGIC, readPrefix, type SealedHeader } from '../src/sealed/header.ts';
import { CHUNK_BYTES, Opener, openBytes, sealBytes } from '../src/sealed/index.ts';
import { sha256 } from '../src/sha256.ts';
import { ready, sealChunk, streamSealer } from '../src/sodium.ts';
import { type Suite, wrapKey, wrapKeyForAll } from '../src/wrap.ts';
import { person, seedOf } from './people.ts';
import { codeOf, refusal } from './refusal.ts';

beforeAll(ready);

const PLACE = { job: 'lab-2026', dataset: 'patients' } as const;
const FULL = CHUNK_BYTES + 17;

/** What a dishonest or broken writer may choose; the rest is as the format says. */
interface Writer {
  readonly suite?: Suite;
  readonly fileKey?: Uint8Array;
  readonly keys?: SealedHeader['keys'];
  readonly commitment?: string;
  readonly chunks?: readonly (readonly [plaintext: Uint8Array, tag: number])[];
  /** Rewrites the header's JSON after its members were chosen and before the MAC. */
  readonly rewrite?: (header: string) => string;
}

/** Writes a sealed file from the primitives, independently of the Sealer. */
function written(writer: Writer): {
  head: Uint8Array;
  mac: Uint8Array;
  streamHeader: Uint8Array;
  chunks: Uint8Array[];
} {
  const { suite = 'sealedbox', fileKey = seedOf(7), chunks = [[Uint8Array.of(1), TAG_FINAL]] } = writer;
  const subKeys = deriveSubKeys(fileKey);
  const recipients = [person(1).identity, person(2).identity];
  const keys = writer.keys ?? wrapKeyForAll(fileKey, recipients, { ...PLACE, suite, purpose: 'file' });
  const commitment = writer.commitment ?? encodeBase64(subKeys.commitment);
  const header: SealedHeader = { type: 'sealift.sealed.v1', suite, ...PLACE, chunk: CHUNK_BYTES, commitment, keys };
  const head = rewritten(header, writer.rewrite);
  const mac = headerMac(head, subKeys.headerKey);
  const context = sha256(joinBytes([head, mac]));
  const { state, header: streamHeader } = streamSealer(subKeys.streamKey);
  return {
    head,
    mac,
    streamHeader,
    chunks: chunks.map(([plaintext, tag]) => sealChunk(state, plaintext, context, tag)),
  };
}

function rewritten(header: SealedHeader, rewrite: Writer['rewrite']): Uint8Array {
  if (rewrite === undefined) return encodeHeader(header);
  const body = new TextEncoder().encode(rewrite(new TextDecoder().decode(canonicalJson(header))));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length);
  return joinBytes([MAGIC, length, body]);
}

function fileOf(writer: Writer): Uint8Array {
  const { head, mac, streamHeader, chunks } = written(writer);
  return joinBytes([head, mac, streamHeader, ...chunks]);
}

const full = (byte: number): readonly [Uint8Array, number] => [new Uint8Array(CHUNK_BYTES).fill(byte), TAG_MESSAGE];
const last = (byte: number, length = CHUNK_BYTES): readonly [Uint8Array, number] => [
  new Uint8Array(length).fill(byte),
  TAG_FINAL,
];

/** The code with which a whole file is refused, the same whether it comes in one piece or byte by byte. */
function refusedWith(sealed: Uint8Array, number = 1): string {
  const code = codeOf(() => openBytes(sealed, person(number)));
  const opener = new Opener(person(number));
  const again = codeOf(() => {
    for (let at = 0; at < sealed.length; at += 997) opener.push(sealed.subarray(at, at + 997));
    opener.finish();
  });
  expect(again).toBe(code);
  return code;
}

/** A file of three full chunks, by its parts. */
const three = () => written({ chunks: [full(1), full(2), last(3)] });
function joined(parts: ReturnType<typeof written>, chunks: readonly Uint8Array[]): Uint8Array {
  return joinBytes([parts.head, parts.mac, parts.streamHeader, ...chunks]);
}

describe('a sealed file that was damaged or forged is refused', () => {
  test('what these tests write is otherwise accepted', () => {
    const { chunks, ...parts } = three();
    expect(openBytes(joined({ chunks, ...parts }, chunks), person(2))).toHaveLength(3 * CHUNK_BYTES);
    expect(openBytes(fileOf({ suite: 'xwing-sealedbox' }), person(1))).toEqual(Uint8Array.of(1));
  });

  test.each([0, 1, 2])('fault 39: cut after chunk %i, at the boundary', (count) => {
    const parts = three();
    expect(refusedWith(joined(parts, parts.chunks.slice(0, count)))).toBe('E_TRUNCATED');
  });

  test('fault 39: cut anywhere, and nothing of it counts as whole', () => {
    const sealed = fileOf({ chunks: [full(1), last(2, 100)] });
    const start = sealed.length - 117 - FULL;
    const cuts = [0, 1, 17, 18, 21, 22, 23, 200, start - 57, start - 25, start - 1, start, start + 1, start + 16];
    for (const cut of cuts) expect([cut, refusedWith(sealed.subarray(0, cut))]).toEqual([cut, 'E_TRUNCATED']);
    for (const cut of [start + 17, start + 1000, sealed.length - 117 + 17, sealed.length - 1]) {
      expect([cut, refusedWith(sealed.subarray(0, cut))]).toEqual([cut, 'E_AUTH']);
    }
  });

  test('fault 40: chunks swapped, duplicated, left out or taken from another file', () => {
    const parts = three();
    const [first, second, third] = parts.chunks as [Uint8Array, Uint8Array, Uint8Array];
    const foreign = three().chunks[1] as Uint8Array;
    expect(refusedWith(joined(parts, [second, first, third]))).toBe('E_AUTH');
    expect(refusedWith(joined(parts, [first, first, third]))).toBe('E_AUTH');
    expect(refusedWith(joined(parts, [first, third]))).toBe('E_AUTH');
    expect(refusedWith(joined(parts, [first, foreign, third]))).toBe('E_AUTH');
  });

  test('fault 40: one bit of any part of the stream changed', () => {
    const sealed = fileOf({ chunks: [full(1), last(2, 100)] });
    const start = sealed.length - 117 - FULL;
    for (const at of [start - 24, start - 1, start, start + 1, start + FULL - 1, start + FULL, sealed.length - 1]) {
      const altered = sealed.map((byte, index) => (index === at ? byte ^ 0x80 : byte));
      expect([at, refusedWith(altered)]).toEqual([at, 'E_AUTH']);
    }
  });

  test('fault 40: and the error names the chunk', () => {
    const parts = three();
    for (const [index, chunk] of parts.chunks.entries()) {
      const altered = parts.chunks.with(
        index,
        chunk.map((byte, at) => (at === 0 ? byte ^ 1 : byte)),
      );
      const { message } = refusal(() => openBytes(joined(parts, altered), person(1)));
      expect(message).toBe(`chunk ${index + 1} of the sealed file was altered, moved or cut`);
    }
  });

  test('fault 40: the stream of another file under the same key does not open', () => {
    const [one, two] = [written({}), written({})];
    expect(refusedWith(joinBytes([one.head, one.mac, two.streamHeader, ...two.chunks]))).toBe('E_AUTH');
  });

  test('fault 41: bytes after a full FINAL chunk, and two of them', () => {
    const parts = three();
    expect(refusedWith(joined(parts, [...parts.chunks, Uint8Array.of(0)]))).toBe('E_TRAILING');
    const twoFinals = written({ chunks: [full(1), last(2), last(3)] });
    expect(refusedWith(joined(twoFinals, twoFinals.chunks))).toBe('E_TRAILING');
  });

  test('fault 41: bytes after a short FINAL chunk become part of it', () => {
    const parts = written({ chunks: [full(1), last(2, 10)] });
    expect(refusedWith(joined(parts, [...parts.chunks, Uint8Array.of(0)]))).toBe('E_AUTH');
    const twoFinals = written({ chunks: [full(1), last(2, 10), last(3, 10)] });
    expect(refusedWith(joined(twoFinals, twoFinals.chunks))).toBe('E_AUTH');
  });

  test('an empty FINAL after another chunk', () => {
    expect(refusedWith(fileOf({ chunks: [full(1), last(2, 0)] }))).toBe('E_AUTH');
  });

  test('a MESSAGE chunk that is not full', () => {
    expect(refusedWith(fileOf({ chunks: [[Uint8Array.of(1), TAG_MESSAGE]] }))).toBe('E_AUTH');
  });

  test.each([1, 2])('a chunk with the tag %i', (tag) => {
    expect(refusedWith(fileOf({ chunks: [[full(1)[0], tag], last(2)] }))).toBe('E_AUTH');
    expect(refusedWith(fileOf({ chunks: [[Uint8Array.of(1), tag]] }))).toBe('E_AUTH');
  });

  test('fault 42: a recipient removed from the header', () => {
    const parts = written({});
    const text = new TextDecoder().decode(parts.head.subarray(22));
    const header: SealedHeader = JSON.parse(text);
    const shorter = encodeHeader({
      ...header,
      keys: header.keys.filter(({ recipient }) => recipient === person(1).fingerprint),
    });
    expect(refusedWith(joinBytes([shorter, parts.mac, parts.streamHeader, ...parts.chunks]))).toBe('E_HEADER_MAC');
  });

  test('fault 42: a recipient added to the header', () => {
    const parts = written({});
    const header: SealedHeader = JSON.parse(new TextDecoder().decode(parts.head.subarray(22)));
    const context = { ...PLACE, suite: 'sealedbox', purpose: 'file' } as const;
    const keys = [...header.keys, wrapKey(seedOf(9), person(3).identity, context)];
    const longer = encodeHeader({ ...header, keys: keys.sort((a, b) => (a.recipient < b.recipient ? -1 : 1)) });
    expect(refusedWith(joinBytes([longer, parts.mac, parts.streamHeader, ...parts.chunks]))).toBe('E_HEADER_MAC');
  });

  test('fault 42: the header’s job changed, or its MAC', () => {
    const parts = written({});
    const header: SealedHeader = JSON.parse(new TextDecoder().decode(parts.head.subarray(22)));
    const moved = encodeHeader({ ...header, job: 'lab-2027' });
    expect(refusedWith(joinBytes([moved, parts.mac, parts.streamHeader, ...parts.chunks]))).toBe('E_HEADER_MAC');
    const mac = parts.mac.map((byte, index) => (index === 31 ? byte ^ 1 : byte));
    expect(refusedWith(joinBytes([parts.head, mac, parts.streamHeader, ...parts.chunks]))).toBe('E_HEADER_MAC');
  });

  test('a hybrid wrap moved to another job does not open', () => {
    const rewrite = (header: string) => header.replace('lab-2026', 'lab-2027');
    expect(refusedWith(fileOf({ suite: 'xwing-sealedbox', rewrite }))).toBe('E_ENVELOPE');
  });

  test('fault 43: who is no recipient', () => {
    expect(refusedWith(fileOf({}), 3)).toBe('E_NO_MATCH');
  });

  test('fault 45: wraps of both suites', () => {
    const fileKey = seedOf(7);
    const keys = [
      wrapKey(fileKey, person(1).identity, { ...PLACE, suite: 'sealedbox', purpose: 'file' }),
      wrapKey(fileKey, person(2).identity, { ...PLACE, suite: 'xwing-sealedbox', purpose: 'file' }),
    ].sort((a, b) => (a.recipient < b.recipient ? -1 : 1));
    for (const suite of ['sealedbox', 'xwing-sealedbox'] as const) {
      expect(refusedWith(fileOf({ suite, fileKey, keys }))).toBe('E_SUITE');
    }
  });

  test('fault 46: two recipients with two file keys, and so with two plaintexts', () => {
    const context = { ...PLACE, suite: 'sealedbox', purpose: 'file' } as const;
    const keys = [
      wrapKey(seedOf(7), person(1).identity, context),
      wrapKey(seedOf(8), person(2).identity, context),
    ].sort((a, b) => (a.recipient < b.recipient ? -1 : 1));
    const sealed = fileOf({ fileKey: seedOf(7), keys });
    expect(openBytes(sealed, person(1))).toEqual(Uint8Array.of(1));
    expect(refusedWith(sealed, 2)).toBe('E_COMMIT');
  });

  test('fault 46: a commitment to nothing', () => {
    expect(refusedWith(fileOf({ commitment: encodeBase64(new Uint8Array(32)) }))).toBe('E_COMMIT');
  });

  test('no sealed file, one of another version, or an impossible length', () => {
    const sealed = fileOf({});
    expect(refusedWith(new Uint8Array(100))).toBe('E_SEALED');
    expect(refusedWith(new TextEncoder().encode('NOM;PRENOM'))).toBe('E_SEALED');
    expect(refusedWith(sealed.map((byte, index) => (index === 16 ? 0x32 : byte)))).toBe('E_SEALED');
    expect(refusedWith(sealed.map((byte, index) => (index === 19 ? 0xff : byte)))).toBe('E_SEALED');
  });

  test.each([
    ['white space', (header: string) => header.replace(':', ': '), 'E_SEALED'],
    ['white space at its end', (header: string) => `${header} `, 'E_SEALED'],
    [
      'members in another order',
      (header: string) => header.replace(/\{("chunk":65536),(.*)\}$/, '{$2,$1}'),
      'E_SEALED',
    ],
    ['a duplicate member', (header: string) => header.replace('{', '{"chunk":65536,'), 'E_JSON_DUP'],
    ['an unknown member', (header: string) => header.replace('{', '{"a":1,'), 'E_SCHEMA'],
    ['another chunk size', (header: string) => header.replace('65536', '4096'), 'E_SCHEMA'],
    ['a newer version', (header: string) => header.replace('sealed.v1', 'sealed.v2'), 'E_VERSION'],
    ['a hostile dataset', (header: string) => header.replace('patients', '../patients'), 'E_SCHEMA'],
    ['an unknown suite', (header: string) => header.replace('"suite":"sealedbox"', '"suite":"none"'), 'E_SCHEMA'],
    ['no recipient', (header: string) => header.replace(/"keys":\[.*\]/, '"keys":[]'), 'E_SCHEMA'],
    ['a wrong base64', (header: string) => header.replace(/"commitment":"./, '"commitment":"-'), 'E_ENCODING'],
  ])('a header with %s', (_title, rewrite, code) => {
    expect(refusedWith(fileOf({ rewrite }))).toBe(code);
  });

  test('fault 7: a header has at most 1 MiB, when it is written and when it is read', () => {
    const header: SealedHeader = JSON.parse(new TextDecoder().decode(written({}).head.subarray(22)));
    const limit = 1024 * 1024;
    const filling = limit - encodeHeader({ ...header, job: '' }).length + 22;
    const largest = encodeHeader({ ...header, job: 'x'.repeat(filling) });
    expect(readPrefix(largest.subarray(0, 22))).toBe(limit);
    expect(codeOf(() => encodeHeader({ ...header, job: 'x'.repeat(filling + 1) }))).toBe('E_LIMIT');
    largest[21] = 1;
    expect(codeOf(() => readPrefix(largest.subarray(0, 22)))).toBe('E_SEALED');
  });

  test('recipients that are not sorted, or the same one twice', () => {
    const context = { ...PLACE, suite: 'sealedbox', purpose: 'file' } as const;
    const sorted = wrapKeyForAll(seedOf(7), [person(1).identity, person(2).identity], context);
    expect(refusedWith(fileOf({ keys: [...sorted].reverse() }))).toBe('E_SEALED');
    expect(refusedWith(fileOf({ keys: [sorted[0], sorted[0]] as SealedHeader['keys'] }))).toBe('E_SEALED');
  });

  test('after an error the opener repeats it, whatever comes', () => {
    const sealed = sealBytes(new Uint8Array(10), { ...PLACE, suite: 'sealedbox', recipients: [person(1).identity] });
    const opener = new Opener(person(2));
    expect(codeOf(() => opener.push(sealed))).toBe('E_NO_MATCH');
    expect(codeOf(() => opener.push(sealed))).toBe('E_NO_MATCH');
    expect(codeOf(() => opener.finish())).toBe('E_NO_MATCH');
  });
});
