/** UTF-8 (RFC 3629), strictly: nothing is replaced, nothing is skipped. */
import { SealiftError } from './errors.ts';
import { lineAndColumn } from './json-place.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. A lone surrogate would be replaced: callers check first where one can occur. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes. Throws `E_ENCODING` for a byte order mark or an invalid sequence, with its byte offset. */
export function decodeUtf8(bytes: Uint8Array, file?: string): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new SealiftError('E_ENCODING', 'the document begins with a byte order mark, at byte offset 0', {
      hint: 'save it as UTF-8 without byte order mark',
      place: { file, line: 1, column: 1 },
    });
  }
  try {
    return strict.decode(bytes);
  } catch (cause) {
    const offset = invalidOffset(bytes);
    const before = lenient.decode(bytes.subarray(0, offset));
    throw new SealiftError('E_ENCODING', `the document is not valid UTF-8 at byte offset ${offset}`, {
      hint: 'save it as UTF-8',
      cause,
      place: { file, ...lineAndColumn(before, before.length) },
    });
  }
}

/** Where the first invalid sequence begins. */
function invalidOffset(bytes: Uint8Array): number {
  let offset = 0;
  while (offset < bytes.length) {
    const length = sequenceLength(bytes, offset);
    if (length === 0) break;
    offset += length;
  }
  return offset;
}

/** The length of the valid sequence that begins at an offset; 0 where there is none (RFC 3629 §4). */
function sequenceLength(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset] ?? 0;
  const length = announcedLength(first);
  for (let index = 1; index < length; index += 1) {
    const [low, high] = index === 1 ? secondByteRange(first) : [0x80, 0xbf];
    const byte = bytes[offset + index] ?? 0;
    if (byte < low || byte > high) return 0;
  }
  return length;
}

/** How long a sequence is that begins with this byte; 0 when none does. */
function announcedLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

/** What may follow a first byte: no overlong form, no surrogate, nothing above U+10FFFF. */
function secondByteRange(first: number): readonly [number, number] {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}
