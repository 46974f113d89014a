/** E-mail addresses and telephone numbers, alone in a cell or inside a text. */
import { type Cell, HAS } from './cell-shape.ts';

const EMAIL_INSIDE = /[^\s@,;:<>"()[\]]+@[^\s@,;:<>"()[\]]+\.[A-Za-z]{2,}/;

const PHONE_INSIDE = /(?<![\dA-Za-z+])(?:0|(?:\+|00)33[ .-]?(?:\(0\))?[ .-]?)[1-9](?:[ .-]?\d\d){4}(?!\d)/;
const LONGEST_PHONE = 24;
const FEWEST_DIGITS = 8;
const MOST_DIGITS = 15;
const ZERO = 0x30;
const THREE = 0x33;
const PLUS = 0x2b;
const AT = 0x40;
const DOT = 0x2e;
/** What an address has none of, besides spaces. */
const NOT_IN_EMAIL: ReadonlySet<number> = new Set(Array.from(',;<>"()', (character) => character.charCodeAt(0)));

/** Whether the cell is one e-mail address: a name, one @, and a domain with a point in it. */
export function isEmail({ bytes, start, end, mask, spaces }: Cell): boolean {
  if ((mask & HAS.at) === 0 || spaces > 0) return false;
  let at = -1;
  let dot = -1;
  for (let index = start; index < end; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === AT && at >= 0) return false;
    if (byte === AT) at = index;
    if (byte === DOT) dot = index;
    if (NOT_IN_EMAIL.has(byte)) return false;
  }
  return at > start && dot > at + 1 && end - dot > 2;
}

const digitsOf = new Uint8Array(LONGEST_PHONE);

/** Whether the cell is one telephone number: ten digits from 0 on, nine after 33, or others after the plus of their country. */
export function isPhone({ bytes, start, end, letters, digits }: Cell): boolean {
  if (letters > 0 || digits < FEWEST_DIGITS || digits > MOST_DIGITS || end - start > LONGEST_PHONE) return false;
  let count = 0;
  for (let index = start; index < end; index++) {
    const byte = bytes[index] ?? 0;
    if (byte >= ZERO && byte <= ZERO + 9) digitsOf[count++] = byte;
    else if (!isPhoneGap(byte) && (byte !== PLUS || index !== start)) return false;
  }
  const [first, second, third, fourth] = digitsOf;
  if (bytes[start] === PLUS) return first !== ZERO;
  if (first !== ZERO) return false;
  return count === 10 ? second !== ZERO : count === 13 && second === ZERO && third === THREE && fourth === THREE;
}

/** Space ( ) - . / */
function isPhoneGap(byte: number): boolean {
  return byte === 0x20 || byte === 0x28 || byte === 0x29 || (byte >= 0x2d && byte <= 0x2f);
}

/** Whether a text has an e-mail address anywhere in it. */
export function containsEmail(text: string): boolean {
  return EMAIL_INSIDE.test(text);
}

/** Whether a text has a French telephone number anywhere in it. */
export function containsPhone(text: string): boolean {
  return PHONE_INSIDE.test(text);
}
