/**
 * The replay ledger: per laboratory and job the highest version seen, the extraction that was made, and whether the job ended.
 * It lives in the user's state folder, so that another workspace doesn't make a job new again.
 */
import { join } from 'node:path';
import { SealiftError } from '../errors.ts';
import { type Digest, isDigest } from '../ids.ts';
import type { VerifiedInstructions } from '../instructions.ts';
import { parseJson } from '../json.ts';
import { labKey } from '../lab.ts';
import { encodeUtf8 } from '../utf8.ts';
import { lookAt, readBounded } from './file.ts';
import { withLock } from './lock.ts';
import { makePrivateFolder } from './state-folder.ts';
import { replaceFile, sweepTemporaries } from './temporary-file.ts';

/** What is remembered of one job. */
export interface LedgerRecord {
  readonly version: number;
  readonly digest: Digest;
  /** Digest of the extraction's journal entry, once there is one. */
  readonly extraction?: Digest;
  readonly ended: boolean;
  /** Versions that were skipped: nobody here ever saw them. */
  readonly gaps: readonly number[][];
}

/** The ledger below one state folder. */
export class Ledger {
  readonly #folder: string;

  /** @param state the user's state folder */
  constructor(state: string) {
    this.#folder = join(state, 'ledger');
  }

  /**
   * Admits instructions: a version that is not older than the highest seen, and the same document where it is the same version.
   * Remembers it; a gap is accepted and remembered.
   * @throws E_ROLLBACK, E_REPLAY when the job has ended, E_LOCKED, E_FILE, and what {@link find} throws
   */
  async admit(instructions: VerifiedInstructions): Promise<LedgerRecord> {
    return this.#change(instructions, (known) => admitted(known, instructions));
  }

  /**
   * Remembers the extraction of a job.
   * @throws E_REPLAY when another one is remembered, and as {@link admit}
   */
  async recordExtraction(instructions: VerifiedInstructions, extraction: Digest): Promise<void> {
    await this.#change(instructions, (known = firstRecord(instructions)) => {
      if (known.extraction === extraction) return known;
      if (known.extraction !== undefined) throw extractedElsewhere(instructions);
      return { ...known, extraction };
    });
  }

  /** Remembers that a job ended. @throws as {@link admit} */
  async end(instructions: VerifiedInstructions): Promise<void> {
    await this.#change(instructions, (known = firstRecord(instructions)) => ({ ...known, ended: true }));
  }

  /**
   * What is remembered of a job; undefined when it was never seen.
   * @throws E_JSON, E_SCHEMA when the record was altered; E_FILE
   */
  async find(instructions: VerifiedInstructions): Promise<LedgerRecord | undefined> {
    const path = this.#path(instructions);
    if ((await lookAt(path)) === undefined) return undefined;
    const bytes = await readBounded(path, 1 << 20);
    return parseRecord(parseJson(bytes, { maxBytes: 1 << 20, file: path }).value, path);
  }

  /** Reads and writes under a lock, so that two processes don't forget what the other remembered. */
  async #change(
    instructions: VerifiedInstructions,
    change: (known: LedgerRecord | undefined) => LedgerRecord,
  ): Promise<LedgerRecord> {
    const folder = join(this.#folder, labKey(instructions.signed.lab.id));
    await makePrivateFolder(folder);
    return withLock(folder, async () => {
      await sweepTemporaries(folder);
      const known = await this.find(instructions);
      const record = change(known);
      if (record !== known) await replaceFile(this.#path(instructions), encodeUtf8(`${JSON.stringify(record)}\n`));
      return record;
    });
  }

  #path(instructions: VerifiedInstructions): string {
    const { lab, job } = instructions.signed;
    return join(this.#folder, labKey(lab.id), `${job}.json`);
  }
}

function firstRecord({ signed, digest }: VerifiedInstructions): LedgerRecord {
  return { version: signed.version, digest, ended: false, gaps: [] };
}

function admitted(known: LedgerRecord | undefined, instructions: VerifiedInstructions): LedgerRecord {
  if (known === undefined) return firstRecord(instructions);
  const { version, job } = instructions.signed;
  const { digest } = instructions;
  if (known.ended) {
    throw new SealiftError('E_REPLAY', `job ${job} has ended, and a job id is used once`, {
      hint: 'ask the laboratory for instructions with a new job id',
    });
  }
  if (version < known.version) {
    throw new SealiftError(
      'E_ROLLBACK',
      `version ${version} of job ${job} is older than version ${known.version}, seen before`,
      { hint: 'use the newest instructions of the laboratory' },
    );
  }
  if (version === known.version) {
    if (digest === known.digest) return known;
    throw new SealiftError('E_ROLLBACK', `there are two different versions ${version} of job ${job}`, {
      hint: 'tell the laboratory: it signed two documents under one number',
    });
  }
  const gap = version - known.version > 1 ? [[known.version + 1, version - 1]] : [];
  return { ...known, version, digest, gaps: [...known.gaps, ...gap] };
}

/** The refusal of a job that was extracted in another workspace. */
export function extractedElsewhere({ signed }: VerifiedInstructions): SealiftError {
  return new SealiftError('E_REPLAY', `job ${signed.job} was extracted before, and not in this workspace`, {
    hint: 'go on in the workspace of that extraction, or ask the laboratory for a new job id',
  });
}

function parseRecord(value: unknown, path: string): LedgerRecord {
  const damaged = new SealiftError('E_SCHEMA', 'the record of this job in the replay ledger is damaged', {
    hint: 'restore it from a backup: without it a replay would go unseen',
    place: { file: path },
  });
  if (typeof value !== 'object') throw damaged;
  const { version, digest, extraction, ended, gaps }: Record<string, unknown> = { ...value };
  if (typeof version !== 'number' || typeof digest !== 'string' || !isDigest(digest)) throw damaged;
  if (typeof ended !== 'boolean' || !Array.isArray(gaps) || !gaps.every(isGap)) throw damaged;
  const base = { version, digest, ended, gaps };
  if (extraction === undefined) return base;
  if (typeof extraction !== 'string' || !isDigest(extraction)) throw damaged;
  return { ...base, extraction };
}

function isGap(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === 2 && value.every((end) => Number.isSafeInteger(end));
}
