import { beforeAll, describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../src/base64.ts';
import { canonicalJson } from '../src/canonical.ts';
import { signDocument } from '../src/envelope.ts';
import {
  createIdentity,
  type IdentityDocument,
  identityFingerprint,
  type PublicIdentity,
  readIdentity,
} from '../src/identity.ts';
import { encapsulate, isSmallOrderX25519, ready, sealBox } from '../src/sodium.ts';
import { CREATED, person } from './people.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const P = 2n ** 255n - 19n;
/** A number as 32 bytes, least significant first. */
const littleEndian = (value: bigint) =>
  Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));

/** An identity with some members replaced, signed again by its own signing key. */
function resigned(changes: Partial<PublicIdentity>): IdentityDocument {
  const ada = person(1);
  const signed = { ...ada.identity.document.signed, ...changes };
  return signDocument(signed, { fingerprint: identityFingerprint(signed), sign: (message) => ada.sign(message) });
}

/** The canonical encodings of all points whose order divides 8, and the aliases of some. */
const SMALL_ORDER = [
  littleEndian(1n),
  littleEndian(P - 1n),
  littleEndian(0n),
  littleEndian(2n ** 255n),
  hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'),
  hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'),
  littleEndian(P),
  littleEndian(P + 1n),
  littleEndian(2n ** 255n + 1n),
  littleEndian(2n ** 256n - 1n),
];

