import { beforeAll, describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../src/base64.ts';
import { canonicalJson } from '../src/canonical.ts';
import { readDocument } from '../src/document.ts';
import { isLocked, lockIdentity, type SecretIdentityFile, unlockIdentity } from '../src/secret-identity.ts';
import { ready } from '../src/sodium.ts';
import { person, seedOf } from './people.ts';
import { asyncCodeOf, codeOf } from './refusal.ts';

const PASSPHRASE = 'correct horse é';
let locked: SecretIdentityFile;
let wrongPassphrase: unknown;

beforeAll(async () => {
  await ready();
  locked = await lockIdentity({ seed: seedOf(1), secret: person(1) }, PASSPHRASE);
  wrongPassphrase = await unlockIdentity(locked, 'wrong horse battery').catch((reason: unknown) => reason);
});

function altered(member: 'salt' | 'nonce' | 'sealed'): SecretIdentityFile {
  const { secret } = locked;
  if (secret.kdf !== 'scrypt') throw new Error('not locked');
  const bytes = decodeBase64(secret[member]);
  return {
    ...locked,
    secret: { ...secret, [member]: encodeBase64(bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte))) },
  };
}

describe('secret identities', () => {
  test('open with their passphrase, in whatever normalisation it is typed', async () => {
    expect(isLocked(locked)).toBe(true);
    const secret = await unlockIdentity(locked, PASSPHRASE.normalize('NFD'));
    expect(secret.fingerprint).toBe(person(1).fingerprint);
    expect(secret.sign(Uint8Array.of(1))).toEqual(person(1).sign(Uint8Array.of(1)));
  });

  test('the file matches its schema and holds no seed', () => {
    const bytes = canonicalJson(locked);
    expect(readDocument(bytes, 'sealift.secret-identity.v1').document).toEqual(locked);
    expect(new TextDecoder().decode(bytes)).not.toContain(encodeBase64(seedOf(1)).slice(0, 40));
  });

  test('without a passphrase the seed is in clear, and nothing is asked', async () => {
    const file = await lockIdentity({ seed: seedOf(1), secret: person(1) }, undefined);
    expect(isLocked(file)).toBe(false);
    expect(readDocument(canonicalJson(file), 'sealift.secret-identity.v1').document).toEqual(file);
    expect((await unlockIdentity(file, undefined)).fingerprint).toBe(person(1).fingerprint);
  });

  test('fault 25: a wrong passphrase is refused', async () => {
    expect(wrongPassphrase).toMatchObject({ code: 'E_PASS' });
    expect(await asyncCodeOf(unlockIdentity(locked, ''))).toBe('E_PASS');
    expect(await asyncCodeOf(unlockIdentity(locked, undefined))).toBe('E_PASS');
  });

  test.each(['salt', 'nonce', 'sealed'] as const)(
    'fault 25: an altered %s gives the same error as a wrong passphrase',
    async (member) => {
      const error: unknown = await unlockIdentity(altered(member), PASSPHRASE).catch((reason: unknown) => reason);
      expect(error).toEqual(wrongPassphrase);
      expect(error).toMatchObject({ code: 'E_PASS' });
    },
  );

  test('fault 25: the lock of one identity does not open under another’s public half', async () => {
    const moved = { ...locked, identity: person(2).identity.document };
    expect(await asyncCodeOf(unlockIdentity(moved, PASSPHRASE))).toBe('E_PASS');
  });

  test('fault 23: a seed with one flipped bit does not give the public keys beside it', async () => {
    const seed = seedOf(1);
    seed[0] = 0;
    const file: SecretIdentityFile = { ...locked, secret: { kdf: 'none', seed: encodeBase64(seed) } };
    expect(await asyncCodeOf(unlockIdentity(file, undefined))).toBe('E_KEY');
  });

  test('fault 23: a seed of another length than 32 bytes is no seed', async () => {
    for (const seed of [new Uint8Array(31), new Uint8Array(33)]) {
      const file: SecretIdentityFile = { ...locked, secret: { kdf: 'none', seed: encodeBase64(seed) } };
      expect(await asyncCodeOf(unlockIdentity(file, undefined))).toBe('E_KEY');
    }
  });

  test('a passphrase has at least twelve characters, counted after normalisation', async () => {
    const made = { seed: seedOf(1), secret: person(1) };
    expect(await asyncCodeOf(lockIdentity(made, 'eleven char'))).toBe('E_PASS');
    expect(await asyncCodeOf(lockIdentity(made, 'e\u0301'.repeat(11)))).toBe('E_PASS');
    expect(await asyncCodeOf(lockIdentity(made, '😂'.repeat(11)))).toBe('E_PASS');
    expect((await lockIdentity(made, '😂'.repeat(12))).secret.kdf).toBe('scrypt');
  });

  test.each([
    ['a cheap lock', { logN: 10 }],
    ['a lock that would need more than 1 GiB', { logN: 21 }],
    ['another r', { r: 1 }],
    ['another p', { p: 1000 }],
    ['a short nonce', { nonce: 'AAAA' }],
    ['an unknown derivation', { kdf: 'pbkdf2' }],
  ])('%s is refused by the schema', (_title, change) => {
    const bytes = canonicalJson({ ...locked, secret: { ...locked.secret, ...change } });
    expect(codeOf(() => readDocument(bytes, 'sealift.secret-identity.v1'))).toBe('E_SCHEMA');
  });
});
