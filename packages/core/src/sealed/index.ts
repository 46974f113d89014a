/** Sealed files: encrypted for their recipients, written and read as streams (doc/format.md §9). */
export { CHUNK_BYTES } from './chunks.ts';
export type { SealedHeader } from './header.ts';
export { Opener, type OpenOptions, openBytes } from './open.ts';
export { beginSealing, type SealedBeginning, Sealer, type SealOptions, sealBytes } from './seal.ts';
export { libsodiumCipher, type StreamCipher } from './stream-cipher.ts';
