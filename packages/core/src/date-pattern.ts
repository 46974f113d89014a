/** Patterns of dates, taken apart (doc/format.md section 7): where each part of a date stands in a cell. */
import { SealiftError } from './errors.ts';

const TOKENS = ['YYYY', 'YY', 'MM', 'DD', 'HH', 'mm', 'ss', 'S', 'X'] as const;
/** A part of a date that a pattern may name. */
export type Token = (typeof TOKENS)[number];
const PART = /YYYY|YY|MM?|DD?|HH?|mm|ss|S{1,9}|X{1,3}|[TZ /.:-]/y;
/** Parts of one digit or two, none of them a zero before another digit, and the token that they stand for. */
const UNPADDED: ReadonlyMap<string, Token> = new Map([
  ['M', 'MM'],
  ['D', 'DD'],
  ['H', 'HH'],
]);
const SEPARATOR = /^[T /.:-]$/;

/** A byte that every date has. */
export interface Literal {
  readonly at: number;
  readonly byte: number;
}

/** A part of the time of day: where it is, of how many digits, and how many values it has. */
export interface ClockPart {
  readonly at: number;
  readonly digits: 1 | 2;
  readonly values: number;
}

/** How the zone is written at the end: as the letter Z, or that or an offset of this many bytes. */
export interface Zone {
  readonly offset: 0 | 3 | 5 | 6;
}

/** Where the parts of a date stand. */
export interface Layout {
  readonly width: number;
  readonly places: ReadonlyMap<Token, number>;
  /** The parts that have one digit here; years have four or two, the others two. */
  readonly single: ReadonlySet<Token>;
  /** Where no zero may stand. */
  readonly nonZero: readonly number[];
  readonly literals: readonly Literal[];
  /** Digits of the fraction of a second. */
  readonly fraction: number;
  readonly zone: Zone | undefined;
}

/** A part of a pattern with its width. */
interface Part {
  readonly text: string;
  readonly width: number;
}

/**
 * Takes a pattern apart: one layout, or one for each combination of widths where parts are not padded with zeros.
 * @throws SealiftError `E_DATE` when it is none
 */
export function layOut(pattern: string): readonly Layout[] {
  const texts = partsOf(pattern);
  requireSeparated(pattern, texts);
  let all: readonly (readonly Part[])[] = [[]];
  for (const text of texts) {
    const widths = UNPADDED.has(text) ? [1, 2] : [text.length];
    all = all.flatMap((parts) => widths.map((width) => [...parts, { text, width }]));
  }
  return all.map((parts) => layOutParts(pattern, parts));
}

/** Digits without a separator beside them could be divided in more than one way. */
function requireSeparated(pattern: string, texts: readonly string[]): void {
  for (const [index, text] of texts.entries()) {
    if (!UNPADDED.has(text)) continue;
    for (const beside of [texts[index - 1], texts[index + 1]]) {
      if (beside !== undefined && !SEPARATOR.test(beside))
        throw unknownFormat(pattern, `${text} has no separator beside it`);
    }
  }
}

function layOutParts(pattern: string, parts: readonly Part[]): Layout {
  const places = new Map<Token, number>();
  const literals: Literal[] = [];
  let [width, fraction] = [0, 0];
  let zone: Zone | undefined;
  for (const part of parts) {
    const { text } = part;
    if (zone !== undefined) throw unknownFormat(pattern, 'the zone does not end it');
    const token = UNPADDED.get(text) ?? TOKENS.find((one) => text.startsWith(one));
    if (text === 'Z' || token === 'X') {
      zone = { offset: ({ Z: 0, X: 3, XX: 5, XXX: 6 } as const)[text] ?? 0 };
      continue;
    }
    if (token === undefined) literals.push({ at: width, byte: text.charCodeAt(0) });
    else if (places.has(token)) throw unknownFormat(pattern, `${text} stands twice`);
    else places.set(token, width);
    if (token === 'S') fraction = part.width;
    width += part.width;
  }
  requireParts(pattern, places, zone);
  return { width, places, ...unpaddedOf(parts, places), literals, fraction, zone };
}

