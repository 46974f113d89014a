/**
 * Names that a person takes for the same and that are not. A field is matched by its exact name alone; this only finds the
 * neighbour that an error can name. Header names belong to the source's schema, and hold nothing of a patient.
 */

/** Cyrillic and Greek capitals, and the Latin ones that they look like. */
const LOOKALIKES = 'АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ';
const LATIN = 'ABEKMHOPCTYXIJSABEZHIKMNOPTYX';

interface Difference {
  readonly kind: string;
  readonly fold: (name: string) => string;
}

/** Each kind of difference, with what makes names that differ only in it equal; applied one after the other. */
const DIFFERENCES: readonly Difference[] = [
  { kind: 'Unicode normalisation', fold: (name) => name.normalize('NFC') },
  { kind: 'invisible characters', fold: (name) => name.replace(/[\p{Cf}\p{Cc}]/gu, '') },
  { kind: 'kinds of space', fold: (name) => name.replace(/\p{Z}/gu, ' ') },
  { kind: 'number of spaces', fold: (name) => name.replace(/ +/g, ' ').trim() },
  { kind: 'compatibility characters', fold: (name) => name.normalize('NFKC') },
  { kind: 'letter case', fold: (name) => name.toUpperCase() },
  { kind: 'letters of another alphabet', fold: toLatin },
];

/** A header name that looks like the one that was sought, and in what they differ. */
export interface NearMiss {
  readonly name: string;
  readonly differences: readonly string[];
}

/** The first of `names` that differs from `sought` only in looks, or undefined. */
export function findNearMiss(sought: string, names: readonly string[]): NearMiss | undefined {
  for (const name of names) {
    const differences = differencesBetween(sought, name);
    if (differences !== undefined) return { name, differences };
  }
  return undefined;
}

/** The name as it can be shown: between quotes, with whatever can't be seen or is not plain Latin as an escape. */
export function showName(name: string): string {
  const shown = name.replace(/[\\"]|[^ \p{Script=Latin}\p{N}\p{P}\p{S}]/gu, escapeCharacter);
  return `"${shown}"`;
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function differencesBetween(one: string, other: string): string[] | undefined {
  const differences: string[] = [];
  let [left, right] = [one, other];
  for (const { kind, fold } of DIFFERENCES) {
    const [foldedLeft, foldedRight] = [fold(left), fold(right)];
    // A fold that brings the two nearer, or changes one of them alone, is part of the difference.
    if (left !== right && (foldedLeft === left) !== (foldedRight === right)) differences.push(kind);
    else if (left !== right && foldedLeft === foldedRight) differences.push(kind);
    [left, right] = [foldedLeft, foldedRight];
  }
  return left === right && one !== other ? differences : undefined;
}

function toLatin(name: string): string {
  return Array.from(name, (letter) => LATIN[LOOKALIKES.indexOf(letter)] ?? letter).join('');
}
