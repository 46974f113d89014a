/**
 * Sealed files under mutated bytes, mixed parts, and headers and chunks that only a dishonest writer can make. Each is opened
 * whole by libsodium and in pieces by this process's cipher: both must agree, and nothing but the plaintext may come out.
 */
import { SealiftError } from '@sealift/core';
import { streamCipher } from '@sealift/core/node';
import { CHUNK_BYTES, Opener, openBytes, type SealedHeader } from '@sealift/core/sealed';
import fc from 'fast-check';
import { describe } from 'vitest';
import { byteChanges, changeBytes } from './byte-changes.ts';
import { changeJson, jsonChanges } from './json-changes.ts';
import {
  isWhole,
  partsOf,
  plaintextOf,
  promisedLength,
  recipient,
  sealedFile,
  type WrittenChunk,
  writtenFile,
} from './sealed-files.ts';
import { type FuzzTarget, fuzz, refusalOf } from './target.ts';

type Target = Omit<FuzzTarget, 'name'>;

const DOCUMENTED = [
  ...([
    'E_SEALED',
    'E_LIMIT',
    'E_ENCODING',
    'E_JSON',
    'E_JSON_DUP',
    'E_NUMBER',
    'E_VERSION',
    'E_KEY',
    'E_SCHEMA',
  ] as const),
  ...([
    'E_SUITE',
    'E_NO_MATCH',
    'E_ENVELOPE',
    'E_COMMIT',
    'E_HEADER_MAC',
    'E_AUTH',
    'E_TRUNCATED',
    'E_TRAILING',
  ] as const),
] as const;

/** Opens a file both ways. */
function open(input: Uint8Array): void {
  let opened: Uint8Array | undefined;
  const whole = refusalOf(() => {
    opened = openBytes(input, recipient());
  });
  const pieces = refusalOf(() => openInPieces(input));
  if (whole?.code !== pieces?.code) throw new Error(`whole: ${whole?.code}, in pieces: ${pieces?.code}`);
  if (whole !== undefined) throw whole;
  if (opened === undefined || !isPlaintext(opened, 0))
    throw new Error('a file that was accepted gave another plaintext');
}

/** Opens a file in pieces whose length follows from its content, and checks every piece of plaintext at once. */
function openInPieces(input: Uint8Array): void {
  const opener = new Opener(recipient(), undefined, streamCipher());
  const sum = input.subarray(-64).reduce((total, byte) => total + byte, 0);
  const step = input.length < 8000 && sum % 4 === 0 ? 1 : 1 + ((sum * 37) % 20_000);
  let given = 0;
  const take = (plaintext: readonly Uint8Array[]): void => {
    for (const part of plaintext) {
      if (!isPlaintext(part, given)) throw new Error('bytes that are no part of the plaintext were handed out');
      given += part.length;
    }
  };
  try {
    for (let at = 0; at < input.length; at += step) take(opener.push(input.subarray(at, at + step)));
    take(opener.finish());
  } catch (error) {
    requireSameAgain(opener, error);
    throw error;
  }
  requirePromise(opener.header, given);
}

/** After an error the opener repeats it: a caller that goes on gets nothing. */
function requireSameAgain(opener: Opener, error: unknown): void {
  for (const again of [() => opener.push(Uint8Array.of(0)), () => opener.finish()]) {
    const repeated = refusalOf(again);
    if (error instanceof SealiftError && repeated !== error) throw new Error('an opener went on after an error');
  }
}

function requirePromise(header: SealedHeader | undefined, given: number): void {
  const promised = header && promisedLength(header.dataset);
  if (promised !== undefined && promised !== given) throw new Error(`${given} bytes came out instead of ${promised}`);
}

function isPlaintext(bytes: Uint8Array, at: number): boolean {
  return Buffer.compare(bytes, plaintextOf(at + bytes.length).subarray(at)) === 0;
}

/** The dataset of files whose chunks the format forbids: no file has this length, so accepting one breaks the promise. */
const FORBIDDEN = 'bytes-9999999';