describe('identities', () => {
  test('one seed gives the same identity every time, another seed another', () => {
    expect(canonicalJson(person(1).identity.document)).toEqual(canonicalJson(person(1).identity.document));
    expect(person(1).fingerprint).not.toBe(person(2).fingerprint);
  });

  test('the fingerprint covers the three keys and nothing else', () => {
    const renamed = readIdentity(resigned({ name: 'Somebody else' }));
    expect(renamed.fingerprint).toBe(person(1).fingerprint);
    expect(renamed.name).toBe('Somebody else');
  });

  test('the fingerprint of a fixed seed stays what it was', () => {
    expect(person(1).fingerprint).toMatchInlineSnapshot(`"p42ycfdgd5r2s4j2uezkp27jpvdlst7kvbg4lwk3jabjhbxqz2rq"`);
  });

  test('a new identity is random, and reads back', () => {
    const { seed, secret } = createIdentity('Ada', CREATED);
    expect(seed).not.toEqual(createIdentity('Ada', CREATED).seed);
    expect(readIdentity(secret.identity.document).fingerprint).toBe(secret.fingerprint);
  });

  test('nothing can be signed or opened after wiping', () => {
    const ada = person(1);
    const { box, kem } = ada.identity.document.signed;
    const sealed = sealBox(Uint8Array.of(7), decodeBase64(box));
    const { ciphertext, sharedSecret } = encapsulate(decodeBase64(kem));
    const before = ada.sign(Uint8Array.of(1));
    expect([ada.openBox(sealed), ada.decapsulate(ciphertext)]).toEqual([Uint8Array.of(7), sharedSecret]);
    ada.wipe();
    expect(ada.sign(Uint8Array.of(1))).not.toEqual(before);
    expect(ada.openBox(sealed)).toBeUndefined();
    expect(ada.decapsulate(ciphertext)).not.toEqual(sharedSecret);
  });

  test.each(SMALL_ORDER.map((key) => [Buffer.from(key).toString('hex'), key] as const))(
    'fault 21: the small-order Ed25519 key %s is refused',
    (_title, key) => {
      expect(codeOf(() => readIdentity(resigned({ sign: encodeBase64(key) })))).toBe('E_KEY_WEAK');
    },
  );

  test.each([
    ['outside the prime-order subgroup', '16b981d0b88cdf3ab9fa87190822fe4905b475efda3aec7c34abfa92c19320f4'],
    ['no point of the curve', `02${'00'.repeat(31)}`],
    ['a mixed-order point with a non-canonical alias', `f0${'ff'.repeat(30)}7f`],
  ])('fault 21: an Ed25519 key is refused that is %s', (_title, key) => {
    expect(codeOf(() => readIdentity(resigned({ sign: encodeBase64(hex(key)) })))).toBe('E_KEY_WEAK');
  });

  test('a point of the prime-order subgroup passes, and then lacks its own signature', () => {
    const main = hex('b862409fb5c4c4123df2abf7462b88f041ad36dd6864ce872fd5472be363c5b1');
    expect(codeOf(() => readIdentity(resigned({ sign: encodeBase64(main) })))).toBe('E_KEY');
  });

  const usual = () => decodeBase64(person(1).identity.document.signed.box);
  test.each([
    ['zero', () => littleEndian(0n)],
    ['one', () => littleEndian(1n)],
    ['p-1', () => littleEndian(P - 1n)],
    ['order 8', () => hex('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800')],
    ['order 8, the other', () => hex('5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157')],
    ['the alias p of zero', () => littleEndian(P)],
    ['the alias p+9 of nine', () => littleEndian(P + 9n)],
    ['the top bit', () => usual().map((byte, index) => (index === 31 ? byte | 0x80 : byte))],
    ['31 bytes', () => usual().subarray(1)],
    ['33 bytes', () => Uint8Array.of(...usual(), 0)],
  ])('fault 22: the X25519 key with %s is refused', (_title, key) => {
    expect(codeOf(() => readIdentity(resigned({ box: encodeBase64(key()) })))).toBe('E_KEY');
  });

  test('small order is told by the library, for each of the five canonical points', () => {
    const points = [
      littleEndian(0n),
      littleEndian(1n),
      littleEndian(P - 1n),
      hex('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'),
      hex('5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'),
    ];
    expect(points.map(isSmallOrderX25519)).toEqual([true, true, true, true, true]);
    expect(isSmallOrderX25519(littleEndian(9n))).toBe(false);
  });

  const kem = () => decodeBase64(person(1).identity.document.signed.kem);
  test.each([
    ['a low coefficient of q', () => kem().map((byte, index) => [0x01, (byte & 0xf0) | 0x0d][index] ?? byte)],
    [
      'a high coefficient of 4095',
      () => kem().map((byte, index) => (index === 1150 ? byte | 0xf0 : index === 1151 ? 0xff : byte)),
    ],
    ['the top bit in its X25519 part', () => kem().map((byte, index) => (index === 1215 ? byte | 0x80 : byte))],
    ['a zero X25519 part', () => kem().fill(0, 1184)],
    ['1215 bytes', () => kem().subarray(1)],
  ])('fault 23: the hybrid key with %s is refused', (_title, key) => {
    expect(codeOf(() => readIdentity(resigned({ kem: encodeBase64(key()) })))).toBe('E_KEY');
  });

  test('the largest coefficient is below q and passes', () => {
    const key = kem().map((byte, index) => [0x00, (byte & 0xf0) | 0x0d][index] ?? byte);
    expect(() => readIdentity(resigned({ kem: encodeBase64(key) }))).not.toThrow();
  });

  test.each(['box', 'kem'] as const)('fault 27: a %s key that the signature does not cover is refused', (member) => {
    const { document } = person(1).identity;
    const swapped = {
      ...document,
      signed: { ...document.signed, [member]: person(2).identity.document.signed[member] },
    };
    expect(codeOf(() => readIdentity(swapped))).toBe('E_KEY');
  });

  test('an identity that another person signed, or signed too, is refused', () => {
    const { signed } = person(1).identity.document;
    expect(codeOf(() => readIdentity(signDocument(signed, person(2))))).toBe('E_KEY');
    expect(codeOf(() => readIdentity(signDocument(signed, person(1), person(2))))).toBe('E_KEY');
    expect(codeOf(() => readIdentity({ signed, signatures: [] }))).toBe('E_UNSIGNED');
  });

  test('a changed name is refused', () => {
    const { document } = person(1).identity;
    expect(codeOf(() => readIdentity({ ...document, signed: { ...document.signed, name: 'Eve' } }))).toBe('E_KEY');
  });
});
