import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonValue, parseJson } from '../src/json.ts';
import { codeOf, refusal } from './refusal.ts';
import { testData } from './test-data.ts';

const MEBIBYTE = 1024 * 1024;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseJson(bytesOf(text), { maxBytes: MEBIBYTE, file: 'lab.json' });
const valueIn = (text: string) => parse(text).value;
const placeOf = (text: string) => refusal(() => parse(text)).place;

describe('strict JSON', () => {
  test('reads every kind of value', () => {
    expect(valueIn(' { "a" : [ true, false, null, 0, -7, "x\\n\\u00e9\\ud83d\\ude02/\\/" ], "": {} } ')).toEqual({
      a: [true, false, null, 0, -7, 'x\né😂//'],
      '': {},
    });
    expect(valueIn('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(valueIn('-9007199254740991')).toBe(-Number.MAX_SAFE_INTEGER);
  });

  test('lets a space, a tab and ends of lines stand between any two tokens', () => {
    const tokens = ['', '{', '"a"', ':', '[', '1', ',', 'null', ']', ',', '"b"', ':', '{', '}', '}', ''];
    for (const space of [' ', '\t', '\n', '\r', '\r\n', ' \t\r\n']) {
      expect(valueIn(tokens.join(space))).toEqual({ a: [1, null], b: {} });
    }
  });

  test('reads back whatever JSON.stringify wrote', () => {
    const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.maxSafeInteger().map((number) => number + 0),
        fc.string({ unit: 'binary' }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree')),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('tree')).filter((object) => !('prototype' in object)),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!/"(?:__proto__|constructor|prototype)":/.test(text));
        expect(JSON.stringify(valueIn(text))).toBe(JSON.stringify(value));
      }),
    );
  });

  test('fault 3: a duplicate member is refused, also when one of them is escaped', () => {
    expect(codeOf(() => parse('{"fields":[],"fields":["x"]}'))).toBe('E_JSON_DUP');
    expect(codeOf(() => parse('{"fields":[],"f\\u0069elds":["x"]}'))).toBe('E_JSON_DUP');
    expect(placeOf('{\n  "a": {\n    "fields": [],\n    "fields": ["x"]\n  }\n}')).toEqual({
      file: 'lab.json',
      line: 4,
      column: 5,
      path: '/a/fields',
    });
  });

  test('names and texts that differ in normalisation alone differ, and each stays as it was written', () => {
    const [composed, decomposed] = ['Pr\u00e9nom', 'Pre\u0301nom'];
    const { value } = parse(JSON.stringify({ [composed]: decomposed, [decomposed]: composed }));
    expect(Object.entries(value ?? {})).toEqual([
      [composed, decomposed],
      [decomposed, composed],
    ]);
    expect(codeOf(() => parse('{"Pr\u00e9nom":1,"Pr\\u00e9nom":2}'))).toBe('E_JSON_DUP');
  });

  test('names that objects inherit are ordinary members', () => {
    expect(valueIn('{"toString":1,"valueOf":2,"hasOwnProperty":3}')).toEqual({
      toString: 1,
      valueOf: 2,
      hasOwnProperty: 3,
    });
  });

  test.each(['__proto__', 'constructor', 'prototype', '__pr\\u006fto__'])(
    'fault 4: a member named %s is refused',
    (name) => {
      expect(codeOf(() => parse(`{"${name}":{"polluted":true}}`))).toBe('E_JSON');
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    },
  );

  test.each([
    ['a line feed', '"a\nb"', 'a string holds a control character'],
    ['a tab', '"\t"', 'a string holds a control character'],
    ['the last control character', '"\u001f"', 'a string holds a control character'],
    ['no end', '"abc', 'a string has no end'],
    ['an escape at its end', '"abc\\', 'a string holds an unknown escape'],
    ['an escape of three digits', '"\\u123"', 'a string holds an incomplete escape'],
    ['an escape of a letter that is no digit', '"\\u12g4"', 'a string holds an incomplete escape'],
    ['half a pair and an escape cut short', '"\\ud83d\\ude"', 'a string holds an incomplete escape'],
  ])('a string with %s is refused', (_title, text, message) => {
    expect(refusal(() => parse(text))).toMatchObject({ code: 'E_JSON', message });
  });

  test('a string may hold a space and every character after it, as JSON has it', () => {
    expect(parse('" \u007f\u0080\u2028"').value).toBe(' \u007f\u0080\u2028');
  });

  test('fault 5: a byte order mark is refused', () => {
    expect(codeOf(() => parseJson(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d), { maxBytes: 100 }))).toBe('E_ENCODING');
  });

  test.each([
    ['a byte that begins nothing', [0xff], 0],
    ['an overlong slash', [0xc0, 0xaf], 0],
    ['an overlong three-byte form', [0xe0, 0x80, 0xaf], 0],
    ['a surrogate', [0xed, 0xa0, 0x80], 0],
    ['more than U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
    ['a sequence cut short', [0xc3, 0xa9, 0xe2, 0x82], 2],
    ['windows-1252', [0x63, 0x61, 0x66, 0xe9, 0x20], 3],
  ])('fault 5: invalid UTF-8 is refused with its byte offset: %s', (_title, bytes, offset) => {
    const document = Uint8Array.of(0x22, 0xc3, 0xa9, 0x0a, ...bytes);
    const error = refusal(() => parseJson(document, { maxBytes: 100, file: 'lab.json' }));
    expect(error.code).toBe('E_ENCODING');
    expect(error.message).toContain(`byte offset ${4 + offset}`);
    expect(error.place?.line).toBe(2);
  });

  test.each([
    '"\\ud83d"',
    '"\\ude02"',
    '"\\ud83d\\u0041"',
    '"\\ud83dx"',
    '"\\u0041\\ud83dx"',
    '"\\ude02\\ud83d"',
    '"\\ud800"',
    '"\\udfff"',
    '"\\ud800\\udbff"',
    '"\\ud800\\ue000"',
    '"\\udc00\\udc00"',
  ])('fault 5: a lone surrogate is refused: %s', (text) => {
    expect(codeOf(() => parse(text))).toBe('E_ENCODING');
  });

  test('escapes reach the first and the last character of one unit and of two', () => {
    expect(valueIn('["\\u0000", "\\ud7ff", "\\ue000", "\\uFFFF"]')).toEqual(['\0', '\ud7ff', '\ue000', '\uffff']);
    expect(valueIn('["\\ud800\\udc00", "\\uDBFF\\uDFFF"]')).toEqual(['\u{10000}', '\u{10ffff}']);
  });

  test.each([
    ['{a:1}', 2, 'a member name in double quotes is missing'],
    ['{"a":1,}', 8, 'a member name in double quotes is missing'],
    ['{"a":1,2:3}', 8, 'a member name in double quotes is missing'],
    ['{"a":?}', 6, 'this is not a JSON value'],
    ['?', 1, 'this is not a JSON value'],
    ['{"a":', 6, 'the document ends too early'],
    ['', 1, 'the document ends too early'],
  ])('says what is wrong with %s, and in which column', (text, column, message) => {
    const error = refusal(() => parse(text));
    expect([error.code, error.message, error.place?.column]).toEqual(['E_JSON', message, column]);
  });

  test.each([
    '1e400',
    '9007199254740993',
    '9007199254740992',
    '1.5',
    '1.0',
    '1e2',
    '1E2',
    '-0',
    '-0.0',
    '-9007199254740992',
  ])('fault 6: the number %s is refused', (number) => {
    const error = refusal(() => parse(`{"rows":\n ${number}}`));
    expect(error.code).toBe('E_NUMBER');
    expect(error.place).toEqual({ file: 'lab.json', line: 2, column: 2, path: '/rows' });
  });

  test('fault 7: a document over the limit is refused before it is read', () => {
    const huge = new Uint8Array(200 * MEBIBYTE);
    expect(codeOf(() => parseJson(huge, { maxBytes: MEBIBYTE }))).toBe('E_LIMIT');
  });

  test('fault 7: a document of just the limit is read; above it, the refusal names the file', () => {
    expect(parseJson(bytesOf('[ ]'), { maxBytes: 3 }).value).toEqual([]);
    const { code, place } = refusal(() => parseJson(bytesOf('[  ]'), { maxBytes: 3, file: 'lab.json' }));
    expect([code, place]).toEqual(['E_LIMIT', { file: 'lab.json' }]);
  });

  test('fault 7: 64 levels are read, a 65th is refused, and so are 100,000', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(() => parse(nested(64))).not.toThrow();
    expect(codeOf(() => parse(nested(65)))).toBe('E_LIMIT');
    expect(codeOf(() => parse('[{"a":'.repeat(100_000)))).toBe('E_LIMIT');
  });

  test('an error names file, line, column and JSON Pointer', () => {
    expect(placeOf('{"a/b": [1,\r\n  {"c~d": tru}]}')).toEqual({
      file: 'lab.json',
      line: 2,
      column: 11,
      path: '/a~1b/1/c~0d',
    });
    expect(placeOf('{"a": 1')).toEqual({ file: 'lab.json', line: 1, column: 8, path: '/a' });
    expect(placeOf('[1] x')).toEqual({ file: 'lab.json', line: 1, column: 5, path: '' });
  });

  test('a line ends with LF, with CR, or with both', () => {
    expect(placeOf('{\r"a":\r\n[1,\n\r tru]}')).toMatchObject({ line: 5, column: 2, path: '/a/1' });
  });

  test('an element of an array is found between empty ones, and none where there is none', () => {
    const parsed = parse('{"a": [ ], "b": [[], {}, "]", 12 ], "c": 1}');
    const columnOf = (pointer: string) => parsed.place(pointer).column;
    expect(['/b/0', '/b/1', '/b/2', '/b/3', '/c'].map(columnOf)).toEqual([18, 22, 26, 31, 42]);
    expect(['/a/0', '/b/4', '/c/0'].map(columnOf)).toEqual([7, 17, 42]);
  });

  test('an element of an array is found where no space parts them, whatever brackets the texts before it hold', () => {
    const parsed = parse('[12,true,"[","{","\\"",-3,{"[":null,"a":0},4]');
    const columns = ['/0', '/1', '/2', '/3', '/4', '/5', '/6/a', '/7'].map((pointer) => parsed.place(pointer).column);
    expect(columns).toEqual([2, 5, 10, 14, 18, 23, 40, 43]);
  });

  test('values are found again by their JSON Pointer', () => {
    const parsed = parse('{\n  "a}]": "\\"}",\n  "b": [[1, {}], "]",\n    {"c": {"~/": true}}\n  ]\n}');
    expect(parsed.place('')).toMatchObject({ line: 1, column: 1 });
    expect(parsed.place('/b/1')).toMatchObject({ line: 3, column: 18 });
    expect(parsed.place('/b/2/c/~0~1')).toMatchObject({ line: 4, column: 18, path: '/b/2/c/~0~1' });
    expect(parsed.place('/b/2/missing')).toMatchObject({ line: 4, column: 5 });
    expect(parsed.place('/b/9')).toMatchObject({ line: 3, column: 8 });
  });

  test('what is ten times as long takes ten times as long, not a hundred times', () => {
    const entry = (size: number) => ({
      signed: { note: 'é"\n'.repeat(size), seq: 1 },
      signatures: [{ sig: 'A'.repeat(88) }],
    });
    const timeOf = (count: number) => {
      const bytes = bytesOf(JSON.stringify(Array.from({ length: count }, () => entry(200))));
      const start = process.cpuUsage();
      parseJson(bytes, { maxBytes: 64 * MEBIBYTE });
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    timeOf(1000);
    expect(timeOf(5000)).toBeLessThan(50 * timeOf(500));
  });
});

