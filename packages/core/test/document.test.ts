import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../src/canonical.ts';
import { readDocument } from '../src/document.ts';
import { ready } from '../src/sodium.ts';
import { person } from './people.ts';
import { refusal } from './refusal.ts';

beforeAll(ready);

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value, null, 2));
const readAsIdentity = (value: unknown) => readDocument(bytesOf(value), 'sealift.identity.v1', 'ada.identity.json');
const valid = () => person(1).identity.document;
const changed = (changes: Readonly<Record<string, unknown>>) => ({
  ...valid(),
  signed: { ...valid().signed, ...changes },
});
const refused = (value: unknown) => refusal(() => readAsIdentity(value));

describe('documents', () => {
  test('are read with their members in any order and with white space', () => {
    const { document, place } = readAsIdentity(valid());
    expect(document).toEqual(valid());
    expect(place('/signed/name')).toEqual({ file: 'ada.identity.json', line: 4, column: 13, path: '/signed/name' });
  });

  test('one of several types may be wanted, and be as long as the longest of them may', () => {
    const wanted = ['sealift.roster.v1', 'sealift.identity.v1', 'sealift.manifest.v1'] as const;
    expect(readDocument(bytesOf(valid()), wanted).document).toEqual(valid());
    const long = new Uint8Array(2 * 1024 * 1024).fill(0x20);
    expect(refusal(() => readDocument(long, wanted)).code).toBe('E_JSON');
  });

  test.each<[string, unknown, string]>([
    ['no type, nothing signed', {}, '/type'],
    ['no type in what is signed', { signed: {} }, '/signed/type'],
    ['an unknown type, nothing signed', { type: 'sealift.other.v1' }, '/type'],
    ['another document', { type: 'sealift.manifest.v1' }, '/type'],
    ['a secret identity', { type: 'sealift.secret-identity.v1' }, '/type'],
    ['no signatures', { signed: { type: 'sealift.identity.v1' } }, '/signatures'],
  ])('the place of what is wrong is named: %s', (_title, value, path) => {
    expect(refused(value).place).toMatchObject({ file: 'ada.identity.json', line: expect.any(Number), path });
  });

  test('fault 8: a newer version is refused by its type', () => {
    const error = refused(changed({ type: 'sealift.identity.v2' }));
    expect(error.code).toBe('E_VERSION');
    expect(error.place).toMatchObject({ line: 3, path: '/signed/type' });
  });

  test('fault 8: an unknown member is refused, not ignored', () => {
    const error = refused(changed({ admin: true }));
    expect(error.code).toBe('E_SCHEMA');
    expect(error.message).toContain('unknown member "admin"');
    expect(error.place).toMatchObject({ file: 'ada.identity.json', line: 9, path: '/signed/admin' });
  });

  test('a missing member is named, at its object', () => {
    const { name: _name, ...signed } = valid().signed;
    const error = refused({ ...valid(), signed });
    expect(error.message).toContain('"signed" has no member "name"');
    expect(error.place).toMatchObject({ line: 2, path: '/signed' });
  });

  test('a known document of another type is told from an unknown one', () => {
    const error = refusal(() => readDocument(bytesOf(valid()), 'sealift.roster.v1'));
    expect(error.code).toBe('E_SCHEMA');
    expect(error.message).toBe('a roster is wanted, and this is an identity');
  });

  test.each([null, 7, 'text', [], {}, { signed: null }, { signed: { type: 7 } }, { type: null }])(
    '%j is no document',
    (value) => {
      expect(refused(value).code).toBe('E_SCHEMA');
    },
  );

  test('a type inside the wrong form is refused', () => {
    expect(refused({ type: 'sealift.identity.v1' }).code).toBe('E_SCHEMA');
    const header = { signed: { type: 'sealift.sealed.v1' }, signatures: [] };
    expect(refusal(() => readDocument(bytesOf(header), 'sealift.sealed.v1')).code).toBe('E_SCHEMA');
  });

  test('fault 1: a document without signatures is unsigned', () => {
    expect(refused({ signed: valid().signed }).code).toBe('E_UNSIGNED');
    expect(refused({ ...valid(), signatures: [] }).code).toBe('E_UNSIGNED');
  });

  test('fault 22: a secret identity in place of the public one is refused as such', () => {
    const error = refused({ type: 'sealift.secret-identity.v1', identity: valid(), secret: { kdf: 'none', seed: '' } });
    expect(error.code).toBe('E_KEY');
    expect(error.message).toContain('secret identity');
  });

  test('fault 22: a key of 31 bytes is refused as a key', () => {
    expect(refused(changed({ box: Buffer.alloc(31, 9).toString('base64') })).code).toBe('E_KEY');
    expect(refused(changed({ kem: Buffer.alloc(1215, 9).toString('base64') })).code).toBe('E_KEY');
  });

  test('fault 49: base64 and fingerprints in another form are refused', () => {
    const unused = valid().signed.box.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);
    expect(refused(changed({ box: unused })).code).toBe('E_ENCODING');
    expect(refused(changed({ box: ` ${valid().signed.box}` })).code).toBe('E_ENCODING');
    const [signature] = valid().signatures;
    const error = refused({ ...valid(), signatures: [{ ...signature, key: signature?.key.toUpperCase() }] });
    expect(error.code).toBe('E_ENCODING');
    expect(error.place?.path).toBe('/signatures/0/key');
  });

  test.each(['2026-02-30T00:00:00Z', '2026-01-01T00:00:00.5Z', '2026-01-01'])('the time %s is refused', (created) => {
    const error = refused(changed({ created }));
    expect(error.code).toBe('E_SCHEMA');
    expect(error.message).toContain('"created" is not a time that exists');
  });

  test('fault 7: more than 1 MiB is not read', () => {
    const error = refusal(() => readDocument(new Uint8Array(1024 * 1024 + 1), 'sealift.identity.v1'));
    expect(error.code).toBe('E_LIMIT');
  });

  test('fault 71: no error quotes a value', () => {
    const error = refused(changed({ created: 'CANARY', name: 'x' }));
    expect(JSON.stringify([error.message, error.hint, error.place])).not.toContain('CANARY');
  });

  test('what canonical JSON writes is read', () => {
    expect(readDocument(canonicalJson(valid()), 'sealift.identity.v1').document).toEqual(valid());
  });
});
