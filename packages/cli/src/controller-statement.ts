/** Statements of the controller: made from a verified manifest, signed by a signer of the roster, completed by the next one. */
import { resolve } from 'node:path';
import { readableDocument } from '@sealift/core/document';
import type { Story } from '@sealift/core/journal';
import type { Stating } from '@sealift/core/manifest';
import { createFile, lookAt, readDocumentFile, replaceFile } from '@sealift/core/node';
import { requireController } from '@sealift/core/roster';
import { countersign, requireSigner, type SeenDocument } from '@sealift/core/signing';
import { paragraph } from '@sealift/report/wrap';
import type { Context } from './context.ts';
import { closedIdentity } from './identity-source.ts';
import type { Input } from './input.ts';
import { emphasised, type Line } from './line.ts';
import { verifiedManifest } from './manifest-source.ts';

/** The kinds of statements that only the controller makes. */
type ControllerType = 'sealift.approval.v1' | 'sealift.validation.v1' | 'sealift.revocation.v1';

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
  requireSigner(identity.identity, roster);
  const secret = await identity.open();
  const file = input.text('output');
  const path = resolve(context.cwd, file);
  try {
    const former = (await lookAt(path)) === undefined ? undefined : (await readDocumentFile(path, type)).document;
    const made = make(story, { signer: secret, time: context.now() });
    const document = former === undefined ? made : countersign(former, made, secret, file);
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

/**
 * Who must sign as well, and what to do with the file.
 * @param verb what the other signers do with the same command
 * @param then what the processor runs once it has taken the file in
 */
export function presentNext({ file, missing }: StatementResult, verb: string, then: string = ''): readonly Line[] {
  const others = `${missing} more of the laboratory's signers must ${verb}: run the same command with their identity`;
  return [
    ...(missing === 0 ? [] : paragraph(others, '').map((line) => emphasised('caution', line))),
    ...paragraph(`send ${file} to the processor, who runs "migrate accept ${file}"${then}`, 'next:  '),
  ];
}
