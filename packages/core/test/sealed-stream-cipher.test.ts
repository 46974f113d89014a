import fc from 'fast-check';
import sodium from 'libsodium-wrappers';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodeCipher } from '../src/node/secretstream.ts';
import { chooseStreamCipher, streamCipher } from '../src/node/secretstream-self-test.ts';
import { joinBytes } from '../src/sealed/bytes.ts';
import { TAG_FINAL, TAG_MESSAGE } from '../src/sealed/chunks.ts';
import { CHUNK_BYTES, libsodiumCipher, Opener, openBytes, Sealer, type StreamCipher } from '../src/sealed/index.ts';
import type { StreamStart } from '../src/sealed/stream-cipher.ts';
import { ready } from '../src/sodium.ts';
import { person } from './people.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

const START: StreamStart = { key: bytesOf(32), header: bytesOf(24, 3), context: bytesOf(32, 7) };
const OPTIONS = { suite: 'sealedbox', job: 'lab-2026', dataset: 'patients', recipients: () => [person(1).identity] };

/** Bytes that don't repeat within a block. */
function bytesOf(length: number, first = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (first + index * 31 + (index >> 8)) & 0xff);
}

/** Equality of long byte strings: a matcher that shows differences takes seconds for them. */
function expectSameBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  expect(Buffer.compare(actual ?? Buffer.from('nothing'), expected)).toBe(0);
}

/** One chunk of a fresh stream. */
function sealedBy(cipher: StreamCipher, message: Uint8Array, tag = TAG_MESSAGE, start = START): Uint8Array {
  return cipher.sealing(start).seal(message, tag);
}

/** Every length up to two blocks of 64, and those around the lengths where something changes. */
const LENGTHS = [
  ...Array.from({ length: 130 }, (_, length) => length),
  ...[1000, 4096, 32_767, 65_519, 65_520, 65_521, CHUNK_BYTES - 8, CHUNK_BYTES - 1, CHUNK_BYTES],
];

