/** Identities (doc/format.md §5): weak and non-canonical keys, self-signatures that do not hold, secret files. */

import { scryptSync } from 'node:crypto';
import { decodeBase64, encodeBase64 } from '../../packages/core/src/base64.ts';
import { canonicalJson } from '../../packages/core/src/canonical.ts';
import { preAuthenticationEncoding } from '../../packages/core/src/envelope.ts';
import { type IdentityDocument, identityFingerprint, type PublicIdentity } from '../../packages/core/src/identity.ts';
import { aeadEncrypt, deriveKey } from '../../packages/core/src/sodium.ts';
import { changed, type Edit, fileOf, flipped, signedBy } from './edit.ts';
import { add, BASE, encode, encodeNumber, isPoint, multiply, ORDER_8, secretOf, signUnder, ZERO } from './edwards.ts';
import { fixedBytes, person } from './people.ts';
import { accepted, type Family, type Layer, type MadeVector, type Run, refused } from './vector.ts';

const RUN: Extract<Run, { run: 'identity' }> = { run: 'identity' };
const P = 2n ** 255n - 19n;

/** A good identity; changes come before its signature. */
function identity(...edits: readonly Edit[]): IdentityDocument {
  return signedUnderOwnKey(changed(person('outsider').identity.document.signed, ...edits));
}

/** Signed by the outsider's key, under the fingerprint that the changed keys have. */
function signedUnderOwnKey(signed: PublicIdentity): IdentityDocument {
  const message = preAuthenticationEncoding(signed.type, canonicalJson(signed));
  return withSignature(signed, person('outsider').sign(message));
}

function withSignature(signed: PublicIdentity, signature: Uint8Array): IdentityDocument {
  return { signed, signatures: [{ key: identityFingerprint(signed), sig: encodeBase64(signature) }] };
}

/** An identity whose signing key is weak and whose self-signature holds in the equation all the same. */
function weak(publicKey: Uint8Array, scalar = 0n): IdentityDocument {
  const signed = changed(person('outsider').identity.document.signed, ['/sign', encodeBase64(publicKey)]);
  const message = preAuthenticationEncoding(signed.type, canonicalJson(signed));
  return withSignature(signed, signUnder(publicKey, scalar, message));
}

function weakVectors(): MadeVector[] {
  const { scalar } = secretOf(deriveKey(1, 'SLidsign', fixedBytes('outsider')));
  const mixed = encode(add(multiply(scalar, BASE), ORDER_8));
  const notAPoint =
    [2n, 3n, 4n, 5n, 6n, 7n, 8n].map(encodeNumber).find((bytes) => !isPoint(bytes)) ?? new Uint8Array(32);
  const keys: readonly (readonly [string, string, Uint8Array, bigint?])[] = [
    ['zero', 'The Ed25519 key is all zero: a point of order 4.', new Uint8Array(32)],
    ['neutral', 'The Ed25519 key is the neutral element.', encode(ZERO)],
    ['order-2', 'The Ed25519 key has order 2.', encodeNumber(P - 1n)],
    ['order-4-odd', 'The Ed25519 key has order 4, with the sign bit.', encodeNumber(2n ** 255n)],
    ['order-8', 'The Ed25519 key has order 8.', encode(ORDER_8)],
    ['order-8-other', 'The Ed25519 key is another point of order 8.', encode(multiply(3n, ORDER_8))],
    ['mixed-order', 'The Ed25519 key has a component of order 8.', mixed, scalar],
    ['neutral-not-canonical', 'The Ed25519 key is the neutral element, with y = p + 1.', encodeNumber(P + 1n)],
    ['order-4-not-canonical', 'The Ed25519 key has order 4, with y = p.', encodeNumber(P)],
    [
      'neutral-negative-zero',
      'The Ed25519 key is the neutral element, with the sign bit of x = 0.',
      encodeNumber(1n + 2n ** 255n),
    ],
    ['not-a-point', 'The Ed25519 key is no point of the curve.', notAPoint],
    ['all-ones', 'The Ed25519 key is all ones: above p.', new Uint8Array(32).fill(0xff)],
  ];
  return keys.map(([name, what, key, secret]) =>
    refused(`ed25519/${name}`, what, ['identity', 'E_KEY_WEAK'], fileOf(weak(key, secret)), RUN),
  );
}

