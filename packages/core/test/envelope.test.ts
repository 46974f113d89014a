import { beforeAll, describe, expect, test } from 'vitest';
import {
  addSignature,
  documentDigest,
  preAuthenticationEncoding,
  type SignedDocument,
  signDocument,
  verifiedSigners,
  verifySignature,
} from '../src/envelope.ts';
import type { Identity } from '../src/identity.ts';
import type { Fingerprint } from '../src/ids.ts';
import { ready } from '../src/sodium.ts';
import { person } from './people.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

const signed = { type: 'sealift.test.v1', rows: 3, note: 'é' };
const known = (...identities: readonly Identity[]): ReadonlyMap<Fingerprint, Identity> =>
  new Map(identities.map((identity) => [identity.fingerprint, identity]));

describe('signed documents', () => {
  test('the pre-authentication encoding is DSSE’s own example', () => {
    const encoding = preAuthenticationEncoding(
      'http://example.com/HelloWorld',
      new TextEncoder().encode('hello world'),
    );
    expect(new TextDecoder().decode(encoding)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('lengths are counted in bytes, not in characters', () => {
    const encoding = preAuthenticationEncoding('é', new TextEncoder().encode('😂'));
    expect(new TextDecoder().decode(encoding)).toBe('DSSEv1 2 é 4 😂');
  });

  test('each known signer is found, unknown ones are not', () => {
    const [ada, ben, eve] = [person(1), person(2), person(3)];
    const document = signDocument(signed, ada, ben, eve);
    const signers = verifiedSigners(document, known(ada.identity, ben.identity));
    expect([...signers]).toEqual([ada.fingerprint, ben.fingerprint]);
    expect(verifiedSigners(document, new Map()).size).toBe(0);
  });

  test('the order of members and the white space of the file do not matter', () => {
    const ada = person(1);
    const document = signDocument(signed, ada);
    const rewritten = { ...document, signed: { note: 'é', type: 'sealift.test.v1', rows: 3 } };
    expect(() => verifySignature(rewritten, ada.identity)).not.toThrow();
  });

  test('another signature does not change the digest', () => {
    const once = signDocument(signed, person(1));
    const twice = addSignature(once, person(2));
    expect(twice.signatures).toHaveLength(2);
    expect(documentDigest(twice.signed)).toBe(documentDigest(once.signed));
    expect(documentDigest({ ...signed, rows: 4 })).not.toBe(documentDigest(signed));
  });

  test('who signs again keeps one signature', () => {
    const ada = person(1);
    expect(addSignature(signDocument(signed, ada), ada).signatures).toHaveLength(1);
  });

  test('fault 1: a document without signatures is unsigned', () => {
    expect(codeOf(() => verifiedSigners({ signed, signatures: [] }, new Map()))).toBe('E_UNSIGNED');
  });

  test('fault 2: a changed member breaks every known signature', () => {
    const ada = person(1);
    const document = { ...signDocument(signed, ada), signed: { ...signed, rows: 4 } };
    expect(codeOf(() => verifiedSigners(document, known(ada.identity)))).toBe('E_SIG');
  });

  test('a signature made for one type does not hold for another', () => {
    const ada = person(1);
    const document = { ...signDocument(signed, ada), signed: { ...signed, type: 'sealift.other.v1' } };
    expect(codeOf(() => verifySignature(document, ada.identity))).toBe('E_SIG');
  });

  test('one bad signature of a known key spoils the good ones beside it', () => {
    const [ada, ben] = [person(1), person(2)];
    const good = signDocument(signed, ada);
    const bad: SignedDocument<typeof signed> = {
      signed,
      signatures: [...good.signatures, { key: ben.fingerprint, sig: good.signatures[0]?.sig ?? '' }],
    };
    expect(codeOf(() => verifiedSigners(bad, known(ada.identity, ben.identity)))).toBe('E_SIG');
  });

  test('fault 10: the same key twice is refused', () => {
    const document = signDocument(signed, person(1));
    const doubled = { signed, signatures: [...document.signatures, ...document.signatures] };
    expect(codeOf(() => verifiedSigners(doubled, new Map()))).toBe('E_SCHEMA');
  });

  test('more than 32 signatures are refused', () => {
    const signatures = Array.from({ length: 33 }, (_, index) => ({ key: person(index + 1).fingerprint, sig: 'AA==' }));
    expect(codeOf(() => verifiedSigners({ signed, signatures }, new Map()))).toBe('E_SCHEMA');
    expect(codeOf(() => addSignature({ signed, signatures: signatures.slice(0, 32) }, person(99)))).toBe('E_LIMIT');
  });

  test('fault 49: a signature in another base64 is refused', () => {
    const ada = person(1);
    const [signature] = signDocument(signed, ada).signatures;
    const sig = signature?.sig.replace('==', '') ?? '';
    expect(codeOf(() => verifySignature({ signed, signatures: [{ key: ada.fingerprint, sig }] }, ada.identity))).toBe(
      'E_ENCODING',
    );
  });

  test('a document that others signed lacks this one’s signature', () => {
    expect(codeOf(() => verifySignature(signDocument(signed, person(1)), person(2).identity))).toBe('E_SIG');
  });
});
