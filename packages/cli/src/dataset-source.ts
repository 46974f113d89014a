/** Where the datasets of a job are read, and the bars that show how far reading is. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SealiftError } from '@sealift/core';
import { linkOrder, type VerifiedInstructions } from '@sealift/core/instructions';
import { BackgroundSealing } from '@sealift/core/node';
import type { DatasetProgress, SourceOrigin } from '@sealift/extract';
import type { Context } from './context.ts';
import type { Input } from './input.ts';
import type { Progress } from './progress.ts';

/** `--source patients=dump.csv` or `patients=-`; else `<dataset>.csv` in a folder. @throws E_USAGE */
export function sourcesOf(
  { signed }: VerifiedInstructions,
  folder: string,
  { input, context }: { readonly input: Input; readonly context: Context },
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
    else if (path === undefined) sources.set(name, { kind: 'file', path: join(folder, `${name}.csv`) });
    else sources.set(name, { kind: 'file', path: resolve(context.cwd, path) });
  }
  for (const name of named.keys()) {
    throw new SealiftError('E_USAGE', `--source names dataset ${name}, which is not in the instructions`, {
      hint: `they name: ${signed.datasets.map((dataset) => dataset.name).join(', ')}`,
    });
  }
  for (const name of input.list('dispose-source')) markForDisposal(sources, name);
  if ([...sources.values()].filter(({ kind }) => kind === 'pipe').length > 1) {
    throw new SealiftError('E_USAGE', 'two datasets are to be read from standard input', {
      hint: 'only one can be; name a file for the other',
    });
  }
  return sources;
}

/** From so many bytes of sources on, the threads that seal are worth being started before there is plaintext for them. */
const WORTH_PREPARING = 16e6;

/**
 * Starts what sealing will want, where the sources that were named are large: it begins while the instructions are verified. What can't be
 * looked at is told later, by what reads it.
 */
export function prepareSealing(input: Input, context: Context): void {
  const paths = input.list('source').map((text) => resolve(context.cwd, text.slice(text.indexOf('=') + 1)));
  if (paths.reduce((bytes, path) => bytes + sizeOf(path), 0) >= WORTH_PREPARING)
    BackgroundSealing.prepare(BackgroundSealing.threadsBeside());
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** `--dispose-source patients`. @throws E_USAGE */
function markForDisposal(sources: Map<string, SourceOrigin>, name: string): void {
  const origin = sources.get(name);
  if (origin?.kind === 'file') {
    sources.set(name, { ...origin, dispose: true });
    return;
  }
  throw new SealiftError(
    'E_USAGE',
    origin === undefined
      ? `--dispose-source names dataset ${name}, which is not in the instructions`
      : `--dispose-source names dataset ${name}, which is read from a pipe`,
    { hint: 'name a dataset whose source is a file; what is piped in is stored nowhere' },
  );
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

/** Shows a bar for each dataset while it is read. */
export async function withProgress<T>(context: Context, read: (onProgress: DatasetProgress) => Promise<T>): Promise<T> {
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