function unpaddedOf(parts: readonly Part[], places: Layout['places']): Pick<Layout, 'single' | 'nonZero'> {
  const tokens = (width: number): Token[] =>
    parts.flatMap((part) => (part.width === width ? (UNPADDED.get(part.text) ?? []) : []));
  return { single: new Set(tokens(1)), nonZero: tokens(2).flatMap((token) => places.get(token) ?? []) };
}

/** What each part needs beside it. */
function requireParts(pattern: string, places: Layout['places'], zone: Zone | undefined): void {
  if (places.has('YYYY') && places.has('YY')) throw unknownFormat(pattern, 'the year stands twice');
  if (!places.has('YYYY') && !places.has('YY')) throw unknownFormat(pattern, 'YYYY is missing');
  for (const token of ['MM', 'DD'] as const) {
    if (!places.has(token)) throw unknownFormat(pattern, `${token} is missing`);
  }
  for (const [part, before] of [
    ['mm', 'HH'],
    ['ss', 'mm'],
    ['S', 'ss'],
  ] as const) {
    if (places.has(part) && !places.has(before)) throw unknownFormat(pattern, `${part} stands without ${before}`);
  }
  if (zone !== undefined && !places.has('mm')) throw unknownFormat(pattern, 'the zone stands without HH and mm');
}

function partsOf(pattern: string): string[] {
  const parts: string[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < pattern.length) {
    const at = PART.lastIndex;
    const part = PART.exec(pattern)?.[0];
    if (part === undefined) throw unknownFormat(pattern, `character ${at + 1} is neither a token nor a separator`);
    parts.push(part);
  }
  return parts;
}

function unknownFormat(pattern: string, reason: string): SealiftError {
  return new SealiftError('E_DATE', `the date format "${pattern}" can't be read: ${reason}`, {
    hint: 'use YYYY (or YY), MM and DD (M and D where no zero stands before a digit) once each, HH, mm, ss and S for a time of day, / - . : T or a space between them, Z or XXX for a zone',
  });
}

/** The parts of the time of day that a pattern has. */
export function clockOf({ places, single }: Layout): ClockPart[] {
  const parts = [
    { at: places.get('HH') ?? -1, digits: single.has('HH') ? 1 : 2, values: 24 },
    { at: places.get('mm') ?? -1, digits: 2, values: 60 },
    { at: places.get('ss') ?? -1, digits: 2, values: 60 },
  ] as const;
  return parts.filter(({ at }) => at >= 0);
}

/** A date of fixed places: the day of a year of four digits, perhaps a time of day, digits wherever no literal stands. */
export interface DayForm {
  /** Bytes of every date. */
  readonly width: number;
  /** Where the parts stand. */
  readonly places: Readonly<
    Record<'year' | 'month' | 'day', number> & Partial<Record<'hour' | 'minute' | 'second', number>>
  >;
  readonly literals: readonly Literal[];
}

/** The form of a pattern, where it is as simple as that. */
export function dayFormOf([layout, ...others]: readonly Layout[]): DayForm | undefined {
  if (layout === undefined || others.length > 0) return undefined;
  const { width, places, literals, zone } = layout;
  const [year, month, day] = [places.get('YYYY'), places.get('MM'), places.get('DD')];
  if (year === undefined || month === undefined || day === undefined || zone !== undefined) return undefined;
  const [hour, minute, second] = [places.get('HH'), places.get('mm'), places.get('ss')];
  const clock = {
    ...(hour === undefined ? {} : { hour }),
    ...(minute === undefined ? {} : { minute }),
    ...(second === undefined ? {} : { second }),
  };
  return { width, places: { year, month, day, ...clock }, literals };
}
