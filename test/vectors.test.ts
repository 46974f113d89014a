/**
 * The vectors of `test/vectors`: every file gives what its index says, in the layer that it says. Sealed files are read whole, in
 * pieces and byte by byte, with one outcome.
 */
import { createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../packages/core/src/canonical.ts';
import { readDocument } from '../packages/core/src/document.ts';
import { preAuthenticationEncoding } from '../packages/core/src/envelope.ts';
import { FAILURES } from '../packages/core/src/errors.ts';
import { ready } from '../packages/core/src/sodium.ts';
import { FIXED_FAMILIES, FRESH_FAMILIES, fixedFiles, strayFiles } from './vectors-generator/generate.ts';
import { checkSealedPieces, expectedOutcome, outcomeOf, readIndex } from './vectors-generator/run.ts';
import { LAYERS } from './vectors-generator/vector.ts';

const root = join(import.meta.dirname, 'vectors');
const families = await Promise.all(
  [...FIXED_FAMILIES, ...FRESH_FAMILIES].map(async (family) => ({
    family,
    vectors: (await readIndex(join(root, family))).vectors,
  })),
);

/** What the generator makes now. */
const made = fixedFiles(root);

beforeAll(ready);

describe.each(families)('vectors of $family', ({ family, vectors }) => {
  test.each(vectors.map((vector) => [`${vector.name}: ${vector.what}`, vector] as const))(
    '%s',
    async (_title, vector) => {
      expect(await outcomeOf(vector, join(root, family))).toEqual(expectedOutcome(vector.expect));
    },
  );
});

test('a vector of a sealed file that opens differently in pieces would be noticed', () => {
  expect(() => checkSealedPieces(['E_AUTH', 'E_AUTH', 'E_TRUNCATED'])).toThrow('in pieces');
});

test('a vector that says something else than what happens would be noticed', async () => {
  const [reader] = families;
  const vector = reader?.vectors.find(({ name }) => name === 'canonical/order');
  expect(vector).toBeDefined();
  if (vector?.run !== 'json') return;
  const other = { ...vector, canonical: 'canonical/escapes.canonical' };
  expect(await outcomeOf(other, join(root, 'reader'))).toMatchObject({ wrong: expect.stringContaining('canonical') });
});

test('every expectation names a layer, and a code that this layer refuses with', () => {
  const codes = new Set<string>(Object.values(FAILURES).flatMap((failure) => failure.codes));
  const negative = families.flatMap(({ vectors }) =>
    vectors.flatMap(({ expect: wanted }) => (wanted === 'accept' ? [] : wanted)),
  );
  expect(negative.length).toBeGreaterThanOrEqual(150);
  for (const { layer, code } of negative) {
    expect(codes).toContain(code);
    expect(LAYERS[layer].codes).toContain(code);
  }
});

test('the README counts what is there', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  for (const { family, vectors } of families) {
    const good = vectors.filter(({ expect: wanted }) => wanted === 'accept').length;
    expect(readme, family).toMatch(new RegExp(`\\| \`${family}\` \\|.*\\| ${good} \\| ${vectors.length - good} \\|`));
  }
});

// OpenSSL 3.0 accepts ten of them; 3.5 refuses small orders itself and still accepts one.
test('OpenSSL accepts self-signatures of weak keys: without a look at the key they hold', async () => {
  const weak = families.flatMap(({ vectors }) => vectors.filter(({ name }) => name.startsWith('ed25519/')));
  const accepted = await Promise.all(weak.map(({ file = '' }) => opensslAccepts(join(root, 'identities', file))));
  expect(accepted.filter(Boolean).length).toBeGreaterThanOrEqual(1);
});

/** Whether node:crypto accepts an identity's self-signature. */
async function opensslAccepts(path: string): Promise<boolean> {
  const bytes = new Uint8Array(await readFile(path));
  const { signed, signatures } = readDocument(bytes, 'sealift.identity.v1').document;
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(signed.sign, 'base64')]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const message = preAuthenticationEncoding(signed.type, canonicalJson(signed));
  return verify(null, message, key, Buffer.from(signatures[0]?.sig ?? '', 'base64'));
}

test('no name is there twice', () => {
  for (const { vectors } of families) expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
});

test('the generator makes the committed documents again, byte for byte', async () => {
  for (const [path, content] of await made) {
    const committed = await readFile(join(root, path));
    expect(committed.equals(content), path).toBe(true);
  }
});

test('there is no file that no index names', async () => {
  expect(await strayFiles(root, (await made).keys())).toEqual([]);
});
