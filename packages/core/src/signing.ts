/** What a signer of the laboratory does: checks before the signature, the signature, and what is still missing after it. */

import { type Draft, withSignatures } from './draft.ts';
import { addSignature, documentDigest, type SignedDocument, type Signer, verifiedSigners } from './envelope.ts';
import { SealiftError } from './errors.ts';
import type { Identity } from './identity.ts';
import type { Fingerprint, UtcTime } from './ids.ts';
import { checkInstructions, type InstructionsDocument, requireInForce, verifyInstructions } from './instructions.ts';
import { sameLab } from './lab.ts';
import type { VerifiedRoster } from './roster.ts';

/**
 * Requires that an identity signs for the laboratory of a roster.
 * @throws E_ROLE
 */
export function requireSigner(
  { fingerprint, name }: Pick<Identity, 'fingerprint' | 'name'>,
  { signers, document }: VerifiedRoster,
): void {
  if (signers.has(fingerprint)) return;
  throw new SealiftError('E_ROLE', `the identity of ${name} is not a signer of ${document.signed.lab.name}`, {
    hint: 'only an identity that the roster names signs for the laboratory; a recipient or an operator never does',
  });
}

/**
 * Requires that instructions, signed or not, name this roster: its laboratory and its very version.
 * @throws E_LAB
 */
export function requireOfRoster({ signed }: InstructionsDocument, { document, digest }: VerifiedRoster): void {
  const { lab } = document.signed;
  if (!sameLab(signed.lab.id, lab.id)) {
    throw new SealiftError(
      'E_LAB',
      `these instructions are of ${signed.lab.name}, and the roster is that of ${lab.name}`,
      {
        hint: 'name the roster of the laboratory that the instructions are for',
      },
    );
  }
  if (signed.lab.name !== lab.name) {
    throw new SealiftError(
      'E_LAB',
      `these instructions call the laboratory ${signed.lab.name}, and the roster ${lab.name}`,
      {
        hint: 'write the name as the roster has it',
      },
    );
  }
  if (signed.roster !== digest) {
    throw new SealiftError('E_LAB', 'these instructions were drawn up under another version of the roster', {
      hint: 'draft them again with the current roster',
    });
  }
}

/**
 * Requires that nothing would make a signature on these instructions worthless, but for the other signatures.
 * @throws E_SIG when a signature that is there doesn't hold, E_LAB, E_TIME, E_CONTRACT, and what checking instructions throws
 */
export function requireSignable(document: InstructionsDocument, roster: VerifiedRoster, now: UtcTime): void {
  requireOfRoster(document, roster);
  if (document.signatures.length > 0) verifiedSigners(document, roster.signers);
  const checked = checkInstructions(document.signed, roster);
  const { notBefore } = document.signed;
  // Signing ahead is usual; signing what has expired is a mistake.
  requireInForce({ ...checked, document, signedBy: new Set() }, now < notBefore ? notBefore : now);
}

/** Instructions with one more signature. */
export interface SignedDraft {
  readonly draft: Draft;
  /** The signers of the roster who have signed by now. */
  readonly signedBy: ReadonlySet<Fingerprint>;
  /** How many signatures the roster's threshold still asks for. */
  readonly missing: number;
}

/**
 * Signs instructions for the laboratory, everything else in the file as it was; once enough have signed, they are what everyone
 * else will accept.
 * @throws E_MISMATCH, and what {@link verifyInstructions} throws of a document that enough have signed
 */
export function signDraft(draft: Draft, roster: VerifiedRoster, signer: Signer): SignedDraft {
  const signed = withSignatures(draft, addSignature(draft.document, signer).signatures);
  const signedBy = verifiedSigners(signed.document, roster.signers);
  const missing = Math.max(roster.document.signed.threshold - signedBy.size, 0);
  if (missing === 0) verifyInstructions(signed.document, roster);
  return { draft: signed, signedBy, missing };
}

/** A statement that says which chain head its signer saw, and when. */
export type SeenDocument = SignedDocument<{ readonly type: string; readonly head: string; readonly time: string }>;

/**
 * Adds a second signer's signature to what the first one stated, and only if it says what this signer would say of the same
 * manifest: `made` is that. `file` is the name of the first one's statement.
 * @throws E_MISMATCH
 */
export function countersign(former: SeenDocument, made: SeenDocument, signer: Signer, file: string): SeenDocument {
  const { head, time } = former.signed;
  if (documentDigest({ ...made.signed, head, time }) !== documentDigest(former.signed)) {
    throw new SealiftError('E_MISMATCH', `${file} states something else than this manifest shows`, {
      hint: 'nothing was signed; name another file with -o, or ask who made this one',
    });
  }
  return addSignature(former, signer);
}
