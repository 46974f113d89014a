/**
 * Replays a journal from its first entry: chain, signatures, roles, times, order of steps, agreement (doc/format.md section 13).
 * The processor's own commands and everyone's `verify` read a journal by this one path.
 */
import { documentDigest, verifiedSigners } from '../envelope.ts';
import { SealiftError } from '../errors.ts';
import type { Digest, Fingerprint, UtcTime } from '../ids.ts';
import type { VerifiedInstructions } from '../instructions.ts';
import { requireOperator, requireRecipient } from '../party.ts';
import { requireController } from '../roster.ts';
import type { EmbeddedStatement, Statement } from '../statement.ts';
import {
  checkApproval,
  checkDelivery,
  checkExtraction,
  checkImport,
  checkPurge,
  checkReceipt,
  checkValidation,
} from './agreement.ts';
import { type ChainHead, chainAfter, chainStart, checkChain, type EntryDocument } from './entry.ts';
import { NO_PROGRESS, type Procedure, type Progress, requireAllowed } from './state.ts';

/** A journal whose every entry holds. */
export interface Story {
  /** Every version acted under, rising; the last is in force. */
  readonly versions: readonly VerifiedInstructions[];
  readonly entries: readonly EntryDocument[];
  /** Who appended each entry. */
  readonly appendedBy: readonly Fingerprint[];
  readonly chain: ChainHead;
  readonly progress: Progress;
  /** Every head the chain has had, for the documents of other parties. */
  readonly heads: ReadonlySet<Digest>;
}

/** The instructions in force at the end of a story. */
export function currentInstructions(story: Story): VerifiedInstructions {
  const last = story.versions.at(-1);
  if (last === undefined) throw new SealiftError('E_INTERNAL', 'a story without instructions');
  return last;
}

/** The order of steps under given instructions. */
export function procedureOf(instructions: VerifiedInstructions): Procedure {
  return { gates: instructions.signed.gates, recipients: [...instructions.recipients.keys()] };
}

/** A story before its first entry. */
export function beginStory(instructions: VerifiedInstructions): Story {
  const chain = chainStart(instructions.signed.job, instructions.digest);
  return {
    versions: [instructions],
    entries: [],
    appendedBy: [],
    chain,
    progress: NO_PROGRESS,
    heads: new Set([chain.head]),
  };
}

/**
 * Replays entries under the versions of the instructions that they name.
 * @throws E_CHAIN, E_ROLE, E_SIG, E_REVOKED, E_STATE, E_TIME and what the agreement checks throw
 */
export function replayJournal(versions: readonly VerifiedInstructions[], entries: readonly EntryDocument[]): Story {
  const [first, ...later] = versions;
  if (first === undefined) throw new SealiftError('E_CHAIN', 'the journal has no instructions');
  let story = beginStory(first);
  const waiting = [...later];
  for (const entry of entries) {
    if (entry.signed.instructions !== currentInstructions(story).digest) {
      const next = waiting.shift();
      if (next === undefined || next.digest !== entry.signed.instructions) {
        throw new SealiftError(
          'E_CHAIN',
          `journal entry ${entry.signed.seq} names instructions that are not the next version`,
        );
      }
      story = adoptInstructions(story, next);
    }
    story = appendToStory(story, entry);
  }
  if (waiting.length > 0) throw new SealiftError('E_CHAIN', 'there are instructions under which nobody acted');
  return story;
}

/**
 * Goes over to a newer version of the instructions.
 * @throws E_ROLLBACK, E_MISMATCH for another job or laboratory, E_STATE when the scope changes after the extraction
 */
export function adoptInstructions(story: Story, next: VerifiedInstructions): Story {
  const now = currentInstructions(story);
  if (next.signed.job !== now.signed.job) throw new SealiftError('E_MISMATCH', 'the instructions are of another job');
  if (next.signed.version <= now.signed.version) {
    throw new SealiftError(
      'E_ROLLBACK',
      `version ${next.signed.version} does not come after version ${now.signed.version}`,
    );
  }
  const scope = ({ signed }: VerifiedInstructions): Digest =>
    documentDigest({ type: 'scope', datasets: signed.datasets, recipients: signed.recipients, suite: signed.suite });
  if (story.progress.extraction !== undefined && scope(next) !== scope(now)) {
    throw new SealiftError('E_STATE', 'datasets, recipients or suite changed after the extraction', {
      hint: 'a new scope is a new job: ask the laboratory for instructions with another job id',
    });
  }
  return { ...story, versions: [...story.versions, next] };
}

/** Adds one entry to a story, with every check. */
export function appendToStory(story: Story, entry: EntryDocument): Story {
  const instructions = currentInstructions(story);
  checkChain(story.chain, entry);
  const appendedBy = signerOf(entry, instructions);
  const progress = advance(story, entry);
  const chain = chainAfter(entry);
  return {
    versions: story.versions,
    entries: [...story.entries, entry],
    appendedBy: [...story.appendedBy, appendedBy],
    chain,
    progress,
    heads: new Set(story.heads).add(chain.head),
  };
}

