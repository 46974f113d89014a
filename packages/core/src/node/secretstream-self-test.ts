/**
 * Which implementation seals and opens in this process: Node's, once it has proved equal to libsodium's, which remains in every other
 * case. An OpenSSL without ChaCha20, or one that computes something else, thus costs time and nothing more.
 */
import { TAG_FINAL, TAG_MESSAGE } from '../sealed/chunks.ts';
import { type ChunkOpener, libsodiumCipher, type StreamCipher, type StreamStart } from '../sealed/stream-cipher.ts';
import { nodeCipher } from './secretstream.ts';

let chosen: StreamCipher | undefined;

/**
 * The cipher for sealed files in this process; its `name` says which one it is. Tests Node's at the first call, which
 * takes some 10 ms. Needs `await ready()`.
 */
export function streamCipher(): StreamCipher {
  chosen ??= chooseStreamCipher(nodeCipher);
  return chosen;
}

/** The candidate when it computes secretstream as libsodium does, else libsodium's. Needs `await ready()`. */
export function chooseStreamCipher(candidate: StreamCipher): StreamCipher {
  try {
    return isSecretStream(candidate) ? candidate : libsodiumCipher;
  } catch {
    return libsodiumCipher;
  }
}

/** Lengths around the AEAD's blocks of 16 and ChaCha20's of 64; long odd ones take 20 ms and show no more. */
const LENGTHS = [0, 1, 15, 16, 17, 63, 64, 65, 1023] as const;
/** The format's own, which WebAssembly that was just compiled takes milliseconds for: once is enough. */
const WHOLE_CHUNK = 65_536;

const COUNTING: Uint8Array = countingBytes(65_536 + 256);

const START: StreamStart = { key: sequence(32, 0), header: sequence(24, 64), context: sequence(32, 96) };

/** Two chunks of the stream that begins with {@link START}, as libsodium 1.0.22 seals them. */
const VECTORS = [
  {
    message: sequence(32, 128),
    tag: TAG_MESSAGE,
    sealed: '0d4319c26a8f5d2ecee2ea2917dca298cf3621344d1f67cb10e864ef9f225d6e84c274c8075e5fcac9e41b6d2f61faab66',
  },
  { message: sequence(5, 128), tag: TAG_FINAL, sealed: '4a1296d30d2c239a8a1bafb709c9242ed7840e803427' },
] as const;

function countingBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = at;
  return bytes;
}

function isSecretStream(candidate: StreamCipher): boolean {
  return (
    givesVectors(candidate) &&
    isEqual(candidate, TAG_MESSAGE, [...LENGTHS, WHOLE_CHUNK]) &&
    isEqual(candidate, TAG_FINAL, LENGTHS) &&
    [0, 17, 1024].every((length) => refusesAltered(candidate, length))
  );
}

function givesVectors(candidate: StreamCipher): boolean {
  const sealer = candidate.sealing(START);
  return VECTORS.every(({ message, tag, sealed }) => Buffer.from(sealer.seal(message, tag)).toString('hex') === sealed);
}

/** One stream with a chunk of every length: both seal the same, and the candidate opens it. */
function isEqual(candidate: StreamCipher, tag: number, lengths: readonly number[]): boolean {
  const [theirs, ours, opener] = [
    libsodiumCipher.sealing(START),
    candidate.sealing(START),
    candidate.opening(START),
  ] as const;
  return lengths.every((length) => {
    const message = sequence(length, length & 0xff);
    const sealed = theirs.seal(message, tag);
    return isSame(ours.seal(message, tag), sealed) && opens(opener, sealed, { message, tag });
  });
}

function opens(opener: ChunkOpener, sealed: Uint8Array, chunk: { message: Uint8Array; tag: number }): boolean {
  const opened = opener.open(sealed);
  return opened !== undefined && opened.tag === chunk.tag && isSame(opened.message, chunk.message);
}

/** Refuses a change of the tag, the text or the MAC, a cut, and another context. */
function refusesAltered(candidate: StreamCipher, length: number): boolean {
  const sealed = libsodiumCipher.sealing(START).seal(sequence(length, 1), TAG_MESSAGE);
  const altered = [0, 1 + (length >> 1), sealed.length - 1].map((at) => flipped(sealed, at));
  return (
    [...altered, sealed.subarray(1), sealed.subarray(0, 16)].every(
      (bytes) => candidate.opening(START).open(bytes) === undefined,
    ) && candidate.opening({ ...START, context: sequence(32, 97) }).open(sealed) === undefined
  );
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const altered = Uint8Array.from(bytes);
  altered[at] = (altered[at] ?? 0) ^ 1;
  return altered;
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** Bytes that count up from a first one below 256. */
function sequence(length: number, first: number): Uint8Array {
  return COUNTING.subarray(first, first + length);
}
