/**
 * Passwords, tokens and their digests, known by their form. A column of them may have any name (F02): a legacy table's
 * `INFO 3` can hold what `MP` held in the leaked file.
 */
import { asLatin1, type Cell, HAS } from './cell-shape.ts';

/** Digests in hexadecimal: MD5 and NTLM, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512. */
const HEX_LENGTHS: ReadonlySet<number> = new Set([32, 40, 56, 64, 96, 128]);
const HEX = /^[0-9a-f]+$/i;
/** The forms of crypt(3) ($2b$, $argon2id$ …), LDAP's {SSHA}, and MySQL's * before 40 digits. */
const MARKED = /^(?:\$[0-9a-z-]{1,12}\$.{8,}|\{[A-Za-z0-9-]{3,12}\}[A-Za-z0-9+/=]{8,}|\*[0-9A-Fa-f]{40})$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const MOST_SAMPLED = 20_000;
const SHORTEST = 5;
const LONGEST = 64;
/** So many first characters are looked at. */
const POSITIONS = 6;
/** How rarely letters, or digits, may stand at a position that is still mixed. */
const MIXED = 0.1;
const MIXED_POSITIONS = 4;
/** Fewer cells than this say nothing about how tokens are made. */
const FEWEST = 20;

/** Whether the cell is a password's digest. */
export function isPasswordHash(cell: Cell): boolean {
  const length = cell.end - cell.start;
  if (cell.spaces > 0 || length < 16) return false;
  if (HEX_LENGTHS.has(length) && cell.digits > 0 && cell.letters > 0) return HEX.test(asLatin1(cell));
  return (cell.mask & HAS.other) !== 0 && MARKED.test(asLatin1(cell));
}

/** Whether the cell is a UUID (RFC 9562). */
export function isUuid(cell: Cell): boolean {
  return cell.end - cell.start === 36 && UUID.test(asLatin1(cell));
}

/**
 * Tells random tokens from structured ones: in `AB1234` each position is a letter or a digit by construction; in a generated
 * password most positions are now one, now the other. The first 20,000 tokens of a column are looked at.
 */
export class TokenShape {
  readonly #letters = new Int32Array(POSITIONS);
  readonly #digits = new Int32Array(POSITIONS);
  /** Tokens looked at, and those of them with letters and digits. */
  seen = 0;
  mixed = 0;

  /** Looks at a cell without spaces. */
  add({ bytes, start, end, digits, letters }: Cell): void {
    const length = end - start;
    if (this.seen >= MOST_SAMPLED || length < SHORTEST || length > LONGEST) return;
    this.seen++;
    if (digits > 0 && letters > 0) this.mixed++;
    for (let position = 0; position < Math.min(length, POSITIONS); position++) {
      const byte = bytes[start + position] ?? 0;
      const counts = byte >= 0x30 && byte <= 0x39 ? this.#digits : this.#letters;
      counts[position] = (counts[position] ?? 0) + 1;
    }
  }

  /** Whether letters and digits stand anywhere, as in generated passwords. */
  isRandom(): boolean {
    if (this.seen < FEWEST || this.mixed < this.seen / 2) return false;
    let positions = 0;
    for (let position = 0; position < POSITIONS; position++) {
      const [letters, digits] = [this.#letters[position] ?? 0, this.#digits[position] ?? 0];
      if (Math.min(letters, digits) > MIXED * (letters + digits)) positions++;
    }
    return positions >= MIXED_POSITIONS;
  }
}
