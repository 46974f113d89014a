/** What a person has to look at before listing a field. */
import { foldColumnName } from '@sealift/core/column';
import type { Dialect } from '@sealift/core/dataset';
import { findNearMiss } from '../near-miss.ts';
import type { ProfiledColumn } from './column-profile.ts';
import type { DetectedEncoding } from './encoding-detection.ts';
import type { Kind } from './kind.ts';
import type { Extent } from './reading.ts';

/** What is wrong, or may be. */
export type WarningCode =
  | 'credential'
  | 'renamed-credential'
  | 'possible-credential'
  | 'nir-in-text'
  | 'email-in-text'
  | 'phone-in-text'
  | 'free-text'
  | 'unknown-kind'
  | 'ambiguous-date'
  | 'unreadable-dates'
  | 'wrong-nir'
  | 'empty-name'
  | 'same-name'
  | 'similar-names'
  | 'no-header'
  | 'undefined-bytes'
  | 'unsure-encoding'
  | 'mixed-newlines'
  | 'stopped';

/** One warning. */
export interface InspectionWarning {
  readonly code: WarningCode;
  /** Numbers of the columns concerned, from 1 on; none when it concerns the whole source. */
  readonly columns: readonly number[];
  /** Cells, or bytes, concerned; null where there is nothing to count. */
  readonly count: number | null;
}

/** What warnings are made from. */
export interface Findings {
  readonly profiles: readonly ProfiledColumn[];
  readonly header: 'present' | 'absent';
  readonly encoding: DetectedEncoding;
  readonly newline: Dialect['newline'];
  readonly extent: Extent;
}

/** In numbers without meaning, so many cells are a NIR by chance (1 in 97 has the key). */
const CHANCE = 0.03;

/** A name is compared with so many before it. */
const COMPARED = 500;

/** All warnings, the gravest first. */
export function warningsOf(findings: Findings): InspectionWarning[] {
  const { profiles } = findings;
  return [
    ...profiles.flatMap(credentialWarnings),
    ...profiles.flatMap(hiddenWarnings),
    ...sourceWarnings(findings),
    ...profiles.flatMap(formatWarnings),
    ...nameWarnings(profiles),
    ...together('free-text', profiles, 'free text'),
    ...together('unknown-kind', profiles, 'unknown'),
  ];
}

function warning(code: WarningCode, columns: readonly number[] = [], count: number | null = null): InspectionWarning {
  return { code, columns, count };
}

function credentialWarnings({ profile, secret }: ProfiledColumn): InspectionWarning[] {
  const { kind, evidence, number } = profile;
  if (kind === 'credential') return [warning(evidence === 'name' ? 'credential' : 'renamed-credential', [number])];
  return secret ? [warning('possible-credential', [number])] : [];
}

/** F02, F03: what identifies a person, in a column that is not made for it. */
function hiddenWarnings({ profile, tally }: ProfiledColumn): InspectionWarning[] {
  const { kind, number, filled } = profile;
  const found = (code: WarningCode, hidden: number, whole: number, own: Kind): InspectionWarning[] => {
    const count = hidden + (kind === own || (isNumeric(kind) && whole <= CHANCE * filled) ? 0 : whole);
    return count === 0 ? [] : [warning(code, [number], count)];
  };
  return [
    ...found('nir-in-text', tally.hidden.nir, tally.nir, 'nir'),
    ...found('email-in-text', tally.hidden.email, tally.email, 'e-mail'),
    ...found('phone-in-text', tally.hidden.phone, tally.phone, 'phone'),
  ];
}

function isNumeric(kind: Kind): boolean {
  return kind === 'identifier' || kind === 'result' || kind === 'code' || kind === 'nir' || kind === 'phone';
}

function sourceWarnings({ header, encoding, newline, extent }: Findings): InspectionWarning[] {
  return [
    ...(extent === 'stopped' ? [warning('stopped')] : []),
    ...(header === 'absent' ? [warning('no-header')] : []),
    ...(encoding.undefinedBytes > 0 ? [warning('undefined-bytes', [], encoding.undefinedBytes)] : []),
    ...(encoding.certainty === 'guess' ? [warning('unsure-encoding')] : []),
    ...(newline === 'any' ? [warning('mixed-newlines')] : []),
  ];
}

function formatWarnings({ profile, tally }: ProfiledColumn): InspectionWarning[] {
  const { kind, number, dateFormats, filled, matching } = profile;
  if (dateFormats.length > 1) return [warning('ambiguous-date', [number])];
  const wrong = filled - (matching ?? filled);
  if ((kind === 'date' || kind === 'birth date') && wrong > 0) return [warning('unreadable-dates', [number], wrong)];
  const wrongNir = filled - tally.nir - tally.nirWithoutKey;
  return kind === 'nir' && wrongNir > 0 ? [warning('wrong-nir', [number], wrongNir)] : [];
}

function nameWarnings(profiles: readonly ProfiledColumn[]): InspectionWarning[] {
  const warnings: InspectionWarning[] = [];
  const earlier: { readonly name: string; readonly number: number }[] = [];
  for (const { profile } of profiles) {
    const { name, number } = profile;
    if (name === null) continue;
    const twin = earlier.slice(-COMPARED).find((other) => isSimilar(other.name, name));
    if (name === '') warnings.push(warning('empty-name', [number]));
    else if (twin !== undefined) {
      warnings.push(warning(twin.name === name ? 'same-name' : 'similar-names', [twin.number, number]));
    }
    earlier.push({ name, number });
  }
  return warnings;
}

/** The same, the same to the eye, or the same but for accents, case and punctuation. */
function isSimilar(one: string, other: string): boolean {
  if (one === '' || other === '') return false;
  if (one === other || findNearMiss(one, [other]) !== undefined) return true;
  return foldColumnName(one) === foldColumnName(other);
}

function together(code: WarningCode, profiles: readonly ProfiledColumn[], kind: Kind): InspectionWarning[] {
  const columns = profiles.filter(({ profile }) => profile.kind === kind).map(({ profile }) => profile.number);
  return columns.length === 0 ? [] : [warning(code, columns)];
}
