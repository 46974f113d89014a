/**
 * A job in a workspace: its folder, its journal, and the story that the journal tells. Everything is read through the same
 * verification that a laboratory runs, so that a processor can't go on from a journal that would not hold.
 *
 *     <workspace>/jobs/<job>/instructions.<version>.json   as signed
 *     <workspace>/jobs/<job>/journal.jsonl                 the job's only state
 *     <workspace>/jobs/<job>/manifest.json                 refreshed after each step
 *     <workspace>/jobs/<job>/out/                          sealed files, until the purge
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signer } from '../envelope.ts';
import { FAILURES, SealiftError } from '../errors.ts';
import type { JobId, UtcTime } from '../ids.ts';
import { type VerifiedInstructions, verifyInstructions } from '../instructions.ts';
import { type EntryDocument, nextEntry } from '../journal/entry.ts';
import { makeManifest } from '../journal/manifest.ts';
import {
  adoptInstructions,
  appendToStory,
  beginStory,
  currentInstructions,
  replayJournal,
  type Story,
} from '../journal/replay.ts';
import type { Refusal, Statement } from '../statement.ts';
import { readableDocument, readDocumentFile } from './document-file.ts';
import { createFile, lookAt, replaceFile, sweepTemporaries } from './file.ts';
import { appendToJournalFile, type JournalContent, readJournalFile, removeTornTail } from './journal-file.ts';
import type { Ledger } from './ledger.ts';
import { type Lock, takeLock } from './lock.ts';
import { makePrivateFolder } from './state-folder.ts';
import type { TrustStore } from './trust-store.ts';

const INSTRUCTIONS_FILE = /^instructions\.(\d{1,7})\.json$/;

/** What decides whether a job may be believed: pinned rosters and the replay ledger. */
export interface Trust {
  readonly rosters: TrustStore;
  readonly ledger: Ledger;
}

/** The operator that acts, and when. */
export interface Acting {
  readonly signer: Signer;
  readonly now: () => UtcTime;
}

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

