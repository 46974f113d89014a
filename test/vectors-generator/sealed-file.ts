/**
 * Writes sealed files from libsodium's primitives by doc/format.md §8 and §9, not by core's writer, so that anything can be written
 * that a broken or dishonest writer might. Wraps and stream headers are random: no two runs give the same bytes.
 */
import { encodeBase64 } from '../../packages/core/src/base64.ts';
import { canonicalJson } from '../../packages/core/src/canonical.ts';
import { TAG_FINAL, TAG_MESSAGE } from '../../packages/core/src/sealed/chunks.ts';
import { sha256 } from '../../packages/core/src/sha256.ts';
import {
  aeadEncrypt,
  auth,
  deriveKey,
  encapsulate,
  sealBox,
  sealChunk,
  streamSealer,
} from '../../packages/core/src/sodium.ts';
import type { Suite, WrappedKey } from '../../packages/core/src/wrap.ts';
import { JOB } from './job.ts';
import { fixedBytes, type PersonId, person } from './people.ts';

/** Bytes of plaintext in every chunk but the last. */
export const CHUNK = 65_536;

/** What a key is wrapped for. */
export interface WrapPlace {
  readonly purpose: 'file' | 'digest';
  readonly job: string;
  readonly dataset: string;
}

export const FILE_PLACE: WrapPlace = { purpose: 'file', job: JOB, dataset: 'patients' };

/** A wrapped key (§8); `inner` replaces the sealed box inside. */
export function wrap(key: Uint8Array, id: PersonId, suite: Suite, place = FILE_PLACE, inner?: Uint8Array): WrappedKey {
  const { box, kem: kemKey, fingerprint: recipient } = person(id).identity;
  const sealed = inner ?? sealBox(key, box);
  if (suite === 'sealedbox') return { recipient, box: encodeBase64(sealed) };
  const { ciphertext, sharedSecret } = encapsulate(kemKey);
  const kem = encodeBase64(ciphertext);
  const context = canonicalJson({ ...place, kem, recipient, suite, type: 'sealift.wrap.v1' });
  const outerKey = deriveKey(1, 'SL-xwrap', sharedSecret);
  return { recipient, kem, box: encodeBase64(aeadEncrypt(sealed, context, new Uint8Array(24), outerKey)) };
}

/** Wraps sorted by recipient. */
export function sorted(wraps: readonly WrappedKey[]): WrappedKey[] {
  return wraps.toSorted((left, right) => (left.recipient < right.recipient ? -1 : 1));
}

/** The header's members (§9). */
export interface Header {
  readonly [member: string]: unknown;
  readonly keys: readonly WrappedKey[];
}

/** What a writer may choose; the rest is as the format says. */
export interface Writer {
  readonly suite?: Suite;
  readonly fileKey?: Uint8Array;
  readonly keys?: readonly WrappedKey[];
  readonly commitment?: string;
  readonly chunks?: readonly Chunk[];
  /** Changes the header's text before the MAC is made. */
  readonly rewrite?: (header: string) => string;
}

type Chunk = readonly [plaintext: Uint8Array, tag: number];

/** A sealed file in its parts. */
export interface Parts {
  readonly header: Header;
  /** Magic, length, header. */
  readonly head: Uint8Array;
  readonly mac: Uint8Array;
  readonly streamHeader: Uint8Array;
  readonly chunks: readonly Uint8Array[];
}

/** Magic, length and the header's bytes. */
export function headOf(header: string | Header): Uint8Array {
  const body = typeof header === 'string' ? new TextEncoder().encode(header) : canonicalJson(header);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length);
  return joined(new TextEncoder().encode('sealift-sealed-v1\n'), length, body);
}

/** Byte strings, one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What the file key of every vector is computed from. */
const FILE_KEY_PURPOSE = 'file key';

/** Writes the parts of a sealed file for both recipients. */
export function written(writer: Writer = {}): Parts {
  const { suite = 'sealedbox', fileKey = fixedBytes(FILE_KEY_PURPOSE), rewrite = (header) => header } = writer;
  const chunks = writer.chunks ?? [final(tiny())];
  const header: Header = {
    chunk: CHUNK,
    commitment: writer.commitment ?? encodeBase64(deriveKey(1, 'SLcommit', fileKey)),
    dataset: FILE_PLACE.dataset,
    job: FILE_PLACE.job,
    keys: writer.keys ?? sorted([wrap(fileKey, 'recipient1', suite), wrap(fileKey, 'recipient2', suite)]),
    suite,
    type: 'sealift.sealed.v1',
  };
  const head = headOf(rewrite(new TextDecoder().decode(canonicalJson(header))));
  const mac = auth(head, deriveKey(2, 'SLheader', fileKey));
  const context = sha256(joined(head, mac));
  const { state, header: streamHeader } = streamSealer(deriveKey(3, 'SLstream', fileKey));
  return {
    header,
    head,
    mac,
    streamHeader,
    chunks: chunks.map(([plaintext, tag]) => sealChunk(state, plaintext, context, tag)),
  };
}

/** The file of some parts. */
export function fileOfParts({ head, mac, streamHeader, chunks }: Omit<Parts, 'header'>): Uint8Array {
  return joined(head, mac, streamHeader, ...chunks);
}

/** The plaintext of most sealed vectors. */
export function tiny(): Uint8Array {
  return new TextEncoder().encode('number,NOM\r\n1,Exemple\r\n');
}

/** Bytes that are different in every place. */
export function pattern(length: number, start = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) + start) & 0xff);
}

/** A last chunk. */
export function final(plaintext: Uint8Array): Chunk {
  return [plaintext, TAG_FINAL];
}

/** A full chunk that others follow. */
export function message(start = 0): Chunk {
  return [pattern(CHUNK, start), TAG_MESSAGE];
}
