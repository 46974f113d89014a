/** The recipient's later statement: how many rows of each dataset are in the new system (design §7). */
import { join } from 'node:path';
import { SealiftError } from '@sealift/core';
import { readableDocument, type SignedDocument } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import type { UtcTime } from '@sealift/core/ids';
import { requireRecipient } from '@sealift/core/instructions';
import { currentInstructions, type Story } from '@sealift/core/journal';
import { reportImport } from '@sealift/core/manifest';
import { createFile, lookAt, readDocumentFile } from '@sealift/core/node';
import type { DatasetRows, Import } from '@sealift/core/statement';
import { inSweptFolder } from './fetch-folder.ts';
import { RECEIPT_FILE } from './receipt.ts';
import type { Remote } from './remote.ts';
import { putStatement, statementPath } from './sealed-statement.ts';

/** The import statement in a recipient's folder. */
const IMPORT_FILE = 'import.json';

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
  return inSweptFolder(folder, () => statementIn(folder, story, by));
}

async function statementIn(
  folder: string,
  story: Story,
  by: Parameters<typeof stateImport>[2],
): Promise<SignedDocument<Import>> {
  const { document: receipt } = await readDocumentFile(join(folder, RECEIPT_FILE), 'sealift.receipt.v1');
  requireReceived(receipt.signed.datasets, by.rows);
  const path = join(folder, IMPORT_FILE);
  if ((await lookAt(path)) !== undefined) {
    const { document } = await readDocumentFile(path, 'sealift.import.v1');
    if (sameRows(document.signed.datasets, by.rows)) return document;
    throw new SealiftError('E_EXISTS', `${path} states other rows`, {
      hint: 'if those were too few, move it away and state them again with --offline; the processor takes in both',
    });
  }
  const statement = reportImport(story, by.rows, { signer: by.secret, time: by.now() });
  await createFile(path, readableDocument(statement));
  return statement;
}

/**
 * States what was loaded as {@link stateImport} does, and puts the statement on the server. Run again it completes what a crash left
 * undone. What lies on the server is sealed for the operators and never overwritten: a second statement goes another way.
 * @throws as {@link stateImport}, E_EXISTS when an earlier statement lies there, E_REMOTE
 */
export async function sendImport(
  remote: Remote,
  folder: string,
  story: Story,
  by: Parameters<typeof stateImport>[2],
): Promise<SignedDocument<Import>> {
  const instructions = currentInstructions(story);
  const path = statementPath(instructions, by.secret.fingerprint, 'import');
  const isThere = (await remote.lstat(path)) !== undefined;
  if (isThere && (await lookAt(join(folder, IMPORT_FILE))) === undefined) {
    throw new SealiftError('E_EXISTS', 'an earlier import statement of yours lies on the server', {
      hint: 'add --offline, and send the file to the processor, who runs "migrate accept"',
    });
  }
  const statement = await stateImport(folder, story, by);
  if (!isThere) await putStatement(remote, instructions, statement);
  return statement;
}

function requireReceived(received: readonly DatasetRows[], stated: readonly DatasetRows[]): void {
  const twice = stated.find(({ dataset }, index) => stated.findIndex((other) => other.dataset === dataset) !== index);
  if (twice !== undefined) {
    throw new SealiftError('E_COUNT', `the rows of dataset ${twice.dataset} are stated twice`, {
      hint: 'state the sum, once',
    });
  }
  for (const { dataset, rows } of stated) {
    const there = received.find((candidate) => candidate.dataset === dataset)?.rows;
    if (there === undefined) {
      throw new SealiftError('E_COUNT', `dataset ${dataset} was not received`, {
        hint: `received were: ${received.map((one) => one.dataset).join(', ')}`,
      });
    }
    if (rows > there) {
      throw new SealiftError('E_COUNT', `${rows} rows of dataset ${dataset} are stated, and ${there} were received`, {
        hint: 'count only the rows of this job',
      });
    }
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
