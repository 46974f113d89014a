/** The sources of a job: one for each dataset, and what follows from how datasets link to each other. */
import { SealiftError } from '@sealift/core';
import type { Dataset } from '@sealift/core/dataset';
import { parseDatasetName } from '@sealift/core/ids';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import type { ExtractedDataset } from '@sealift/core/statement';
import type { DatasetExtraction, OnMalformed } from './dataset-extraction.ts';
import type { LinkKeys } from './link-keys.ts';
import { openMarkedSource } from './marked-source.ts';
import { openFileSource, pipeSource, type Source } from './source.ts';

/** Where a dataset's rows come from: a file, or what is piped in. */
export type SourceOrigin =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** It is to be deleted after the statements that gate the purge. */
      readonly dispose?: boolean;
    }
  | { readonly kind: 'pipe'; readonly stream: AsyncIterable<Uint8Array> };

/** What can be said of a dataset once it was read, sealed or not. */
export type DatasetReading = Omit<ExtractedDataset, 'file' | 'plaintext'> & {
  readonly plaintext: { readonly bytes: number };
};

/**
 * Requires that each dataset of the instructions has a source, and that they allow the deletion of what is marked for it.
 * @throws SealiftError `E_SOURCE`, `E_SCOPE`
 */
export function requireSources({ signed }: VerifiedInstructions, sources: ReadonlyMap<string, SourceOrigin>): void {
  for (const { name, disposeSource } of signed.datasets) {
    const origin = sources.get(name);
    if (origin?.kind !== 'file' || origin.dispose !== true || disposeSource === true) continue;
    throw new SealiftError('E_SCOPE', `the instructions do not allow that the source of dataset ${name} is deleted`, {
      hint: 'leave --dispose-source out, or let the laboratory sign instructions with "disposeSource": true for it',
    });
  }
  const missing = signed.datasets.find(({ name }) => !sources.has(name));
  if (missing === undefined) return;
  throw new SealiftError('E_SOURCE', `dataset ${missing.name} has no source`, {
    hint: `name it with --source ${missing.name}=<file>`,
  });
}

/**
 * Requires, before malformed rows are left out, that the instructions allow it of a dataset at least; of the others they stop the run.
 * @throws SealiftError `E_SCOPE`
 */
export function requireMalformedAllowed({ signed }: VerifiedInstructions, onMalformed: OnMalformed | undefined): void {
  if (onMalformed !== 'withhold' || signed.datasets.some(({ malformed }) => malformed === 'withhold')) return;
  throw new SealiftError('E_SCOPE', 'the instructions let no malformed row be left out', {
    hint: 'correct the row, or let the laboratory sign instructions with "malformed": "withhold" for that dataset',
  });
}

/**
 * Opens every source before any is read: a missing one is not found out after an hour, and each is the file that it was at the start.
 * @throws SealiftError `E_SOURCE`
 */
export async function openSources(
  { signed }: VerifiedInstructions,
  sources: ReadonlyMap<string, SourceOrigin>,
): Promise<ReadonlyMap<string, Source>> {
  const opened = new Map<string, Source>();
  try {
    for (const { name } of signed.datasets) {
      const origin = sources.get(name);
      if (origin !== undefined) opened.set(name, await openSource(origin));
    }
    return opened;
  } catch (cause) {
    await closeSources(opened);
    throw cause;
  }
}

function openSource(origin: SourceOrigin): Promise<Source> {
  if (origin.kind === 'pipe') return Promise.resolve(pipeSource(origin.stream));
  return origin.dispose === true ? openMarkedSource(origin.path) : openFileSource(origin.path);
}

/** Closes all of them. */
export async function closeSources(sources: ReadonlyMap<string, Source>): Promise<void> {
  await Promise.all([...sources.values()].map((source) => source.close()));
}

/** The keys that a dataset's rows have to be among; `keysOf` gives those of a dataset that was extracted before. */
export function linkKeysFor(
  { link }: Dataset,
  keysOf: (dataset: string) => ReadonlyMap<string, LinkKeys> | undefined,
): LinkKeys | undefined {
  return link === undefined ? undefined : keysOf(link.to)?.get(link.toField);
}

/** The fields of a dataset whose keys other datasets link to. */
export function linkedFields({ name }: Dataset, datasets: readonly Dataset[]): ReadonlySet<string> {
  return new Set(datasets.flatMap(({ link }) => (link?.to === name ? [link.toField] : [])));
}

/** What the extraction statement says of a dataset, but for its file and digest. */
export function describeReading(extracted: DatasetExtraction, source: Source): DatasetReading {
  return {
    dataset: parseDatasetName(extracted.dataset),
    source: {
      kind: source.identity === undefined ? 'pipe' : 'file',
      bytes: extracted.sourceBytes,
      ...(source.mark === undefined ? {} : { dispose: true }),
    },
    plaintext: { bytes: extracted.plaintextBytes },
    columns: { kept: extracted.columns, withheld: extracted.withheld },
    counts: extracted.rows,
    ...(extracted.dates === undefined ? {} : { dates: extracted.dates }),
  };
}
