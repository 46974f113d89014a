/** The header of a sealed file: who can open it, what it belongs to, and what nobody may change (doc/format.md §9). */
import { encodeBase64 } from '../base64.ts';
import { canonicalJson } from '../canonical.ts';
import { readDocument } from '../document.ts';
import { SealiftError } from '../errors.ts';
import { auth, deriveKey } from '../sodium.ts';
import { encodeUtf8 } from '../utf8.ts';
import { checkSuite, type Suite, type WrappedKey } from '../wrap.ts';

/** The header's members. */
export interface SealedHeader {
  readonly type: 'sealift.sealed.v1';
  readonly suite: Suite;
  readonly job: string;
  /** The dataset's name; `manifest` for the sealed manifest. */
  readonly dataset: string;
  /** Bytes of plaintext in every chunk but the last. */
  readonly chunk: 65536;
  /** Base64 of 32 bytes that the file key alone gives: all recipients have the same file key. */
  readonly commitment: string;
  /** The file key, wrapped for each recipient; sorted by recipient. */
  readonly keys: readonly WrappedKey[];
}

/** Bytes of the MAC behind the header. */
export const MAC_BYTES = 32;
/** Bytes of libsodium's stream header before the first chunk. */
export const STREAM_HEADER_BYTES = 24;
/** The first 18 bytes of every sealed file. */
export const MAGIC: Uint8Array = encodeUtf8('sealift-sealed-v1\n');
/** Magic and the length of the header. */
export const PREFIX_BYTES: number = MAGIC.length + 4;

const MAX_HEADER_BYTES = 1024 * 1024;

/** What is derived from a file key. */
export interface FileSubKeys {
  readonly commitment: Uint8Array;
  readonly headerKey: Uint8Array;
  readonly streamKey: Uint8Array;
}

/** The sub-keys of a file key, 32 bytes each; the caller wipes `headerKey` and `streamKey`. */
export function deriveSubKeys(fileKey: Uint8Array): FileSubKeys {
  return {
    commitment: deriveKey(1, 'SLcommit', fileKey),
    headerKey: deriveKey(2, 'SLheader', fileKey),
    streamKey: deriveKey(3, 'SLstream', fileKey),
  };
}

/** Magic, length and header. Throws `E_LIMIT` for a header over 1 MiB. */
export function encodeHeader(header: SealedHeader): Uint8Array {
  const body = canonicalJson(header);
  if (body.length > MAX_HEADER_BYTES) {
    throw new SealiftError('E_LIMIT', `${header.keys.length} recipients are too many for one sealed file`, {
      hint: 'split the recipients over two jobs',
    });
  }
  const bytes = new Uint8Array(PREFIX_BYTES + body.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, body.length);
  bytes.set(body, PREFIX_BYTES);
  return bytes;
}

/** The MAC over magic, length and header. */
export function headerMac(bytes: Uint8Array, headerKey: Uint8Array): Uint8Array {
  return auth(bytes, headerKey);
}

/** The commitment as the header holds it. */
export function commitmentText({ commitment }: FileSubKeys): string {
  return encodeBase64(commitment);
}

/** The length of the header that follows magic and length. Throws `E_SEALED` for another magic or a length over 1 MiB. */
export function readPrefix(prefix: Uint8Array): number {
  if (!hasMagic(prefix)) {
    throw new SealiftError('E_SEALED', 'this is not a sealed file, or one of another version');
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(MAGIC.length);
  if (length > MAX_HEADER_BYTES) {
    throw new SealiftError('E_SEALED', 'the header of the sealed file claims more than 1 MiB');
  }
  return length;
}

/** Whether bytes begin as a sealed file does, as far as they go. */
export function hasMagic(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => index >= bytes.length || bytes[index] === byte);
}

/**
 * Reads a header strictly. Throws what {@link readDocument} throws, `E_SEALED` when it isn't canonical or its recipients
 * aren't sorted and different, `E_SUITE` when suites are mixed.
 */
export function readHeader(body: Uint8Array): SealedHeader {
  const { document: header } = readDocument(body, 'sealift.sealed.v1');
  const canonical = canonicalJson(header);
  if (canonical.length !== body.length || canonical.some((byte, index) => byte !== body[index])) {
    throw new SealiftError('E_SEALED', 'the header of the sealed file is not in canonical form');
  }
  if (header.keys.some(({ recipient }, index) => index > 0 && recipient <= (header.keys[index - 1]?.recipient ?? ''))) {
    throw new SealiftError('E_SEALED', 'the recipients of the sealed file are not sorted, or one is named twice');
  }
  checkSuite(header.keys, header.suite);
  return header;
}
