/**
 * The extraction of a job: every dataset once, from source to sealed file, and the statement that says what left (design §4).
 * Nothing is published until all of it succeeded, and no plaintext is written anywhere.
 */
import { lstat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SealiftError } from '@sealift/core';
import type { Dataset } from '@sealift/core/dataset';
import { parseDatasetName, type UtcTime } from '@sealift/core/ids';
import {
  linkOrder,
  newDigestKey,
  requireInForce,
  requireRecipients,
  type VerifiedInstructions,
} from '@sealift/core/instructions';
import { procedureOf, requireAllowed, sealedFileName } from '@sealift/core/journal';
import { lookAt, streamCipher, TemporaryFile } from '@sealift/core/node';
import { nodeKeyedHash } from '@sealift/core/node/digest';
import type { Job } from '@sealift/core/node/workspace';
import { Sealer } from '@sealift/core/sealed';
import type { ExtractedDataset, Extraction } from '@sealift/core/statement';
import { type DatasetExtraction, type ExtractionProgress, extractDataset } from './dataset-extraction.ts';
import type { LinkKeys } from './link-keys.ts';
import { openFileSource, pipeSource, type Source } from './source.ts';

/** Where a dataset's rows come from: a file, or what is piped in. */
export type SourceOrigin =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'pipe'; readonly stream: AsyncIterable<Uint8Array> };

/** What {@link extractJob} needs. */
export interface JobExtractionOptions {
  readonly job: Job;
  /** One for each dataset of the instructions, by its name. */
  readonly sources: ReadonlyMap<string, SourceOrigin>;
  readonly tool: { readonly name: string; readonly version: string };
  readonly now: () => UtcTime;
  /** Called while a dataset is read; `size` is its source's size in bytes, unknown for a pipe. */
  readonly onProgress?: (dataset: string, progress: ExtractionProgress, size: number | undefined) => void;
}

/** One dataset, sealed but not yet published. */
interface SealedDataset {
  readonly statement: ExtractedDataset;
  readonly file: TemporaryFile;
  readonly keys: ReadonlyMap<string, LinkKeys>;
}

/**
 * Extracts and seals every dataset of a job, publishes the sealed files, and appends the extraction to the journal.
 *
 * Before the first byte of a source is read: the state allows it (E_STATE), the instructions and the contract are in force (E_TIME,
 * E_CONTRACT), no recipient is revoked (E_REVOKED), and each dataset has a source that can be opened (E_SOURCE).
 * @throws those, what `extractDataset` throws, and E_FILE
 */
export async function extractJob(options: JobExtractionOptions): Promise<Extraction> {
  const { job, now } = options;
  const started = now();
  requireReady(options, started);
  await removeOrphans(job);
  const { instructions } = job;
  const digestKey = newDigestKey(instructions);
  const sources = await openSources(options);
  let sealed: readonly SealedDataset[];
  try {
    sealed = await sealAll(options, sources, digestKey.key);
  } finally {
    digestKey.wipe();
    await Promise.all([...sources.values()].map((source) => source.close()));
  }
  const statement: Extraction = {
    kind: 'extraction',
    tool: options.tool,
    source: { product: instructions.signed.source.product, version: instructions.signed.source.version },
    started,
    finished: now(),
    suite: instructions.signed.suite,
    digestKey: digestKey.wraps,
    datasets: inInstructedOrder(instructions, sealed),
  };
  await job.append(statement);
  return statement;
}

/** All of the datasets, or none: nothing is published until the last one is sealed. */
async function sealAll(
  options: JobExtractionOptions,
  sources: ReadonlyMap<string, Source>,
  digestKey: Uint8Array,
): Promise<readonly SealedDataset[]> {
  const sealed: SealedDataset[] = [];
  const published: string[] = [];
  try {
    for (const dataset of linkOrder(options.job.instructions.signed.datasets)) {
      const source = sources.get(dataset.name);
      if (source === undefined) throw new SealiftError('E_INTERNAL', `dataset ${dataset.name} has no open source`);
      sealed.push(await sealDataset(dataset, options, { source, digestKey, before: sealed }));
    }
    for (const { file } of sealed) {
      await file.publish('exclusive');
      published.push(file.target);
    }
    return sealed;
  } catch (cause) {
    await Promise.all(published.map((path) => unlink(path).catch(() => undefined)));
    await Promise.all(sealed.map(({ file }) => file.discard()));
    throw cause;
  }
}

