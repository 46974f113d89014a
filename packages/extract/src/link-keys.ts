import { randomFillSync } from 'node:crypto';
import { type SipHashKey, sipHash128 } from './siphash.ts';

const WORDS = 4;
const FIRST_CAPACITY = 1024;
/** The table doubles when more than 7/8 of it is taken. */
const FULLEST = 7 / 8;

/**
 * The keys of the rows that were kept of a dataset, to which another dataset links (design §3). Not the keys are held, but
 * a 128-bit hash of each under a random key of this object alone: 16 bytes a place, in an open-addressing table that is
 * between 7/16 and 7/8 full, thus 18 to 37 bytes a key, and half as much again while it doubles. That two different keys are
 * taken for one has a chance of about n² / 2¹²⁹ for n keys, and no one can aim at it.
 */
export class LinkKeys {
  readonly #hashKey: SipHashKey;
  readonly #hash = new Uint32Array(WORDS);
  #table = new Uint32Array(FIRST_CAPACITY * WORDS);
  #size = 0;

  constructor() {
    const [first = 0, second = 0, third = 0, fourth = 0] = randomFillSync(new Uint32Array(WORDS));
    this.#hashKey = [first, second, third, fourth];
  }

  /** The most bytes that the table takes for so many keys, doubling included: what can be said before the run. */
  static mostBytesFor(keys: number): number {
    let capacity = FIRST_CAPACITY;
    while (keys > capacity * FULLEST) capacity *= 2;
    return capacity * WORDS * Uint32Array.BYTES_PER_ELEMENT * (capacity > FIRST_CAPACITY ? 1.5 : 1);
  }

  /** Number of different keys. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that the table takes now. */
  get byteLength(): number {
    return this.#table.byteLength;
  }

  /** Adds the key `bytes[start, end)`, UTF-8; true when it was new. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    this.#hashOf(bytes, start, end);
    const place = placeFor(this.#table, this.#hash, 0);
    if (this.#table[place + 3] !== 0) return false;
    this.#table.set(this.#hash, place);
    this.#size++;
    if (this.#size * WORDS > this.#table.length * FULLEST) this.#grow();
    return true;
  }

  /** Whether the key `bytes[start, end)`, UTF-8, was added: the same bytes, and no other notion of equality. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    this.#hashOf(bytes, start, end);
    return this.#table[placeFor(this.#table, this.#hash, 0) + 3] !== 0;
  }

  #hashOf(bytes: Uint8Array, start: number, end: number): void {
    sipHash128(this.#hashKey, bytes, start, end, this.#hash);
    // A last word of 0 marks an empty place, so no hash has one.
    if (this.#hash[3] === 0) this.#hash[3] = 1;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#table.length * 2);
    for (let from = 0; from < this.#table.length; from += WORDS) {
      if (this.#table[from + 3] === 0) continue;
      const to = placeFor(larger, this.#table, from);
      for (let index = 0; index < WORDS; index++) larger[to + index] = this.#table[from + index] ?? 0;
    }
    this.#table = larger;
  }
}

/** Where the hash at `hashes[at, at + 4)` is in the table, or the empty place where it belongs. The table is never full. */
function placeFor(table: Uint32Array, hashes: Uint32Array, at: number): number {
  const mask = table.length / WORDS - 1;
  let place = ((hashes[at] ?? 0) & mask) * WORDS;
  while (table[place + 3] !== 0 && !sameHash(table, place, hashes, at)) {
    place = ((place / WORDS + 1) & mask) * WORDS;
  }
  return place;
}

function sameHash(table: Uint32Array, place: number, hashes: Uint32Array, at: number): boolean {
  for (let index = 0; index < WORDS; index++) if (table[place + index] !== hashes[at + index]) return false;
  return true;
}
