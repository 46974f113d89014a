/**
 * Project Wycheproof's vectors against the primitives under core, from `wycheproof/` of the test data.
 *
 * Ed25519 and XChaCha20-Poly1305 run through core's own functions. Core never calls raw X25519 or raw ML-KEM-768: they are
 * inside libsodium's sealed boxes and X-Wing, so those vectors run against the libsodium functions underneath, and the
 * public keys among them against the checks that core makes on import.
 *
 * Deviations, each asserted below:
 * - X25519: a shared secret of zero, "acceptable" to Wycheproof, is an error to libsodium;
 * - X25519: core imports no public key of small order or in a non-canonical encoding, though X25519 alone would take the latter.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sodium from 'libsodium-wrappers';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkBoxKey, checkSignKey } from '../packages/core/src/public-key.ts';
import { aeadDecrypt, aeadEncrypt, ready, verifyDetached } from '../packages/core/src/sodium.ts';
import { codeOf } from '../packages/core/test/refusal.ts';
import { testData } from '../packages/core/test/test-data.ts';

const folder = testData('wycheproof');

beforeAll(ready);

/** What a vector says that a correct implementation does. */
type Verdict = 'valid' | 'invalid' | 'acceptable';

interface Vector {
  readonly tcId: number;
  readonly flags: readonly string[];
  readonly result: Verdict;
}

interface SignatureVector extends Vector {
  readonly msg: string;
  readonly sig: string;
}
interface ExchangeVector extends Vector {
  readonly public: string;
  readonly private: string;
  readonly shared: string;
}
interface SealVector extends Vector {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
}
interface KemVector extends Vector {
  readonly seed: string;
  readonly ek?: string;
  readonly c: string;
  readonly K: string;
}

interface Suite<Group> {
  readonly numberOfTests: number;
  readonly testGroups: readonly Group[];
}

function suite<Group>(name: string): Suite<Group> {
  return JSON.parse(readFileSync(join(folder ?? '', `${name}_test.json`), 'utf8'));
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

/** What a call gives, or `refused` when it throws: libsodium-wrappers refuses arguments of a wrong length by throwing. */
function attempt<T>(call: () => T): T | 'refused' {
  try {
    return call();
  } catch {
    return 'refused';
  }
}

/** Runs one check on every vector; the numbers of those that deviate are the result. */
function deviations<V extends Vector>(vectors: readonly V[], holds: (vector: V) => boolean): number[] {
  return vectors.filter((vector) => !holds(vector)).map(({ tcId }) => tcId);
}

const missing =
  folder === undefined ? 'Wycheproof: its vectors are absent (SEALIFT_TEST_DATA names their folder)' : undefined;

describe.skipIf(missing !== undefined)(missing ?? 'Wycheproof', () => {
  test('Ed25519: core verifies exactly the valid signatures, under keys that it imports', () => {
    const { testGroups, numberOfTests } = suite<{ publicKey: { pk: string }; tests: SignatureVector[] }>('ed25519');
    let run = 0;
    for (const { publicKey, tests } of testGroups) {
      const key = bytes(publicKey.pk);
      expect(() => checkSignKey(key)).not.toThrow();
      run += tests.length;
      const wrong = deviations(tests, ({ msg, sig, result }) => {
        const verified = attempt(() => verifyDetached(bytes(sig), bytes(msg), key)) === true;
        return verified === (result === 'valid');
      });
      expect(wrong).toEqual([]);
    }
    expect(run).toBe(numberOfTests);
  });

  describe('X25519', () => {
    const zero = ({ flags }: Vector): boolean => flags.includes('ZeroSharedSecret');

    test('libsodium computes every shared secret, and refuses to compute zero', () => {
      const { testGroups, numberOfTests } = suite<{ tests: ExchangeVector[] }>('x25519');
      const vectors = testGroups.flatMap(({ tests }) => tests);
      expect(vectors).toHaveLength(numberOfTests);
      const wrong = deviations(vectors, (vector) => {
        const shared = attempt(() => sodium.crypto_scalarmult(bytes(vector.private), bytes(vector.public), 'hex'));
        return shared === (zero(vector) ? 'refused' : vector.shared);
      });
      expect(wrong).toEqual([]);
    });

    test('core imports no public key of small order or in a second encoding, and every other', () => {
      const vectors = suite<{ tests: ExchangeVector[] }>('x25519').testGroups.flatMap(({ tests }) => tests);
      const wrong = deviations(vectors, (vector) => {
        const key = bytes(vector.public);
        const aliased = vector.flags.includes('NonCanonicalPublic') || (key[31] ?? 0) > 0x7f;
        const code = attempt(() => checkBoxKey(key)) === 'refused' ? codeOf(() => checkBoxKey(key)) : 'accepted';
        return code === (zero(vector) || aliased ? 'E_KEY' : 'accepted');
      });
      expect(wrong).toEqual([]);
    });
  });

  test('XChaCha20-Poly1305: core seals to the same bytes, opens them, and opens nothing else', () => {
    const { testGroups, numberOfTests } = suite<{ tests: SealVector[] }>('xchacha20_poly1305');
    const vectors = testGroups.flatMap(({ tests }) => tests);
    expect(vectors).toHaveLength(numberOfTests);
    const wrong = deviations(vectors, ({ key, iv, aad, msg, ct, tag, result }) => {
      const sealed = attempt(() => aeadEncrypt(bytes(msg), bytes(aad), bytes(iv), bytes(key)));
      const opened = aeadDecrypt(bytes(ct + tag), bytes(aad), bytes(iv), bytes(key));
      if (result !== 'valid') return opened === undefined;
      return opened !== undefined && sealed !== 'refused' && hex(opened) === msg && hex(sealed) === ct + tag;
    });
    expect(wrong).toEqual([]);
  });

  test('ML-KEM-768: libsodium makes the same keys and shared secrets, and refuses what has a wrong length', () => {
    const { testGroups, numberOfTests } = suite<{ tests: KemVector[] }>('mlkem_768');
    const vectors = testGroups.flatMap(({ tests }) => tests);
    expect(vectors).toHaveLength(numberOfTests);
    const wrong = deviations(vectors, ({ seed, ek, c, K, result }) => {
      const found = attempt(() => {
        const { publicKey, privateKey } = sodium.crypto_kem_mlkem768_seed_keypair(bytes(seed));
        return { ek: hex(publicKey), K: hex(sodium.crypto_kem_mlkem768_dec(bytes(c), privateKey)) };
      });
      if (result === 'invalid') return found === 'refused';
      return found !== 'refused' && found.K === K && (ek === undefined || found.ek === ek);
    });
    expect(wrong).toEqual([]);
  });
});

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
