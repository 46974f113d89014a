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
import {
  createFile,
  lookAt,
  makePrivateFolder,
  readAhead,
  readDocumentFile,
  streamCipher,
  TemporaryFile,
} from '@sealift/core/node';
import { nodeKeyedHash } from '@sealift/core/node/digest';
import { Opener } from '@sealift/core/sealed';
import type { ExtractedDataset, Receipt, ReceivedDataset } from '@sealift/core/statement';
import { fetchFolder, inSweptFolder, removeFetchFolder } from './fetch-folder.ts';
import { fetchSealed } from './fetch-sealed.ts';
import { ReceivedCsv } from './received-csv.ts';
import type { Remote } from './remote.ts';
import { fetchManifest, pathsOf, putStatement, statementPath } from './sealed-statement.ts';

/** What is done with the sealed files, one after the other. */
export type ReceptionStep = 'receiving' | 'opening';

/** Called with the bytes of all sealed files for which a step is done, and how many there are. */
export type ReceptionProgress = (step: ReceptionStep, bytes: number, total: number) => void;

/** What {@link receive} needs. */
export interface ReceptionOptions {
  readonly remote: Remote;
  readonly instructions: VerifiedInstructions;
  readonly secret: SecretIdentity;
  /** The folder that gets `<dataset>.csv`, `manifest.json` and `receipt.json`. */
  readonly into: string;
  readonly now: () => UtcTime;
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

interface OpenedDataset {
  readonly received: ReceivedDataset;
  readonly file: TemporaryFile;
}

/**
 * Receives a job and puts the signed receipt on the server. Run again, it completes what a crash left undone.
 * @throws E_WAITING before the delivery, E_ROLE, E_REVOKED, E_TIME, what `verifyManifest` throws, E_MISMATCH, E_COUNT, E_SCOPE,
 * the errors of sealed files, E_EXISTS when another file has a name that is needed
 */
export async function receive(options: ReceptionOptions): Promise<Reception> {
  const { remote, instructions, secret, into, now } = options;
  requireInForce(instructions, now());
  requireRecipient(instructions, secret.fingerprint, now());
  const manifest = await fetchManifest(remote, instructions, secret);
  const story = verifyManifest(manifest, instructions.roster);
  requireSameInstructions(story, instructions);
  await makePrivateFolder(into);
  const receipt = await inSweptFolder(
    into,
    async () => (await formerReceipt(into, story)) ?? (await openAll(options, { story, manifest })),
  );
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
async function formerReceipt(into: string, story: Story): Promise<SignedDocument<Receipt> | undefined> {
  const path = join(into, RECEIPT_FILE);
  if ((await lookAt(path)) === undefined) return undefined;
  const { document } = await readDocumentFile(path, 'sealift.receipt.v1');
  if (document.signed.head === story.chain.head) return document;
  throw new SealiftError('E_EXISTS', `${path} is the receipt of another delivery`, {
    hint: 'name another folder with --into',
  });
}

async function openAll(
  options: ReceptionOptions,
  { story, manifest }: { story: Story; manifest: Manifest },
): Promise<SignedDocument<Receipt>> {
  const { instructions, secret, into, now } = options;
  const extraction = story.progress.extraction?.statement;
  if (extraction === undefined) throw new SealiftError('E_STATE', 'the manifest holds no extraction');
  const folder = await fetchAll(options, extraction.datasets);
  const digestKey = openDigestKey(extraction, instructions.signed.job, secret);
  const opened: OpenedDataset[] = [];
  try {
    await openEach(options, { datasets: extraction.datasets, folder, digestKey }, opened);
    // Every name is looked at before the first is used: either all of it is published or nothing.
    const waiting: TemporaryFile[] = [];
    for (const { file, received } of opened) {
      if (!(await isPublished(file, received, digestKey))) waiting.push(file);
    }
    for (const file of waiting) await file.publish('exclusive');
  } finally {
    memzero(digestKey);
    await Promise.all(opened.map(({ file }) => file.discard()));
  }
  const receipt = acknowledge(
    story,
    opened.map(({ received }) => received),
    { signer: secret, time: now() },
  );
  await createIfAbsent(join(into, MANIFEST_FILE), readableDocument(manifest));
  await createFile(join(into, RECEIPT_FILE), readableDocument(receipt));
  await removeFetchFolder(into);
  return receipt;
}

/** All files are fetched before the first is opened, so that nothing waits for the network twice. */
async function fetchAll(options: ReceptionOptions, datasets: readonly ExtractedDataset[]): Promise<string> {
  const { remote, instructions, into, onProgress } = options;
  const files = datasets.map(({ file }) => file);
  const folder = await fetchFolder(
    into,
    files.map(({ name }) => name),
  );
  const total = bytesOf(datasets);
  const report = (bytes: number): void => onProgress?.('receiving', bytes, total);
  await fetchSealed({ remote, paths: pathsOf(instructions), files, folder, onProgress: report });
  return folder;
}

const bytesOf = (datasets: readonly ExtractedDataset[]): number =>
  datasets.reduce((sum, { file }) => sum + file.bytes, 0);

/** The sealed files stay until the receipt is there: a run that fails before then need not fetch them again. */
async function openEach(
  options: ReceptionOptions,
  { datasets, folder, digestKey }: { datasets: readonly ExtractedDataset[]; folder: string; digestKey: Uint8Array },
  opened: OpenedDataset[],
): Promise<void> {
  const total = bytesOf(datasets);
  let before = 0;
  for (const extracted of datasets) {
    const sealed = join(folder, extracted.file.name);
    const onOpened = (bytes: number): void => options.onProgress?.('opening', before + bytes, total);
    opened.push(await openDataset(options, { extracted, sealed, digestKey, onOpened }));
    before += extracted.file.bytes;
  }
}

/** A crash after some files were published leaves whole, checked files: the same content completes the step, any other is an error. */
async function isPublished(file: TemporaryFile, received: ReceivedDataset, digestKey: Uint8Array): Promise<boolean> {
  if ((await lookAt(file.target)) === undefined) return false;
  const hash = nodeKeyedHash(digestKey);
  for await (const bytes of readAhead(file.target)) hash.update(bytes);
  if (hash.digest() !== received.plaintext) {
    throw new SealiftError('E_EXISTS', `${file.target} exists and holds something else`, {
      hint: 'nothing was published; name another folder with --into',
    });
  }
  return true;
}

async function createIfAbsent(path: string, bytes: Uint8Array): Promise<void> {
  if ((await lookAt(path)) === undefined) await createFile(path, bytes);
}

/** A sealed file that is being opened. */
interface Opening {
  readonly extracted: ExtractedDataset;
  /** Where it lies. */
  readonly sealed: string;
  readonly digestKey: Uint8Array;
  readonly onOpened: (bytes: number) => void;
}

function datasetOf({ instructions }: ReceptionOptions, { dataset }: ExtractedDataset): Dataset {
  const found = instructions.signed.datasets.find(({ name }) => name === dataset);
  if (found === undefined) throw new SealiftError('E_INTERNAL', 'a verified extraction names an unknown dataset');
  return found;
}

async function openDataset(
  options: ReceptionOptions,
  { extracted, sealed, digestKey, onOpened }: Opening,
): Promise<OpenedDataset> {
  const { instructions, secret, into } = options;
  const file = await TemporaryFile.create(join(into, `${extracted.dataset}.csv`), 0o600, false);
  const hash = nodeKeyedHash(digestKey);
  try {
    const opener = new Opener(secret, { job: instructions.signed.job, dataset: extracted.dataset }, streamCipher());
    const csv = new ReceivedCsv(datasetOf(options, extracted));
    let read = 0;
    const take = async (chunks: readonly Uint8Array[]): Promise<void> => {
      for (const chunk of chunks) {
        hash.update(chunk);
        await csv.push(chunk);
      }
      await file.append(chunks);
    };
    for await (const bytes of readAhead(sealed)) {
      await take(opener.push(bytes));
      read += bytes.length;
      onOpened(read);
    }
    await take(opener.finish());
    const { rows, columns } = await csv.finish();
    await file.settle();
    const plaintext = hash.digest();
    requireAsStated(extracted, { rows, bytes: file.bytes, plaintext });
    const { bytes, digest } = extracted.file;
    return { file, received: { dataset: extracted.dataset, file: { bytes, digest }, rows, columns, plaintext } };
  } catch (cause) {
    hash.wipe();
    await file.discard();
    throw cause;
  }
}

function requireAsStated(
  { dataset, counts, plaintext }: ExtractedDataset,
  seen: { rows: number; bytes: number; plaintext: string },
): void {
  if (seen.rows !== counts.kept || seen.bytes !== plaintext.bytes) {
    throw new SealiftError(
      'E_COUNT',
      `dataset ${dataset} has ${seen.rows} rows, and the manifest says ${counts.kept}`,
      {
        hint: 'nothing was published; tell the processor and the laboratory',
      },
    );
  }
  if (seen.plaintext !== plaintext.digest) {
    throw new SealiftError('E_MISMATCH', `the content of dataset ${dataset} is not what the manifest says`, {
      hint: 'nothing was published; tell the processor and the laboratory',
    });
  }
}
