/**
 * Reception: fetch, verify, open, check, publish, acknowledge (design §7). Nothing is decrypted before the verified manifest lists it, and
 * nothing is published before all of it was checked.
 */
import { join } from 'node:path';
import { memzero, SealiftError } from '@sealift/core';
import type { Dataset } from '@sealift/core/dataset';
import { readableDocument, type SignedDocument } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import type { UtcTime } from '@sealift/core/ids';
import { openDigestKey, requireInForce, requireRecipient, type VerifiedInstructions } from '@sealift/core/instructions';
import { currentInstructions, type Story } from '@sealift/core/journal';
import { acknowledge, type Manifest, verifyManifest } from '@sealift/core/manifest';
import { createFile, lookAt, makePrivateFolder, readDocumentFile } from '@sealift/core/node';
import type { ExtractedDataset, Receipt, ReceivedDataset } from '@sealift/core/statement';
import { fetchFolder, inSweptFolder, removeFetchFolder } from './fetch-folder.ts';
import { fetchSealed } from './fetch-sealed.ts';
import { type DatasetTarget, loadDatasets, requireLoaded } from './loading.ts';
import { publishDatasets } from './publication.ts';
import type { Remote } from './remote.ts';
import type { ReceptionProgress, SealedDataset } from './sealed-dataset.ts';
import { fetchManifest, pathsOf, putStatement, statementPath } from './sealed-statement.ts';

/** What {@link receive} needs. */
export interface ReceptionOptions {
  readonly remote: Remote;
  readonly instructions: VerifiedInstructions;
  readonly secret: SecretIdentity;
  /** The folder that gets `manifest.json`, `receipt.json` and, without a target, `<dataset>.csv`. */
  readonly into: string;
  readonly now: () => UtcTime;
  /** Takes each dataset in, instead of a file. */
  readonly target?: DatasetTarget | undefined;
  /** Called with how many bytes of all sealed files are here, and then with how many of them are opened. */
  readonly onProgress?: ReceptionProgress;
}

/** What was received. */
export interface Reception {
  readonly receipt: SignedDocument<Receipt>;
  readonly story: Story;
}

/** The manifest in a recipient's folder. */
export const MANIFEST_FILE = 'manifest.json';
/** The receipt in a recipient's folder. */
export const RECEIPT_FILE = 'receipt.json';

/**
 * Receives a job and puts the signed receipt on the server. Run again, it completes what a crash left undone.
 * @throws E_WAITING before the delivery, E_ROLE, E_REVOKED, E_TIME, what `verifyManifest` throws, E_MISMATCH, E_COUNT, E_SCOPE,
 * the errors of sealed files, E_EXISTS when another file has a name that is needed, and what the target throws
 */
export async function receive(options: ReceptionOptions): Promise<Reception> {
  const { remote, instructions, secret, into, now } = options;
  requireInForce(instructions, now());
  requireRecipient(instructions, secret.fingerprint, now());
  const manifest = await fetchManifest(remote, instructions, secret);
  const story = verifyManifest(manifest, instructions.roster);
  requireSameInstructions(story, instructions);
  await makePrivateFolder(into);
  const receipt = await inSweptFolder(into, async () => {
    const signed = (await formerReceipt(options, story)) ?? (await openAll(options, { story, manifest }));
    // The sealed files stay until the receipt is there: a run that fails before then need not fetch them again.
    await removeFetchFolder(into);
    return signed;
  });
  if ((await remote.lstat(statementPath(instructions, secret.fingerprint, 'receipt'))) === undefined) {
    await putStatement(remote, instructions, receipt);
  }
  return { receipt, story };
}

function requireSameInstructions(story: Story, instructions: VerifiedInstructions): void {
  if (currentInstructions(story).digest === instructions.digest) return;
  throw new SealiftError('E_MISMATCH', 'the manifest was made under other instructions than yours', {
    hint: `it was made under version ${currentInstructions(story).signed.version}; ask the laboratory for the version in force`,
  });
}

/** The receipt that a former run signed for this very story. */
async function formerReceipt(
  { into, target }: ReceptionOptions,
  story: Story,
): Promise<SignedDocument<Receipt> | undefined> {
  const path = join(into, RECEIPT_FILE);
  if ((await lookAt(path)) === undefined) return undefined;
  const { document } = await readDocumentFile(path, 'sealift.receipt.v1');
  if (document.signed.head === story.chain.head) {
    if (target !== undefined) await requireLoaded(into, document.signed.datasets);
    return document;
  }
  throw new SealiftError('E_EXISTS', `${path} is the receipt of another delivery`, {
    hint: 'name another folder with --into',
  });
}

async function openAll(
  options: ReceptionOptions,
  { story, manifest }: { story: Story; manifest: Manifest },
): Promise<SignedDocument<Receipt>> {
  const { instructions, secret, into, target, now } = options;
  const extraction = story.progress.extraction?.statement;
  if (extraction === undefined) throw new SealiftError('E_STATE', 'the manifest holds no extraction');
  // All files are fetched before the first is opened, so that nothing waits for the network twice.
  const folder = await fetchAll(options, extraction.datasets);
  const digestKey = openDigestKey(extraction, instructions.signed.job, secret);
  const sealed = extraction.datasets.map((extracted): SealedDataset => {
    const { name: file } = extracted.file;
    const dataset = datasetOf(instructions, extracted);
    return { extracted, dataset, path: join(folder, file), job: instructions.signed.job, secret, digestKey };
  });
  const { onProgress } = options;
  let received: readonly ReceivedDataset[];
  try {
    received =
      target === undefined
        ? await publishDatasets(into, sealed, onProgress)
        : await loadDatasets(into, sealed, target, onProgress);
  } finally {
    memzero(digestKey);
  }
  const receipt = acknowledge(story, received, { signer: secret, time: now() });
  await createIfAbsent(join(into, MANIFEST_FILE), readableDocument(manifest));
  await createFile(join(into, RECEIPT_FILE), readableDocument(receipt));
  return receipt;
}

async function fetchAll(options: ReceptionOptions, datasets: readonly ExtractedDataset[]): Promise<string> {
  const { remote, instructions, into, onProgress } = options;
  const files = datasets.map(({ file }) => file);
  const folder = await fetchFolder(
    into,
    files.map(({ name }) => name),
  );
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const report = (bytes: number): void => onProgress?.('receiving', bytes, total);
  await fetchSealed({ remote, paths: pathsOf(instructions), files, folder, onProgress: report });
  return folder;
}

async function createIfAbsent(path: string, bytes: Uint8Array): Promise<void> {
  if ((await lookAt(path)) === undefined) await createFile(path, bytes);
}

function datasetOf(instructions: VerifiedInstructions, { dataset }: ExtractedDataset): Dataset {
  const found = instructions.signed.datasets.find(({ name }) => name === dataset);
  if (found === undefined) throw new SealiftError('E_INTERNAL', 'a verified extraction names an unknown dataset');
  return found;
}
