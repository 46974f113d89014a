/** Reads sealed files as a stream (doc/format.md §9). Memory is the header and one chunk, whatever the size. */
import { decodeBase64 } from '../base64.ts';
import { SealiftError } from '../errors.ts';
import type { SecretIdentity } from '../identity.ts';
import { sha256 } from '../sha256.ts';
import { authVerify, equalBytes, memzero } from '../sodium.ts';
import { unwrapKey } from '../wrap.ts';
import { joinBytes } from './bytes.ts';
import { CHUNK_BYTES, CHUNK_OVERHEAD, TAG_FINAL, TAG_MESSAGE } from './chunks.ts';
import {
  deriveSubKeys,
  hasMagic,
  MAC_BYTES,
  PREFIX_BYTES,
  readHeader,
  readPrefix,
  type SealedHeader,
  STREAM_HEADER_BYTES,
} from './header.ts';
import { type ChunkOpener, libsodiumCipher, type OpenedChunk, type StreamCipher } from './stream-cipher.ts';

/** What the reader knows a sealed file to be; the header must agree. */
export interface OpenOptions {
  readonly job: string;
  readonly dataset: string;
}

/** The part of the file that is being collected, and its length in bytes. */
type Part = { readonly name: 'prefix' | 'header' | 'chunk'; readonly bytes: number };

const PREFIX: Part = { name: 'prefix', bytes: PREFIX_BYTES };
const CHUNK: Part = { name: 'chunk', bytes: CHUNK_BYTES + CHUNK_OVERHEAD };

/**
 * Opens one sealed file, given in pieces of any length.
 *
 * The plaintext that `push` and `finish` return MUST NOT be published, or given to anyone else, before `finish` has returned: only
 * then is the file known to be whole. Write to a temporary file and publish it afterwards. After an error the opener
 * repeats that error.
 */
export class Opener {
  readonly #secret: SecretIdentity;
  readonly #expected: OpenOptions | undefined;
  readonly #cipher: StreamCipher;
  #part: Part = PREFIX;
  #pending = new Uint8Array(PREFIX_BYTES);
  #held = 0;
  #prefix = new Uint8Array(0);
  #header: SealedHeader | undefined;
  #stream: ChunkOpener | undefined;
  #chunks = 0;
  #final = false;
  #failure: Error | undefined;

  /** Needs `await ready()`. Without `expected`, the caller compares {@link header} with what it wants to open. */
  constructor(secret: SecretIdentity, expected?: OpenOptions, cipher: StreamCipher = libsodiumCipher) {
    this.#secret = secret;
    this.#expected = expected;
    this.#cipher = cipher;
  }

  /** The header, once it was read and its MAC checked. */
  get header(): SealedHeader | undefined {
    return this.#header;
  }

  /**
   * Adds bytes of the file; returns the plaintext of the chunks that they completed.
   *
   * Throws `E_SEALED`, what {@link readHeader} throws, `E_NO_MATCH`, `E_ENVELOPE`, `E_COMMIT`, `E_HEADER_MAC`, `E_MISMATCH` (another job or
   * dataset), `E_AUTH`, `E_TRAILING`.
   */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    return this.#guard(() => {
      const plaintext: Uint8Array[] = [];
      let rest = bytes;
      while (rest.length > 0) {
        if (this.#final) throw new SealiftError('E_TRAILING', 'bytes follow the end of the sealed file', ALTERED);
        const part = rest.subarray(0, this.#part.bytes - this.#held);
        rest = rest.subarray(part.length);
        if (part.length === CHUNK.bytes && this.#part === CHUNK) {
          // A whole chunk need not be copied.
          plaintext.push(this.#openChunk(part));
          continue;
        }
        this.#pending.set(part, this.#held);
        this.#held += part.length;
        if (this.#held === this.#part.bytes) this.#complete(plaintext);
      }
      return plaintext;
    });
  }

  /**
   * Tells that the file ended; returns the plaintext of the last chunk. Only now may the plaintext be published.
   *
   * Throws `E_TRUNCATED` when the end is missing, and as {@link push}.
   */
  finish(): readonly Uint8Array[] {
    return this.#guard(() => {
      const plaintext: Uint8Array[] = [];
      if (this.#part.name === 'prefix' && !hasMagic(this.#pending.subarray(0, this.#held))) readPrefix(this.#pending);
      if (this.#part.name === 'chunk' && this.#held >= CHUNK_OVERHEAD) plaintext.push(this.#openChunk(this.#take()));
      if (!this.#final) {
        throw new SealiftError('E_TRUNCATED', 'the sealed file ends too early', { hint: 'fetch it again' });
      }
      this.#stream?.wipe();
      return plaintext;
    });
  }

  #guard<T>(step: () => T): T {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return step();
    } catch (cause) {
      memzero(this.#pending);
      this.#stream?.wipe();
      this.#failure = cause instanceof Error ? cause : new SealiftError('E_INTERNAL', 'opening failed', { cause });
      throw this.#failure;
    }
  }

