/**
 * The disposal: source files that were marked for it are deleted after every statement that gates the purge, never on a deadline alone
 * (design §4, F09). A file is deleted only if it is still the one that was extracted, byte for byte.
 */
import { constants } from 'node:fs';
import { lstat, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestText, SealiftError } from '@sealift/core';
import type { DatasetName } from '@sealift/core/ids';
import { currentInstructions, missingForPurge, procedureOf, type Story } from '@sealift/core/journal';
import { closeAfterReading, fileError, syncFolder } from '@sealift/core/node';
import { BackgroundHash } from '@sealift/core/node/digest';
import { type Job, readSourceMarks, type SourceMark } from '@sealift/core/node/workspace';
import type { OwnStatement } from '@sealift/core/statement';

const READ_SIZE = 1 << 20;

/** The statement that a source file was deleted. */
export type Disposal = Extract<OwnStatement, { readonly kind: 'disposal' }>;

/** What became of the marked sources of a job. */
export interface Disposals {
  readonly disposed: readonly Disposal[];
  /** Why a source was not deleted; each is an alert in the journal. */
  readonly problems: readonly SealiftError[];
}

/** The datasets whose source is marked, may be deleted by now, and was not. */
export function pendingDisposals(story: Story): DatasetName[] {
  const { extraction, delivery, ended, disposed } = story.progress;
  if (extraction === undefined || delivery === undefined || ended !== undefined) return [];
  if (missingForPurge(story.progress, procedureOf(currentInstructions(story))).length > 0) return [];
  return extraction.statement.datasets
    .filter(({ dataset, source }) => source.dispose === true && !disposed.has(dataset))
    .map(({ dataset }) => dataset);
}

/**
 * Deletes the sources that are due, and records each. What was deleted and not recorded, for a crash came between, is recorded as absent
 * by the next run. A source that is not what it was stays, and is an alert.
 * @throws E_SCHEMA, E_FILE, and what appending to the journal throws
 */
export async function disposeSources(job: Job): Promise<Disposals> {
  const pending = pendingDisposals(job.story);
  const marks = pending.length === 0 ? [] : await readSourceMarks(job.folder);
  const disposed: Disposal[] = [];
  const problems: SealiftError[] = [];
  for (const dataset of pending) {
    try {
      const mark = marks.find((one) => one.dataset === dataset);
      if (mark === undefined) throw refusal(dataset, 'is marked for deletion, and where it lies is not known any more');
      const outcome = (await removeSource(mark)) ? 'deleted' : 'absent';
      const statement: Disposal = { kind: 'disposal', dataset, bytes: mark.bytes, outcome };
      await job.append(statement);
      disposed.push(statement);
    } catch (cause) {
      if (!(cause instanceof SealiftError)) throw cause;
      await job.alert(cause);
      problems.push(cause);
    }
  }
  return { disposed, problems };
}

/** Deletes a source; false when it is gone already. */
async function removeSource(mark: SourceMark): Promise<boolean> {
  const folder = dirname(mark.path);
  const found = await statOf(mark.path);
  if (found === undefined) {
    // Behind the mount point of a disk that is not there, everything is missing.
    if (String((await statOf(folder))?.dev) === mark.dev) return false;
    throw refusal(mark.dataset, 'is not there, and neither is the disk that it lay on', mark.path);
  }
  if (!found.isFile()) throw refusal(mark.dataset, 'is no regular file any more', mark.path);
  if (found.nlink !== 1n) throw refusal(mark.dataset, `has ${found.nlink} names on its disk`, mark.path);
  const isSame = String(found.dev) === mark.dev && String(found.ino) === mark.ino && Number(found.size) === mark.bytes;
  if (!isSame || (await digestOf(mark)) !== mark.digest) {
    throw refusal(mark.dataset, 'is not the file that was extracted', mark.path);
  }
  await unlink(mark.path).catch((cause: unknown) => Promise.reject(fileError(cause, 'deleting', mark.path)));
  await syncFolder(folder);
  if ((await statOf(mark.path)) === undefined) return true;
  throw refusal(mark.dataset, 'is still there after its deletion', mark.path);
}

async function statOf(path: string): Promise<Awaited<ReturnType<typeof lstatExactly>> | undefined> {
  try {
    return await lstatExactly(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw fileError(cause, 'looking at', path);
  }
}

const lstatExactly = (path: string) => lstat(path, { bigint: true });

async function digestOf({ path, bytes }: SourceMark): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (cause: unknown) => Promise.reject(fileError(cause, 'opening', path)),
  );
  const hash = new BackgroundHash();
  try {
    const buffer = new Uint8Array(READ_SIZE);
    for (let at = 0; at <= bytes; ) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    return digestText(hash.digest());
  } catch (cause) {
    hash.wipe();
    throw cause instanceof SealiftError ? cause : fileError(cause, 'reading', path);
  } finally {
    await closeAfterReading(handle);
  }
}

function refusal(dataset: string, why: string, file?: string): SealiftError {
  return new SealiftError('E_PURGE', `the source of dataset ${dataset} ${why}: it is not deleted`, {
    hint: 'look what lies there; delete the source yourself if it is to go, and tell the laboratory',
    ...(file === undefined ? {} : { place: { file } }),
  });
}