const suite = testData('jsontestsuite', 'test_parsing');

/** What JSONTestSuite accepts and Sealift does not, by design (doc/format.md §3). */
const STRICTER: Readonly<Record<string, string>> = {
  'y_number.json': 'E_NUMBER',
  'y_number_0e+1.json': 'E_NUMBER',
  'y_number_0e1.json': 'E_NUMBER',
  'y_number_double_close_to_zero.json': 'E_NUMBER',
  'y_number_int_with_exp.json': 'E_NUMBER',
  'y_number_minus_zero.json': 'E_NUMBER',
  'y_number_negative_zero.json': 'E_NUMBER',
  'y_number_real_capital_e.json': 'E_NUMBER',
  'y_number_real_capital_e_neg_exp.json': 'E_NUMBER',
  'y_number_real_capital_e_pos_exp.json': 'E_NUMBER',
  'y_number_real_exponent.json': 'E_NUMBER',
  'y_number_real_fraction_exponent.json': 'E_NUMBER',
  'y_number_real_neg_exp.json': 'E_NUMBER',
  'y_number_real_pos_exponent.json': 'E_NUMBER',
  'y_number_simple_real.json': 'E_NUMBER',
  'y_object_duplicated_key.json': 'E_JSON_DUP',
  'y_object_extreme_numbers.json': 'E_NUMBER',
  'y_structure_lonely_negative_real.json': 'E_NUMBER',
  'y_object_duplicated_key_and_value.json': 'E_JSON_DUP',
};

