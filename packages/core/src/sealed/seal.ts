/** Writes sealed files as a stream (doc/format.md §9). Memory is one chunk, whatever the size. */
import { SealiftError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { sha256 } from '../sha256.ts';
import { memzero, randomBytes, TAG_FINAL, TAG_MESSAGE } from '../sodium.ts';
import { type Suite, WRAPPED_KEY_BYTES, wrapKeyForAll } from '../wrap.ts';
import { joinBytes } from './bytes.ts';
import { CHUNK_BYTES, commitmentText, deriveSubKeys, encodeHeader, headerMac, STREAM_HEADER_BYTES } from './header.ts';
import { type ChunkSealer, libsodiumCipher, type StreamCipher } from './stream-cipher.ts';

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
  readonly #stream: ChunkSealer;
  /** A full chunk waits here too: until more comes, it may be the last one. */
  readonly #pending = new Uint8Array(CHUNK_BYTES);
  #held = 0;
  #finished = false;

  /** Needs `await ready()`. Throws `E_USAGE` without recipients, `E_SHARED` for the same twice, `E_LIMIT` for too many. */
  constructor(options: SealOptions, cipher: StreamCipher = libsodiumCipher) {
    const { header, stream } = beginFile(options, cipher);
    this.header = header;
    this.#stream = stream;
  }

  /** Adds plaintext of any length; returns the sealed chunks that it completed, to be written in order. */
  push(plaintext: Uint8Array): readonly Uint8Array[] {
    if (this.#finished) throw new SealiftError('E_INTERNAL', 'the sealed file is already complete');
    const chunks: Uint8Array[] = [];
    let rest = plaintext;
    while (rest.length > 0) {
      if (this.#held === CHUNK_BYTES) chunks.push(this.#stream.seal(this.#take(), TAG_MESSAGE));
      // Whole chunks that are certainly not the last one need not be copied.
      while (this.#held === 0 && rest.length > CHUNK_BYTES) {
        chunks.push(this.#stream.seal(rest.subarray(0, CHUNK_BYTES), TAG_MESSAGE));
        rest = rest.subarray(CHUNK_BYTES);
      }
      const part = rest.subarray(0, CHUNK_BYTES - this.#held);
      this.#pending.set(part, this.#held);
      this.#held += part.length;
      rest = rest.subarray(part.length);
    }
    return chunks;
  }

  /** Returns the last chunk and forgets plaintext and keys. */
  finish(): Uint8Array {
    if (this.#finished) throw new SealiftError('E_INTERNAL', 'the sealed file is already complete');
    this.#finished = true;
    const chunk = this.#stream.seal(this.#take(), TAG_FINAL);
    this.#stream.wipe();
    memzero(this.#pending);
    return chunk;
  }

  #take(): Uint8Array {
    const chunk = this.#pending.subarray(0, this.#held);
    this.#held = 0;
    return chunk;
  }
}

/** Seals something small in one piece. Needs `await ready()`; throws as {@link Sealer}. */
export function sealBytes(plaintext: Uint8Array, options: SealOptions): Uint8Array {
  const sealer = new Sealer(options);
  return joinBytes([sealer.header, ...sealer.push(plaintext), sealer.finish()]);
}

/** Makes, uses and wipes the file key. */
function beginFile(options: SealOptions, cipher: StreamCipher): { header: Uint8Array; stream: ChunkSealer } {
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
    const stream = cipher.sealing({ key: subKeys.streamKey, header: streamHeader, context: sha256(head) });
    return { header: joinBytes([head, streamHeader]), stream };
  } finally {
    memzero(fileKey);
    memzero(subKeys.headerKey);
    memzero(subKeys.streamKey);
  }
}
