/** The grammar of JSON (RFC 8259), without what two readers could understand differently (doc/format.md §3). */
import { type ErrorCode, SealiftError } from './errors.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { lineAndColumn, pointerOf } from './json-place.ts';
import { quoted } from './quoted.ts';

/** Objects and arrays may nest this deep (doc/format.md §3). */
export const MAX_DEPTH = 64;

const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const LITERALS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const NUMBER = /-?(?:0|[1-9][0-9]*)/y;
const HEX4 = /[0-9A-Fa-f]{4}/y;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Reads one text, by recursive descent whose depth is limited. Throws as {@link parseJson}. */
export class JsonReader {
  readonly #text: string;
  readonly #file: string | undefined;
  /** Names and indexes from the root to the value being read. */
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string, file: string | undefined) {
    this.#text = text;
    this.#file = file;
  }

  /** The whole text's value. */
  read(): JsonValue {
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('E_JSON', 'there is more text after the end of the document');
    return value;
  }

  #value(): JsonValue {
    this.#skipSpace();
    switch (this.#text.charCodeAt(this.#at)) {
      case OPEN_BRACE:
        return this.#object();
      case OPEN_BRACKET:
        return this.#array();
      case QUOTE:
        return this.#string();
      default:
        return this.#literal();
    }
  }

  #object(): JsonObject {
    const object: Record<string, JsonValue> = {};
    this.#enter();
    if (this.#closes(CLOSE_BRACE)) return object;
    const level = this.#path.length;
    do {
      this.#path.length = level;
      this.#skipSpace();
      const nameAt = this.#at;
      const name = this.#name();
      this.#path.push(name);
      if (Object.hasOwn(object, name)) this.#fail('E_JSON_DUP', `the member ${quoted(name)} appears twice`, nameAt);
      this.#expect(COLON, 'a colon');
      object[name] = this.#value();
    } while (this.#continues(CLOSE_BRACE));
    this.#path.length = level;
    return object;
  }

  #name(): string {
    if (this.#text.charCodeAt(this.#at) !== QUOTE) this.#fail('E_JSON', 'a member name in double quotes is missing');
    const at = this.#at;
    const name = this.#string();
    if (FORBIDDEN_NAMES.has(name)) this.#fail('E_JSON', `a member must not be named ${JSON.stringify(name)}`, at);
    return name;
  }

  #array(): readonly JsonValue[] {
    const array: JsonValue[] = [];
    this.#enter();
    if (this.#closes(CLOSE_BRACKET)) return array;
    const level = this.#path.length;
    do {
      this.#path.length = level;
      this.#path.push(array.length);
      array.push(this.#value());
    } while (this.#continues(CLOSE_BRACKET));
    this.#path.length = level;
    return array;
  }

  #enter(): void {
    if (this.#path.length >= MAX_DEPTH) this.#fail('E_LIMIT', `objects and arrays nest deeper than ${MAX_DEPTH}`);
    this.#at += 1;
  }

  #closes(close: number): boolean {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== close) return false;
    this.#at += 1;
    return true;
  }

  /** After a member or element: true at a comma, false at the closing bracket. */
  #continues(close: number): boolean {
    if (this.#closes(close)) return false;
    this.#expect(COMMA, `a comma or ${String.fromCharCode(close)}`);
    return true;
  }

  #expect(code: number, what: string): void {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== code) this.#fail('E_JSON', `${what} is missing`);
    this.#at += 1;
  }

  #string(): string {
    const text = this.#text;
    let value = '';
    let from = this.#at + 1;
    for (let at = from; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return value + text.slice(from, at);
      }
      if (code === BACKSLASH) {
        value += text.slice(from, at) + this.#escape(at);
        from = this.#at;
        at = from - 1;
      } else if (!(code >= SPACE)) {
        this.#fail('E_JSON', at < text.length ? 'a string holds a control character' : 'a string has no end', at);
      }
    }
  }

  /** The character that the escape at `at` stands for; reading goes on after it. */
  #escape(at: number): string {
    const letter = this.#text.charAt(at + 1);
    if (letter === 'u') return this.#unicodeEscape(at);
    const character = ESCAPES.get(letter);
    if (character === undefined) this.#fail('E_JSON', 'a string holds an unknown escape', at);
    this.#at = at + 2;
    return character;
  }

  #unicodeEscape(at: number): string {
    const unit = this.#hex4(at);
    this.#at = at + 6;
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    const low = unit < 0xdc00 && this.#text.startsWith('\\u', at + 6) ? this.#hex4(at + 6) : 0;
    if (low < 0xdc00 || low > 0xdfff) this.#fail('E_ENCODING', 'a string holds half a surrogate pair', at);
    this.#at = at + 12;
    return String.fromCharCode(unit, low);
  }

  #hex4(at: number): number {
    HEX4.lastIndex = at + 2;
    const digits = HEX4.exec(this.#text)?.[0];
    if (digits === undefined) this.#fail('E_JSON', 'a string holds an incomplete escape', at);
    return Number.parseInt(digits, 16);
  }

  #literal(): JsonValue {
    for (const [word, value] of LITERALS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) {
      this.#fail('E_JSON', this.#at < this.#text.length ? 'this is not a JSON value' : 'the document ends too early');
    }
    const value = Number(digits);
    if (
      /[.eE]/.test(this.#text.charAt(this.#at + digits.length)) ||
      !Number.isSafeInteger(value) ||
      Object.is(value, -0)
    ) {
      this.#fail('E_NUMBER', 'a number must be a whole number within ±(2^53−1), without fraction, exponent or -0');
    }
    this.#at += digits.length;
    return value;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return;
      this.#at += 1;
    }
  }

  #fail(code: ErrorCode, message: string, at: number = this.#at): never {
    const place = { file: this.#file, ...lineAndColumn(this.#text, at), path: pointerOf(this.#path) };
    throw new SealiftError(code, message, { place });
  }
}
