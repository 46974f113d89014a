/** How far instructions are signed, as the page says it. */
import { verifiedSigners } from '@sealift/core/document';
import type { InstructionsDocument } from '@sealift/core/instructions';
import type { VerifiedRoster } from '@sealift/core/roster';
import type { SignatureStatus } from './page.ts';

/** The status under a roster, or without one. @throws E_SIG when a signature of the roster's doesn't hold */
export function signatureStatus(document: InstructionsDocument, roster: VerifiedRoster | undefined): SignatureStatus {
  if (document.signatures.length === 0) return { state: 'unsigned' };
  if (roster === undefined) return { state: 'unchecked', signatures: document.signatures.length };
  const signedBy = [...verifiedSigners(document, roster.signers)].map((fingerprint) => ({
    name: roster.signers.get(fingerprint)?.name ?? '',
    fingerprint,
  }));
  if (signedBy.length === 0) return { state: 'foreign' };
  const { threshold } = roster.document.signed;
  return { state: signedBy.length < threshold ? 'incomplete' : 'complete', signedBy, threshold };
}
