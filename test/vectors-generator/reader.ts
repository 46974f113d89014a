/** The strict reader (doc/format.md §2 and §3): texts that everyone reads in one way, and those that are refused. */

import { flipped, text } from './edit.ts';
import { accepted, type Family, type Layer, type MadeFile, type MadeVector, refused } from './vector.ts';

type Case = readonly [name: string, what: string, code: string, content: string | Uint8Array];

const bytes = (content: string | Uint8Array): Uint8Array => (typeof content === 'string' ? text(content) : content);

function refusedCases(folder: string, cases: readonly Case[], layer: Layer = 'reader'): MadeVector[] {
  return cases.map(([name, what, code, content]) =>
    refused(`${folder}/${name}`, what, [layer, code], bytes(content), { run: 'json' }),
  );
}

const ENCODING: readonly Case[] = [
  ['byte-order-mark', 'The text begins with a byte order mark.', 'E_ENCODING', '\ufeff{}'],
  ['utf-16', 'The text is UTF-16 with a byte order mark.', 'E_ENCODING', Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0)],
  ['latin-1', 'A letter is one byte above 0x7f.', 'E_ENCODING', Uint8Array.of(0x22, 0xe9, 0x22)],
  ['overlong', 'A slash is written in two bytes.', 'E_ENCODING', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)],
  ['surrogate-in-utf-8', 'A surrogate is written in UTF-8.', 'E_ENCODING', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
  ['above-unicode', 'A code point above U+10FFFF.', 'E_ENCODING', Uint8Array.of(0x22, 0xf4, 0x90, 0x80, 0x80, 0x22)],
  ['cut-sequence', 'The text ends inside a character.', 'E_ENCODING', Uint8Array.of(0x22, 0x61, 0x22, 0x20, 0xc3)],
  ['lone-high-surrogate', 'An escape holds half of a pair.', 'E_ENCODING', '"\\ud83d"'],
  ['lone-low-surrogate', 'An escape holds the second half of a pair alone.', 'E_ENCODING', '"\\ude00"'],
  ['reversed-pair', 'The halves of a pair are reversed.', 'E_ENCODING', '"\\ude00\\ud83d"'],
  ['lone-surrogate-in-name', 'A member name holds half of a pair.', 'E_ENCODING', '{"\\ud83d":1}'],
];

const DUPLICATE: readonly Case[] = [
  ['plain', 'A member is there twice.', 'E_JSON_DUP', '{"fields":1,"fields":2}'],
  ['same-value', 'A member is there twice with the same value.', 'E_JSON_DUP', '{"a":1,"a":1}'],
  ['escaped', 'A member is there twice, once with an escape.', 'E_JSON_DUP', '{"a":1,"\\u0061":2}'],
  ['nested', 'A member of an object in an array is there twice.', 'E_JSON_DUP', '[{"b":{"a":1,"c":2,"a":3}}]'],
  ['empty-name', 'The member with the empty name is there twice.', 'E_JSON_DUP', '{"":1,"":2}'],
];

const NUMBERS: readonly Case[] = [
  ['fraction', 'A number has a fraction.', 'E_NUMBER', '1.5'],
  ['zero-fraction', 'A whole number is written with a fraction.', 'E_NUMBER', '1.0'],
  ['exponent', 'A whole number is written with an exponent.', 'E_NUMBER', '1e2'],
  ['infinite', 'A number is too large for a double.', 'E_NUMBER', '1e400'],
  ['above', 'A number is 2^53.', 'E_NUMBER', '9007199254740992'],
  ['below', 'A number is −2^53.', 'E_NUMBER', '-9007199254740992'],
  ['minus-zero', 'A number is -0.', 'E_NUMBER', '-0'],
  ['many-digits', 'A number has 400 digits.', 'E_NUMBER', '1'.repeat(400)],
];

const GRAMMAR: readonly Case[] = [
  ['empty', 'The file is empty.', 'E_JSON', ''],
  ['space-only', 'The file holds white space alone.', 'E_JSON', ' \n'],
  ['trailing-comma', 'A comma follows the last member.', 'E_JSON', '{"a":1,}'],
  ['trailing-text', 'Another value follows the first.', 'E_JSON', '{} {}'],
  ['comment', 'There is a comment.', 'E_JSON', '{} // x'],
  ['single-quotes', 'A string is in single quotes.', 'E_JSON', "['a']"],
  ['unquoted-name', 'A member name is not quoted.', 'E_JSON', '{a:1}'],
  ['leading-zero', 'A number begins with a zero.', 'E_JSON', '[01]'],
  ['leading-plus', 'A number begins with a plus.', 'E_JSON', '[+1]'],
  ['nan', 'A value is NaN.', 'E_JSON', '[NaN]'],
  ['control-character', 'A string holds a bare line feed.', 'E_JSON', '"a\nb"'],
  ['nul', 'A NUL follows the value.', 'E_JSON', '{}\0'],
  ['unknown-escape', 'A string holds the escape \\x.', 'E_JSON', '"\\x41"'],
  ['short-escape', 'A \\u has three digits.', 'E_JSON', '"\\u041"'],
  ['unterminated', 'A string has no end.', 'E_JSON', '"abc'],
  ['no-break-space', 'A no-break space stands between tokens.', 'E_JSON', '[1,\u00a02]'],
  ['form-feed', 'A form feed stands between tokens.', 'E_JSON', '[1,\f2]'],
  ['upper-case-literal', 'A literal is in upper case.', 'E_JSON', '[TRUE]'],
  ['unclosed', 'An object is not closed.', 'E_JSON', '{"a":1'],
  ['proto', 'A member is named __proto__.', 'E_JSON', '{"__proto__":{"a":1}}'],
  ['proto-escaped', 'A member is named __proto__, with an escape.', 'E_JSON', '{"\\u005f_proto__":1}'],
  ['constructor', 'A member is named constructor.', 'E_JSON', '[{"constructor":1}]'],
  ['prototype', 'A member is named prototype.', 'E_JSON', '{"a":{"prototype":1}}'],
];

