/**
 * Decides what a column holds, from its values first and from its name second. A form that hardly anything else has (NIR with
 * its key, e-mail, digests) decides alone; a name decides where its values could be that; the rest goes by rougher signs.
 */
import type { ColumnTally } from './column-tally.ts';
import type { Evidence, Kind } from './kind.ts';
import { kindsByName } from './kind-name.ts';

/** A decision, and how many filled cells have the kind's form; null for kinds without one. */
export interface KindDecision {
  readonly kind: Kind;
  readonly evidence: Evidence;
  readonly matching: number | null;
}

/** What is known of a column's surroundings. */
export interface Surroundings {
  /** The name of the column; null without a header. */
  readonly name: string | null;
  /** Whether its cells are built from a name in the same row. */
  readonly builtFromName: boolean;
  /** Whether a column of logins stands near. */
  readonly nearLogin: boolean;
}

const MOST = 0.5;
const NEARLY_ALL = 0.9;
const ALL_DIFFERENT = 0.95;
/** A column with fewer filled cells says little about how often values repeat. */
const FEW = 20;

/** Decides for one column. */
export function decideKind(tally: ColumnTally, surroundings: Surroundings): KindDecision {
  const named = surroundings.name === null ? [] : kindsByName(surroundings.name);
  const [first] = named;
  if (first === 'credential') return decision('credential', 'name', tally);
  const byForm = kindByForm(tally, surroundings, named);
  if (byForm !== undefined) return decision(byForm, named.includes(byForm) ? 'name and values' : 'values', tally);
  if (first !== undefined && tally.filled === 0) return decision(first, 'name', tally);
  const byName = named.find((kind) => couldBe(kind, tally));
  if (byName !== undefined) return decision(byName, 'name', tally);
  const byValues = kindByValues(tally);
  return decision(byValues, byValues === 'unknown' ? 'none' : 'values', tally);
}

function decision(kind: Kind, evidence: Evidence, tally: ColumnTally): KindDecision {
  return { kind, evidence, matching: matchingOf(kind, tally) };
}

function matchingOf(kind: Kind, tally: ColumnTally): number | null {
  switch (kind) {
    case 'nir':
      return tally.nir;
    case 'e-mail':
      return tally.email;
    case 'phone':
      return tally.phone;
    case 'birth date':
    case 'date':
      return tally.dates.result().matching;
    case 'credential':
    case 'identifier':
    case 'name':
    case 'address':
    case 'postal code':
    case 'city':
    case 'free text':
    case 'result':
    case 'code':
    case 'unknown':
      return null;
  }
}

const share = (count: number, of: number): number => (of === 0 ? 0 : count / of);

/** Forms that decide whatever the name is; a name may turn a date into a birth date, or keep an identifier from being a phone. */
function kindByForm(tally: ColumnTally, surroundings: Surroundings, named: readonly Kind[]): Kind | undefined {
  const { filled } = tally;
  if (filled === 0) return undefined;
  if (share(tally.passwordHash, filled) >= MOST) return 'credential';
  if (share(tally.nir, filled) >= MOST) return 'nir';
  if (named.includes('nir') && share(tally.nir + tally.nirWithoutKey, filled) >= MOST) return 'nir';
  if (share(tally.email, filled) >= MOST) return 'e-mail';
  if (share(tally.uuid, filled) >= MOST) return 'identifier';
  if (share(tally.dates.matching, filled) >= MOST) return named.includes('birth date') ? 'birth date' : 'date';
  if (share(tally.phone, filled) >= MOST && !named.includes('identifier')) return 'phone';
  return isCredentialByValues(tally, surroundings, named) ? 'credential' : undefined;
}