/** Opens every source before any is read: a missing one is not found out after an hour, and each is the file that it was at the start. */
async function openSources({ job, sources }: JobExtractionOptions): Promise<ReadonlyMap<string, Source>> {
  const opened = new Map<string, Source>();
  try {
    for (const { name } of job.instructions.signed.datasets) {
      const origin = sources.get(name);
      if (origin !== undefined) opened.set(name, await openSource(origin));
    }
    return opened;
  } catch (cause) {
    await Promise.all([...opened.values()].map((source) => source.close()));
    throw cause;
  }
}

function requireReady({ job, sources }: JobExtractionOptions, at: UtcTime): void {
  const { instructions, story } = job;
  requireAllowed('extraction', story.progress, procedureOf(instructions));
  requireInForce(instructions, at);
  requireRecipients(instructions, at);
  for (const { name } of instructions.signed.datasets) {
    if (!sources.has(name)) {
      throw new SealiftError('E_SOURCE', `dataset ${name} has no source`, {
        hint: `name it with --source ${name}=<file>`,
      });
    }
  }
}

/** A crash between publication and journal leaves sealed files that no statement names and no key opens the digests of. */
async function removeOrphans(job: Job): Promise<void> {
  for (const { name } of job.instructions.signed.datasets) {
    const path = join(job.out, sealedFileName(name));
    if ((await lookAt(path)) === undefined) continue;
    if (!(await lstat(path)).isFile()) {
      throw new SealiftError('E_EXISTS', `${path} is not a regular file`, { hint: 'somebody planted it: remove it' });
    }
    await unlink(path);
  }
}

async function sealDataset(
  dataset: Dataset,
  options: JobExtractionOptions,
  { source, digestKey, before }: { source: Source; digestKey: Uint8Array; before: readonly SealedDataset[] },
): Promise<SealedDataset> {
  const { job, onProgress } = options;
  const { signed, recipients } = job.instructions;
  const file = await TemporaryFile.create(join(job.out, sealedFileName(dataset.name)), 0o644);
  const hash = nodeKeyedHash(digestKey);
  try {
    const sealed = {
      suite: signed.suite,
      job: signed.job,
      dataset: dataset.name,
      recipients: [...recipients.values()].map(({ identity }) => identity),
    };
    const sealer = new Sealer(sealed, streamCipher());
    await file.append([sealer.header]);
    const extracted = await extractDataset({
      dataset,
      source,
      linkKeys: linkKeysFor(dataset, before),
      keyFields: linkedFields(dataset, signed.datasets),
      onProgress: (progress) => onProgress?.(dataset.name, progress, source.size),
      sink: async (plaintext) => {
        hash.update(plaintext);
        await file.append(sealer.push(plaintext));
      },
    });
    await file.append([sealer.finish()]);
    await file.settle();
    const statement = describe(extracted, {
      kind: source.identity === undefined ? 'pipe' : 'file',
      file,
      digest: hash.digest(),
    });
    return { statement, file, keys: extracted.keys };
  } catch (cause) {
    hash.wipe();
    await file.discard();
    throw cause;
  }
}

function describe(
  extracted: DatasetExtraction,
  {
    kind,
    file,
    digest,
  }: { kind: 'file' | 'pipe'; file: TemporaryFile; digest: ExtractedDataset['plaintext']['digest'] },
): ExtractedDataset {
  return {
    dataset: parseDatasetName(extracted.dataset),
    file: { name: sealedFileName(extracted.dataset), bytes: file.bytes, digest: file.digest() },
    source: { kind, bytes: extracted.sourceBytes },
    plaintext: { bytes: extracted.plaintextBytes, digest },
    columns: { kept: extracted.columns, withheld: extracted.withheld },
    counts: extracted.rows,
    ...(extracted.dates === undefined ? {} : { dates: extracted.dates }),
  };
}

function openSource(origin: SourceOrigin): Promise<Source> {
  return origin.kind === 'file' ? openFileSource(origin.path) : Promise.resolve(pipeSource(origin.stream));
}

function linkKeysFor(dataset: Dataset, before: readonly SealedDataset[]): LinkKeys | undefined {
  const { link } = dataset;
  if (link === undefined) return undefined;
  return before.find(({ statement }) => statement.dataset === link.to)?.keys.get(link.toField);
}

function inInstructedOrder({ signed }: VerifiedInstructions, sealed: readonly SealedDataset[]): ExtractedDataset[] {
  return signed.datasets
    .flatMap(({ name }) => sealed.filter(({ statement }) => statement.dataset === name))
    .map(({ statement }) => statement);
}

/** The fields of a dataset whose keys other datasets link to. */
function linkedFields({ name }: Dataset, datasets: readonly Dataset[]): ReadonlySet<string> {
  return new Set(datasets.flatMap(({ link }) => (link?.to === name ? [link.toField] : [])));
}
