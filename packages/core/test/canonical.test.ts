import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../src/canonical.ts';
import { parseJson } from '../src/json.ts';
import { codeOf } from './refusal.ts';
import { testData } from './test-data.ts';

const textOf = (value: unknown) => new TextDecoder().decode(canonicalJson(value));
const suite = testData('json-canonicalization', 'testdata');

describe('canonical JSON', () => {
  test('sorts members by UTF-16 code units, not by code points', () => {
    expect(textOf({ '\u{ff61}': 1, '\u{1f602}': 2, b: 3, a: 4, B: 5, '': 6 })).toBe(
      '{"":6,"B":5,"a":4,"b":3,"\u{1f602}":2,"\u{ff61}":1}',
    );
  });

  test('escapes only what RFC 8785 §3.2.2.2 escapes', () => {
    expect(textOf('"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028é')).toBe(
      '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\u2028é"',
    );
  });

  test('does not normalise texts', () => {
    expect(textOf('e\u0301')).not.toBe(textOf('\u00e9'));
  });

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -0])('fault 6: the number %s is refused', (number) => {
    expect(codeOf(() => canonicalJson([number]))).toBe('E_NUMBER');
  });

  test('fault 5: a lone surrogate is refused, in a text and in a name', () => {
    expect(codeOf(() => canonicalJson('a\ud83d'))).toBe('E_ENCODING');
    expect(codeOf(() => canonicalJson({ '\ude02': 1 }))).toBe('E_ENCODING');
  });

  test('fault 7: what no reader would accept for its depth is not written', () => {
    const nested = (depth: number): unknown => (depth === 0 ? [] : [nested(depth - 1)]);
    expect(() => canonicalJson(nested(63))).not.toThrow();
    expect(codeOf(() => canonicalJson(nested(64)))).toBe('E_LIMIT');
  });

  test.each([undefined, { a: undefined }, [undefined], 1n, () => 1, new Date(0), new Map(), new Uint8Array(1)])(
    'what JSON cannot hold is refused (%#)',
    (value) => {
      expect(codeOf(() => canonicalJson(value))).toBe('E_SCHEMA');
    },
  );

  test('the canonical form reads back as the same value, whatever the order of its members', () => {
    const objects = fc.dictionary(
      fc.string(),
      fc.oneof(fc.maxSafeInteger(), fc.string(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(objects, (object) => {
        fc.pre(!['__proto__', 'constructor', 'prototype'].some((name) => Object.hasOwn(object, name)));
        const bytes = canonicalJson(object);
        const { value } = parseJson(bytes, { maxBytes: 1e6 });
        expect(canonicalJson(value)).toEqual(bytes);
        expect(canonicalJson(Object.fromEntries(Object.entries(object).reverse()))).toEqual(bytes);
      }),
    );
  });
});

const missing =
  suite === undefined ? 'RFC 8785 vectors need json-canonicalization/testdata in SEALIFT_TEST_DATA' : undefined;

describe.skipIf(missing !== undefined)(missing ?? 'RFC 8785 vectors', () => {
  const vector = (folder: string, name: string) => readFileSync(join(suite ?? '', folder, `${name}.json`), 'utf8');

  test.each(['arrays', 'french', 'structures', 'unicode', 'weird'])('%s', (name) => {
    expect(textOf(JSON.parse(vector('input', name)))).toBe(vector('output', name).trimEnd());
  });

  test('values: without its fractions', () => {
    const { numbers: _fractions, ...rest } = JSON.parse(vector('input', 'values'));
    const { numbers: _canonicalFractions, ...expected } = JSON.parse(vector('output', 'values'));
    expect(textOf(rest)).toBe(JSON.stringify(expected));
    expect(codeOf(() => canonicalJson(JSON.parse(vector('input', 'values'))))).toBe('E_NUMBER');
  });
});
