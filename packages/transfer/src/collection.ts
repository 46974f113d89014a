/** Collects what the recipients put on the server, checks it, and takes it into the journal (design §7). */
import { SealiftError } from '@sealift/core';
import { documentDigest } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import type { Fingerprint } from '@sealift/core/ids';
import { missingForPurge, procedureOf } from '@sealift/core/journal';
import { embed } from '@sealift/core/manifest';
import type { Job } from '@sealift/core/node/workspace';
import type { PartyDocument } from '@sealift/core/statement';
import type { Remote } from './remote.ts';
import { fetchStatement, type RecipientStatement } from './sealed-statement.ts';

/** A statement that was found on the server. */
export interface Collected {
  readonly kind: RecipientStatement;
  readonly recipient: Fingerprint;
  /** Whether it is in the journal since now. */
  readonly taken: boolean;
  /** Why it gates nothing: it was refused, or it names fewer rows than were received (E_COUNT). */
  readonly problem?: SealiftError;
}

/**
 * Looks for every receipt and import that does not count yet. A false one is refused, recorded and left where it is; one that names
 * fewer rows than were received is taken in once. Neither gates anything.
 * @throws E_REMOTE
 */
export async function collectStatements(job: Job, remote: Remote, secret: SecretIdentity): Promise<Collected[]> {
  const collected: Collected[] = [];
  if (job.story.progress.delivery === undefined) return collected;
  for (const recipient of job.instructions.recipients.keys()) {
    for (const kind of ['receipt', 'import'] as const) {
      if (has(job, kind, recipient) || (kind === 'import' && !has(job, 'receipt', recipient))) continue;
      const result = await collectOne(job, { remote, secret, recipient, kind });
      if (result !== undefined) collected.push(result);
    }
  }
  return collected;
}

async function collectOne(
  job: Job,
  from: { remote: Remote; secret: SecretIdentity; recipient: Fingerprint; kind: RecipientStatement },
): Promise<Collected | undefined> {
  const { remote, secret, recipient, kind } = from;
  try {
    const document = await fetchStatement(remote, { instructions: job.instructions, recipient, kind }, secret);
    if (document === undefined) return undefined;
    if (document.signed.recipient !== recipient) {
      throw new SealiftError('E_ACK', `the ${kind} lies in the folder of another recipient`, {
        hint: 'nothing is purged on it',
      });
    }
    const taken = !isInJournal(job, document);
    if (taken) await job.append(embed(document));
    return has(job, kind, recipient) ? { kind, recipient, taken } : { kind, recipient, taken, problem: incomplete() };
  } catch (cause) {
    if (!(cause instanceof SealiftError) || cause.code === 'E_REMOTE') throw cause;
    await job.refuse(`accept ${kind}`, cause);
    return { kind, recipient, taken: false, problem: cause };
  }
}

function has(job: Job, kind: RecipientStatement, recipient: Fingerprint): boolean {
  const { receipts, imports } = job.story.progress;
  return (kind === 'receipt' ? receipts : imports).has(recipient);
}

function isInJournal({ story }: Job, document: PartyDocument): boolean {
  const digest = documentDigest(document.signed);
  return story.entries.some(
    ({ signed: { statement } }) => 'document' in statement && documentDigest(statement.document.signed) === digest,
  );
}

function incomplete(): SealiftError {
  return new SealiftError('E_COUNT', 'the import names fewer rows than were received', {
    hint: 'nothing is purged; once the recipient has loaded the rest, take in its new statement with "migrate accept"',
  });
}

/** Whether every statement that gates the purge is there. */
export function isPurgeable({ story, instructions }: Job): boolean {
  const { progress } = story;
  if (progress.purge !== undefined) return false;
  if (progress.ended !== undefined) return true;
  return progress.delivery !== undefined && missingForPurge(progress, procedureOf(instructions)).length === 0;
}
