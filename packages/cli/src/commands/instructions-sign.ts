/** `migrate instructions sign`: adds the signature of one signer of the laboratory. */
import { resolve } from 'node:path';
import { documentDigest } from '@sealift/core/document';
import type { Digest, Fingerprint, JobId } from '@sealift/core/ids';
import { createFile, replaceFile } from '@sealift/core/node';
import type { VerifiedRoster } from '@sealift/core/roster';
import { type Draft, requireSignable, requireSigner, type SignedDraft, signDraft } from '@sealift/core/signing';
import type { Context } from '../context.ts';
import { readDraftFile } from '../draft-file.ts';
import { type ClosedIdentity, closedIdentity } from '../identity-source.ts';
import type { Input } from '../input.ts';
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
  const draft = await readDraftFile(resolve(context.cwd, file));
  const roster = await rosterFor(draft.document.signed.lab.id, input, context);
  requireSignable(draft.document, roster, context.now());
  const identity = await closedIdentity(input, context);
  requireSigner(identity.identity, roster);

  const signed = await signedWith(identity, draft, roster);
  const bytes = new TextEncoder().encode(signed.draft.text);
  const output = input.optional('output');
  if (output === undefined) await replaceFile(resolve(context.cwd, file), bytes, PUBLIC_MODE);
  else await createFile(resolve(context.cwd, output), bytes, PUBLIC_MODE);
  return resultOf(output ?? file, signed, roster);
}

async function signedWith(identity: ClosedIdentity, draft: Draft, roster: VerifiedRoster): Promise<SignedDraft> {
  const secret = await identity.open();
  try {
    return signDraft(draft, roster, secret);
  } finally {
    secret.wipe();
  }
}

function resultOf(
  file: string,
  { draft, signedBy, missing }: SignedDraft,
  { document, signers }: VerifiedRoster,
): InstructionsSignResult {
  const { signed } = draft.document;
  return {
    file,
    job: signed.job,
    version: signed.version,
    digest: documentDigest(signed),
    signedBy: [...signedBy].map((fingerprint) => ({ name: signers.get(fingerprint)?.name ?? '', fingerprint })),
    threshold: document.signed.threshold,
    missing,
  };
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
