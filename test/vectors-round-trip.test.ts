/** What the vectors accept survives a round trip: documents and journals byte for byte, sealed files to the same bytes under the same keys. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, parseJson } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import { libsodiumCipher, openBytes } from '@sealift/core/sealed';
import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalLine } from '../packages/core/src/node/document-file.ts';
import { readJournalFile } from '../packages/core/src/node/journal-file.ts';
import { SealedChunks } from '../packages/core/src/sealed/chunks.ts';
import {
  commitmentText,
  deriveSubKeys,
  encodeHeader,
  headerMac,
  MAC_BYTES,
  PREFIX_BYTES,
  readHeader,
  readPrefix,
  STREAM_HEADER_BYTES,
} from '../packages/core/src/sealed/header.ts';
import { sha256 } from '../packages/core/src/sha256.ts';
import { ready } from '../packages/core/src/sodium.ts';
import { unwrapKey } from '../packages/core/src/wrap.ts';
import { FIXED_FAMILIES, FRESH_FAMILIES } from './vectors-generator/generate.ts';
import { bytesOf, identityOf, readIndex } from './vectors-generator/run.ts';
import type { Vector } from './vectors-generator/vector.ts';

const root = join(import.meta.dirname, 'vectors');
const accepted = (
  await Promise.all(
    [...FIXED_FAMILIES, ...FRESH_FAMILIES].map(async (family) => {
      const { vectors } = await readIndex(join(root, family));
      return vectors
        .filter(({ expect: wanted }) => wanted === 'accept')
        .map((vector) => ({ title: `${family}/${vector.name}`, folder: join(root, family), vector }));
    }),
  )
).flat();
const of = (kinds: readonly Vector['run'][]) => accepted.filter(({ vector }) => kinds.includes(vector.run));

/** Laid out as people or other programs write; of most of them the index names the file with the canonical form. */
const OTHER_LAYOUT = /^reader\/|^documents\/layout\/|\/laid-out$/;

beforeAll(ready);

describe('of the vectors that are accepted', () => {
  const documents = of([
    'json',
    'document',
    'controller',
    'identity',
    'secret-identity',
    'roster',
    'instructions',
    'manifest',
  ]);

  test.each(documents)('$title is written as it was read', async ({ title, folder, vector }) => {
    const bytes = await bytesOf(vector, folder);
    const { value } = parseJson(bytes, { maxBytes: 64 << 20 });
    const written = canonicalJson(value);
    expect(canonicalJson(parseJson(written, { maxBytes: 64 << 20 }).value)).toEqual(written);
    if (!OTHER_LAYOUT.test(title)) expect(canonicalLine(value)).toEqual(bytes);
    if ('canonical' in vector && vector.canonical !== undefined)
      expect(Buffer.from(written)).toEqual(await readFile(join(folder, vector.canonical)));
  });

  test.each(of(['journal']))('$title is written as it was read', async ({ folder, vector }) => {
    const { entries } = await readJournalFile(join(folder, vector.file ?? ''));
    const whole = Buffer.concat(entries.map((entry) => canonicalLine(entry)));
    expect(whole).toEqual(await readFile(join(folder, vector.file ?? '')));
  });

  test.each(of(['sealed']))('$title is sealed to the same bytes, once key and stream header are known', async (one) => {
    const { folder, vector } = one;
    if (vector.run !== 'sealed') return expect.unreachable('another kind of vector');
    const bytes = await bytesOf(vector, folder);
    const secret = await identityOf(vector.identity, folder);
    expect(sealedAgain(bytes, openBytes(bytes, secret), secret)).toEqual(Buffer.from(bytes));
  });
});

/** Seals a plaintext under the file key, the wraps and the stream header of a sealed file. */
function sealedAgain(sealed: Uint8Array, plaintext: Uint8Array, secret: SecretIdentity): Buffer {
  const end = PREFIX_BYTES + readPrefix(sealed.subarray(0, PREFIX_BYTES));
  const header = readHeader(sealed.subarray(PREFIX_BYTES, end));
  const { suite, job, dataset, keys } = header;
  const subKeys = deriveSubKeys(unwrapKey(keys, secret, { suite, purpose: 'file', job, dataset }));
  const written = encodeHeader({ ...header, commitment: commitmentText(subKeys) });
  const head = Buffer.concat([written, headerMac(written, subKeys.headerKey)]);
  const streamHeader = sealed.slice(end + MAC_BYTES, end + MAC_BYTES + STREAM_HEADER_BYTES);
  const start = { key: subKeys.streamKey, header: streamHeader, context: sha256(head) };
  const chunks = new SealedChunks(libsodiumCipher.sealing(start));
  return Buffer.concat([head, streamHeader, ...chunks.push(plaintext), chunks.finish()]);
}
