/** A job that an operator works on: locked, read from its folder, and growing by checked statements. */
import { join } from 'node:path';
import type { Signer } from '../envelope.ts';
import { SealiftError } from '../errors.ts';
import type { Digest, UtcTime } from '../ids.ts';
import type { VerifiedInstructions } from '../instructions.ts';
import { type EntryDocument, nextEntry } from '../journal/entry.ts';
import { makeManifest } from '../journal/manifest.ts';
import { appendToStory, currentInstructions, type Story } from '../journal/replay.ts';
import { readableDocument } from '../readable-document.ts';
import type { Statement } from '../statement.ts';
import { alertOf, isAlerted, type ToldAlert } from './alert.ts';
import { readDocumentFile } from './document-file.ts';
import {
  JOURNAL_FILE,
  jobFolder,
  keepInstructions,
  keptVersions,
  MANIFEST_FILE,
  noJob,
  type OpenedJob,
  outFolder,
  type ReadStory,
  readStory,
} from './job-folder.ts';
import { appendToJournalFile, setTornTailAside, unrecordedTears } from './journal-file.ts';
import { extractedElsewhere, type Ledger } from './ledger.ts';
import { type Lock, takeLock } from './lock.ts';
import { refusalOf, remarkTime, repeats } from './refusal.ts';
import { makePrivateFolder } from './state-folder.ts';
import { replaceFile, sweepTemporaries } from './temporary-file.ts';
import type { TrustStore } from './trust-store.ts';

/** What decides whether a job may be believed: pinned rosters and the replay ledger. */
export interface Trust {
  readonly rosters: TrustStore;
  readonly ledger: Ledger;
}

/** The operator that acts, and when. */
export interface Acting {
  readonly signer: Signer;
  readonly now: () => UtcTime;
  /** Called with each alert, once it is in the journal. */
  readonly onAlert?: ((alert: ToldAlert) => Promise<void>) | undefined;
}

/** A job that is locked for this process and may grow. */
export class Job {
  readonly folder: string;
  readonly #lock: Lock;
  readonly #trust: Trust;
  readonly #acting: Acting;
  #story: Story;
  #wholeBytes: number;

  private constructor(
    folder: string,
    lock: Lock,
    how: { trust: Trust; acting: Acting },
    { story, wholeBytes }: ReadStory,
  ) {
    this.folder = folder;
    this.#lock = lock;
    this.#trust = how.trust;
    this.#acting = how.acting;
    this.#story = story;
    this.#wholeBytes = wholeBytes;
  }

