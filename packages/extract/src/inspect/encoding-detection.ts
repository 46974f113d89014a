/**
 * Which encoding a source has, judged from all its bytes: whether they are well-formed UTF-8, which of them an encoding leaves
 * undefined, and which reading gives the letters that French is written with.
 */
import type { SourceEncoding } from '@sealift/core/dataset';
import { encodingOf, MAX_BYTES } from '../encoding.ts';

/** `certain`: no other declared encoding reads these bytes. `likely`: it reads clearly better. `guess`: look at a page of it. */
export type Certainty = 'certain' | 'likely' | 'guess';

/** What was found about the encoding. */
export interface DetectedEncoding {
  readonly name: SourceEncoding;
  readonly certainty: Certainty;
  /** Whether the source begins with UTF-8's byte order mark. */
  readonly mark: boolean;
  /** Bytes from 0x80 on. */
  readonly highBytes: number;
  /** Bytes that the encoding does not define. */
  readonly undefinedBytes: number;
  /** Other encodings that read every byte of this source as the same characters. */
  readonly alike: readonly SourceEncoding[];
}

/** Where two read a source alike, the one that stands first is named. */
const SINGLE_BYTE = ['windows-1252', 'iso-8859-15', 'iso-8859-1', 'cp850', 'cp437', 'mac-roman'] as const;

const SMALL = 'éèàêçùâîôûëïüœ';
const CAPITAL = SMALL.toUpperCase();
const TYPOGRAPHY = '’‘“”«»€°µ–—…²³§±≥\u00a0';
const OTHER_LETTER = /\p{L}/u;
/** A capital counts less than a small letter: Mac Roman reads the é of windows-1252 as È. */
const WEIGHT = { small: 1.2, capital: 0.85, typography: 0.5, letter: -0.3, sign: -1, undefined: -5 } as const;

/** Fewer bytes than this that tell the best encoding from the next make a guess. */
const ENOUGH = 20;
/** By how much, for each of those bytes, the best encoding has to be better. */
const MARGIN = 0.3;
/** At most this share of high bytes may be damage in what is taken for UTF-8. */
const DAMAGE = 0.001;

/** Counts the bytes of a source; `add` is fed every chunk, in order. */
export class ByteStatistics {
  readonly #counts = new Float64Array(256);
  #mark: boolean | undefined;
  /** Bytes of the UTF-8 sequence in progress that are still to come, and the bounds of the next one. */
  #pending = 0;
  #lowest = 0x80;
  #highest = 0xbf;
  #illFormed = 0;
  #high = 0;

  /** Counts `bytes[0, end)`. */
  add(bytes: Uint8Array, end: number): void {
    this.#mark ??= bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    let at = 0;
    while (at < end) {
      if (this.#pending > 0) this.#step(bytes[at++] ?? 0);
      while (at < end && (bytes[at] ?? 0) < 0x80) at++;
      // What this step begins is continued above.
      if (at < end) this.#step(bytes[at++] ?? 0);
    }
  }

  /**
   * The encoding that fits best.
   * @param whole the source was read to its end, so that a sequence cut there is a fault of its own
   */
  detect(whole: boolean): DetectedEncoding {
    const mark = this.#mark === true;
    const base = { mark, highBytes: this.#high };
    const illFormed = this.#illFormed + (whole && this.#pending > 0 ? 1 : 0);
    if (this.#high === 0) {
      return { ...base, name: 'utf-8', certainty: 'certain', undefinedBytes: 0, alike: SINGLE_BYTE };
    }
    if (mark || illFormed <= DAMAGE * this.#high) {
      const certainty = mark || (illFormed === 0 && this.#high >= 6) ? 'certain' : 'likely';
      return { ...base, name: 'utf-8', certainty, undefinedBytes: illFormed, alike: [] };
    }
    return { ...base, ...this.#singleByte() };
  }

  /** One byte of well-formed UTF-8 (Unicode table 3-7), or an error. */
  #step(byte: number): void {
    if (byte >= 0x80) {
      this.#counts[byte] = (this.#counts[byte] ?? 0) + 1;
      this.#high++;
    }
    if (this.#pending > 0) {
      const continues = byte >= this.#lowest && byte <= this.#highest;
      this.#pending = continues ? this.#pending - 1 : 0;
      this.#lowest = 0x80;
      this.#highest = 0xbf;
      if (continues) return;
      this.#illFormed++;
      if (byte < 0x80) return;
    }
    this.#lead(byte);
  }

  #lead(byte: number): void {
    if (byte < 0xc2 || byte > 0xf4) {
      this.#illFormed++;
      return;
    }
    this.#pending = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.#lowest = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    this.#highest = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
  }

  #singleByte(): Pick<DetectedEncoding, 'name' | 'certainty' | 'undefinedBytes' | 'alike'> {
    const readings = SINGLE_BYTE.map((name) => this.#reading(name)).sort((one, other) => other.score - one.score);
    const [best = this.#reading('windows-1252'), ...others] = readings;
    const alike = others.filter(({ characters }) => characters === best.characters).map(({ name }) => name);
    const next = others.find(({ name }) => !alike.includes(name));
    const telling = this.#telling(best, next);
    const margin = (best.score - (next?.score ?? 0)) / telling;
    const sure = telling >= ENOUGH && margin >= MARGIN && best.undefinedBytes === 0;
    return { name: best.name, certainty: sure ? 'likely' : 'guess', undefinedBytes: best.undefinedBytes, alike };
  }

  /** Bytes that the two encodings read differently. */
  #telling(one: Reading, other: Reading | undefined): number {
    return this.#counts.reduce((sum, count, byte) => {
      return one.characterOf.get(byte) === other?.characterOf.get(byte) ? sum : sum + count;
    }, 0);
  }

  #reading(name: (typeof SINGLE_BYTE)[number]): Reading {
    const { lengths, utf8 } = encodingOf(name);
    const decoder = new TextDecoder();
    const characterOf = new Map<number, string>();
    const reading = { name, score: 0, undefinedBytes: 0, characters: '', characterOf };
    for (let byte = 0x80; byte < 0x100; byte++) {
      const count = this.#counts[byte] ?? 0;
      if (count === 0) continue;
      const from = byte * MAX_BYTES;
      const character = decoder.decode(utf8.subarray(from, from + (lengths[byte] ?? 0)));
      reading.score += count * weightOf(character);
      reading.characters += character;
      characterOf.set(byte, character);
      if (character === '') reading.undefinedBytes += count;
    }
    return reading;
  }
}

interface Reading {
  readonly name: SourceEncoding;
  readonly score: number;
  readonly undefinedBytes: number;
  /** What the bytes that occur become. */
  readonly characters: string;
  readonly characterOf: ReadonlyMap<number, string>;
}

function weightOf(character: string): number {
  if (character === '') return WEIGHT.undefined;
  if (SMALL.includes(character)) return WEIGHT.small;
  if (CAPITAL.includes(character)) return WEIGHT.capital;
  if (TYPOGRAPHY.includes(character)) return WEIGHT.typography;
  return OTHER_LETTER.test(character) ? WEIGHT.letter : WEIGHT.sign;
}
