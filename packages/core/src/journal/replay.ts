/**
 * Replays a journal from its first entry: chain, signatures, roles, times, order of steps, agreement (doc/format.md section 13).
 * The processor's own commands and everyone's `verify` read a journal by this one path.
 */

import { requireController } from '../controller.ts';
import { documentDigest, verifiedSigners } from '../envelope.ts';
import { SealiftError } from '../errors.ts';
import { type Digest, type Fingerprint, timeValue, type UtcTime } from '../ids.ts';
import { requireInForce, type VerifiedInstructions } from '../instructions.ts';
import { identitiesOf } from '../party.ts';
import { requireOperator, requireUnattended } from '../processor.ts';
import { requireRecipient, requireRecipients } from '../recipient.ts';
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
import { checkDisposal } from './disposal.ts';
import { type ChainHead, chainAfter, chainStart, checkChain, type EntryDocument } from './entry.ts';
import { NO_PROGRESS, type Procedure, type Progress, requireAllowed } from './state.ts';

/** How far apart the clocks of two parties may be (design: more is an alert). */
const CLOCK_TOLERANCE_MS = 3_600_000;

/** A journal whose every entry holds. */
export interface Story {
  /** Every version acted under, rising; the last is in force. */
  readonly versions: readonly VerifiedInstructions[];
  readonly entries: readonly EntryDocument[];
  /** Who appended each entry. */
  readonly appendedBy: readonly Fingerprint[];
  readonly chain: ChainHead;
  readonly progress: Progress;
  /** Every head the chain has had, with the number of entries up to it, for the documents of other parties. */
  readonly heads: ReadonlyMap<Digest, number>;
}

/** A story that is being told: the same, growing in place, so that a long journal takes linear time. */
interface Draft extends Story {
  readonly versions: VerifiedInstructions[];
  readonly entries: EntryDocument[];
  readonly appendedBy: Fingerprint[];
  readonly heads: Map<Digest, number>;
  chain: ChainHead;
  progress: Progress;
}

/**
 * The instructions in force at the end of a story.
 * @throws E_INTERNAL for a story without any
 */
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
    heads: new Map([[chain.head, 0]]),
  };
}

function draftOf(story: Story): Draft {
  const { versions, entries, appendedBy, heads } = story;
  return {
    ...story,
    versions: [...versions],
    entries: [...entries],
    appendedBy: [...appendedBy],
    heads: new Map(heads),
  };
}

/**
 * Replays entries under the versions of the instructions that they name. After the last entry one newer version may be in force
 * under which nobody has acted yet.
 * @throws E_CHAIN, E_ROLE, E_SIG, E_REVOKED, E_STATE, E_TIME, E_CONTRACT, E_CLOCK, what {@link adoptInstructions} and the
 * agreement checks throw
 */
export function replayJournal(versions: readonly VerifiedInstructions[], entries: readonly EntryDocument[]): Story {
  const [first, ...later] = versions;
  if (first === undefined) throw new SealiftError('E_CHAIN', 'the journal has no instructions');
  const draft = draftOf(beginStory(first));
  for (const entry of entries) {
    const [next] = later;
    if (next !== undefined && entry.signed.instructions === next.digest) {
      adopt(draft, next);
      later.shift();
    }
    appendNumbered(draft, entry);
  }
  const [waiting, ...unused] = later;
  if (unused.length > 0) throw new SealiftError('E_CHAIN', 'there are instructions under which nobody acted');
  if (waiting !== undefined) adopt(draft, waiting);
  return draft;
}

/**
 * Goes over to a newer version of the instructions.
 * @throws E_ROLLBACK, E_MISMATCH for another job, E_LAB for another laboratory or another version of its roster, E_STATE when the
 * scope changes after the extraction
 */
export function adoptInstructions(story: Story, next: VerifiedInstructions): Story {
  const draft = draftOf(story);
  adopt(draft, next);
  return draft;
}

/** Adds one entry to a story, with every check. @throws as {@link replayJournal} */
export function appendToStory(story: Story, entry: EntryDocument): Story {
  const draft = draftOf(story);
  append(draft, entry);
  return draft;
}

function adopt(draft: Draft, next: VerifiedInstructions): void {
  const now = currentInstructions(draft);
  if (next.signed.job !== now.signed.job) throw new SealiftError('E_MISMATCH', 'the instructions are of another job');
  if (next.roster.digest !== now.roster.digest) {
    throw new SealiftError('E_LAB', 'the instructions were signed under another roster than the job began with', {
      hint: 'a manifest is verified under one roster: ask the laboratory for instructions with another job id',
    });
  }
  if (next.signed.version <= now.signed.version) {
    throw new SealiftError(
      'E_ROLLBACK',
      `version ${next.signed.version} does not come after version ${now.signed.version}`,
    );
  }
  const scope = ({ signed }: VerifiedInstructions): Digest =>
    documentDigest({ type: 'scope', datasets: signed.datasets, recipients: signed.recipients, suite: signed.suite });
  if (draft.progress.extraction !== undefined && scope(next) !== scope(now)) {
    throw new SealiftError('E_STATE', 'datasets, recipients or suite changed after the extraction', {
      hint: 'a new scope is a new job: ask the laboratory for instructions with another job id',
    });
  }
  draft.versions.push(next);
}

