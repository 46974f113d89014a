/** Collects what the recipients put on the server, checks it, and takes it into the journal (design §7). */
import { type Fingerprint, SealiftError, type SecretIdentity } from '@sealift/core';
import { embed, missingForPurge, procedureOf } from '@sealift/core/journal';
import type { Job } from '@sealift/core/node';
import type { Remote } from './remote.ts';
import { fetchStatement, type RecipientStatement } from './sealed-statement.ts';

/** A statement that was taken in, or refused with its error. */
export interface Collected {
  readonly kind: RecipientStatement;
  readonly recipient: Fingerprint;
  readonly refused?: SealiftError;
}

/**
 * Looks for every receipt and import that is not in the journal yet. A false one is refused, recorded and left where it is; it gates nothing.
 * @throws E_REMOTE
 */
export async function collectStatements(job: Job, remote: Remote, secret: SecretIdentity): Promise<Collected[]> {
  const collected: Collected[] = [];
  if (job.story.progress.delivery === undefined) return collected;
  for (const recipient of job.instructions.recipients.keys()) {
    for (const kind of ['receipt', 'import'] as const) {
      if (has(job, kind, recipient)) continue;
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
    await job.append(embed(document));
    return { kind, recipient };
  } catch (cause) {
    if (!(cause instanceof SealiftError) || cause.code === 'E_REMOTE') throw cause;
    await job.refuse(`accept ${kind}`, cause);
    return { kind, recipient, refused: cause };
  }
}

function has(job: Job, kind: RecipientStatement, recipient: Fingerprint): boolean {
  const { receipts, imports } = job.story.progress;
  return (kind === 'receipt' ? receipts : imports).has(recipient);
}

/** Whether every statement that gates the purge is there. */
export function isPurgeable({ story, instructions }: Job): boolean {
  const { progress } = story;
  if (progress.purge !== undefined) return false;
  if (progress.ended !== undefined) return true;
  return progress.delivery !== undefined && missingForPurge(progress, procedureOf(instructions)).length === 0;
}
