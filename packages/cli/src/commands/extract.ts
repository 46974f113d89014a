/** `migrate extract`: reads the source once, lets out what the instructions list, seals it, and says what left and what stayed. */
import { join, relative, resolve } from 'node:path';
import { SealiftError } from '@sealift/core';
import { linkOrder, requireInForce, type VerifiedInstructions } from '@sealift/core/instructions';
import { procedureOf, waitingFor } from '@sealift/core/journal';
import { Job } from '@sealift/core/node/workspace';
import type { Extraction } from '@sealift/core/statement';
import { type DatasetReading, type DryRunOptions, dryRun, extractJob, type SourceOrigin } from '@sealift/extract';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { openOperator, pinnedInstructions, trustOf, workspaceOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import type { Progress } from '../progress.ts';
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
  const sources = sourcesOf(instructions, input, context);
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
  return withBars(context, (onProgress) => extractJob({ job, sources, tool, now: () => context.now(), onProgress }));
}

async function rehearse(
  instructions: VerifiedInstructions,
  sources: ReadonlyMap<string, SourceOrigin>,
  context: Context,
): Promise<ExtractResult> {
  const datasets = await withBars(context, (onProgress) =>
    dryRun({ instructions, sources, now: context.now(), onProgress }),
  );
  return { job: instructions.signed.job, dryRun: true, datasets };
}

/** Shows a bar for each dataset while it is read. */
async function withBars<T>(
  context: Context,
  read: (onProgress: NonNullable<DryRunOptions['onProgress']>) => Promise<T>,
): Promise<T> {
  const bars = new Map<string, Progress>();
  try {
    return await read((dataset, done, size) => {
      const bar = bars.get(dataset) ?? context.progress(dataset, size);
      bars.set(dataset, bar);
      bar.update(done);
    });
  } finally {
    for (const bar of bars.values()) bar.end();
  }
}

/** `--source patients=dump.csv` or `patients=-`; else `<dataset>.csv` in the workspace. */
function sourcesOf(
  { signed }: VerifiedInstructions,
  input: Input,
  context: Context,
): ReadonlyMap<string, SourceOrigin> {
  const pairs = input.list('source').map(readSource);
  const named = new Map(pairs);
  if (named.size < pairs.length) {
    throw new SealiftError('E_USAGE', '--source names a dataset twice', { hint: 'a dataset has one source' });
  }
  const sources = new Map<string, SourceOrigin>();
  for (const { name } of linkOrder(signed.datasets)) {
    const path = named.get(name);
    named.delete(name);
    if (path === '-') sources.set(name, { kind: 'pipe', stream: context.stdin() });
    else if (path === undefined)
      sources.set(name, { kind: 'file', path: join(workspaceOf(input, context), `${name}.csv`) });
    else sources.set(name, { kind: 'file', path: resolve(context.cwd, path) });
  }
  for (const name of named.keys()) {
    throw new SealiftError('E_USAGE', `--source names dataset ${name}, which is not in the instructions`, {
      hint: `they name: ${signed.datasets.map((dataset) => dataset.name).join(', ')}`,
    });
  }
  if ([...sources.values()].filter(({ kind }) => kind === 'pipe').length > 1) {
    throw new SealiftError('E_USAGE', 'two datasets are to be read from standard input', {
      hint: 'only one can be; name a file for the other',
    });
  }
  return sources;
}

function readSource(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new SealiftError('E_USAGE', '--source is written as dataset=file', {
      hint: 'for example --source patients=dump.csv, or patients=- for a pipe',
    });
  }
  return [text.slice(0, at), text.slice(at + 1)];
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
