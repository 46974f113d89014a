/** Entries of the journal: numbered, chained by digest, each signed by the operator that appends it (doc/format.md section 12). */
import { documentDigest, type SignedDocument, type Signer, signDocument } from '../envelope.ts';
import { SealiftError } from '../errors.ts';
import type { Digest, JobId, UtcTime } from '../ids.ts';
import type { Statement } from '../statement.ts';

/** The members of an entry. */
export interface Entry {
  readonly type: 'sealift.entry.v1';
  readonly job: JobId;
  readonly seq: number;
  readonly time: UtcTime;
  /** Digest of the entry before, or of the first instructions. */
  readonly prev: Digest;
  /** Digest of the instructions acted under. */
  readonly instructions: Digest;
  readonly statement: Statement;
}

/** An entry as a line of `journal.jsonl` holds it. */
export type EntryDocument = SignedDocument<Entry>;

/** Where a chain stands: the number of entries, the digest of the last, its time. */
export interface ChainHead {
  readonly job: JobId;
  readonly seq: number;
  readonly head: Digest;
  readonly time: UtcTime | undefined;
}

/** The chain before its first entry: its head is the digest of the first instructions. */
export function chainStart(job: JobId, instructions: Digest): ChainHead {
  return { job, seq: 0, head: instructions, time: undefined };
}

/** The chain after an entry. */
export function chainAfter(entry: EntryDocument): ChainHead {
  const { job, seq, time } = entry.signed;
  return { job, seq: seq + 1, head: documentDigest(entry.signed), time };
}

/**
 * Makes the next entry of a chain.
 * @throws E_CLOCK when the clock stands before the last entry
 */
export function nextEntry(
  chain: ChainHead,
  statement: Statement,
  by: { readonly signer: Signer; readonly instructions: Digest; readonly time: UtcTime },
): EntryDocument {
  if (chain.time !== undefined && by.time < chain.time) {
    throw new SealiftError('E_CLOCK', `the clock says ${by.time}, before the journal's last entry at ${chain.time}`, {
      hint: "set this machine's clock, then run the command again",
    });
  }
  const { job, seq, head: prev } = chain;
  const { instructions, time } = by;
  return signDocument({ type: 'sealift.entry.v1', job, seq, time, prev, instructions, statement }, by.signer);
}

/**
 * Checks that an entry is the next of a chain.
 * @throws E_CHAIN, naming the index
 */
export function checkChain(chain: ChainHead, entry: EntryDocument): void {
  const { job, seq, prev, time } = entry.signed;
  const broken =
    job !== chain.job
      ? 'is of another job'
      : seq !== chain.seq
        ? `has number ${seq}`
        : prev !== chain.head
          ? 'does not follow from the entry before'
          : chain.time !== undefined && time < chain.time
            ? 'is older than the entry before'
            : undefined;
  if (broken !== undefined) {
    throw new SealiftError('E_CHAIN', `journal entry ${chain.seq} ${broken}`, {
      hint: 'an entry was changed, moved or removed: compare with the manifests that other parties hold',
    });
  }
}