  /**
   * Takes up a job under instructions: the first time it makes the folder, later it continues. The ledger admits the version
   * first; one that can't continue the job is not kept in its folder.
   * @throws E_LAB when the roster they were signed under is replaced, E_ROLLBACK, E_REPLAY, E_LOCKED and what {@link readJob} throws
   */
  static async take(workspace: string, instructions: VerifiedInstructions, trust: Trust, acting: Acting): Promise<Job> {
    await requireRosterInForce(instructions, trust);
    await trust.ledger.admit(instructions);
    const folder = jobFolder(workspace, instructions.signed.job);
    await makePrivateFolder(outFolder(folder));
    return Job.#underLock(folder, { trust, acting }, async () => {
      const read = await readStory(folder, trust.rosters, instructions);
      await keepInstructions(folder, instructions);
      return read;
    });
  }

  /** Opens a job that is there, for the next step. @throws E_LOCKED, E_REPLAY and what {@link readJob} throws */
  static async open(folder: string, trust: Trust, acting: Acting): Promise<Job> {
    if ((await keptVersions(folder)).length === 0) throw noJob(folder);
    return Job.#underLock(folder, { trust, acting }, () => readStory(folder, trust.rosters));
  }

  static async #underLock(
    folder: string,
    how: { trust: Trust; acting: Acting },
    read: () => Promise<ReadStory>,
  ): Promise<Job> {
    const lock = await takeLock(folder);
    try {
      const job = new Job(folder, lock, how, await read());
      await remember(job.story, how.trust.ledger);
      await sweepTemporaries(folder);
      await sweepTemporaries(job.out);
      await job.#completeManifest();
      return job;
    } catch (cause) {
      await lock.release();
      throw cause;
    }
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
   * @throws what `nextEntry` and `appendToStory` throw; E_SCHEMA for a statement that could not be read again; E_LIMIT, E_FILE
   */
  async append(statement: Statement): Promise<EntryDocument> {
    return this.#appendAt(statement, this.#acting.now);
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

  /**
   * Records a refusal, once for the same reason: a cron job that meets it every minute adds nothing. What can't be recorded (the
   * disk is full, the clock stands before the last entry) is passed over, so that the refusal itself is what people read.
   */
  async refuse(step: string, error: SealiftError): Promise<void> {
    const statement = refusalOf(step, error);
    if (repeats(this.#story, statement)) return;
    await this.#appendAt(statement, () => this.#remarkTime()).catch(passOver);
  }

  /**
   * Records that something needs a person, once a day for the same reason as long as it holds. What can't be recorded is passed over,
   * as by {@link refuse}.
   * @param time of the entry, where this machine's clock is what needs a person
   * @returns whether people must be told, now or again
   */
  async alert(error: SealiftError, time: UtcTime = this.#remarkTime()): Promise<boolean> {
    if (isAlerted(this.#story, error, time)) return false;
    const occasion = isAlerted(this.#story, error) ? 'repeated' : 'new';
    const alert = alertOf(error);
    await this.#appendAt(alert, () => time).catch(passOver);
    const { code, message } = alert;
    await this.#acting.onAlert?.({ job: this.instructions.signed.job, time, code, message, occasion });
    return true;
  }

  /** Writes `manifest.json` anew. @throws E_FILE */
  async writeManifest(now: () => UtcTime = this.#acting.now): Promise<void> {
    const manifest = makeManifest(this.#story, this.#acting.signer, now());
    await replaceFile(join(this.folder, MANIFEST_FILE), readableDocument(manifest), 0o644);
  }

  /** Gives the job free for other processes. */
  async release(): Promise<void> {
    await this.#lock.release();
  }

  /** A crash may have come between the last entry and the manifest. */
  async #completeManifest(): Promise<void> {
    const { chain, entries } = this.#story;
    if (entries.length === 0 || !this.instructions.operators.has(this.#acting.signer.fingerprint)) return;
    if ((await manifestHead(this.folder)) !== chain.head) await this.writeManifest();
  }

  #remarkTime(): UtcTime {
    return remarkTime(this.#story, this.instructions, this.#acting.now());
  }

  async #appendAt(statement: Statement, now: () => UtcTime): Promise<EntryDocument> {
    await this.#repair(now);
    const entry = await this.#appendEntry(statement, now);
    await remember(this.#story, this.#trust.ledger);
    await this.writeManifest(now);
    return entry;
  }

  async #repair(now: () => UtcTime): Promise<void> {
    const path = join(this.folder, JOURNAL_FILE);
    await setTornTailAside(path, { entries: this.#story.entries.length, wholeBytes: this.#wholeBytes });
    for (const repair of await unrecordedTears(path, this.#story.entries)) await this.#appendEntry(repair, now);
  }

  async #appendEntry(statement: Statement, now: () => UtcTime): Promise<EntryDocument> {
    const entry = nextEntry(this.#story.chain, statement, {
      signer: this.#acting.signer,
      instructions: this.instructions.digest,
      time: now(),
    });
    const story = appendToStory(this.#story, entry);
    this.#wholeBytes = await appendToJournalFile(join(this.folder, JOURNAL_FILE), entry, this.#wholeBytes);
    this.#story = story;
    return entry;
  }
}

/** The chain head that a job's manifest was made for; undefined when there is none that can be read. */
async function manifestHead(folder: string): Promise<Digest | undefined> {
  const read = await readDocumentFile(join(folder, MANIFEST_FILE), 'sealift.manifest.v1').catch(passOver);
  return read?.document.checkpoint.signed.head;
}

/** Passes over what was refused; a defect of the program goes on. */
function passOver(cause: unknown): undefined {
  if (!(cause instanceof SealiftError)) throw cause;
  return undefined;
}

/** Whether ledger and manifest say of a job that ended what its journal does: a crash may have come before they did. */
export async function isCaughtUp({ folder, story }: OpenedJob, ledger: Ledger): Promise<boolean> {
  const known = await ledger.find(currentInstructions(story));
  return known?.ended === true && (await manifestHead(folder)) === story.chain.head;
}

/** New instructions count only under the newest roster: a signer that the laboratory has removed signs nothing more. */
async function requireRosterInForce(instructions: VerifiedInstructions, { rosters, ledger }: Trust): Promise<void> {
  const newest = await rosters.require(instructions.signed.lab.id);
  if (instructions.roster.digest === newest.digest) return;
  if ((await ledger.find(instructions))?.digest === instructions.digest) return;
  throw new SealiftError('E_LAB', 'these instructions were signed under a roster that the laboratory has replaced', {
    hint: 'let the laboratory sign them again under its present roster',
  });
}

/**
 * Brings the ledger up to what the journal says, also after a crash between the two. A job that the ledger saw extracted must show that
 * very extraction: another workspace can't start it again.
 */
async function remember(story: Story, ledger: Ledger): Promise<void> {
  const instructions = currentInstructions(story);
  const { extraction, purge, ended } = story.progress;
  const known = await ledger.find(instructions);
  if (known?.extraction !== extraction?.entry) {
    if (extraction === undefined) throw extractedElsewhere(instructions);
    await ledger.recordExtraction(instructions, extraction.entry);
  }
  const isOver = purge !== undefined || ended !== undefined;
  if (isOver && known?.ended !== true) await ledger.end(instructions);
}
