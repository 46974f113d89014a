/** The schema that others read and the code that Sealift runs say the same about each encoding of doc/format.md §1. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../src/base64.ts';
import * as ids from '../src/ids.ts';
import { describeMismatch } from '../src/mismatch.ts';

const file = createRequire(import.meta.url).resolve('@sealift/schemas/common.schema.json');
const definitions: Readonly<Record<string, { readonly pattern?: string }>> = JSON.parse(
  readFileSync(file, 'utf8'),
).$defs;
const patternOf = (name: string) => definitions[name]?.pattern ?? 'no pattern';

function isBase64(text: string): boolean {
  try {
    return decodeBase64(text) instanceof Uint8Array;
  } catch {
    return false;
  }
}

const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  base64: isBase64,
  digest: ids.isDigest,
  keyedDigest: ids.isKeyedDigest,
  fingerprint: ids.isFingerprint,
  time: ids.isUtcTime,
  date: ids.isCalendarDate,
  job: ids.isJobId,
  dataset: ids.isDatasetName,
};

const twoDigits = (max: number) => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'));
const year = fc.integer({ min: 0, max: 9999 }).map((number) => String(number).padStart(4, '0'));
const date = fc.tuple(year, twoDigits(14), twoDigits(33)).map((parts) => parts.join('-'));
const time = fc
  .tuple(date, twoDigits(26), twoDigits(61), twoDigits(61))
  .map(([day, h, m, s]) => `${day}T${h}:${m}:${s}Z`);
const leapDay = year.map((number) => `${number}-02-29`);
const short = (characters: string) => fc.string({ unit: fc.constantFrom(...characters.split('')), maxLength: 66 });
const reserved = fc.constantFrom(
  'con',
  'com1',
  'lpt0',
  'nul',
  'manifest',
  'receipt',
  'import',
  'con1',
  'xnul',
  'aux-1',
);
const prefixed = fc.tuple(fc.constantFrom('sha256:', 'hmac-sha256:', ''), short('0aF')).map((parts) => parts.join(''));
const texts = fc.oneof(
  date,
  time,
  leapDay,
  short('a-9'),
  short('aqb2'),
  short('Aa9+/=Qgw'),
  reserved,
  prefixed,
  fc.string(),
);

describe('encodings', () => {
  test.each(Object.keys(CHECKS))('%s: schema and code accept the same texts', (name) => {
    const pattern = new RegExp(patternOf(name), 'u');
    fc.assert(
      fc.property(texts, (text) => {
        expect([text, CHECKS[name]?.(text)]).toEqual([text, pattern.test(text)]);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['const', { allowedValue: 'sealift.roster.v1' }, '"x" must be "sealift.roster.v1"'],
    ['enum', { allowedValues: ['ok', 'warn'] }, '"x" must be one of ["ok","warn"]'],
    ['required', { missingProperty: 'lab' }, '"x" has no member "lab"'],
    ['pattern', { pattern: '^other$' }, '"x" is not written as the format wants it'],
    ['minItems', { limit: 1 }, '"x" must NOT have fewer than 1 items'],
  ])('what breaks the rule %s is told as a person would', (keyword, params, message) => {
    const own = keyword === 'minItems' ? { message: 'must NOT have fewer than 1 items' } : {};
    const error = { instancePath: '/signed/x', schemaPath: `#/${keyword}`, keyword, params, ...own };
    expect(describeMismatch([error])).toEqual({ code: 'E_SCHEMA', pointer: '/signed/x', message });
  });

  test('of several faults the deepest is told, and an unknown member by its own place', () => {
    const at = (instancePath: string, keyword: string, params = {}) => ({
      instancePath,
      schemaPath: '#',
      keyword,
      params,
    });
    const [shallow, deep] = [
      at('/signed', 'required', { missingProperty: 'a' }),
      at('/signed/b/0', 'const', { allowedValue: 1 }),
    ];
    const combining = at('/signed/b/0/c', 'anyOf');
    for (const errors of [
      [shallow, deep, combining],
      [combining, deep, shallow],
    ]) {
      expect(describeMismatch(errors)).toMatchObject({ pointer: '/signed/b/0', message: '"0" must be 1' });
    }
    const unknown = at('', 'additionalProperties', { additionalProperty: 'a/b~c' });
    expect(describeMismatch([unknown])).toMatchObject({
      pointer: '/a~1b~0c',
      message: 'the document has an unknown member "a/b~c"',
    });
    expect(describeMismatch([combining])).toMatchObject({ code: 'E_SCHEMA', pointer: '' });
  });

  test.each([
    ['base64', 'E_ENCODING', 'canonical base64'],
    ['digest', 'E_ENCODING', 'sha256:'],
    ['keyedDigest', 'E_ENCODING', 'hmac-sha256:'],
    ['fingerprint', 'E_ENCODING', 'fingerprint'],
    ['time', 'E_SCHEMA', 'a time'],
    ['date', 'E_SCHEMA', 'a date'],
    ['job', 'E_SCHEMA', 'a name'],
    ['dataset', 'E_SCHEMA', 'a name'],
    ['country', 'E_SCHEMA', 'a country'],
    ['sshKey', 'E_SCHEMA', 'OpenSSH'],
  ])('%s: a text in another form is refused by %s and told as %s', (name, code, words) => {
    const error = {
      instancePath: '/signed/x',
      schemaPath: '#/pattern',
      keyword: 'pattern',
      params: { pattern: patternOf(name) },
    };
    const mismatch = describeMismatch([error]);
    expect(mismatch).toMatchObject({ code, pointer: '/signed/x' });
    expect(mismatch.message).toContain(words);
  });
});
