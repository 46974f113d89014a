/** `migrate instructions sign`: adds the signature of one signer of the laboratory. */
import { resolve } from 'node:path';
import { SealiftError } from '@sealift/core';
import { addSignature, readDocument, verifiedSigners } from '@sealift/core/document';
import type { Digest, Fingerprint, JobId, UtcTime } from '@sealift/core/ids';
import {
  checkInstructions,
  type InstructionsDocument,
  requireInForce,
  verifyInstructions,
} from '@sealift/core/instructions';
import { createFile, replaceFile } from '@sealift/core/node';
import type { VerifiedRoster } from '@sealift/core/roster';
import type { Context } from '../context.ts';
import { type ClosedIdentity, closedIdentity } from '../identity-source.ts';
import type { Input } from '../input.ts';
import { readInstructions, withSignatures } from '../instructions-file.ts';
import { requireOfRoster } from '../instructions-roster.ts';
import { emphasised, type Line } from '../line.ts';
import { rosterFor } from '../roster-source.ts';

/** Who has signed now, and who still has to. */
export interface InstructionsSignResult {
  readonly file: string;
  readonly job: JobId;
  readonly version: number;
  readonly digest: Digest;
  readonly signedBy: readonly { readonly name: string; readonly fingerprint: Fingerprint }[];
  readonly threshold: number;
  /** How many signatures are still needed; 0 when the instructions are in effect from `notBefore` on. */
  readonly missing: number;
}

const PUBLIC_MODE = 0o644;

/**
 * Checks everything before it asks for a passphrase. Throws `E_ROLE` for a signer who is not on the roster, `E_LAB`, `E_TIME`,
 * `E_CONTRACT`, `E_SIG` when a signature that is there doesn't hold, `E_EXISTS`, and what checking instructions throws.
 */
export async function run(input: Input, context: Context): Promise<InstructionsSignResult> {
  const file = input.text('file');
  const found = await readInstructions(resolve(context.cwd, file));
  const { document } = found;
  const roster = await rosterFor(document.signed.lab.id, input, context);
  requireSignable(document, roster, context.now());
  const identity = await closedIdentity(input, context);
  requireSigner(identity, roster);

  const signed = await signedWith(identity, document);
  const bytes = new TextEncoder().encode(withSignatures(found, signed.signatures, file));
  const signers = verifiedSigners(readDocument(bytes, 'sealift.instructions.v1', file).document, roster.signers);
  const output = input.optional('output');
  if (output === undefined) await replaceFile(resolve(context.cwd, file), bytes, PUBLIC_MODE);
  else await createFile(resolve(context.cwd, output), bytes, PUBLIC_MODE);
  return resultOf(output ?? file, signed, roster, signers);
}

/** Everything that would make the signature worthless, but for the other signatures. */
function requireSignable(document: InstructionsDocument, roster: VerifiedRoster, now: UtcTime): void {
  requireOfRoster(document, roster);
  if (document.signatures.length > 0) verifiedSigners(document, roster.signers);
  const checked = checkInstructions(document.signed, roster);
  const { notBefore } = document.signed;
  // Signing ahead is usual; signing what has expired is a mistake.
  requireInForce({ ...checked, document, signedBy: new Set() }, now < notBefore ? notBefore : now);
}

function requireSigner({ identity }: ClosedIdentity, { signers, document }: VerifiedRoster): void {
  if (signers.has(identity.fingerprint)) return;
  throw new SealiftError('E_ROLE', `${identity.name} is not a signer of ${document.signed.lab.name}`, {
    hint: 'only an identity that the roster names gives instructions effect',
  });
}

async function signedWith(identity: ClosedIdentity, document: InstructionsDocument): Promise<InstructionsDocument> {
  const secret = await identity.open();
  try {
    return addSignature(document, secret);
  } finally {
    secret.wipe();
  }
}

function resultOf(
  file: string,
  document: InstructionsDocument,
  roster: VerifiedRoster,
  signers: ReadonlySet<Fingerprint>,
): InstructionsSignResult {
  const { threshold } = roster.document.signed;
  const missing = Math.max(threshold - signers.size, 0);
  const { job, version } = document.signed;
  // Once enough have signed, the document must be what everyone else will accept.
  const { digest } = missing === 0 ? verifyInstructions(document, roster) : checkInstructions(document.signed, roster);
  const signedBy = [...signers].map((fingerprint) => ({
    name: roster.signers.get(fingerprint)?.name ?? '',
    fingerprint,
  }));
  return { file, job, version, digest, signedBy, threshold, missing };
}

/** Job, digest and signatures. */
export function present({
  file,
  job,
  version,
  digest,
  signedBy,
  threshold,
  missing,
}: InstructionsSignResult): readonly Line[] {
  return [
    `instructions for job ${job}, version ${version}, in ${file}`,
    `digest:     ${digest}`,
    ...signedBy.map(({ name }) => `signed by:  ${name}`),
    missing === 0
      ? emphasised('good', `${signedBy.length} of ${threshold} required signatures: complete`)
      : emphasised('caution', `${signedBy.length} of ${threshold} required signatures: ${missing} more needed`),
  ];
}
