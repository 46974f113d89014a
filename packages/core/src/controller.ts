/** The controller: the laboratory, whose word is a document that enough signers of its pinned roster have signed (doc/format.md §6). */
import { type SignedDocument, verifiedSigners } from './envelope.ts';
import { SealiftError } from './errors.ts';
import type { Fingerprint } from './ids.ts';
import type { VerifiedRoster } from './roster.ts';

/**
 * Requires that a document is signed by the controller: by at least the roster's threshold of different signers.
 * @returns the fingerprints of the signers that signed
 * @throws E_UNSIGNED, E_SIG, E_ROLE when nobody of the roster signed, E_THRESHOLD when too few did
 */
export function requireController(
  roster: VerifiedRoster,
  document: SignedDocument<{ readonly type: string }>,
): ReadonlySet<Fingerprint> {
  const signed = verifiedSigners(document, roster.signers);
  const { threshold, lab } = roster.document.signed;
  if (signed.size === 0) {
    throw new SealiftError('E_ROLE', `signed by nobody who may sign for ${lab.name}`, {
      hint: 'only a signer of the pinned roster can give this document effect',
    });
  }
  if (signed.size < threshold) {
    throw new SealiftError(
      'E_THRESHOLD',
      `signed by ${signed.size} of the ${threshold} signers that ${lab.name} requires`,
      {
        hint: 'let another signer of the roster sign the same file',
      },
    );
  }
  return signed;
}