const LIMIT: readonly Case[] = [
  ['arrays-65-deep', 'Arrays nest 65 deep.', 'E_LIMIT', `${'['.repeat(65)}${']'.repeat(65)}`],
  ['objects-65-deep', 'Objects nest 65 deep.', 'E_LIMIT', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
  ['unclosed-2000-deep', 'Two thousand arrays open and none closes.', 'E_LIMIT', '['.repeat(2000)],
];

/** A text, and its canonical form. */
type Canonical = readonly [name: string, what: string, content: string, canonical: string];

const CANONICAL: readonly Canonical[] = [
  [
    'order',
    'Members are sorted by UTF-16 code units.',
    '{"\ufb33":1,"\u{1f600}":2,"é":3,"a":4,"":5,"B":6}',
    '{"":5,"B":6,"a":4,"é":3,"\u{1f600}":2,"\ufb33":1}',
  ],
  ['white-space', 'White space goes.', ' {\t"b" : [ 1 ,\r\n 2 ] , "a" : { } } \n', '{"a":{},"b":[1,2]}'],
  ['escapes', 'Only what must be escaped is.', '"\\u00e9\\/\\u0041\\u0022\\u005c\\u007f"', '"é/A\\"\\\\\u007f"'],
  [
    'control-escapes',
    'Control characters have their short escapes, or lower-case hexadecimal.',
    '"\\u0008\\u0009\\u000A\\u000C\\u000D\\u0000\\u001F"',
    '"\\b\\t\\n\\f\\r\\u0000\\u001f"',
  ],
  ['surrogate-pair', 'An escaped pair is one character.', '"\\uD83D\\uDE00"', '"\u{1f600}"'],
  ['line-separators', 'U+2028 and U+2029 stand for themselves.', '"\\u2028\\u2029"', '"\u2028\u2029"'],
  [
    'not-normalised',
    'Composed and decomposed letters stay two names.',
    '{"e\\u0301":1,"\\u00e9":2}',
    '{"e\u0301":1,"\u00e9":2}',
  ],
  [
    'integers',
    'The largest and smallest integers.',
    '[9007199254740991,-9007199254740991,0]',
    '[9007199254740991,-9007199254740991,0]',
  ],
  ['64-deep', 'Arrays nest 64 deep.', `${'['.repeat(64)}${']'.repeat(64)}`, `${'['.repeat(64)}${']'.repeat(64)}`],
  ['noncharacter', 'U+FFFF is a scalar value.', '"\\uffff"', '"\uffff"'],
  ['literals', 'Literals and a bare value.', '[true,false,null,"",{"a":[]}]', '[true,false,null,"",{"a":[]}]'],
  [
    'odd-names',
    'Names that are near to forbidden ones.',
    '{"toString":1,"__proto":2,"hasOwnProperty":3}',
    '{"__proto":2,"hasOwnProperty":3,"toString":1}',
  ],
];

/** Every vector of the reader. */
export function readerFamily(): Family {
  const files: MadeFile[] = CANONICAL.map(([name, , , canonical]) => ({
    path: `canonical/${name}.canonical`,
    content: text(canonical),
  }));
  const good = CANONICAL.map(([name, what, content]) =>
    accepted(`canonical/${name}`, what, text(content), { run: 'json', canonical: `canonical/${name}.canonical` }),
  );
  const damaged = flipped(text('{"a":"b"}'), 6, 0x80);
  return {
    name: 'reader',
    files,
    vectors: [
      ...good,
      ...refusedCases('encoding', [...ENCODING, ['one-bit', 'One bit of a letter changed.', 'E_ENCODING', damaged]]),
      ...refusedCases('duplicate', DUPLICATE),
      ...refusedCases('number', NUMBERS),
      ...refusedCases('grammar', GRAMMAR),
      ...refusedCases('limit', LIMIT),
    ],
  };
}
