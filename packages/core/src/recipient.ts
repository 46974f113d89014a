/** The recipients: who may decrypt, the new system's operator or the laboratory itself. */
import { SealiftError } from './errors.ts';
import type { Identity, IdentityDocument } from './identity.ts';
import type { Fingerprint, UtcTime } from './ids.ts';
import type { VerifiedInstructions } from './instructions.ts';
import { requireNotRevoked } from './party.ts';

/** Who may decrypt. */
export interface RecipientEntry {
  readonly name: string;
  readonly identity: IdentityDocument;
  readonly sshKey: string;
  readonly account: string;
  readonly country: string;
  readonly expires?: UtcTime;
}

/** A recipient with checked keys. */
export interface Recipient {
  readonly entry: RecipientEntry;
  readonly identity: Identity;
}

/**
 * Finds the recipient that a fingerprint names, neither revoked nor expired at a time.
 * @throws E_ROLE, E_REVOKED
 */
export function requireRecipient(instructions: VerifiedInstructions, fingerprint: Fingerprint, at: UtcTime): Recipient {
  const recipient = instructions.recipients.get(fingerprint);
  if (recipient === undefined) {
    throw new SealiftError('E_ROLE', 'this identity is not a recipient of these instructions', {
      hint: `the laboratory must name fingerprint ${fingerprint} in new instructions`,
    });
  }
  requireNotRevoked(instructions, fingerprint, recipient.entry.name, at);
  if (recipient.entry.expires !== undefined && at >= recipient.entry.expires) {
    throw new SealiftError('E_REVOKED', `recipient ${recipient.entry.name} expired on ${recipient.entry.expires}`);
  }
  return recipient;
}

/** All recipients, each checked as in {@link requireRecipient}. @throws E_REVOKED */
export function requireRecipients(instructions: VerifiedInstructions, at: UtcTime): Recipient[] {
  return [...instructions.recipients.keys()].map((fingerprint) => requireRecipient(instructions, fingerprint, at));
}