/** Points of small order of Curve25519 (RFC 7748 §6.1 and its security considerations), least significant byte first. */
const SMALL_ORDER_U = [
  ['zero', 'is zero', 0n],
  ['one', 'is one', 1n],
  ['order-8', 'has order 8', 325606250916557431795983626356110631294008115727848805560023387167927233504n],
  [
    'order-8-other',
    'has order 8, the other one',
    39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  ],
  ['minus-one', 'is p − 1', P - 1n],
] as const;

/** Keys that are another text for a key. */
function aliasesOfU(box: Uint8Array): readonly (readonly [string, string, Uint8Array])[] {
  return [
    ['top-bit', 'has its top bit set', flipped(box, 31, 0x80)],
    ['p', 'is p, zero in another text', encodeNumber(P)],
    ['p-plus-one', 'is p + 1, one in another text', encodeNumber(P + 1n)],
    ['p-plus-nine', 'is p + 9, a good key in another text', encodeNumber(P + 9n)],
    ['all-ones', 'is all ones', new Uint8Array(32).fill(0xff)],
  ];
}

function x25519Vectors(): MadeVector[] {
  const { box, kem } = person('outsider').identity;
  const keys = [
    ...SMALL_ORDER_U.map(([name, what, u]): readonly [string, string, Uint8Array] => [name, what, encodeNumber(u)]),
    ...aliasesOfU(box),
  ];
  const alone = keys.map(([name, what, key]) =>
    refused(
      `x25519/${name}`,
      `The X25519 key ${what}.`,
      ['identity', 'E_KEY'],
      fileOf(identity(['/box', encodeBase64(key)])),
      RUN,
    ),
  );
  const inside = keys.map(([name, what, key]) =>
    refused(
      `xwing/x25519-${name}`,
      `The X25519 part of the X-Wing key ${what}.`,
      ['identity', 'E_KEY'],
      fileOf(identity(['/kem', encodeBase64(Uint8Array.from([...kem.subarray(0, 1184), ...key]))])),
      RUN,
    ),
  );
  return [...alone, ...inside.filter((_, index) => index % 2 === 0)];
}

/** The X-Wing key with one coefficient of 12 bits set. */
function withCoefficient(kem: Uint8Array, index: number, value: number): Uint8Array {
  const key = kem.slice();
  const at = Math.floor(index / 2) * 3;
  const [low = 0, middle = 0, high = 0] = key.subarray(at, at + 3);
  const [first, second] = index % 2 === 0 ? [value, (middle >> 4) | (high << 4)] : [low | ((middle & 15) << 8), value];
  key.set([first & 0xff, (first >> 8) | ((second & 15) << 4), second >> 4], at);
  return key;
}

function kemVectors(): MadeVector[] {
  const { kem } = person('outsider').identity;
  const cases: readonly (readonly [string, string, Uint8Array])[] = [
    ['first-is-q', 'The first coefficient of the ML-KEM part is q = 3329.', withCoefficient(kem, 0, 3329)],
    ['second-is-q', 'The second coefficient of the ML-KEM part is q.', withCoefficient(kem, 1, 3329)],
    ['last-is-4095', 'The last coefficient of the ML-KEM part is 4095.', withCoefficient(kem, 767, 4095)],
    ['all-ones', 'Every coefficient of the ML-KEM part is 4095.', kem.map((byte, at) => (at < 1152 ? 0xff : byte))],
  ];
  return [
    ...cases.map(([name, what, key]) =>
      refused(
        `xwing/coefficient-${name}`,
        what,
        ['identity', 'E_KEY'],
        fileOf(identity(['/kem', encodeBase64(key)])),
        RUN,
      ),
    ),
    accepted(
      'xwing/coefficient-is-q-minus-one',
      'A coefficient of the ML-KEM part is q − 1, the largest that there is.',
      fileOf(identity(['/kem', encodeBase64(withCoefficient(kem, 0, 3328))])),
      RUN,
    ),
  ];
}

