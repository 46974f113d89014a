/** Statements of the controller: made from a verified manifest, signed by a signer of the roster, completed by the next one. */
import { resolve } from 'node:path';
import { SealiftError } from '@sealift/core';
import { addSignature, documentDigest, type SignedDocument } from '@sealift/core/document';
import type { Story } from '@sealift/core/journal';
import type { Stating } from '@sealift/core/manifest';
import { createFile, lookAt, readableDocument, readDocumentFile, replaceFile } from '@sealift/core/node';
import { requireController } from '@sealift/core/roster';
import type { Context } from './context.ts';
import { closedIdentity } from './identity-source.ts';
import type { Input } from './input.ts';
import { verifiedManifest } from './manifest-source.ts';

/** The kinds of statements that only the controller makes. */
type ControllerType = 'sealift.approval.v1' | 'sealift.validation.v1' | 'sealift.revocation.v1';

/** A statement that says which chain head its signer saw, and when. */
type SeenDocument = SignedDocument<{ readonly type: string; readonly head: string; readonly time: string }>;

/** What every such command answers. */
export interface StatementResult {
  readonly job: string;
  readonly file: string;
  readonly signers: number;
  /** Signatures that are still needed for the roster's threshold. */
  readonly missing: number;
}

/**
 * Makes the statement and writes it to `-o`; where that file holds the same kind of statement already, adds a signature to it.
 * @throws E_ROLE when the identity is not on the roster, and what verifying the manifest throws
 */
export async function stateAsController<T extends ControllerType>(
  type: T,
  { input, context }: { input: Input; context: Context },
  make: (story: Story, by: Stating) => SeenDocument,
): Promise<{ readonly result: StatementResult; readonly story: Story }> {
  const { story, roster } = await verifiedManifest(input, context);
  const identity = await closedIdentity(input, context);
  if (!roster.signers.has(identity.fingerprint)) {
    throw new SealiftError('E_ROLE', `this identity does not sign for ${roster.document.signed.lab.name}`, {
      hint: 'only a signer of the roster can; a recipient or an operator never can',
    });
  }
  const secret = await identity.open();
  const file = input.text('output');
  const path = resolve(context.cwd, file);
  try {
    const former = (await lookAt(path)) === undefined ? undefined : (await readDocumentFile(path, type)).document;
    const made = make(story, { signer: secret, time: context.now() });
    const document = former === undefined ? made : addSignature(sameStatement(former, made, file), secret);
    if (former === undefined) await createFile(path, readableDocument(document), 0o644);
    else await replaceFile(path, readableDocument(document), 0o644);
    const { threshold } = roster.document.signed;
    const signers = document.signatures.length;
    if (signers >= threshold) requireController(roster, document);
    return { story, result: { job: story.chain.job, file, signers, missing: Math.max(0, threshold - signers) } };
  } finally {
    secret.wipe();
  }
}

/** A second signer signs what the first one did, and only if it says what this signer would say of the same manifest. */
function sameStatement(former: SeenDocument, made: SeenDocument, file: string): SeenDocument {
  const { head, time } = former.signed;
  if (documentDigest({ ...made.signed, head, time }) === documentDigest(former.signed)) return former;
  throw new SealiftError('E_MISMATCH', `${file} states something else than this manifest shows`, {
    hint: 'nothing was signed; name another file with -o, or ask who made this one',
  });
}
