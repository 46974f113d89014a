/** The tables of a report as plain values, which the page draws and a spreadsheet holds. */
import { claimsOf, reconcile } from '@sealift/core/claims';
import { wordsOf } from '../words/words.ts';
import { fieldMatrix } from './fields.ts';
import { personsOf } from './persons.ts';
import { sealedFilesOf } from './sealed-files.ts';
import type { ReportSource } from './source.ts';
import { STAY_REASONS } from './stay-reasons.ts';
import { type Step, stepsOf } from './steps.ts';
import { type HeadingName, type ReportWords, reportLanguage } from './words.ts';

/** A value of a table: numbers as numbers, and nothing where there is none. */
export type Cell = string | number | undefined;

/** One table. */
export interface ReportTable {
  /** As files are named: `fields`. */
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Every table, in the order of the report. */
export function reportTables(source: ReportSource): ReportTable[] {
  const { words } = reportLanguage(source.language);
  return [
    rowsTable(source, words),
    fieldsTable(source, words),
    yearsTable(source, words),
    countsTable(source, words),
    stepsTable(source, words),
    personsTable(source, words),
    filesTable(source, words),
    claimsTable(source, words),
  ];
}

function headerOf({ headings }: ReportWords, ...names: readonly HeadingName[]): string[] {
  return names.map((name) => headings[name]);
}

function rowsTable({ story }: ReportSource, words: ReportWords): ReportTable {
  return {
    name: 'rows',
    header: [
      ...headerOf(words, 'dataset', 'read', 'left', 'stayed'),
      ...STAY_REASONS.map((reason) => words.stayReasons[reason]),
    ],
    rows: (story.progress.extraction?.statement.datasets ?? []).map(({ dataset, counts }) => [
      dataset,
      counts.read,
      counts.kept,
      counts.read - counts.kept,
      ...STAY_REASONS.map((reason) => counts[reason]),
    ]),
  };
}

function fieldsTable({ story }: ReportSource, words: ReportWords): ReportTable {
  const said = (value: boolean | undefined): string =>
    value === undefined ? words.notKnown : value ? words.yes : words.no;
  return {
    name: 'fields',
    header: headerOf(
      words,
      ...([
        'dataset',
        'field',
        'leavesAs',
        'asked',
        'inSource',
        'fieldLeft',
        'fieldStayed',
        'freeText',
        'purpose',
      ] as const),
    ),
    rows: fieldMatrix(story).flatMap(({ dataset, fields }) =>
      fields.map(({ name, as, asked, inSource, left, stayed, freeText, purpose }) => [
        dataset,
        name,
        as,
        ...[asked, inSource, left, stayed, freeText].map(said),
        purpose,
      ]),
    ),
  };
}

function yearsTable({ story }: ReportSource, words: ReportWords): ReportTable {
  return {
    name: 'years',
    header: headerOf(words, 'dataset', 'year', 'left', 'stayed'),
    rows: (story.progress.extraction?.statement.datasets ?? []).flatMap(({ dataset, dates }) =>
      (dates?.years ?? []).map(({ year, kept, withheld }) => [dataset, year, kept, withheld]),
    ),
  };
}

function countsTable({ story, recomputed, language }: ReportSource, words: ReportWords): ReportTable {
  const { counts: said } = wordsOf(language);
  return {
    name: 'counts',
    header: headerOf(words, 'dataset', 'countedBy', 'read', 'rows'),
    rows: reconcile(story, recomputed).flatMap(({ dataset, counts }) =>
      counts.map(({ by, recipient, read, kept }) => [dataset, said.by(by, recipient), read, kept]),
    ),
  };
}

function stepsTable({ story }: ReportSource, words: ReportWords): ReportTable {
  return {
    name: 'steps',
    header: headerOf(words, 'entry', 'time', 'step', 'who', 'role', 'detail'),
    rows: stepsOf(story).map((step) => [
      step.entry,
      step.time,
      titleOf(step, words),
      step.by.map(({ name }) => name).join(', '),
      [...new Set(step.by.map(({ role }) => words.steps.roles[role]))].join(', '),
      words.steps.detail(step.content),
    ]),
  };
}

/** What a step is called. */
export function titleOf({ content }: Step, { steps }: ReportWords): string {
  return steps.titles[content.kind === 'instructions' ? 'instructions' : content.statement.kind];
}

function personsTable({ story }: ReportSource, words: ReportWords): ReportTable {
  return {
    name: 'persons',
    header: headerOf(words, 'who', 'role', 'organisation', 'country', 'undertaking', 'fingerprint'),
    rows: personsOf(story).map(({ name, role, organisation, country, undertaking, fingerprint }) => [
      name,
      words.steps.roles[role],
      organisation,
      country,
      undertaking,
      fingerprint,
    ]),
  };
}

function filesTable({ story }: ReportSource, words: ReportWords): ReportTable {
  return {
    name: 'files',
    header: headerOf(words, 'dataset', 'file', 'bytes', 'digest', 'delivered'),
    rows: sealedFilesOf(story).map(({ dataset, name, bytes, digest, delivered }) => [
      dataset,
      name,
      bytes,
      digest.replace('sha256:', ''),
      words.files.delivered[delivered],
    ]),
  };
}

function claimsTable({ story, language }: ReportSource, words: ReportWords): ReportTable {
  const said = wordsOf(language);
  return {
    name: 'claims',
    header: headerOf(words, 'question', 'standing', 'claim', 'reason', 'entry'),
    rows: claimsOf(story).map((claim) => {
      const { claim: says, reason } = said.claim(claim);
      return [said.groups[claim.group], said.standings[claim.standing], says, reason, claim.entry];
    }),
  };
}
