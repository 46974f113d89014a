/**
 * A job's folder in a workspace. Everything is read through the same verification that a laboratory runs, so that a processor
 * can't go on from a journal that would not hold.
 *
 *     <workspace>/jobs/<job>/instructions.<version>.json   as signed
 *     <workspace>/jobs/<job>/journal.jsonl                 the job's only state
 *     <workspace>/jobs/<job>/manifest.json                 refreshed after each step
 *     <workspace>/jobs/<job>/out/                          sealed files, until the purge
 */
import { basename, join } from 'node:path';
import { SealiftError } from '../errors.ts';
import type { JobId } from '../ids.ts';
import { type VerifiedInstructions, verifyInstructions } from '../instructions.ts';
import { replayJournal, type Story } from '../journal/replay.ts';
import { sameLab } from '../lab.ts';
import { readableDocument } from '../readable-document.ts';
import { readDocumentFile } from './document-file.ts';
import { lookAt, namesIn } from './file.ts';
import { readJournalFile } from './journal-file.ts';
import { createFile } from './temporary-file.ts';
import type { TrustStore } from './trust-store.ts';

/** The journal in a job's folder. */
export const JOURNAL_FILE = 'journal.jsonl';
/** The manifest in a job's folder. */
export const MANIFEST_FILE = 'manifest.json';
const INSTRUCTIONS_FILE = /^instructions\.(\d{1,7})\.json$/;

/** A job's folder and its story; for reading. */
export interface OpenedJob {
  readonly folder: string;
  readonly story: Story;
}

/** The folder of a job in a workspace. */
export function jobFolder(workspace: string, job: JobId): string {
  return join(workspace, 'jobs', job);
}

/** The folder of a job's sealed files. */
export function outFolder(folder: string): string {
  return join(folder, 'out');
}

/** The names of the jobs in a workspace, sorted; a folder without instructions is none yet. @throws E_FILE */
export async function listJobs(workspace: string): Promise<string[]> {
  const jobs: string[] = [];
  for (const name of await namesIn(join(workspace, 'jobs'))) {
    const folder = join(workspace, 'jobs', name);
    if ((await lookAt(folder))?.isDirectory() === true && (await keptVersions(folder)).length > 0) jobs.push(name);
  }
  return jobs;
}

/** The versions of the instructions that a job's folder keeps, rising. @throws E_FILE */
export async function keptVersions(folder: string): Promise<number[]> {
  const names = await namesIn(folder);
  return names
    .flatMap((name) => INSTRUCTIONS_FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Reads a job and verifies its whole story. A torn last line is passed over: it never was an entry.
 * @throws E_NOT_FOUND, E_TRUST, E_CHAIN and what `verifyInstructions` and `replayJournal` throw
 */
export async function readJob(folder: string, rosters: TrustStore): Promise<OpenedJob> {
  const { story } = await readStory(folder, rosters);
  return { folder, story };
}

/** A story with the length of the journal that tells it. */
export interface ReadStory {
  readonly story: Story;
  /** Bytes of the journal's whole lines. */
  readonly wholeBytes: number;
}

/**
 * Reads a job for going on with it.
 * @param taken a version that the folder may not keep yet
 * @throws E_ROLLBACK when the folder keeps a newer version than `taken`, E_LAB, E_MISMATCH, and as {@link readJob}
 */
export async function readStory(folder: string, rosters: TrustStore, taken?: VerifiedInstructions): Promise<ReadStory> {
  const known = await readInstructions(folder, rosters);
  if (taken !== undefined && !known.some(({ digest }) => digest === taken.digest)) known.push(taken);
  const latest = known.at(-1);
  if (latest === undefined) throw noJob(folder);
  requireOneJob(known, folder);
  if (taken !== undefined && latest.digest !== taken.digest) {
    throw new SealiftError(
      'E_ROLLBACK',
      `version ${taken.signed.version} of job ${taken.signed.job} is older than version ${latest.signed.version}, which the job has`,
      { hint: 'use the newest instructions of the laboratory' },
    );
  }
  const { entries, wholeBytes } = await readJournalFile(join(folder, JOURNAL_FILE));
  const actedUnder = new Set(entries.map((entry) => entry.signed.instructions));
  const versions = known.filter((version) => version === latest || actedUnder.has(version.digest));
  return { story: replayJournal(versions, entries), wholeBytes };
}

async function readInstructions(folder: string, rosters: TrustStore): Promise<VerifiedInstructions[]> {
  const known: VerifiedInstructions[] = [];
  for (const number of await keptVersions(folder)) {
    const { document } = await readDocumentFile(join(folder, `instructions.${number}.json`), 'sealift.instructions.v1');
    const { lab, roster } = document.signed;
    known.push(verifyInstructions(document, await rosters.requireVersion(lab.id, roster)));
  }
  return known;
}

/** A job's folder belongs to one job of one laboratory, and its versions rise; another laboratory may use the same job id. */
function requireOneJob(versions: readonly VerifiedInstructions[], folder: string): void {
  for (const [index, { signed }] of versions.entries()) {
    const before = versions[index - 1]?.signed;
    if (signed.job !== basename(folder)) {
      throw new SealiftError('E_MISMATCH', `the folder of job ${basename(folder)} holds instructions of another job`);
    }
    if (before === undefined) continue;
    if (!sameLab(signed.lab.id, before.lab.id)) {
      throw new SealiftError('E_LAB', `job ${signed.job} in this workspace is another laboratory's`, {
        hint: 'use a workspace for each laboratory',
      });
    }
    if (signed.version <= before.version) {
      throw new SealiftError('E_ROLLBACK', `version ${signed.version} does not come after version ${before.version}`, {
        hint: 'use the newest instructions of the laboratory',
      });
    }
  }
}

/** The refusal of a folder without a job. */
export function noJob(folder: string): SealiftError {
  return new SealiftError('E_NOT_FOUND', `there is no job in ${folder}`, {
    hint: '"migrate status" lists the jobs of a workspace',
  });
}

/** Keeps a version of the instructions in its job's folder, once. @throws E_FILE */
export async function keepInstructions(folder: string, { document, signed }: VerifiedInstructions): Promise<void> {
  const path = join(folder, `instructions.${signed.version}.json`);
  if ((await lookAt(path)) === undefined) await createFile(path, readableDocument(document), 0o644);
}