function lengthVectors(): MadeVector[] {
  const { sign, box, kem } = person('outsider').identity;
  const secret = fixedBytes('outsider');
  const cases: readonly (readonly [string, string, string, Uint8Array])[] = [
    ['sign-31', 'The Ed25519 key has 31 bytes.', '/sign', sign.subarray(1)],
    ['sign-33', 'The Ed25519 key has 33 bytes.', '/sign', Uint8Array.from([...sign, 0])],
    [
      'sign-private',
      'A private Ed25519 key of 64 bytes stands where the public one belongs.',
      '/sign',
      Uint8Array.from([...secret, ...sign]),
    ],
    ['box-31', 'The X25519 key has 31 bytes.', '/box', box.subarray(1)],
    ['box-empty', 'The X25519 key is empty.', '/box', new Uint8Array(0)],
    ['kem-1215', 'The X-Wing key has 1215 bytes.', '/kem', kem.subarray(1)],
    ['kem-1184', 'The X-Wing key is an ML-KEM-768 key alone.', '/kem', kem.subarray(0, 1184)],
    ['kem-seed', 'A seed of 32 bytes stands where the X-Wing key belongs.', '/kem', secret],
  ];
  return cases.map(([name, what, pointer, key]) =>
    refused(`length/${name}`, what, ['schema', 'E_KEY'], fileOf(identity([pointer, encodeBase64(key)])), RUN),
  );
}

function selfSignatureVectors(): MadeVector[] {
  const good = identity();
  const other = person('operator1').identity.document;
  const rekeyed = { ...good.signed, kem: other.signed.kem };
  const partial: Record<string, unknown> = { ...good.signed };
  delete partial['kem'];
  const message = preAuthenticationEncoding('sealift.identity.v1', canonicalJson(partial));
  const bad = (
    name: string,
    what: string,
    document: unknown,
    expect: readonly [Layer, string] = ['identity', 'E_KEY'],
  ): MadeVector => refused(`self-signature/${name}`, what, expect, fileOf(document), RUN);
  return [
    bad(
      'box-replaced',
      'The X25519 key was replaced after signing; the fingerprint is still the old one.',
      changed(good, ['/signed/box', other.signed.box]),
    ),
    bad('kem-replaced', 'The X-Wing key was replaced after signing; the fingerprint fits the new one.', {
      signed: rekeyed,
      signatures: [{ ...good.signatures[0], key: identityFingerprint(rekeyed) }],
    }),
    bad(
      'kem-not-covered',
      'The signature was made without the X-Wing key.',
      withSignature(good.signed, person('outsider').sign(message)),
    ),
    bad('name-changed', 'The name changed after signing.', changed(good, ['/signed/name', 'Gaspard Toutvenam'])),
    bad(
      'created-changed',
      'The time changed after signing.',
      changed(good, ['/signed/created', '2026-01-02T03:04:06Z']),
    ),
    bad('by-another', 'Another identity signed.', signedBy(good.signed, 'operator1')),
    bad(
      'own-key-named-another-signed',
      'The signature is another’s under the own fingerprint.',
      withSignature(
        good.signed,
        person('operator1').sign(preAuthenticationEncoding(good.signed.type, canonicalJson(good.signed))),
      ),
    ),
    bad(
      'one-bit',
      'One bit of the signature changed.',
      withSignature(good.signed, flipped(decodeBase64(good.signatures[0]?.sig ?? ''), 40)),
    ),
    bad('two', 'A second person signed as well.', signedBy(good.signed, 'outsider', 'operator1'), [
      'schema',
      'E_SCHEMA',
    ]),
    bad('none', 'Nobody signed.', { ...good, signatures: [] }, ['schema', 'E_UNSIGNED']),
    bad('name-missing', 'There is no name.', identity(['/name', undefined]), ['schema', 'E_SCHEMA']),
    bad('name-too-long', 'The name has 201 characters.', identity(['/name', 'x'.repeat(201)]), ['schema', 'E_SCHEMA']),
    bad('key-twice', 'A fourth key is there.', identity(['/box2', good.signed.box]), ['schema', 'E_SCHEMA']),
  ];
}

const PASSPHRASE = 'cinq mots tirés au sort';

/** The file of a locked identity, by OpenSSL's scrypt and libsodium's cipher. */
function locked(): { readonly type: string; readonly identity: unknown; readonly secret: { readonly sealed: string } } {
  const { identity: id, fingerprint } = person('outsider');
  const salt = encodeBase64(fixedBytes('salt').subarray(0, 16));
  const nonce = fixedBytes('nonce').subarray(0, 24);
  const cost = { logN: 17, r: 8, p: 1 };
  const key = scryptSync(PASSPHRASE.normalize('NFC'), decodeBase64(salt), 32, {
    N: 2 ** 17,
    r: 8,
    p: 1,
    maxmem: 2 ** 28,
  });
  const context = canonicalJson({ type: 'sealift.secret-identity.v1', identity: fingerprint, ...cost, salt });
  const sealed = aeadEncrypt(fixedBytes('outsider'), context, nonce, new Uint8Array(key));
  const secret = { kdf: 'scrypt', ...cost, salt, nonce: encodeBase64(nonce), sealed: encodeBase64(sealed) };
  return { type: 'sealift.secret-identity.v1', identity: id.document, secret };
}