/** The names of the folders below `jobs`, sorted. */
export async function listJobs(workspace: string): Promise<string[]> {
  const entries = await readdir(join(workspace, 'jobs'), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Reads a job and verifies its whole story. A torn last line is passed over: it never was an entry.
 * @throws E_NOT_FOUND, E_TRUST, E_CHAIN and what `verifyInstructions` and `replayJournal` throw
 */
export async function readJob(folder: string, rosters: TrustStore): Promise<OpenedJob> {
  const { story } = await readStory(folder, rosters);
  return { folder, story };
}

async function readStory(folder: string, rosters: TrustStore): Promise<{ story: Story; content: JournalContent }> {
  const names = await readdir(folder).catch(() => []);
  const numbers = names.flatMap((name) => INSTRUCTIONS_FILE.exec(name)?.[1] ?? []).map(Number);
  if (numbers.length === 0) {
    throw new SealiftError('E_NOT_FOUND', `there is no job in ${folder}`, {
      hint: '"migrate status" lists the jobs of a workspace',
    });
  }
  const known: VerifiedInstructions[] = [];
  for (const number of numbers.sort((a, b) => a - b)) {
    const { document } = await readDocumentFile(join(folder, `instructions.${number}.json`), 'sealift.instructions.v1');
    known.push(
      verifyInstructions(document, await rosters.requireVersion(document.signed.lab.id, document.signed.roster)),
    );
  }
  const content = await readJournalFile(join(folder, 'journal.jsonl'));
  return { story: storyOf(known, content.entries), content };
}

/** Replays under the versions acted under, then goes over to the newer ones that lie ready. */
function storyOf(known: readonly VerifiedInstructions[], entries: readonly EntryDocument[]): Story {
  const actedUnder = new Set(entries.map((entry) => entry.signed.instructions));
  const used = known.filter((version) => actedUnder.has(version.digest));
  const latest = known.at(-1);
  if (latest === undefined) throw new SealiftError('E_INTERNAL', 'a job without instructions');
  if (used.length === 0) return beginStory(latest);
  const story = replayJournal(used, entries);
  return latest === used.at(-1) ? story : adoptInstructions(story, latest);
}

/** A job that is locked for this process and may grow. */
export class Job {
  readonly folder: string;
  readonly #lock: Lock;
  readonly #trust: Trust;
  readonly #acting: Acting;
  #story: Story;
  #content: JournalContent;

  private constructor(
    folder: string,
    lock: Lock,
    how: { trust: Trust; acting: Acting },
    read: { story: Story; content: JournalContent },
  ) {
    this.folder = folder;
    this.#lock = lock;
    this.#trust = how.trust;
    this.#acting = how.acting;
    this.#story = read.story;
    this.#content = read.content;
  }

  /**
   * Takes up a job under instructions: the first time it makes the folder, later it continues. The ledger admits the version first.
   * @throws E_ROLLBACK, E_REPLAY, E_LOCKED and what {@link readJob} throws
   */
  static async take(workspace: string, instructions: VerifiedInstructions, trust: Trust, acting: Acting): Promise<Job> {
    await trust.ledger.admit(instructions);
    const folder = jobFolder(workspace, instructions.signed.job);
    await makePrivateFolder(outFolder(folder));
    const lock = await takeLock(folder);
    try {
      await keepInstructions(folder, instructions);
      return await Job.#read(folder, lock, trust, acting);
    } catch (cause) {
      await lock.release();
      throw cause;
    }
  }

  /** Opens a job that is there, for the next step. @throws as {@link take} */
  static async open(folder: string, trust: Trust, acting: Acting): Promise<Job> {
    await readJob(folder, trust.rosters);
    const lock = await takeLock(folder);
    try {
      return await Job.#read(folder, lock, trust, acting);
    } catch (cause) {
      await lock.release();
      throw cause;
    }
  }

  static async #read(folder: string, lock: Lock, trust: Trust, acting: Acting): Promise<Job> {
    const read = await readStory(folder, trust.rosters);
    await requireSameExtraction(read.story, trust.ledger);
    await sweepTemporaries(folder);
    await sweepTemporaries(outFolder(folder));
    return new Job(folder, lock, { trust, acting }, read);
  }

  /** The verified story so far. */
  get story(): Story {
    return this.#story;
  }

  /** The instructions in force. */
  get instructions(): VerifiedInstructions {
    return currentInstructions(this.#story);
  }

  /** Where the sealed files lie. */
  get out(): string {
    return outFolder(this.folder);
  }

  /**
   * Appends a statement: checked as everyone will check it, then forced to the disk, then the manifest is written anew.
   * @throws what `nextEntry` and `appendToStory` throw; E_FILE
   */
  async append(statement: Statement): Promise<EntryDocument> {
    await this.#repair();
    const entry = await this.#appendEntry(statement);
    await this.#remember(entry);
    await this.writeManifest();
    return entry;
  }

  /**
   * Does a step of the job; when it is refused, records that before the error goes on.
   * @param step the command's name
   */
  async attempt<T>(step: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      if (cause instanceof SealiftError) await this.refuse(step, cause);
      throw cause;
    }
  }

  /** Records a refusal, once for the same reason: a cron job that meets it every minute adds nothing. */
  async refuse(step: string, error: SealiftError): Promise<void> {
    const statement = refusalOf(step, error);
    if (statement === undefined || repeats(this.#story, statement)) return;
    await this.append(statement);
  }

  /** Writes `manifest.json` anew. */
  async writeManifest(): Promise<void> {
    const manifest = makeManifest(this.#story, this.#acting.signer, this.#acting.now());
    await replaceFile(join(this.folder, 'manifest.json'), readableDocument(manifest), 0o644);
  }

  /** Gives the job free for other processes. */
  async release(): Promise<void> {
    await this.#lock.release();
  }

  async #repair(): Promise<void> {
    if (this.#content.torn.length === 0) return;
    const repair = await removeTornTail(join(this.folder, 'journal.jsonl'), this.#content);
    this.#content = { ...this.#content, torn: new Uint8Array() };
    await this.#appendEntry(repair);
  }

  async #appendEntry(statement: Statement): Promise<EntryDocument> {
    const { signer, now } = this.#acting;
    const entry = nextEntry(this.#story.chain, statement, {
      signer,
      instructions: this.instructions.digest,
      time: now(),
    });
    const story = appendToStory(this.#story, entry);
    await appendToJournalFile(join(this.folder, 'journal.jsonl'), entry);
    this.#story = story;
    return entry;
  }

  async #remember(entry: EntryDocument): Promise<void> {
    const { extraction } = this.#story.progress;
    if (entry.signed.statement.kind === 'extraction' && extraction !== undefined) {
      await this.#trust.ledger.recordExtraction(this.instructions, extraction.entry);
    }
    if (entry.signed.statement.kind === 'purge') await this.#trust.ledger.end(this.instructions);
  }
}

/** What the journal says of an error. Those of the local machine name its paths, which concern nobody else; a wrong clock can't sign. */
function refusalOf(step: string, { code, message }: SealiftError): Refusal | undefined {
  if (code === 'E_CLOCK') return undefined;
  const local: readonly string[] = [
    ...FAILURES.file.codes,
    ...FAILURES.internal.codes,
    'E_SOURCE',
    'E_SOURCE_CHANGED',
    'E_PERM',
    'E_PURGE',
  ];
  return { kind: 'refusal', step, code, message: local.includes(code) ? 'the step failed on this machine' : message };
}

/** Whether the same refusal was recorded since the job last went on. */
function repeats(story: Story, refusal: Refusal): boolean {
  for (const { signed } of story.entries.toReversed()) {
    const { statement } = signed;
    if (statement.kind !== 'refusal') return false;
    if (statement.step === refusal.step && statement.code === refusal.code && statement.message === refusal.message)
      return true;
  }
  return false;
}

async function keepInstructions(folder: string, { document, signed }: VerifiedInstructions): Promise<void> {
  const path = join(folder, `instructions.${signed.version}.json`);
  if ((await lookAt(path)) === undefined) await createFile(path, readableDocument(document), 0o644);
}

/** A job that the ledger saw extracted must show that very extraction: another workspace can't start it again. */
async function requireSameExtraction(story: Story, ledger: Ledger): Promise<void> {
  const remembered = (await ledger.find(currentInstructions(story)))?.extraction;
  const here = story.progress.extraction?.entry;
  if (remembered === undefined && here !== undefined) await ledger.recordExtraction(currentInstructions(story), here);
  if (remembered !== undefined && remembered !== here) {
    throw new SealiftError('E_REPLAY', `job ${story.chain.job} was extracted before, and not in this workspace`, {
      hint: 'go on in the workspace of that extraction, or ask the laboratory for a new job id',
    });
  }
}
