/** Writes sealed files as a stream (doc/format.md §9). Memory is one chunk, whatever the size. */
import { SealiftError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { sha256 } from '../sha256.ts';
import { memzero, randomBytes } from '../sodium.ts';
import { type Suite, WRAPPED_KEY_BYTES, wrapKeyForAll } from '../wrap.ts';
import { joinBytes } from './bytes.ts';
import { CHUNK_BYTES, SealedChunks } from './chunks.ts';
import { commitmentText, deriveSubKeys, encodeHeader, headerMac, STREAM_HEADER_BYTES } from './header.ts';
import { libsodiumCipher, type StreamCipher, type StreamStart } from './stream-cipher.ts';

/** What a sealed file is made for. */
export interface SealOptions {
  readonly suite: Suite;
  readonly job: string;
  /** The dataset's name; `manifest` for the sealed manifest. */
  readonly dataset: string;
  /** Who can open it: at least one, each once. */
  readonly recipients: readonly Identity[];
}

/**
 * Seals one file: write {@link header}, then what every `push` returns, then what `finish` returns.
 *
 * The file key exists only inside the constructor: afterwards whoever seals can't open what was sealed.
 */
export class Sealer {
  /** Everything before the first chunk: magic, header, MAC and stream header. */
  readonly header: Uint8Array;
  readonly #chunks: SealedChunks;

  /** Needs `await ready()`. Throws `E_USAGE` without recipients, `E_SHARED` for the same twice, `E_LIMIT` for too many. */
  constructor(options: SealOptions, cipher: StreamCipher = libsodiumCipher) {
    const { header, start } = beginSealing(options);
    this.header = header;
    this.#chunks = new SealedChunks(cipher.sealing(start));
    memzero(start.key);
  }

  /** Adds plaintext of any length; returns the sealed chunks that it completed, to be written in order. @throws E_INTERNAL after {@link finish} */
  push(plaintext: Uint8Array): readonly Uint8Array[] {
    return this.#chunks.push(plaintext);
  }

  /** Returns the last chunk and forgets plaintext and keys. @throws E_INTERNAL when it was called before */
  finish(): Uint8Array {
    return this.#chunks.finish();
  }
}

/** Seals something small in one piece. Needs `await ready()`; throws as {@link Sealer}. */
export function sealBytes(plaintext: Uint8Array, options: SealOptions): Uint8Array {
  const sealer = new Sealer(options);
  return joinBytes([sealer.header, ...sealer.push(plaintext), sealer.finish()]);
}

/** How a sealed file begins. */
export interface SealedBeginning {
  /** Everything before the first chunk: magic, header, MAC and stream header. */
  readonly header: Uint8Array;
  /** What its chunks are sealed with; whoever has read the key overwrites it. */
  readonly start: StreamStart;
}

/**
 * Begins a sealed file: makes, uses and wipes the file key. Needs `await ready()`. Throws `E_USAGE` without recipients, `E_SHARED` for
 * the same twice, `E_LIMIT` for too many.
 */
export function beginSealing(options: SealOptions): SealedBeginning {
  const { suite, job, dataset, recipients } = options;
  if (recipients.length === 0) throw new SealiftError('E_USAGE', 'a sealed file needs at least one recipient');
  const fileKey = randomBytes(WRAPPED_KEY_BYTES);
  const subKeys = deriveSubKeys(fileKey);
  try {
    const keys = wrapKeyForAll(fileKey, recipients, { suite, purpose: 'file', job, dataset });
    const commitment = commitmentText(subKeys);
    const header = encodeHeader({
      type: 'sealift.sealed.v1',
      suite,
      job,
      dataset,
      chunk: CHUNK_BYTES,
      commitment,
      keys,
    });
    const head = joinBytes([header, headerMac(header, subKeys.headerKey)]);
    const streamHeader = randomBytes(STREAM_HEADER_BYTES);
    // The context ties every chunk to this header.
    const start = { key: subKeys.streamKey, header: streamHeader, context: sha256(head) };
    return { header: joinBytes([head, streamHeader]), start };
  } catch (cause) {
    memzero(subKeys.streamKey);
    throw cause;
  } finally {
    memzero(fileKey);
    memzero(subKeys.headerKey);
  }
}
