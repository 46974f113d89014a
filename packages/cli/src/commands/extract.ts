/** `migrate extract`: reads the source once, lets out what the instructions list, seals it, and says what left and what stayed. */
import { join, relative } from 'node:path';
import { requireInForce, type VerifiedInstructions } from '@sealift/core/instructions';
import { procedureOf, waitingFor } from '@sealift/core/journal';
import { Job } from '@sealift/core/node/workspace';
import type { Extraction } from '@sealift/core/statement';
import { type DatasetReading, dryRun, extractJob, type SourceOrigin } from '@sealift/extract';
import type { Context } from '../context.ts';
import { sourcesOf, withProgress } from '../dataset-source.ts';
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
    }
  | { readonly job: string; readonly dryRun: true; readonly datasets: readonly DatasetReading[] };

/** Throws what verifying instructions, opening the identity and extracting throw. */
export async function run(input: Input, context: Context): Promise<ExtractResult> {
  const instructions = await pinnedInstructions(input, context);
  requireInForce(instructions, context.now());
  const sources = sourcesOf(instructions, workspaceOf(input, context), { input, context });
  const operator = await openOperator(instructions, input, context);
  try {
    if (input.flag('dry-run')) return await rehearse(instructions, sources, context);
    const job = await Job.take(workspaceOf(input, context), instructions, trustOf(context), operator.acting);
    try {
      const statement = await job.attempt('extract', () => extract(job, sources, context));
      const [next] = waitingFor(job.story.progress, procedureOf(instructions));
      const manifest = relative(context.cwd, join(job.folder, 'manifest.json'));
      return { job: instructions.signed.job, datasets: statement.datasets, manifest, next: next?.kind ?? 'nothing' };
    } finally {
      await job.release();
    }
  } finally {
    operator.secret.wipe();
  }
}

function extract(job: Job, sources: ReadonlyMap<string, SourceOrigin>, context: Context): Promise<Extraction> {
  const tool = { name: 'sealift', version: context.version };
  return withProgress(context, (onProgress) =>
    extractJob({ job, sources, tool, now: () => context.now(), onProgress }),
  );
}

async function rehearse(
  instructions: VerifiedInstructions,
  sources: ReadonlyMap<string, SourceOrigin>,
  context: Context,
): Promise<ExtractResult> {
  const datasets = await withProgress(context, (onProgress) =>
    dryRun({ instructions, sources, now: context.now(), onProgress }),
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
  return [done, '', ...presentRows(result.datasets), ...presentStayed(result.datasets), ...presentNext(result)];
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

function presentStayed(datasets: readonly DatasetReading[]): readonly Line[] {
  const stayed = datasets.flatMap(({ dataset, columns }) =>
    columns.withheld.length === 0 ? [] : [`  ${dataset}: ${columns.withheld.join(', ')}`],
  );
  return stayed.length === 0 ? [] : ['columns that stayed:', ...stayed, ''];
}

function presentNext(result: ExtractResult): readonly Line[] {
  if ('dryRun' in result) return ['next:      the same command without --dry-run'];
  const next =
    result.next === 'approval'
      ? 'the laboratory approves the manifest, then "migrate accept" and "migrate send"'
      : 'migrate send';
  return [`manifest:  ${result.manifest}`, `next:      ${next}`];
}
