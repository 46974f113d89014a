import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../src/base64.ts';
import { boxKeyPair, openBox, ready, sealBox } from '../src/sodium.ts';
import {
  findWrappedKey,
  type Suite,
  unwrapKey,
  type WrapContext,
  type WrappedKey,
  wrapKey,
  wrapKeyForAll,
} from '../src/wrap.ts';
import { person, seedOf } from './people.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

const SUITES: readonly Suite[] = ['xwing-sealedbox', 'sealedbox'];
const KEY = seedOf(42);
const contextOf = (suite: Suite): WrapContext => ({ suite, purpose: 'file', job: 'lab-2026', dataset: 'patients' });
const flip = (text: string, at: number) =>
  encodeBase64(decodeBase64(text).map((byte, index) => (index === at ? byte ^ 1 : byte)));

describe.each(SUITES)('keys wrapped in the suite %s', (suite) => {
  const context = contextOf(suite);
  const people = () => [person(1), person(2), person(3)];

  test('unwrap for each recipient, in the sizes of the format', () => {
    const wraps = wrapKeyForAll(
      KEY,
      people().map(({ identity }) => identity),
      context,
    );
    for (const secret of people()) expect(unwrapKey(wraps, secret, context)).toEqual(KEY);
    for (const { box, kem } of wraps) {
      expect(decodeBase64(box)).toHaveLength(suite === 'sealedbox' ? 80 : 96);
      expect(kem === undefined ? 0 : decodeBase64(kem).length).toBe(suite === 'sealedbox' ? 0 : 1120);
    }
  });

  test('are sorted by recipient, and new each time', () => {
    const identities = people().map(({ identity }) => identity);
    const wraps = wrapKeyForAll(KEY, identities, context);
    const names = wraps.map(({ recipient }) => recipient);
    expect(names).toEqual([...names].sort());
    expect(wrapKeyForAll(KEY, identities, context)).not.toEqual(wraps);
  });

  test('the same recipient twice is refused', () => {
    expect(codeOf(() => wrapKeyForAll(KEY, [person(1).identity, person(1).identity], context))).toBe('E_SHARED');
  });

  test('fault 43: who is no recipient finds nothing', () => {
    const wraps = wrapKeyForAll(KEY, [person(1).identity], context);
    expect(codeOf(() => unwrapKey(wraps, person(9), context))).toBe('E_NO_MATCH');
    expect(codeOf(() => findWrappedKey([], person(1).fingerprint))).toBe('E_NO_MATCH');
  });

  test('an altered box, or one made for another, does not open', () => {
    const wrap = wrapKey(KEY, person(1).identity, context);
    const stolen = { ...wrap, recipient: person(2).fingerprint };
    expect(codeOf(() => unwrapKey([{ ...wrap, box: flip(wrap.box, 60) }], person(1), context))).toBe('E_ENVELOPE');
    expect(codeOf(() => unwrapKey([stolen], person(2), context))).toBe('E_ENVELOPE');
  });

  test('a wrapped key of another length is refused', () => {
    const wrap = wrapKey(KEY.subarray(1), person(1).identity, context);
    expect(codeOf(() => unwrapKey([wrap], person(1), context))).toBe('E_ENVELOPE');
  });

  test('fault 45: a wrap of the other suite is refused', () => {
    const other = contextOf(suite === 'sealedbox' ? 'xwing-sealedbox' : 'sealedbox');
    const wrap = wrapKey(KEY, person(1).identity, other);
    expect(codeOf(() => unwrapKey([wrap], person(1), context))).toBe('E_SUITE');
  });
});

describe('the hybrid layer', () => {
  const context = contextOf('xwing-sealedbox');
  const opened = (wrap: WrappedKey, changes: Partial<WrapContext>) => () =>
    unwrapKey([wrap], person(1), { ...context, ...changes });

  test.each([
    ['job', { job: 'lab-2027' }],
    ['dataset', { dataset: 'results' }],
    ['purpose', { purpose: 'digest' }],
  ] as const)('is bound to its %s', (_title, change) => {
    expect(codeOf(opened(wrapKey(KEY, person(1).identity, context), change))).toBe('E_ENVELOPE');
  });

  test.each([0, 1100])('fault 23: a ciphertext with byte %i altered does not open', (at) => {
    const wrap = wrapKey(KEY, person(1).identity, context);
    expect(codeOf(opened({ ...wrap, kem: flip(wrap.kem ?? '', at) }, {}))).toBe('E_ENVELOPE');
  });

  test('fault 23: a short ciphertext does not open', () => {
    const wrap = wrapKey(KEY, person(1).identity, context);
    const kem = encodeBase64(decodeBase64(wrap.kem ?? '').subarray(1));
    expect(codeOf(opened({ ...wrap, kem }, {}))).toBe('E_ENVELOPE');
  });

  test('the ciphertext of another wrap does not open this one', () => {
    const wrap = wrapKey(KEY, person(1).identity, context);
    const { kem = '' } = wrapKey(KEY, person(1).identity, context);
    expect(codeOf(opened({ ...wrap, kem }, {}))).toBe('E_ENVELOPE');
  });
});

/** The hybrid layer once more, from doc/format.md §8 and libraries that core does not use for it. */
describe('the hybrid layer of another implementation', () => {
  const recipient = () => person(1).identity;
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  const subKey = (key: Uint8Array, id: number, context: string) => {
    const [salt, personalization] = [new Uint8Array(16), new Uint8Array(16)];
    salt[0] = id;
    personalization.set(bytesOf(context));
    return blake2b(new Uint8Array(), { dkLen: 32, key, salt, personalization });
  };
  /** Members in the order of canonical JSON, and none with a character that it would escape. */
  const layer = (sharedSecret: Uint8Array, kem: string) => {
    const { fingerprint } = recipient();
    const bound = `{"dataset":"patients","job":"lab-2026","kem":"${kem}","purpose":"file","recipient":"${fingerprint}",`;
    const context = `${bound}"suite":"xwing-sealedbox","type":"sealift.wrap.v1"}`;
    return xchacha20poly1305(subKey(sharedSecret, 1, 'SL-xwrap'), new Uint8Array(24), bytesOf(context));
  };

  test('is opened here', () => {
    const { cipherText, sharedSecret } = ml_kem768_x25519.encapsulate(recipient().kem);
    const kem = encodeBase64(cipherText);
    const box = encodeBase64(layer(sharedSecret, kem).encrypt(sealBox(KEY, recipient().box)));
    const wrap = { recipient: recipient().fingerprint, kem, box };
    expect(unwrapKey([wrap], person(1), contextOf('xwing-sealedbox'))).toEqual(KEY);
  });

  test('opens what is wrapped here', () => {
    const { kem = '', box } = wrapKey(KEY, recipient(), contextOf('xwing-sealedbox'));
    const { secretKey } = ml_kem768_x25519.keygen(subKey(seedOf(1), 3, 'SLid-kem'));
    const inner = layer(ml_kem768_x25519.decapsulate(decodeBase64(kem), secretKey), kem).decrypt(decodeBase64(box));
    expect(openBox(inner, boxKeyPair(subKey(seedOf(1), 2, 'SLid-box')))).toEqual(KEY);
  });
});
