/**
 * The cipher under the chunks of a sealed file: crypto_secretstream_xchacha20poly1305 (libsodium's page "Encrypted streams"),
 * whoever computes it. Every implementation gives the same bytes.
 */
import { openChunk, sealChunk, streamOpener } from '../sodium.ts';

/** What a stream begins with; all of it is read at once and may be wiped afterwards. */
export interface StreamStart {
  /** The stream key, 32 bytes. */
  readonly key: Uint8Array;
  /** The stream header: 24 bytes, random for every stream. */
  readonly header: Uint8Array;
  /** The additional data of every chunk: the header digest, 32 bytes. */
  readonly context: Uint8Array;
}

/** Seals the chunks of one stream, in order. */
export interface ChunkSealer {
  /** One chunk, sealed: 17 bytes longer, in memory that belongs to the caller, or that it gave. The tag is below 4. */
  seal(chunk: Uint8Array, tag: number): Uint8Array;
  /** Overwrites the stream's keys where they can be reached; nothing is sealed afterwards. */
  wipe(): void;
}

/** The plaintext of a chunk, in memory that belongs to the caller, and its tag. */
export interface OpenedChunk {
  readonly message: Uint8Array;
  readonly tag: number;
}

/** Opens the chunks of one stream, in order. */
export interface ChunkOpener {
  /** The chunk, opened; undefined when it was altered or is not the next one. The caller stops there. */
  open(chunk: Uint8Array): OpenedChunk | undefined;
  /** Overwrites the stream's keys where they can be reached; nothing is opened afterwards. */
  wipe(): void;
}

/** One implementation of secretstream. */
export interface StreamCipher {
  /** What computes it. */
  readonly name: 'libsodium' | 'node:crypto';
  /** Begins to seal a stream. `memory` gives so many bytes for a sealed chunk, where its memory is not to be a new one each time. */
  readonly sealing: (start: StreamStart, memory?: (bytes: number) => Uint8Array) => ChunkSealer;
  /** Begins to open a stream. */
  readonly opening: (start: StreamStart) => ChunkOpener;
}

/**
 * libsodium's own, compiled to WebAssembly: everywhere, and the measure of every other. Needs `await ready()`.
 * Its states lie in the library's memory, out of reach of `wipe`.
 */
export const libsodiumCipher: StreamCipher = {
  name: 'libsodium',
  sealing: ({ key, header, context }) => {
    // init_push computes what init_pull does, but only for a header of its own choice.
    const state = streamOpener(header, key);
    return { seal: (chunk, tag) => sealChunk(state, chunk, context, tag), wipe: () => undefined };
  },
  opening: ({ key, header, context }) => {
    const state = streamOpener(header, key);
    return { open: (chunk) => openChunk(state, chunk, context), wipe: () => undefined };
  },
};
