/** Sealed files for one recipient: honest ones, and such as only whoever holds the file key can write. */
import { encodeBase64, randomBytes, sha256 } from '@sealift/core';
import type { JsonValue } from '@sealift/core/document';
import type { SecretIdentity, Suite } from '@sealift/core/identity';
import { CHUNK_BYTES, libsodiumCipher, sealBytes } from '@sealift/core/sealed';
import { canonicalJson } from '../../packages/core/src/canonical.ts';
import { joinBytes } from '../../packages/core/src/sealed/bytes.ts';
import { CHUNK_OVERHEAD } from '../../packages/core/src/sealed/chunks.ts';
import {
  deriveSubKeys,
  headerMac,
  MAC_BYTES,
  MAGIC,
  STREAM_HEADER_BYTES,
} from '../../packages/core/src/sealed/header.ts';
import { wrapKeyForAll } from '../../packages/core/src/wrap.ts';
import { person } from '../../packages/core/test/people.ts';

/** Who opens every file here. */
export const recipient = (): SecretIdentity => person(5);

const recipients = () => [recipient().identity, person(6).identity];
const JOB = 'parc-2026';

/** The plaintext of a length: every byte tells its position, so that nothing can be moved unnoticed. */
export function plaintextOf(length: number): Uint8Array {
  return PLAINTEXT.subarray(0, length);
}
const PLAINTEXT = Uint8Array.from(
  { length: 4 * CHUNK_BYTES },
  (_, at) => (at * 31 + (at >> 8) * 7 + (at >> 16)) & 0xff,
);

/** An honest file; its dataset is named `bytes-<length>`, so that whoever opens it knows what must come out. */
export function sealedFile(suite: Suite, length: number): Uint8Array {
  return sealBytes(plaintextOf(length), { suite, job: JOB, dataset: `bytes-${length}`, recipients: recipients() });
}

/** The length of plaintext that a dataset's name promises; undefined for names that promise none. */
export function promisedLength(dataset: string): number | undefined {
  const digits = /^bytes-(\d+)$/.exec(dataset)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The parts of a sealed file: everything before the first chunk, then each chunk. */
export function partsOf(file: Uint8Array): Uint8Array[] {
  const headerBytes = new DataView(file.buffer, file.byteOffset).getUint32(MAGIC.length);
  let at = MAGIC.length + 4 + headerBytes + MAC_BYTES + STREAM_HEADER_BYTES;
  const parts = [file.subarray(0, at)];
  for (; at < file.length; at += CHUNK_BYTES + CHUNK_OVERHEAD) {
    parts.push(file.subarray(at, at + CHUNK_BYTES + CHUNK_OVERHEAD));
  }
  return parts;
}

/** One chunk: how many bytes of plaintext, under which tag. */
export interface WrittenChunk {
  readonly length: number;
  readonly tag: number;
}

/** What a dishonest writer chooses; MAC, context and chunks are then made as the format says. */
export interface Writer {
  readonly suite: Suite;
  readonly dataset: string;
  readonly chunks: readonly WrittenChunk[];
  readonly header?: (honest: JsonValue) => JsonValue;
  /** Writes the header as JSON.stringify does, and not in canonical form. */
  readonly pretty?: boolean;
}

/** A file from the primitives, independently of the Sealer. */
export function writtenFile({
  suite,
  dataset,
  chunks,
  header = (honest) => honest,
  pretty = false,
}: Writer): Uint8Array {
  const fileKey = randomBytes(32);
  const subKeys = deriveSubKeys(fileKey);
  const keys = wrapKeyForAll(fileKey, recipients(), { suite, purpose: 'file', job: JOB, dataset });
  const commitment = encodeBase64(subKeys.commitment);
  const honest = { type: 'sealift.sealed.v1', suite, job: JOB, dataset, chunk: CHUNK_BYTES, commitment, keys };
  const body = headerBytes(header(JSON.parse(JSON.stringify(honest))), pretty);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length);
  const head = joinBytes([MAGIC, length, body]);
  const mac = headerMac(head, subKeys.headerKey);
  const streamHeader = randomBytes(STREAM_HEADER_BYTES);
  const context = sha256(joinBytes([head, mac]));
  const sealer = libsodiumCipher.sealing({ key: subKeys.streamKey, header: streamHeader, context });
  let at = 0;
  const sealed = chunks.map(({ length: bytes, tag }) => {
    at += bytes;
    return sealer.seal(PLAINTEXT.subarray(at - bytes, at), tag);
  });
  return joinBytes([head, mac, streamHeader, ...sealed]);
}

/** Whether the format allows a sequence of chunks: full MESSAGE chunks, then one FINAL, empty only when it is alone. */
export function isWhole(chunks: readonly WrittenChunk[]): boolean {
  return (
    chunks.every(({ length, tag }, index) =>
      index < chunks.length - 1
        ? tag === 0 && length === CHUNK_BYTES
        : tag === 3 && length <= CHUNK_BYTES && (length > 0 || chunks.length === 1),
    ) && chunks.length > 0
  );
}

function headerBytes(header: JsonValue, pretty: boolean): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header, null, pretty ? 1 : 0));
  if (pretty) return text;
  try {
    return canonicalJson(header);
  } catch {
    return text;
  }
}