describe('secretstream on node:crypto gives the bytes of libsodium', () => {
  test.each([TAG_MESSAGE, 1, 2, TAG_FINAL])('for chunks of every length with tag %i, one after the other', (tag) => {
    const [theirs, ours] = [libsodiumCipher.sealing(START), nodeCipher.sealing(START)];
    for (const length of LENGTHS) {
      const message = bytesOf(length, length);
      expectSameBytes(ours.seal(message, tag), theirs.seal(message, tag));
    }
  });

  test('for any key, header, context, lengths and tags; and each opens what the other sealed', () => {
    const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const start = fc.record({ key: fixed(32), header: fixed(24), context: fc.uint8Array({ maxLength: 70 }) });
    const length = fc.oneof(fc.nat(200), fc.nat(CHUNK_BYTES), fc.constantFrom(...LENGTHS));
    const chunks = fc.array(fc.tuple(length, fc.nat(255), fc.nat(3)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(start, chunks, (begin, parts) => {
        const [theirSealer, ourSealer] = [libsodiumCipher.sealing(begin), nodeCipher.sealing(begin)];
        const [theirOpener, ourOpener] = [libsodiumCipher.opening(begin), nodeCipher.opening(begin)];
        for (const [bytes, first, tag] of parts) {
          const message = bytesOf(bytes, first);
          const sealed = ourSealer.seal(message, tag);
          expectSameBytes(theirSealer.seal(message, tag), sealed);
          for (const opened of [theirOpener.open(sealed), ourOpener.open(sealed)]) {
            expect(opened?.tag).toBe(tag);
            expectSameBytes(opened?.message, message);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('under a header that libsodium chose, in both directions', () => {
    const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(START.key);
    const opener = nodeCipher.opening({ ...START, header });
    for (const length of [CHUNK_BYTES, 0, 33]) {
      const sealed = sodium.crypto_secretstream_xchacha20poly1305_push(state, bytesOf(length), START.context, 0);
      expectSameBytes(opener.open(sealed)?.message, bytesOf(length));
    }
  });

  test('and plain byte arrays, which belong to the caller', () => {
    const [sealer, opener] = [nodeCipher.sealing(START), nodeCipher.opening(START)];
    const message = bytesOf(100);
    const first = sealer.seal(message, TAG_MESSAGE);
    const before = Uint8Array.from(first);
    expect(sealer.seal(message, TAG_MESSAGE)).not.toEqual(before);
    expect(first).toEqual(before);
    expect(opener.open(first)?.message.constructor).toBe(Uint8Array);
    expect(first.constructor).toBe(Uint8Array);
  });
});

describe.each([nodeCipher, libsodiumCipher])('secretstream on $name refuses', (cipher) => {
  test.each([0, 1, 15, 16, 17, 64, 100, 1024])('any bit changed in a chunk of %i bytes', (length) => {
    const sealed = sealedBy(cipher, bytesOf(length));
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = sealed.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte));
      expect([at, cipher.opening(START).open(altered)]).toEqual([at, undefined]);
    }
  });

  test.each([0, 16, 17])('a chunk of %i bytes that was cut or lengthened', (length) => {
    const sealed = sealedBy(cipher, bytesOf(length));
    for (let end = 0; end < sealed.length; end += 1) {
      expect(cipher.opening(START).open(sealed.subarray(0, end))).toBeUndefined();
    }
    expect(cipher.opening(START).open(joinBytes([sealed, Uint8Array.of(0)]))).toBeUndefined();
  });

  test.each(['key', 'header', 'context'] as const)('another %s', (part) => {
    for (const length of [32, 33]) {
      const sealed = sealedBy(cipher, bytesOf(length));
      for (const at of [0, START[part].length - 1]) {
        const other = START[part].map((byte, index) => (index === at ? byte ^ 1 : byte));
        expect(cipher.opening({ ...START, [part]: other }).open(sealed)).toBeUndefined();
      }
    }
  });

  test('a chunk that is not the next one', () => {
    const sealer = cipher.sealing(START);
    const [first, second] = [sealer.seal(bytesOf(16), TAG_MESSAGE), sealer.seal(bytesOf(16), TAG_MESSAGE)];
    expect(cipher.opening(START).open(second)).toBeUndefined();
    const opener = cipher.opening(START);
    expect(opener.open(first)).toBeDefined();
    expect(opener.open(first)).toBeUndefined();
  });
});

test('a stream that was wiped holds its keys no longer', () => {
  const [sealer, opener] = [nodeCipher.sealing(START), nodeCipher.opening(START)];
  const sealed = sealedBy(nodeCipher, bytesOf(16));
  sealer.wipe();
  opener.wipe();
  expect(sealer.seal(bytesOf(16), TAG_MESSAGE)).not.toEqual(sealed);
  expect(opener.open(sealed)).toBeUndefined();
});

/** Node's cipher with one fault. */
function broken(fault: { seal?: StreamCipher['sealing']; open?: StreamCipher['opening'] }): StreamCipher {
  return { name: 'node:crypto', sealing: fault.seal ?? nodeCipher.sealing, opening: fault.open ?? nodeCipher.opening };
}

describe('the choice of the cipher', () => {
  test('is node:crypto here, and stays', () => {
    expect(streamCipher().name).toBe('node:crypto');
    expect(streamCipher()).toBe(streamCipher());
    expect(chooseStreamCipher(nodeCipher)).toBe(nodeCipher);
  });

  test.each<[string, StreamCipher]>([
    ['seals other bytes', broken({ seal: (start) => nodeCipher.sealing({ ...start, context: new Uint8Array(0) }) })],
    [
      'pads as RFC 8439 does where libsodium does not',
      broken({
        seal: (start) => {
          const sealer = nodeCipher.sealing(start);
          const flip = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
          return {
            wipe: () => sealer.wipe(),
            seal: (chunk, tag) => (chunk.length === 1023 ? flip(sealer.seal(chunk, tag)) : sealer.seal(chunk, tag)),
          };
        },
      }),
    ],
    ['opens nothing', broken({ open: () => ({ open: () => undefined, wipe: () => undefined }) })],
    [
      'opens with another tag',
      broken({
        open: (start) => {
          const opener = nodeCipher.opening(start);
          return {
            wipe: () => opener.wipe(),
            open: (chunk) => {
              const opened = opener.open(chunk);
              return opened && { ...opened, tag: TAG_FINAL };
            },
          };
        },
      }),
    ],
    [
      'opens what was altered',
      broken({
        open: (start) => {
          const opener = nodeCipher.opening(start);
          const anything = { message: new Uint8Array(0), tag: TAG_MESSAGE };
          return { wipe: () => opener.wipe(), open: (chunk) => opener.open(chunk) ?? anything };
        },
      }),
    ],
    [
      'throws, as where OpenSSL lacks ChaCha20',
      broken({
        seal: () => {
          throw new Error('unknown cipher');
        },
      }),
    ],
  ])('falls back to libsodium when the candidate %s', (_title, candidate) => {
    const cipher = chooseStreamCipher(candidate);
    expect(cipher).toBe(libsodiumCipher);
    expect(cipher.name).toBe('libsodium');
  });
});

describe('sealed files are the same, whatever computes them', () => {
  const options = () => ({ ...OPTIONS, suite: 'sealedbox' as const, recipients: OPTIONS.recipients() });
  const seal = (plaintext: Uint8Array, cipher: StreamCipher) => {
    const sealer = new Sealer(options(), cipher);
    return joinBytes([sealer.header, ...sealer.push(plaintext), sealer.finish()]);
  };
  const open = (sealed: Uint8Array, cipher: StreamCipher) => {
    const opener = new Opener(person(1), { job: 'lab-2026', dataset: 'patients' }, cipher);
    return joinBytes([...opener.push(sealed), ...opener.finish()]);
  };

  test.each([0, 1, 16, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES + 100])(
    '%i bytes, sealed by one and opened by the other',
    (length) => {
      const plaintext = bytesOf(length);
      expectSameBytes(open(seal(plaintext, libsodiumCipher), nodeCipher), plaintext);
      expectSameBytes(open(seal(plaintext, nodeCipher), libsodiumCipher), plaintext);
      expectSameBytes(openBytes(seal(plaintext, nodeCipher), person(1)), plaintext);
    },
  );

  test('damage is told by the same error', () => {
    const sealed = seal(bytesOf(2 * CHUNK_BYTES + 100), nodeCipher);
    const cuts = [sealed.length - 1, sealed.length - 117, sealed.length - 118, 100, 0];
    for (const cipher of [nodeCipher, libsodiumCipher]) {
      const codes = cuts.map((cut) => codeOf(() => open(sealed.subarray(0, cut), cipher)));
      expect(codes).toEqual(['E_AUTH', 'E_TRUNCATED', 'E_AUTH', 'E_TRUNCATED', 'E_TRUNCATED']);
      const altered = sealed.map((byte, at) => (at === sealed.length - 200 ? byte ^ 1 : byte));
      expect(codeOf(() => open(altered, cipher))).toBe('E_AUTH');
    }
  });
});