/** Opens a file that is accepted exactly when its dataset's name isn't {@link FORBIDDEN}. */
function openAsPromised(input: Uint8Array): void {
  const refused = refusalOf(() => open(input));
  if (refused === undefined) return;
  if (!Buffer.from(input).includes(`"${FORBIDDEN}"`)) throw new Error(`a file as the format wants it: ${refused.code}`);
  throw refused;
}

const TARGET = { documented: DOCUMENTED, read: open } as const;

const LENGTHS = [0, 100, CHUNK_BYTES, 2 * CHUNK_BYTES + 5];
const SUITES = ['sealedbox', 'xwing-sealedbox'] as const;

/** Every suite and length, sealed once for a target. */
const files = (): readonly Uint8Array[] =>
  SUITES.flatMap((suite) => LENGTHS.map((length) => sealedFile(suite, length)));

describe('sealed files', () => {
  fuzz('sealed file, mutated bytes', (): Target => {
    const tokens = ['sealift-sealed-v1\n', '{', '"', 'sealedbox'].map((text) => new TextEncoder().encode(text));
    return {
      ...TARGET,
      share: 100,
      inputs: fc
        .tuple(fc.constantFrom(...files()), byteChanges(tokens))
        .map(([file, changes]) => changeBytes(file, changes)),
      reached: ['E_SEALED', 'E_HEADER_MAC', 'E_AUTH', 'E_TRUNCATED'],
    };
  });

  fuzz('sealed file, mixed parts', (): Target => {
    const parts = files().map(partsOf);
    const whole = fc.constantFrom(...parts);
    const any = fc.constantFrom(...parts.flat(), new Uint8Array(0));
    const edit = fc.record({ at: fc.nat(4), remove: fc.nat(2), insert: fc.array(any, { maxLength: 2 }) });
    return {
      ...TARGET,
      share: 60,
      inputs: fc
        .tuple(whole, fc.array(edit, { minLength: 1, maxLength: 3 }))
        .map(([file, edits]) =>
          Buffer.concat(
            edits.reduce<readonly Uint8Array[]>(
              (all, { at, remove, insert }) => all.toSpliced(at, remove, ...insert),
              file,
            ),
          ),
        ),
      reached: ['E_SEALED', 'E_AUTH', 'E_TRUNCATED', 'E_TRAILING', 'accepted'],
    };
  });

  fuzz('sealed file, header of a dishonest writer', (): Target => {
    const chunks = [{ length: 100, tag: 3 }];
    return {
      ...TARGET,
      share: 60,
      inputs: fc
        .tuple(fc.constantFrom(...SUITES), jsonChanges(), fc.integer({ min: 0, max: 9 }))
        .map(([suite, changes, dice]) =>
          writtenFile({
            suite,
            dataset: 'patients',
            chunks,
            header: (honest) => changeJson(honest, changes),
            pretty: dice === 0,
          }),
        ),
      reached: ['E_SCHEMA', 'E_SEALED', 'E_ENVELOPE', 'E_NO_MATCH', 'accepted'],
    };
  });

  fuzz('sealed file, chunks of a dishonest writer', (): Target => {
    const length = fc.oneof(
      fc.constantFrom(0, 1, CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES - 1, CHUNK_BYTES + 1),
      fc.nat(300),
    );
    const tag = fc.constantFrom(0, 0, 0, 1, 2, 3, 3, 3);
    const chunk = fc.record<WrittenChunk>({ length, tag });
    return {
      documented: DOCUMENTED,
      read: openAsPromised,
      share: 40,
      inputs: fc.tuple(fc.constantFrom(...SUITES), fc.array(chunk, { maxLength: 3 })).map(([suite, chunks]) => {
        const total = chunks.reduce((sum, { length: bytes }) => sum + bytes, 0);
        return writtenFile({ suite, dataset: isWhole(chunks) ? `bytes-${total}` : FORBIDDEN, chunks });
      }),
      reached: ['E_AUTH', 'E_TRUNCATED', 'accepted'],
    };
  });
});