  #complete(plaintext: Uint8Array[]): void {
    switch (this.#part.name) {
      case 'prefix':
        this.#prefix = this.#pending;
        this.#expect({ name: 'header', bytes: readPrefix(this.#prefix) + MAC_BYTES + STREAM_HEADER_BYTES });
        break;
      case 'header':
        this.#stream = this.#beginStream(this.#pending);
        this.#expect(CHUNK);
        break;
      case 'chunk':
        plaintext.push(this.#openChunk(this.#take()));
    }
  }

  #expect(part: Part): void {
    this.#part = part;
    this.#pending = new Uint8Array(part.bytes);
    this.#held = 0;
  }

  /** From header, MAC and stream header to the stream, in the order that the format prescribes. */
  #beginStream(bytes: Uint8Array): ChunkOpener {
    const macAt = bytes.length - MAC_BYTES - STREAM_HEADER_BYTES;
    const body = bytes.subarray(0, macAt);
    const header = readHeader(body);
    const head = joinBytes([this.#prefix, body]);
    const mac = bytes.subarray(macAt, macAt + MAC_BYTES);
    const key = this.#streamKey(header, head, mac);
    try {
      this.#requireExpected(header);
      this.#header = header;
      return this.#cipher.opening({
        key,
        header: bytes.subarray(macAt + MAC_BYTES),
        context: sha256(joinBytes([head, mac])),
      });
    } finally {
      memzero(key);
    }
  }

  /** Unwraps the file key, checks commitment and MAC under it, and keeps nothing but the stream key. */
  #streamKey(header: SealedHeader, head: Uint8Array, mac: Uint8Array): Uint8Array {
    const { suite, job, dataset, keys } = header;
    const fileKey = unwrapKey(keys, this.#secret, { suite, purpose: 'file', job, dataset });
    const { commitment, headerKey, streamKey } = deriveSubKeys(fileKey);
    memzero(fileKey);
    try {
      if (!equalBytes(commitment, decodeBase64(header.commitment))) {
        throw new SealiftError('E_COMMIT', 'the file key is not the one that the header commits to', {
          hint: 'recipients may have been given different plaintexts; tell the laboratory',
        });
      }
      if (!authVerify(mac, head, headerKey))
        throw new SealiftError('E_HEADER_MAC', 'the header of the sealed file was altered', ALTERED);
      return streamKey;
    } catch (error) {
      memzero(streamKey);
      throw error;
    } finally {
      memzero(headerKey);
    }
  }

  #requireExpected({ job, dataset }: SealedHeader): void {
    const expected = this.#expected;
    if (expected !== undefined && (job !== expected.job || dataset !== expected.dataset)) {
      throw new SealiftError('E_MISMATCH', `the sealed file is of job ${job}, dataset ${dataset}`, {
        hint: `job ${expected.job}, dataset ${expected.dataset} is wanted; fetch the right file`,
      });
    }
  }

  #take(): Uint8Array {
    const chunk = this.#pending.subarray(0, this.#held);
    this.#held = 0;
    return chunk;
  }

  /** Opens a full chunk, or at the end of the file the rest. */
  #openChunk(chunk: Uint8Array): Uint8Array {
    const opened = this.#stream?.open(chunk);
    if (opened === undefined || !isAllowed(opened, chunk.length === CHUNK.bytes, this.#chunks === 0)) {
      throw new SealiftError(
        'E_AUTH',
        `chunk ${this.#chunks + 1} of the sealed file was altered, moved or cut`,
        ALTERED,
      );
    }
    this.#final = opened.tag === TAG_FINAL;
    this.#chunks += 1;
    return opened.message;
  }
}

const ALTERED = { hint: 'fetch it again; if that does not help, tell the laboratory' } as const;

/** MESSAGE chunks are full; FINAL is empty only when it is the only chunk; other tags don't exist. */
function isAllowed({ message, tag }: OpenedChunk, full: boolean, only: boolean): boolean {
  return tag === TAG_MESSAGE ? full : tag === TAG_FINAL && (message.length > 0 || only);
}

/** Opens something small in one piece. Needs `await ready()`; throws as {@link Opener}. */
export function openBytes(sealed: Uint8Array, secret: SecretIdentity, expected?: OpenOptions): Uint8Array {
  const opener = new Opener(secret, expected);
  return joinBytes([...opener.push(sealed), ...opener.finish()]);
}
