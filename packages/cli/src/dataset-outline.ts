/**
 * The outline of one dataset that `migrate inspect --output` writes: its dialect, and every field unticked.
 *
 * `fields` is empty. The columns stand beside it in `candidates`, one on a line and each written as a line of `fields` is, with
 * its kind as the note; a person moves what must leave and deletes the rest, in any editor. Credentials are only named in
 * `neverAllowed`. `candidates` and `neverAllowed` are no members of a dataset, and an empty list of fields is no list, so that
 * `migrate instructions draft` refuses the file twice over until a person has decided: what was found is never permission.
 */
import { basename } from 'node:path';
import { SealiftError } from '@sealift/core';
import { parseDatasetName } from '@sealift/core/ids';
import type { ColumnProfile, Inspection } from '@sealift/extract';
import { kindWords } from './inspection-page.ts';

const LONGEST = 64;

/** The outline's text, for the source of that file name. */
export function datasetOutline(file: string, { dialect, columns }: Inspection): string {
  const named = columns.filter(({ name }) => name !== null && name !== '');
  const allowed = named.filter(({ kind }) => kind !== 'credential');
  const never = named.filter(({ kind }) => kind === 'credential').map(({ name }) => name);
  return [
    '{',
    '  "datasets": [',
    '    {',
    `      "name": ${JSON.stringify(datasetName(file))},`,
    `      "dialect": ${inOneLine(dialect)},`,
    '      "fields": [',
    '      ],',
    '      "candidates": [',
    allowed.map((column) => `        ${inOneLine(candidate(column))}`).join(',\n'),
    '      ],',
    `      "neverAllowed": ${JSON.stringify(never)}`,
    '    }',
    '  ]',
    '}',
    '',
  ].join('\n');
}

/** A line as it would stand in `fields`. Free text gets the purpose that it needs, still empty, which is refused as well. */
function candidate(column: ColumnProfile): object {
  const { name, kind } = column;
  const note = kindWords(column);
  return kind === 'free text' ? { name, freeText: true, purpose: '', note } : { name, note };
}

/** JSON in one line with spaces, as a person would write it. */
function inOneLine(value: object): string {
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${JSON.stringify(member)}`);
  return `{ ${members.join(', ')} }`;
}

/** The file's name as a dataset may be called; `dataset` where nothing of it is left. */
function datasetName(file: string): string {
  const plain = basename(file)
    .replace(/\.[^.]*$/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
  const name = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  try {
    return parseDatasetName(name);
  } catch (error) {
    if (error instanceof SealiftError) return 'dataset';
    throw error;
  }
}
