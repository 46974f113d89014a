/** `migrate extract`: reads the source once, lets out what the instructions list, seals it, and says what left and what stayed. */
import { join, relative } from 'node:path';
import { SealiftError } from '@sealift/core';
import { requireInForce, type VerifiedInstructions } from '@sealift/core/instructions';
import { procedureOf, waitingFor } from '@sealift/core/journal';
import { Job } from '@sealift/core/node/workspace';
import type { Extraction } from '@sealift/core/statement';
import {
  type DatasetReading,
  dryRun,
  extractJob,
  forecastLinkMemory,
  type LinkMemory,
  type OnMalformed,
  type SourceOrigin,
} from '@sealift/extract';
import { paragraph } from '@sealift/report/wrap';
import type { Context } from '../context.ts';
import { prepareSealing, sourcesOf, withProgress } from '../dataset-source.ts';
import type { Input } from '../input.ts';
import { openOperator, pinnedInstructions, trustOf, workspaceOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import { number, table } from '../table.ts';

/** What left and what stayed; or, of a dry run, what would. */
export type ExtractResult =
  | {
      readonly job: string;
      readonly datasets: Extraction['datasets'];
      /** Path of the manifest, from the current folder. */
      readonly manifest: string;
      readonly next: string;
      /** What the keys take that datasets link to, as it was said before anything was read. */
      readonly linkMemory: readonly LinkMemory[];
    }
  | {
      readonly job: string;
      readonly dryRun: true;
      readonly datasets: readonly DatasetReading[];
      readonly linkMemory: readonly LinkMemory[];
    };

/** Throws what verifying instructions, opening the identity and extracting throw. */
export async function run(input: Input, context: Context): Promise<ExtractResult> {
  const onMalformed = onMalformedOf(input);
  if (!input.flag('dry-run')) prepareSealing(input, context);
  const instructions = await pinnedInstructions(input, context);
  requireInForce(instructions, context.now());
  const sources = sourcesOf(instructions, workspaceOf(input, context), { input, context });
  const operator = await openOperator(instructions, input, context);
  const linkMemory = await forecastLinkMemory(instructions, sources);
  for (const forecast of linkMemory) if (isWorthSaying(forecast)) context.note(memoryWords(forecast));
  try {
    if (input.flag('dry-run'))
      return { ...(await rehearse(instructions, { sources, onMalformed }, context)), linkMemory };
    const job = await Job.take(workspaceOf(input, context), instructions, trustOf(context), operator.acting);
    try {
      const statement = await job.attempt('extract', () => extract(job, { sources, onMalformed }, context));
      const [next] = waitingFor(job.story.progress, procedureOf(instructions));
      const manifest = relative(context.cwd, join(job.folder, 'manifest.json'));
      return {
        job: instructions.signed.job,
        datasets: statement.datasets,
        manifest,
        next: next?.kind ?? 'nothing',
        linkMemory,
      };
    } finally {
      await job.release();
    }
  } finally {
    operator.secret.wipe();
  }
}

const BASES: { readonly [basis in LinkMemory['basis']]: string } = {
  ceiling: 'its ceiling',
  expected: 'what the laboratory expects',
  source: 'a look at its source',
  unknown: '',
};

/** Bytes of memory from which on a person is told: any machine has less than that to spare without looking. */
const TOLD_FROM = 1_000_000;

/** Whether the memory matters, or is not known. */
const isWorthSaying = ({ bytes }: LinkMemory): boolean => bytes === undefined || bytes >= TOLD_FROM;

function memoryWords({ dataset, field, basis, keys, bytes }: LinkMemory): string {
  const what = `the keys of ${dataset} (${field}), to which other rows link, take`;
  return keys === undefined || bytes === undefined
    ? `${what} 18 to 56 bytes of memory each; how many there are is not known`
    : `${what} at most ${number(Math.ceil(bytes / 1e6))} MB of memory for ${number(keys)} keys, by ${BASES[basis]}`;
}

/** What is read, and what becomes of malformed rows. */
interface Reading {
  readonly sources: ReadonlyMap<string, SourceOrigin>;
  readonly onMalformed: OnMalformed;
}

function onMalformedOf(input: Input): OnMalformed {
  const value = input.optional('on-malformed') ?? 'refuse';
  if (value === 'refuse' || value === 'withhold') return value;
  throw new SealiftError('E_USAGE', '--on-malformed is refuse or withhold', {
    hint: 'withhold leaves malformed rows out, where the instructions allow it, and counts them',
  });
}

function extract(job: Job, reading: Reading, context: Context): Promise<Extraction> {
  const tool = { name: 'sealift', version: context.version };
  return withProgress(context, (onProgress) =>
    extractJob({ job, ...reading, tool, now: () => context.now(), onProgress }),
  );
}

async function rehearse(
  instructions: VerifiedInstructions,
  reading: Reading,
  context: Context,
): Promise<Omit<Extract<ExtractResult, { dryRun: true }>, 'linkMemory'>> {
  const datasets = await withProgress(context, (onProgress) =>
    dryRun({ instructions, ...reading, now: context.now(), onProgress }),
  );
  return { job: instructions.signed.job, dryRun: true, datasets };
}

/** A table of rows, the columns that stayed, and the next step. */
export function present(result: ExtractResult): readonly Line[] {
  const { job } = result;
  const done =
    'dryRun' in result
      ? emphasised('caution', `dry run of job ${job}: nothing was sealed, written or recorded`)
      : emphasised('good', `job ${job} is extracted and sealed; no plaintext was written`);
  const { datasets } = result;
  return [
    ...[done, '', ...presentRows(datasets), ...presentMalformed(datasets)],
    ...[...presentStayed(datasets), ...presentMarked(datasets), ...presentNext(result)],
  ];
}

function presentRows(datasets: readonly DatasetReading[]): readonly Line[] {
  const rows = datasets.map(({ dataset, counts, columns }) => [
    dataset,
    number(counts.read),
    number(counts.kept),
    number(counts.outsideWindow),
    number(counts.emptyDate + counts.impossibleDate),
    number(counts.notLinked),
    `${columns.kept.length} of ${columns.kept.length + columns.withheld.length}`,
  ]);
  return [...table(['dataset', 'rows read', 'left', 'outside', 'no date', 'not linked', 'columns left'], rows), ''];
}

function presentMalformed(datasets: readonly DatasetReading[]): readonly Line[] {
  const malformed = datasets.filter(({ counts }) => counts.malformed > 0);
  return malformed.length === 0
    ? []
    : [
        emphasised('caution', 'malformed rows that stayed:'),
        ...malformed.map(({ dataset, counts }) => `  ${dataset}: ${number(counts.malformed)}`),
        '',
      ];
}

function presentMarked(datasets: readonly DatasetReading[]): readonly Line[] {
  const marked = datasets.filter(({ source }) => source.dispose === true).map(({ dataset }) => dataset);
  return marked.length === 0 ? [] : [`the purge deletes the source of: ${marked.join(', ')}`, ''];
}

function presentStayed(datasets: readonly DatasetReading[]): readonly Line[] {
  const stayed = datasets.flatMap(({ dataset, columns }) =>
    columns.withheld.length === 0 ? [] : paragraph(`${dataset}: ${columns.withheld.join(', ')}`, '  ', '    '),
  );
  return stayed.length === 0 ? [] : ['columns that stayed:', ...stayed, ''];
}

function presentNext(result: ExtractResult): readonly Line[] {
  if ('dryRun' in result) return ['next:      the same command without --dry-run'];
  const next =
    result.next === 'approval'
      ? 'the laboratory approves the manifest, then "migrate accept" and "migrate send"'
      : 'migrate send';
  return [`manifest:  ${result.manifest}`, ...paragraph(next, 'next:      ')];
}