function secretVectors(): MadeVector[] {
  const { identity: id, fingerprint } = person('outsider');
  const secret = { kdf: 'none', seed: encodeBase64(fixedBytes('outsider')) };
  const clear = { type: 'sealift.secret-identity.v1', identity: id.document, secret };
  const run: Extract<Run, { run: 'secret-identity' }> = { run: 'secret-identity' };
  const lockedFile = locked();
  const open: Run = { ...run, passphrase: PASSPHRASE };
  const bad = (
    name: string,
    what: string,
    expect: readonly [Layer, string],
    document: unknown,
    how: Run = run,
  ): MadeVector => refused(`secret/${name}`, what, expect, fileOf(document), how);
  return [
    accepted('secret/clear', 'A seed in clear.', fileOf(clear), { ...run, fingerprint }),
    accepted('secret/locked', 'A seed under a passphrase that is given with decomposed letters.', fileOf(lockedFile), {
      ...run,
      passphrase: PASSPHRASE.normalize('NFD'),
      fingerprint,
    }),
    bad('wrong-passphrase', 'The passphrase is wrong.', ['identity', 'E_PASS'], lockedFile, {
      ...run,
      passphrase: 'cinq mots tirés au hasard',
    }),
    bad(
      'altered',
      'One bit of the locked seed changed.',
      ['identity', 'E_PASS'],
      changed(lockedFile, ['/secret/sealed', encodeBase64(flipped(decodeBase64(lockedFile.secret.sealed), 7))]),
      open,
    ),
    bad('no-passphrase', 'No passphrase is given for a locked seed.', ['identity', 'E_PASS'], lockedFile),
    bad(
      'other-seed',
      'The seed is another identity’s.',
      ['identity', 'E_KEY'],
      changed(clear, ['/secret/seed', encodeBase64(fixedBytes('operator1'))]),
    ),
    bad(
      'seed-bit',
      'One bit of the seed changed on the disk.',
      ['identity', 'E_KEY'],
      changed(clear, ['/secret/seed', encodeBase64(flipped(fixedBytes('outsider'), 5))]),
    ),
    bad(
      'other-identity',
      'The public identity is another one.',
      ['identity', 'E_KEY'],
      changed(clear, ['/identity', person('operator1').identity.document]),
    ),
    bad(
      'seed-31',
      'The seed has 31 bytes.',
      ['schema', 'E_SCHEMA'],
      changed(clear, ['/secret/seed', encodeBase64(fixedBytes('outsider').subarray(1))]),
    ),
    bad(
      'weak-cost',
      'The cost of scrypt is below 2^17.',
      ['schema', 'E_SCHEMA'],
      changed(lockedFile, ['/secret/logN', 16]),
      open,
    ),
    bad(
      'unknown-kdf',
      'The key derivation is unknown.',
      ['schema', 'E_SCHEMA'],
      changed(lockedFile, ['/secret/kdf', 'argon2id']),
      open,
    ),
    refused(
      'secret/where-public-belongs',
      'A secret identity is handed on as a public one.',
      ['schema', 'E_KEY'],
      fileOf(clear),
      RUN,
    ),
  ];
}

/** Every vector of identities. */
export function identityFamily(): Family {
  const { document, fingerprint } = person('outsider').identity;
  return {
    name: 'identities',
    files: [],
    vectors: [
      accepted('good', 'An identity.', fileOf(document), { ...RUN, fingerprint }),
      accepted(
        'same-fingerprint',
        'Another name and time over the same keys: the same fingerprint.',
        fileOf(identity(['/name', 'G. T.'], ['/created', '2026-02-02T03:04:05Z'])),
        { ...RUN, fingerprint },
      ),
      ...weakVectors(),
      ...x25519Vectors(),
      ...kemVectors(),
      ...lengthVectors(),
      ...selfSignatureVectors(),
      ...secretVectors(),
    ],
  };
}