/** F02: a credential that was renamed. An honest name of an identifier is believed as long as no login stands beside it. */
function isCredentialByValues(tally: ColumnTally, surroundings: Surroundings, named: readonly Kind[]): boolean {
  const identifier = named.includes('identifier') || named.includes('code');
  if (share(tally.token, tally.filled) < NEARLY_ALL || tally.filled < FEW) return false;
  if (named.includes('name') || named.includes('city')) return false;
  if (surroundings.builtFromName && !identifier) return true;
  if (tally.tokens.isRandom() && areDifferent(tally)) return !identifier || surroundings.nearLogin;
  const chosen = share(tally.tokens.mixed, tally.tokens.seen) >= 0.3 && share(tally.tokens.seen, tally.filled) >= MOST;
  return surroundings.nearLogin && chosen && named.length === 0 && distinctShare(tally) >= MOST;
}

/** Whether the column's values look like passwords or logins, whatever it was taken for. */
export function looksSecret(tally: ColumnTally, { builtFromName }: Surroundings): boolean {
  return builtFromName || (tally.tokens.isRandom() && areDifferent(tally) && share(tally.uuid, tally.filled) < MOST);
}

function distinctShare(tally: ColumnTally): number {
  return share(tally.distinct.result().count, tally.filled);
}

/** Nearly every cell is another one; an estimate is let off its error. */
function areDifferent(tally: ColumnTally): boolean {
  const { count, exact } = tally.distinct.result();
  return share(count, tally.filled) >= (exact ? ALL_DIFFERENT : NEARLY_ALL);
}

/** Whether the values allow what the name says. */
function couldBe(kind: Kind, tally: ColumnTally): boolean {
  const { filled } = tally;
  switch (kind) {
    case 'free text':
    case 'nir':
    case 'credential':
      return true;
    case 'name':
    case 'city':
      return share(tally.textual, filled) >= MOST;
    case 'address':
      return share(tally.textual, filled) >= MOST || tally.street > 0;
    case 'postal code':
      return tally.longest <= 12;
    case 'identifier':
      return share(tally.token, filled) >= NEARLY_ALL;
    case 'birth date':
    case 'date':
      return share(tally.textual, filled) < 0.1 && tally.shortest >= 6 && tally.longest <= 30;
    case 'phone':
      return share(tally.textual, filled) < MOST && tally.shortest >= 6;
    case 'e-mail':
      return share(tally.email + tally.hidden.email, filled) >= 0.1;
    case 'result':
    case 'code':
      return share(tally.words, filled) <= 10;
    case 'unknown':
      return false;
  }
}

/** Rougher signs, the careful choice first: what could be somebody's text is free text. */
function kindByValues(tally: ColumnTally): Kind {
  const { filled, sampled } = tally;
  if (filled === 0) return 'unknown';
  if (share(tally.street, sampled) >= 0.4 && share(tally.integer, filled) < 0.1) return 'address';
  if (share(tally.number, sampled) >= 0.8) return kindOfNumbers(tally);
  if (share(tally.words, filled) >= 2) return 'free text';
  if (isClosedList(tally)) return 'code';
  if (share(tally.wordsOnly, filled) >= NEARLY_ALL) return share(tally.words, filled) >= 1.5 ? 'free text' : 'name';
  return share(tally.token, filled) >= NEARLY_ALL && areDifferent(tally) ? 'identifier' : 'unknown';
}

function kindOfNumbers(tally: ColumnTally): Kind {
  const { filled } = tally;
  if (filled >= FEW && share(tally.nirWithoutKey, filled) >= ALL_DIFFERENT) return 'nir';
  if (filled >= FEW && share(tally.postal, filled) >= ALL_DIFFERENT && distinctShare(tally) < MOST)
    return 'postal code';
  return isNumbering(tally) ? 'identifier' : 'result';
}

/** The same few short values again and again. */
function isClosedList({ distinct, filled, longest }: ColumnTally): boolean {
  const { count } = distinct.result();
  return filled >= FEW && count <= 50 && share(count, filled) <= 0.2 && longest <= 20;
}

/** Whole numbers of which none comes twice. */
function isNumbering(tally: ColumnTally): boolean {
  return tally.integer === tally.filled && tally.filled >= FEW && tally.longest >= 4 && areDifferent(tally);
}
