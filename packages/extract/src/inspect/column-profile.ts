/** What is said of a column, made from what was counted of it. */
import type { SourceEncoding } from '@sealift/core/dataset';
import { copyText, mostBytes } from '../cell.ts';
import { encodingOf } from '../encoding.ts';
import type { ScannedRecord } from '../record.ts';
import { MeasuredCell } from './cell-shape.ts';
import type { ColumnTally } from './column-tally.ts';
import { compileForm } from './dialect-detection.ts';
import type { Distinct } from './distinct.ts';
import { type FirstCell, isHeader } from './header-detection.ts';
import type { Evidence, Kind } from './kind.ts';
import { decideKind, type KindDecision, looksSecret, type Surroundings } from './kind-decision.ts';
import type { Reading } from './reading.ts';

/** What is known of a column. */
export interface ColumnProfile {
  /** From 1 on. */
  readonly number: number;
  /** As it stands in the header; null without one. */
  readonly name: string | null;
  readonly kind: Kind;
  readonly evidence: Evidence;
  /** Rows in which the cell is not blank. */
  readonly filled: number;
  /** Different cells among them. */
  readonly distinct: Distinct;
  /** Bytes of the shortest and the longest of them; null for an empty column. */
  readonly bytes: { readonly shortest: number; readonly longest: number } | null;
  /** How many of them have the form of the kind; null for kinds without a form. */
  readonly matching: number | null;
  /** Formats that read the most cells of a column of dates; several when the cells do not tell them apart. */
  readonly dateFormats: readonly string[];
}

/** A profile with what the warnings need and nobody is shown. */
export interface ProfiledColumn {
  readonly profile: ColumnProfile;
  readonly tally: ColumnTally;
  /** The values look like passwords or logins. */
  readonly secret: boolean;
}

/** How far away a column of logins makes its neighbours suspect. */
const NEAR = 2;

/**
 * Decides about the header and profiles every column. Without a header the first row is counted like the others.
 * @param force the first row is a header whatever it looks like
 */
export function profileColumns(
  reading: Reading,
  encoding: SourceEncoding,
  force: boolean,
): { readonly profiles: readonly ProfiledColumn[]; readonly header: 'present' | 'absent' } {
  const { tallies, first } = reading;
  const names = first === undefined ? [] : textOf(first, reading, encoding);
  const cells = tallies.map((tally, column) => firstCell(reading, tally, column, names[column] ?? ''));
  const present = force || isHeader(cells);
  if (!present) for (const [column, tally] of tallies.entries()) addFirst(reading, tally, column);
  const profiles = profile(reading, present ? names : undefined);
  return { profiles, header: present ? 'present' : 'absent' };
}

function profile(reading: Reading, names: readonly string[] | undefined): ProfiledColumn[] {
  const alone = reading.tallies.map((tally, column) => {
    const around = { name: names?.[column] ?? null, builtFromName: reading.isLogin(column), nearLogin: false };
    return { tally, around, decision: decideKind(tally, around) };
  });
  return alone.map(({ tally, around }, column) => {
    const near = alone.some((other, at) => isNear(at, column) && other.decision.kind === 'credential');
    const surroundings = { ...around, nearLogin: near };
    const profiled = profileOf(column, tally, surroundings, decideKind(tally, surroundings));
    return { profile: profiled, tally, secret: looksSecret(tally, surroundings) };
  });
}

const isNear = (one: number, other: number): boolean => one !== other && Math.abs(one - other) <= NEAR;

function profileOf(
  column: number,
  tally: ColumnTally,
  { name }: Surroundings,
  { kind, evidence, matching }: KindDecision,
): ColumnProfile {
  const dated = kind === 'date' || kind === 'birth date';
  return {
    number: column + 1,
    name,
    kind,
    evidence,
    filled: tally.filled,
    distinct: distinctOf(tally),
    bytes: tally.filled === 0 ? null : { shortest: tally.shortest, longest: tally.longest },
    matching,
    dateFormats: dated ? tally.dates.result().patterns : [],
  };
}

/** An estimate may come out above the number of cells. */
function distinctOf({ distinct, filled }: ColumnTally): Distinct {
  const { count, exact } = distinct.result();
  return { count: Math.min(count, filled), exact };
}

/** The cells of the first row as text; bytes that are none are left out or replaced. */
function textOf(first: ScannedRecord, { form }: Reading, encoding: SourceEncoding): string[] {
  const dialect = { ...compileForm(form), encoding: encodingOf(encoding) };
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return Array.from({ length: first.cells }, (_, column) => {
    const out = new Uint8Array(mostBytes(first.endOf(column) - first.startOf(column)));
    return decoder.decode(out.subarray(0, copyText(first, column, dialect, out)));
  });
}

function firstCell({ first, recurring }: Reading, tally: ColumnTally, column: number, text: string): FirstCell {
  const bytes = first?.bytes.subarray(first.startOf(column), first.endOf(column)) ?? new Uint8Array(0);
  return { text, bytes, tally, recurring: recurring[column] ?? 0 };
}

function addFirst({ first }: Reading, tally: ColumnTally, column: number): void {
  if (first === undefined) return;
  const cell = new MeasuredCell();
  cell.measure(first, column);
  tally.add(cell);
}
