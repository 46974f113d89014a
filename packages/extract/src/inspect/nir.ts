/**
 * The NIR, France's number of registration of persons: sex, year, month, department and commune, order, and a key of two
 * digits (INSEE, "Numéro d'inscription au répertoire"; Corsica's departments are 2A and 2B). The key is 97 less the
 * remainder of the first 13 characters by 97, where 2A counts as 19 and 2B as 18.
 */
import type { Cell } from './cell-shape.ts';

/** What a cell is: a NIR whose key holds, one that has no key, or neither. */
export type NirMatch = 'key' | 'no key' | 'none';

const WITHOUT_KEY = 13;
const WITH_KEY = 15;
const DIVISOR = 97;

const INSIDE =
  /(?<![\dA-Za-z])[1-478][ .-]?\d\d[ .-]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .-]?(?:\d\d|2[ABab])[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d\d(?!\d)/g;
const GAPS = /[ .-]/g;

const compact = new Uint8Array(WITH_KEY);
const ZERO = 0x30;
const NO_DIGIT = -1;

/** Judges a whole cell; spaces, points and hyphens between the groups are allowed. */
export function matchNir(cell: Cell): NirMatch {
  if (cell.digits < WITHOUT_KEY - 1 || cell.digits > WITH_KEY || cell.letters > 1) return 'none';
  const length = compactOf(cell);
  if ((length !== WITHOUT_KEY && length !== WITH_KEY) || !hasForm()) return 'none';
  const body = bodyOf();
  if (!(body >= 0)) return 'none';
  if (length === WITHOUT_KEY) return 'no key';
  return pair(WITHOUT_KEY) === DIVISOR - (body % DIVISOR) ? 'key' : 'none';
}

/** Copies what is not a gap to {@link compact}; its length, or 0 when there is too much. */
function compactOf({ bytes, start, end }: Cell): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x20 || byte === 0x2d || byte === 0x2e) continue;
    if (length === WITH_KEY) return 0;
    compact[length++] = byte;
  }
  return length;
}

function digit(at: number): number {
  const value = (compact[at] ?? 0) - ZERO;
  return value >= 0 && value <= 9 ? value : NO_DIGIT;
}

function pair(at: number): number {
  const [tens, units] = [digit(at), digit(at + 1)];
  return tens < 0 || units < 0 ? NO_DIGIT : 10 * tens + units;
}

/** Sex 1, 2, 3, 4, 7 or 8; month 1 to 12, or from 20 on where it was unknown or abroad. */
function hasForm(): boolean {
  const [sex, month] = [digit(0), pair(3)];
  return sex >= 1 && sex !== 5 && sex !== 6 && sex !== 9 && ((month >= 1 && month <= 12) || month >= 20);
}

/** The first 13 characters as a number, Corsica's letter taken for its digits; negative when another letter is there. */
function bodyOf(): number {
  let body = 0;
  for (let at = 0; at < WITHOUT_KEY; at++) {
    const value = digit(at);
    if (value >= 0) body = 10 * body + value;
    else if (at === 6 && digit(5) === 2) body = corsica(body, (compact[at] ?? 0) & 0xdf);
    else return NO_DIGIT;
  }
  return body;
}

/** 2A becomes 19 and 2B 18. */
function corsica(bodyWithTwo: number, letter: number): number {
  const base = 10 * (bodyWithTwo - 2);
  return letter === 0x41 ? base + 19 : letter === 0x42 ? base + 18 : Number.NaN;
}

/** Whether a text has a NIR with a key that holds anywhere in it. */
export function containsNir(text: string): boolean {
  for (const [found] of text.matchAll(INSIDE)) if (hasKey(found.replace(GAPS, ''))) return true;
  return false;
}

function hasKey(text: string): boolean {
  const body = text.slice(0, WITHOUT_KEY).replace(/2A/i, '19').replace(/2B/i, '18');
  return Number(text.slice(WITHOUT_KEY)) === DIVISOR - (Number(body) % DIVISOR);
}