/** Whoever replays many entries must learn which of them does not hold. */
function appendNumbered(draft: Draft, entry: EntryDocument): void {
  const name = `journal entry ${draft.chain.seq}`;
  try {
    append(draft, entry);
  } catch (cause) {
    if (!(cause instanceof SealiftError) || cause.message.startsWith(name)) throw cause;
    const { code, message, hint, place } = cause;
    throw new SealiftError(code, `${name}: ${message}`, { hint, place, cause });
  }
}

function append(draft: Draft, entry: EntryDocument): void {
  const instructions = currentInstructions(draft);
  checkChain(draft.chain, entry);
  if (entry.signed.instructions !== instructions.digest) {
    throw new SealiftError('E_CHAIN', `journal entry ${draft.chain.seq} names instructions that are not in force`);
  }
  const appendedBy = signerOf(entry, instructions);
  draft.progress = advance(draft, entry, appendedBy);
  draft.chain = chainAfter(entry);
  draft.entries.push(entry);
  draft.appendedBy.push(appendedBy);
  draft.heads.set(draft.chain.head, draft.chain.seq);
}

function signerOf(entry: EntryDocument, instructions: VerifiedInstructions): Fingerprint {
  const [signer] = verifiedSigners(entry, identitiesOf(instructions.operators));
  if (signer === undefined || entry.signatures.length !== 1) {
    throw new SealiftError(
      'E_ROLE',
      `journal entry ${entry.signed.seq} is not signed by one operator of its instructions`,
    );
  }
  requireOperator(instructions, signer, entry.signed.time);
  return signer;
}

function advance(story: Story, entry: EntryDocument, appendedBy: Fingerprint): Progress {
  const { progress } = story;
  const { statement, time } = entry.signed;
  const instructions = currentInstructions(story);
  const procedure = procedureOf(instructions);
  requireAllowed(statement.kind, progress, procedure, recipientOf(statement));
  if ('document' in statement) return advanceByDocument(story, statement, time);
  switch (statement.kind) {
    case 'extraction':
      requireInForce(instructions, statement.started);
      requireInForce(instructions, time);
      requireRecipients(instructions, time);
      checkExtraction(statement, instructions, time);
      return { ...progress, extraction: { entry: documentDigest(entry.signed), seq: entry.signed.seq, statement } };
    case 'delivery':
      requireInForce(instructions, time);
      requireRecipients(instructions, time);
      checkDelivery(statement, progress, { instructions, operator: requireOperator(instructions, appendedBy, time) });
      return { ...progress, delivery: statement };
    case 'purge':
      requireUnattended(instructions, appendedBy, time);
      checkPurge(statement, { progress, procedure, instructions, time });
      return { ...progress, purge: statement };
    case 'abort':
      return { ...progress, ended: 'aborted' };
    case 'disposal':
      checkDisposal(statement, progress, procedure);
      return { ...progress, disposed: new Set([...progress.disposed, statement.dataset]) };
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
  const { job, instructions: digest, time: seenAt } = document.signed;
  const instructions = story.versions.find((version) => version.digest === digest);
  if (job !== story.chain.job || instructions === undefined) {
    const code = kind === 'receipt' || kind === 'import' ? 'E_ACK' : 'E_MISMATCH';
    throw new SealiftError(code, `the ${kind} is of another job or of other instructions`);
  }
  checkSeenHead(story, statement);
  checkAuthor(story, statement);
  if (kind === 'approval' || kind === 'receipt') requireInForce(instructions, seenAt);
  if (timeValue(seenAt) > timeValue(time) + CLOCK_TOLERANCE_MS) {
    throw new SealiftError('E_CLOCK', `the ${kind} is dated ${seenAt}, after the entry of ${time} that takes it in`, {
      hint: 'one of the two clocks is wrong: compare them, then take the document in again',
    });
  }
}

/** Whoever states something about an extraction has seen it; a revocation may come before. */
function checkSeenHead({ heads, progress }: Story, { kind, document }: EmbeddedStatement): void {
  const seen = heads.get(document.signed.head);
  if (seen === undefined) {
    throw new SealiftError('E_CHAIN', `the ${kind} names a journal that this one is not a continuation of`, {
      hint: 'the journal was rewritten after that party saw it, or the document is of another job',
    });
  }
  if (kind !== 'revocation' && seen <= (progress.extraction?.seq ?? 0)) {
    throw new SealiftError('E_CHAIN', `the ${kind} was signed on a journal without the extraction`, {
      hint: 'let its signer read the manifest first, then sign again',
    });
  }
}

/** The role must hold under the version in force, so that nobody revoked comes back by naming an older one. */
function checkAuthor(story: Story, { kind, document }: EmbeddedStatement): void {
  const instructions = currentInstructions(story);
  if (kind !== 'receipt' && kind !== 'import') {
    requireController(instructions.roster, document);
    return;
  }
  const { recipient, time } = document.signed;
  const { entry, identity } = requireRecipient(instructions, recipient, time);
  if (verifiedSigners(document, new Map([[identity.fingerprint, identity]])).size === 0) {
    throw new SealiftError('E_ROLE', `the ${kind} is not signed by recipient ${entry.name}`);
  }
}

const recipientOf = (statement: Statement): Fingerprint | undefined =>
  statement.kind === 'receipt' || statement.kind === 'import' ? statement.document.signed.recipient : undefined;
