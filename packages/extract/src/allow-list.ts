import { SealiftError } from '@sealift/core';
import type { AllowedField, Dataset } from '@sealift/core/dataset';
import { windowsOf } from '@sealift/core/window';
import { findNearMiss, showName } from './near-miss.ts';

/** The most fields that may leave (doc/format.md §7); `assembly/memory.ts` has room for so many. */
const FIELD_LIMIT = 4096;

/** Where the columns of a dataset are in its source. Columns count from 0. */
export interface ColumnPlan {
  /** The columns that leave, in the allow-list's order. */
  readonly kept: readonly number[];
  /** The columns of the windows' dates, in the windows' order. */
  readonly dates: readonly number[];
  /** The column whose cell must be among another dataset's keys; undefined without a link. */
  readonly link: number | undefined;
  /** The columns whose keys other datasets link to, by field name. */
  readonly keys: ReadonlyMap<string, number>;
  /** The names of the columns that don't leave, in the source's order. */
  readonly withheld: readonly string[];
}

/**
 * The header of the output: the names of the allow-list, in its order, renamed where it says so.
 * @throws SealiftError `E_SCOPE` when the list is empty or too long, or names a field or an output column twice.
 */
export function outputColumns(fields: readonly AllowedField[]): string[] {
  const names = fields.map(({ name, as }) => as ?? name);
  if (names.length === 0) throw scopeError('the allow-list is empty');
  if (names.length > FIELD_LIMIT) throw scopeError(`the allow-list has more than ${FIELD_LIMIT} fields`);
  requireDistinct(
    fields.map(({ name }) => name),
    'the allow-list names a field twice',
  );
  requireDistinct(names, 'two fields of the allow-list have the same new name');
  return names;
}

/**
 * Finds the dataset's fields among the header names of the source: by exact name, never by position.
 * @throws SealiftError `E_FIELD_MISSING` when the source lacks one; the hint names a column that only looks like it.
 */
export function planColumns(dataset: Dataset, header: readonly string[], keyFields: Iterable<string>): ColumnPlan {
  const columns = new Map(header.map((name, column) => [name, column]));
  const find = (name: string): number => columns.get(name) ?? missing(dataset.name, name, header);
  const kept = dataset.fields.map(({ name }) => find(name));
  const leaves = new Set(kept);
  return {
    kept,
    dates: dataset.window === undefined ? [] : windowsOf(dataset.window).map(({ field }) => find(field)),
    link: dataset.link === undefined ? undefined : find(dataset.link.field),
    keys: new Map(Array.from(keyFields, (name) => [name, find(name)])),
    withheld: header.filter((_, column) => !leaves.has(column)),
  };
}

function missing(dataset: string, field: string, header: readonly string[]): never {
  const near = findNearMiss(field, header);
  const hint =
    near === undefined
      ? 'compare the name with the header of the source, and check the delimiter and the encoding that the instructions declare'
      : `the source has ${showName(near.name)}, which differs in ${near.differences.join(', ')}; the instructions must name it exactly`;
  throw new SealiftError('E_FIELD_MISSING', `the source of ${dataset} has no column ${showName(field)}`, { hint });
}

function requireDistinct(names: readonly string[], message: string): void {
  if (new Set(names).size !== names.length) throw scopeError(message);
}

function scopeError(message: string): SealiftError {
  return new SealiftError('E_SCOPE', message, {
    hint: 'the laboratory has to list each field once and sign the instructions again',
  });
}
