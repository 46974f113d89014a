/** The processor: the vendor, who acts through named operators with one key of each kind and one account each (F05, F27, F43). */
import { SealiftError } from './errors.ts';
import type { Identity, IdentityDocument } from './identity.ts';
import type { CalendarDate, Fingerprint, UtcTime } from './ids.ts';
import type { VerifiedInstructions } from './instructions.ts';
import { requireNotRevoked } from './party.ts';

/** A named person or service of the processor, with one key of each kind and one account (F27, F43). */
export interface OperatorEntry {
  readonly name: string;
  readonly identity: IdentityDocument;
  readonly sshKey: string;
  readonly account: string;
  /** The date of the confidentiality undertaking. */
  readonly undertaking: CalendarDate;
  /** A service that may purge without anyone watching. */
  readonly unattended: boolean;
}

/** An operator with checked keys. */
export interface Operator {
  readonly entry: OperatorEntry;
  readonly identity: Identity;
}

/**
 * Finds the operator that a fingerprint names, not revoked at a time.
 * @throws E_ROLE, E_REVOKED
 */
export function requireOperator(instructions: VerifiedInstructions, fingerprint: Fingerprint, at: UtcTime): Operator {
  const operator = instructions.operators.get(fingerprint);
  if (operator === undefined) {
    throw new SealiftError('E_ROLE', 'this identity is not an operator of these instructions', {
      hint: `the laboratory must name fingerprint ${fingerprint} in new instructions`,
    });
  }
  requireNotRevoked(instructions, fingerprint, operator.entry.name, at);
  return operator;
}

/**
 * Finds the operator that a fingerprint names, who must be one that may delete: a service that the instructions mark as unattended.
 * @throws E_ROLE, E_REVOKED
 */
export function requireUnattended(instructions: VerifiedInstructions, fingerprint: Fingerprint, at: UtcTime): Operator {
  const operator = requireOperator(instructions, fingerprint, at);
  if (operator.entry.unattended) return operator;
  throw new SealiftError(
    'E_ROLE',
    `the identity of ${operator.entry.name} is not an unattended one of these instructions`,
    { hint: 'run the purge with the service identity that the instructions mark as unattended' },
  );
}