function signerOf(entry: EntryDocument, instructions: VerifiedInstructions): Fingerprint {
  const operators = new Map([...instructions.operators].map(([key, { identity }]) => [key, identity]));
  const [signer, ...others] = verifiedSigners(entry, operators);
  if (signer === undefined || others.length > 0 || entry.signatures.length !== 1) {
    throw new SealiftError(
      'E_ROLE',
      `journal entry ${entry.signed.seq} is not signed by one operator of its instructions`,
    );
  }
  requireOperator(instructions, signer, entry.signed.time);
  return signer;
}

function advance(story: Story, entry: EntryDocument): Progress {
  const { progress } = story;
  const { statement, time } = entry.signed;
  const instructions = currentInstructions(story);
  const procedure = procedureOf(instructions);
  requireAllowed(statement.kind, progress, procedure, recipientOf(statement));
  if ('document' in statement) return advanceByDocument(story, statement, time);
  switch (statement.kind) {
    case 'extraction':
      requireTime(instructions, time, 'extraction');
      checkExtraction(statement, instructions);
      return { ...progress, extraction: { entry: documentDigest(entry.signed), statement } };
    case 'delivery':
      requireTime(instructions, time, 'delivery');
      checkDelivery(statement, progress, instructions);
      return { ...progress, delivery: statement };
    case 'purge':
      checkPurge(statement, { progress, procedure, instructions, time });
      return { ...progress, purge: statement };
    case 'abort':
      return { ...progress, ended: 'aborted' };
    case 'disposal':
    case 'repair':
    case 'refusal':
    case 'alert':
      return progress;
  }
}

function advanceByDocument(story: Story, statement: EmbeddedStatement, time: UtcTime): Progress {
  const { progress } = story;
  checkSeen(story, statement, time);
  switch (statement.kind) {
    case 'approval':
      checkApproval(statement.document.signed, progress);
      return { ...progress, approved: true };
    case 'receipt': {
      const receipt = statement.document.signed;
      checkReceipt(receipt, progress);
      return { ...progress, receipts: new Map(progress.receipts).set(receipt.recipient, receipt) };
    }
    case 'import': {
      const loaded = statement.document.signed;
      const complete = checkImport(loaded, progress);
      return complete ? { ...progress, imports: new Map(progress.imports).set(loaded.recipient, loaded) } : progress;
    }
    case 'validation':
      checkValidation(statement.document.signed, progress);
      return { ...progress, validation: statement.document.signed };
    case 'revocation':
      return { ...progress, ended: 'revoked' };
  }
}

/** Who signed, what they saw, and when. */
function checkSeen(story: Story, statement: EmbeddedStatement, time: UtcTime): void {
  const { kind, document } = statement;
  const { job, instructions: digest, head, time: seenAt } = document.signed;
  const instructions = story.versions.find((version) => version.digest === digest);
  if (job !== story.chain.job || instructions === undefined) {
    throw new SealiftError('E_MISMATCH', `the ${kind} is of another job or of other instructions`);
  }
  if (!story.heads.has(head)) {
    throw new SealiftError('E_CHAIN', `the ${kind} names a journal that this one is not a continuation of`, {
      hint: 'the journal was rewritten after that party saw it, or the document is of another job',
    });
  }
  if (kind === 'receipt' || kind === 'import') {
    const { entry, identity } = requireRecipient(instructions, document.signed.recipient, seenAt);
    const signers = verifiedSigners(document, new Map([[identity.fingerprint, identity]]));
    if (!signers.has(identity.fingerprint)) {
      throw new SealiftError('E_ROLE', `the ${kind} is not signed by recipient ${entry.name}`);
    }
  } else {
    requireController(instructions.roster, document);
  }
  if (kind === 'approval' || kind === 'receipt') requireTime(instructions, seenAt, kind);
  if (seenAt > addHour(time)) throw new SealiftError('E_CLOCK', `the ${kind} is dated after the entry that took it in`);
}

const recipientOf = (statement: Statement): Fingerprint | undefined =>
  statement.kind === 'receipt' || statement.kind === 'import' ? statement.document.signed.recipient : undefined;

function requireTime(instructions: VerifiedInstructions, time: UtcTime, step: string): void {
  const { notBefore, expires } = instructions.signed;
  if (time < notBefore || time >= expires) {
    throw new SealiftError(
      'E_TIME',
      `${step} at ${time}, and the instructions hold from ${notBefore} until ${expires}`,
    );
  }
}

/** Clocks of two parties may differ by an hour (design: more is an alert). */
function addHour(time: UtcTime): string {
  return new Date(Date.parse(time) + 3_600_000).toISOString().replace('.000Z', 'Z');
}