const missing = suite === undefined ? 'JSONTestSuite needs jsontestsuite/test_parsing in SEALIFT_TEST_DATA' : undefined;

describe.skipIf(missing !== undefined)(missing ?? 'JSONTestSuite', () => {
  const files = suite === undefined ? [] : readdirSync(suite);
  const read = (file: string) => parseJson(readFileSync(join(suite ?? '', file)), { maxBytes: MEBIBYTE, file });

  test('is all there', () => {
    expect(files.length).toBe(318);
  });

  test.each(files.filter((file) => file.startsWith('y_')))('%s is accepted, but for what Sealift excludes', (file) => {
    const code = STRICTER[file];
    if (code === undefined) expect(read(file).value).toEqual(JSON.parse(readFileSync(join(suite ?? '', file), 'utf8')));
    else expect(codeOf(() => read(file))).toBe(code);
  });

  test.each(files.filter((file) => file.startsWith('n_')))('%s is refused', (file) => {
    expect(codeOf(() => read(file))).toMatch(/^E_(?:JSON|ENCODING|NUMBER|LIMIT)$/);
  });

  test.each(files.filter((file) => file.startsWith('i_')))('%s is accepted, or refused with a code', (file) => {
    try {
      expect(read(file).value).toEqual(JSON.parse(readFileSync(join(suite ?? '', file), 'utf8')));
    } catch {
      expect(codeOf(() => read(file))).toMatch(/^E_(?:JSON|ENCODING|NUMBER|LIMIT)$/);
    }
  });
});
