/**
 * The strict reader of JSON (doc/format.md §3): what two readers could understand differently is refused.
 *
 * UTF-8 without byte order mark, RFC 8259 grammar, no duplicate member, no member that reaches a prototype, only safe
 * integers, no lone surrogate, limits on size and nesting. It runs in linear time and keeps no positions: places are
 * found again from the text when an error needs one.
 */
import { type Place, SealiftError } from './errors.ts';
import { lineAndColumn, offsetOf } from './json-place.ts';
import { JsonReader } from './json-reader.ts';
import { decodeUtf8 } from './utf8.ts';

/** A value that Sealift's JSON can hold; every number is a safe integer. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object: own members only, on an ordinary prototype that no member name can reach. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** How a text is read. */
export interface JsonLimits {
  /** The most bytes that are looked at; more is `E_LIMIT`. */
  readonly maxBytes: number;
  /** The file's name, for errors. */
  readonly file?: string | undefined;
}

/** A value with the way back to its places in the text. */
export interface ParsedJson {
  readonly value: JsonValue;
  /** Line and column (from 1, in UTF-16 code units) of the value at a JSON Pointer, or of its nearest ancestor. */
  readonly place: (pointer: string) => Place;
}

/**
 * Reads one JSON text strictly.
 *
 * Throws `E_LIMIT` (size, nesting), `E_ENCODING` (byte order mark, invalid UTF-8 with its byte offset, lone surrogate),
 * `E_JSON` (grammar, forbidden member name), `E_JSON_DUP`, `E_NUMBER` (fraction, exponent, -0, beyond 2^53−1); each
 * with file, line, column and JSON Pointer.
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits): ParsedJson {
  if (bytes.length > limits.maxBytes) {
    throw new SealiftError('E_LIMIT', `the document has ${bytes.length} bytes; at most ${limits.maxBytes} are read`, {
      place: { file: limits.file },
    });
  }
  const text = decodeUtf8(bytes, limits.file);
  const value = new JsonReader(text, limits.file).read();
  return {
    value,
    place: (pointer) => ({ file: limits.file, ...lineAndColumn(text, offsetOf(text, pointer)), path: pointer }),
  };
}
