/** Small sealed files beside the data: the manifest for the recipients, their statements for the operators (doc/format.md section 15). */
import { SealiftError } from '@sealift/core';
import { type DocumentTypes, readableDocument, readDocument, type SignedDocument } from '@sealift/core/document';
import type { Identity, SecretIdentity } from '@sealift/core/identity';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import { SEALED_MANIFEST_NAME } from '@sealift/core/journal';
import type { Manifest } from '@sealift/core/manifest';
import { openBytes, sealBytes } from '@sealift/core/sealed';
import type { Import, Receipt } from '@sealift/core/statement';
import type { Remote } from './remote.ts';
import { jobPaths, type RemotePath } from './remote-path.ts';

const MANIFEST_BYTES = 65 << 20;
const STATEMENT_BYTES = 2 << 20;

/** The statements that a recipient puts on the server. */
export type RecipientStatement = 'receipt' | 'import';

/** The remote names of a job under its instructions. */
export function pathsOf({ signed }: VerifiedInstructions): ReturnType<typeof jobPaths> {
  return jobPaths(signed.endpoint.folder, signed.job);
}

/** Seals a manifest for every recipient. */
export function sealManifest(manifest: Manifest, instructions: VerifiedInstructions): Uint8Array {
  return seal(manifest, 'manifest', instructions, [...instructions.recipients.values()]);
}

/** Fetches and opens the manifest; it is still to be verified. @throws E_WAITING when there is none yet, E_NO_MATCH, E_MISMATCH … */
export async function fetchManifest(
  remote: Remote,
  instructions: VerifiedInstructions,
  secret: SecretIdentity,
): Promise<Manifest> {
  const sealed = await remote.readSmall(pathsOf(instructions).outFile(SEALED_MANIFEST_NAME), MANIFEST_BYTES);
  if (sealed === undefined) {
    throw new SealiftError('E_WAITING', `job ${instructions.signed.job} has not been delivered yet`, {
      hint: 'run the command again once the processor has run "migrate send"; after the purge nothing is there any more',
    });
  }
  return open(sealed, 'manifest', 'sealift.manifest.v1', { instructions, secret });
}

/** Where a recipient's statement lies. */
export function statementPath(
  instructions: VerifiedInstructions,
  recipient: string,
  kind: RecipientStatement,
): RemotePath {
  return pathsOf(instructions).inFile(recipient, `${kind}.json.sealed`);
}

/** Puts a recipient's statement on the server, sealed for every operator. @throws E_EXISTS when one is there */
export async function putStatement(
  remote: Remote,
  instructions: VerifiedInstructions,
  document: SignedDocument<Receipt> | SignedDocument<Import>,
): Promise<void> {
  const kind = document.signed.type === 'sealift.receipt.v1' ? 'receipt' : 'import';
  const { recipient } = document.signed;
  await remote.makeFolder(pathsOf(instructions).inFolder(recipient));
  const sealed = seal(document, kind, instructions, [...instructions.operators.values()]);
  await remote.writeSmall(statementPath(instructions, recipient, kind), sealed);
}

/** Fetches and opens a recipient's statement, still to be checked; undefined when it is not there. @throws E_NO_MATCH, E_AUTH … */
export async function fetchStatement(
  remote: Remote,
  from: { readonly instructions: VerifiedInstructions; readonly recipient: string; readonly kind: RecipientStatement },
  secret: SecretIdentity,
): Promise<SignedDocument<Receipt> | SignedDocument<Import> | undefined> {
  const { instructions, recipient, kind } = from;
  const sealed = await remote.readSmall(statementPath(instructions, recipient, kind), STATEMENT_BYTES);
  if (sealed === undefined) return undefined;
  return open(sealed, kind, kind === 'receipt' ? 'sealift.receipt.v1' : 'sealift.import.v1', { instructions, secret });
}

function seal(
  document: object,
  dataset: string,
  { signed }: VerifiedInstructions,
  parties: readonly { identity: Identity }[],
): Uint8Array {
  const { suite, job } = signed;
  return sealBytes(readableDocument(document), {
    suite,
    job,
    dataset,
    recipients: parties.map(({ identity }) => identity),
  });
}

function open<T extends keyof DocumentTypes>(
  sealed: Uint8Array,
  dataset: string,
  type: T,
  by: { instructions: VerifiedInstructions; secret: SecretIdentity },
): DocumentTypes[T] {
  const plaintext = openBytes(sealed, by.secret, { job: by.instructions.signed.job, dataset });
  return readDocument(plaintext, type, `${dataset}.json.sealed`).document;
}
