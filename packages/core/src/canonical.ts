/** Canonical JSON (doc/format.md §2): RFC 8785, restricted to what {@link JsonValue} holds. */
import { SealiftError } from './errors.ts';
import { MAX_DEPTH } from './json-reader.ts';
import { encodeUtf8 } from './utf8.ts';

/**
 * The canonical bytes of a value: members sorted by UTF-16 code units, no white space, shortest escapes.
 *
 * Throws `E_NUMBER` for a number that is not a safe integer (or is -0), `E_ENCODING` for a lone surrogate, `E_LIMIT`
 * beyond the nesting that a reader accepts, `E_SCHEMA` for a value that JSON cannot hold, a member that is `undefined` included.
 */
export function canonicalJson(value: unknown): Uint8Array {
  return encodeUtf8(canonicalText(value, 0));
}

function canonicalText(value: unknown, depth: number): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'object') return canonicalContainer(value, depth + 1);
  throw new SealiftError('E_SCHEMA', `a value of type ${typeof value} cannot be written as JSON`);
}

function canonicalContainer(value: object, depth: number): string {
  if (depth > MAX_DEPTH) throw new SealiftError('E_LIMIT', `objects and arrays nest deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) return `[${value.map((element) => canonicalText(element, depth)).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new SealiftError('E_SCHEMA', 'only plain objects can be written as JSON');
  }
  // Strings compare by UTF-16 code units, as RFC 8785 §3.2.3 asks.
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${canonicalString(name)}:${canonicalText(member, depth)}`).join(',')}}`;
}

function canonicalNumber(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    throw new SealiftError('E_NUMBER', 'a number must be a whole number within ±(2^53−1) and not -0');
  }
  return String(value);
}

/** JSON.stringify escapes exactly as RFC 8785 §3.2.2.2 asks, once lone surrogates are excluded. */
function canonicalString(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new SealiftError('E_ENCODING', 'a text holds half a surrogate pair');
  return JSON.stringify(text);
}
