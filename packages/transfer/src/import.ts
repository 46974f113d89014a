/** The recipient's later statement: how many rows of each dataset are in the new system (design §7). */
import { join } from 'node:path';
import {
  type DatasetRows,
  type Import,
  requireRecipient,
  SealiftError,
  type SecretIdentity,
  type SignedDocument,
  type UtcTime,
} from '@sealift/core';
import { currentInstructions, reportImport, type Story } from '@sealift/core/journal';
import { createFile, lookAt, readableDocument, readDocumentFile } from '@sealift/core/node';
import { RECEIPT_FILE } from './reception.ts';
import type { Remote } from './remote.ts';
import { putStatement, statementPath } from './sealed-statement.ts';

/** The import statement in a recipient's folder. */
export const IMPORT_FILE = 'import.json';

/**
 * Signs what was loaded and keeps it beside the receipt. Run again with the same rows it returns the same statement.
 * @param folder the folder that `receive` filled; @param story of the manifest in it
 * @throws E_ROLE, E_REVOKED, E_COUNT for a dataset that was not received, is missing, or has more rows than were received, E_EXISTS
 */
export async function stateImport(
  folder: string,
  story: Story,
  by: { readonly secret: SecretIdentity; readonly rows: readonly DatasetRows[]; readonly now: () => UtcTime },
): Promise<SignedDocument<Import>> {
  requireRecipient(currentInstructions(story), by.secret.fingerprint, by.now());
  const { document: receipt } = await readDocumentFile(join(folder, RECEIPT_FILE), 'sealift.receipt.v1');
  requireReceived(receipt.signed.datasets, by.rows);
  const path = join(folder, IMPORT_FILE);
  if ((await lookAt(path)) !== undefined) {
    const { document } = await readDocumentFile(path, 'sealift.import.v1');
    if (sameRows(document.signed.datasets, by.rows)) return document;
    throw new SealiftError('E_EXISTS', `${path} states other rows`, {
      hint: 'move it away if it was wrong; both statements may reach the processor',
    });
  }
  const statement = reportImport(story, by.rows, { signer: by.secret, time: by.now() });
  await createFile(path, readableDocument(statement));
  return statement;
}

/** Puts the import statement on the server, unless it is there. @throws E_REMOTE */
export async function putImport(remote: Remote, story: Story, statement: SignedDocument<Import>): Promise<void> {
  const instructions = currentInstructions(story);
  const path = statementPath(instructions, statement.signed.recipient, 'import');
  if ((await remote.lstat(path)) === undefined) await putStatement(remote, instructions, statement);
}

function requireReceived(received: readonly DatasetRows[], stated: readonly DatasetRows[]): void {
  for (const { dataset, rows } of stated) {
    const there = received.find((candidate) => candidate.dataset === dataset)?.rows;
    if (there === undefined) throw new SealiftError('E_COUNT', `dataset ${dataset} was not received`);
    if (rows > there)
      throw new SealiftError('E_COUNT', `${rows} rows of dataset ${dataset} are stated, and ${there} were received`);
  }
  const missing = received.find(({ dataset }) => !stated.some((candidate) => candidate.dataset === dataset));
  if (missing !== undefined) {
    throw new SealiftError('E_COUNT', `the rows of dataset ${missing.dataset} are not stated`, {
      hint: `add --rows ${missing.dataset}=<rows>`,
    });
  }
}

function sameRows(a: readonly DatasetRows[], b: readonly DatasetRows[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ dataset, rows }) => b.some((other) => other.dataset === dataset && other.rows === rows))
  );
}
