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
import { BackgroundSealing, lookAt, streamCipher, TemporaryFile } from '@sealift/core/node';
import { type Job, keepSourceMarks, type SourceMark } from '@sealift/core/node/workspace';
import { beginSealing } from '@sealift/core/sealed';
import type { ExtractedDataset, Extraction } from '@sealift/core/statement';
import {
  type DatasetExtraction,
  type ExtractionProgress,
  extractDataset,
  type OnMalformed,
} from './dataset-extraction.ts';
import {
  closeSources,
  describeReading,
  linkedFields,
  linkKeysFor,
  openSources,
  requireMalformedAllowed,
  requireSources,
  type SourceOrigin,
} from './job-sources.ts';
import type { LinkKeys } from './link-keys.ts';
import type { Source } from './source.ts';

/** What {@link extractJob} needs. */
export interface JobExtractionOptions {
  readonly job: Job;
  /** One for each dataset of the instructions, by its name. */
  readonly sources: ReadonlyMap<string, SourceOrigin>;
  readonly tool: { readonly name: string; readonly version: string };
  readonly now: () => UtcTime;
  /** What becomes of malformed rows of datasets that may leave them out; they stop the extraction otherwise. */
  readonly onMalformed?: OnMalformed | undefined;
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
  const sources = await openSources(instructions, options.sources);
  let sealed: readonly SealedDataset[];
  let marks: readonly SourceMark[];
  try {
    sealed = await sealAll(options, sources, digestKey.key);
    marks = marksOf(sources);
  } finally {
    digestKey.wipe();
    await closeSources(sources);
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
  // Before the statement: a mark without one does no harm, and one that could not be kept would never be carried out.
  if (marks.length > 0) await keepSourceMarks(job.folder, marks);
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

function marksOf(sources: ReadonlyMap<string, Source>): SourceMark[] {
  return [...sources].flatMap(([name, { mark }]) =>
    mark === undefined ? [] : [{ dataset: parseDatasetName(name), ...mark() }],
  );
}

function requireReady({ job, sources, onMalformed }: JobExtractionOptions, at: UtcTime): void {
  const { instructions, story } = job;
  requireAllowed('extraction', story.progress, procedureOf(instructions));
  requireInForce(instructions, at);
  requireRecipients(instructions, at);
  requireMalformedAllowed(instructions, onMalformed);
  requireSources(instructions, sources);
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
  const file = await TemporaryFile.create(join(job.out, sealedFileName(dataset.name)), 0o644, false);
  let sealing: BackgroundSealing | undefined;
  try {
    const beginning = beginSealing({
      suite: signed.suite,
      job: signed.job,
      dataset: dataset.name,
      recipients: [...recipients.values()].map(({ identity }) => identity),
    });
    const means = { cipher: streamCipher(), digestKey, threads: BackgroundSealing.threadsBeside() };
    const output = await BackgroundSealing.begin(file, beginning, means);
    sealing = output;
    const extracted = await extractDataset({
      dataset,
      source,
      linkKeys: linkKeysFor(dataset, (name) => before.find(({ statement }) => statement.dataset === name)?.keys),
      keyFields: linkedFields(dataset, signed.datasets),
      onMalformed: options.onMalformed,
      onProgress: (progress) => onProgress?.(dataset.name, progress, source.size),
      sink: (plaintext) => output.push(plaintext),
    });
    const written = output.finish();
    await file.settle();
    const statement = describe(extracted, source, written);
    return { statement, file, keys: extracted.keys };
  } catch (cause) {
    sealing?.wipe();
    await file.discard();
    throw cause;
  }
}

function describe(
  extracted: DatasetExtraction,
  source: Source,
  written: ReturnType<BackgroundSealing['finish']>,
): ExtractedDataset {
  const { dataset, plaintext, ...rest } = describeReading(extracted, source);
  const { bytes, digest } = written;
  return {
    dataset,
    file: { name: sealedFileName(extracted.dataset), bytes, digest },
    plaintext: { ...plaintext, digest: written.plaintext },
    ...rest,
  };
}

function inInstructedOrder({ signed }: VerifiedInstructions, sealed: readonly SealedDataset[]): ExtractedDataset[] {
  return signed.datasets
    .flatMap(({ name }) => sealed.filter(({ statement }) => statement.dataset === name))
    .map(({ statement }) => statement);
}
