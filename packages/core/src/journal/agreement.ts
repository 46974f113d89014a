/** Whether a statement agrees with the instructions and with the statements before it (doc/format.md section 13, steps 7 and 8). */
import { outputHeader } from '../allow-list.ts';
import type { Dataset, RowCounts } from '../dataset.ts';
import { SealiftError } from '../errors.ts';
import type { UtcTime } from '../ids.ts';
import type { VerifiedInstructions } from '../instructions.ts';
import type { Operator } from '../processor.ts';
import { parseSshPublicKey } from '../ssh-public-key.ts';
import type {
  Approval,
  DatasetRows,
  Delivery,
  ExtractedDataset,
  Extraction,
  Import,
  Purge,
  Receipt,
  Validation,
} from '../statement.ts';
import { checkSuite } from '../wrap.ts';
import { checkExtractedDates } from './extracted-dates.ts';
import { missingForPurge, type Procedure, type Progress } from './state.ts';

/** The name of a dataset's sealed file. */
export function sealedFileName(dataset: string): string {
  return `${dataset}.csv.sealed`;
}

/** The name of the sealed manifest on the server. */
export const SEALED_MANIFEST_NAME = 'manifest.json.sealed';

/** Whether the sums of an accounting close: every row read is counted once. */
export function countsClose(counts: RowCounts): boolean {
  const { kept, malformed, emptyDate, impossibleDate, outsideWindow, excluded, notLinked } = counts;
  return counts.read === kept + malformed + emptyDate + impossibleDate + outsideWindow + excluded + notLinked;
}

/**
 * Checks an extraction against its instructions: every dataset once, the allow-list's columns exactly, counts that close,
 * ceilings that hold (F08, F10, F12, F32).
 * @param time of the entry
 * @throws E_TIME, E_SCOPE, E_COUNT, E_CEILING, E_SUITE, E_MISMATCH
 */
export function checkExtraction(extraction: Extraction, instructions: VerifiedInstructions, time: UtcTime): void {
  const { signed } = instructions;
  if (extraction.started > extraction.finished || extraction.finished > time) {
    throw new SealiftError('E_TIME', 'the extraction ends before it begins, or after it was recorded');
  }
  requireSameDatasets(
    'the extraction',
    extraction.datasets,
    signed.datasets.map((dataset) => dataset.name),
  );
  if (extraction.suite !== signed.suite)
    throw new SealiftError('E_SUITE', 'the extraction used another suite than instructed');
  checkSuite(extraction.digestKey, signed.suite);
  checkDigestKeyReaders(extraction, instructions);
  const { product, version } = signed.source;
  if (extraction.source.product !== product || extraction.source.version !== version) {
    throw new SealiftError('E_MISMATCH', 'the extraction names another source than the instructions');
  }
  for (const dataset of signed.datasets) {
    const extracted = extraction.datasets.find((candidate) => candidate.dataset === dataset.name);
    if (extracted !== undefined) checkExtractedDataset(extracted, dataset);
  }
}

/** Whoever else held the digest key could test guesses of the content against the digests. */
function checkDigestKeyReaders({ digestKey }: Extraction, { recipients, roster }: VerifiedInstructions): void {
  const readers = new Set([...recipients.keys(), ...roster.signers.keys()]);
  const wrappedFor = digestKey.map(({ recipient }) => recipient);
  if (!sameTexts([...wrappedFor].sort(), [...readers].sort())) {
    throw new SealiftError(
      'E_MISMATCH',
      'the digest key is not for the recipients and the signers of the laboratory alone',
    );
  }
}

function checkExtractedDataset(extracted: ExtractedDataset, dataset: Dataset): void {
  if (extracted.file.name !== sealedFileName(dataset.name)) {
    throw new SealiftError(
      'E_MISMATCH',
      `the file of dataset ${dataset.name} has another name than the format gives it`,
    );
  }
  if (!sameTexts(extracted.columns.kept, outputHeader(dataset))) {
    throw new SealiftError('E_SCOPE', `the columns of dataset ${dataset.name} are not those of the allow-list`);
  }
  if (dataset.fields.some(({ name }) => extracted.columns.withheld.includes(name))) {
    throw new SealiftError(
      'E_SCOPE',
      `a column of dataset ${dataset.name} is named among those that left and those that stayed`,
    );
  }
  if (!countsClose(extracted.counts)) {
    throw new SealiftError('E_COUNT', `the counts of dataset ${dataset.name} do not add up to the rows read`);
  }
  checkPermissions(extracted, dataset);
  if (extracted.dates !== undefined) checkExtractedDates(extracted.dates, dataset, extracted.counts);
  if (
    extracted.counts.kept > (dataset.ceiling?.rows ?? Infinity) ||
    extracted.plaintext.bytes > (dataset.ceiling?.bytes ?? Infinity)
  ) {
    throw new SealiftError('E_CEILING', `more left of dataset ${dataset.name} than its ceiling allows`);
  }
}

/** What is done to a source only where the instructions allow it. */
function checkPermissions({ source, counts }: ExtractedDataset, { name, malformed, disposeSource }: Dataset): void {
  if (counts.malformed > 0 && malformed !== 'withhold') {
    throw new SealiftError(
      'E_SCOPE',
      `malformed rows of dataset ${name} were left out, and the instructions refuse them`,
    );
  }
  if (source.dispose !== true) return;
  if (disposeSource !== true) {
    throw new SealiftError('E_SCOPE', `the source of dataset ${name} is marked for deletion, which is not instructed`);
  }
  if (source.kind !== 'file') {
    throw new SealiftError('E_MISMATCH', `the source of dataset ${name} is marked for deletion, and was no file`);
  }
}

/** Checks that an approval is of this extraction, in rows and columns. @throws E_MISMATCH, E_COUNT */
export function checkApproval(approval: Approval, progress: Progress): void {
  const extraction = requireExtraction(progress);
  if (approval.extraction !== extraction.entry) {
    throw new SealiftError('E_MISMATCH', 'the approval is of another extraction');
  }
  requireSameDatasets('the approval', approval.datasets, namesOf(extraction.statement));
  for (const dataset of extraction.statement.datasets) {
    const approved = approval.datasets.find((candidate) => candidate.dataset === dataset.dataset);
    if (approved?.rows !== dataset.counts.kept || !sameTexts(approved.columns, dataset.columns.kept)) {
      throw new SealiftError('E_COUNT', `the approval of dataset ${dataset.dataset} differs from what was extracted`);
    }
  }
}

/**
 * Checks that a delivery went to the instructed server, by the account and key of the operator that records it (F27), and holds
 * exactly the extraction's files and the sealed manifest, after the checks that the instructions require.
 * @throws E_MISMATCH
 */
export function checkDelivery(
  delivery: Delivery,
  progress: Progress,
  { instructions, operator }: { instructions: VerifiedInstructions; operator: Operator },
): void {
  const extraction = requireExtraction(progress).statement;
  const { host, port, hostKey, readBack } = instructions.signed.endpoint;
  const { server, account, sshKey } = delivery;
  if (server.host !== host || server.port !== port || server.hostKey !== parseSshPublicKey(hostKey).fingerprint) {
    throw new SealiftError('E_MISMATCH', 'the delivery went to another server than instructed');
  }
  if (account !== operator.entry.account || sshKey !== parseSshPublicKey(operator.entry.sshKey).fingerprint) {
    throw new SealiftError(
      'E_MISMATCH',
      `the delivery was made by another account or key than ${operator.entry.name}'s`,
    );
  }
  const expected = new Set([...extraction.datasets.map((dataset) => dataset.file.name), SEALED_MANIFEST_NAME]);
  for (const file of delivery.files) {
    const extracted = extraction.datasets.find((dataset) => dataset.file.name === file.name)?.file;
    const same = extracted === undefined || (extracted.bytes === file.bytes && extracted.digest === file.digest);
    if (!expected.delete(file.name) || !same || (readBack && !file.readBack)) {
      throw new SealiftError('E_MISMATCH', `the delivery of ${file.name} differs from what was extracted`);
    }
  }
  if (expected.size > 0) throw new SealiftError('E_MISMATCH', 'the delivery lacks a file of the extraction');
  requireChecks(delivery, instructions);
}

/** Each check is named once, and those that the instructions require are ok. */
function requireChecks({ checks = [] }: Delivery, { signed }: VerifiedInstructions): void {
  const verdicts = new Map(checks.map(({ check, verdict }) => [check, verdict]));
  if (verdicts.size < checks.length) throw new SealiftError('E_MISMATCH', 'the delivery names a check twice');
  for (const required of signed.requires ?? []) {
    if (verdicts.get(required) !== 'ok') {
      throw new SealiftError(
        'E_MISMATCH',
        `the delivery does not show that ${required} was ok, as the instructions require`,
      );
    }
  }
}

/** Checks that a receipt names the extraction's files, rows, columns and plaintext digests. @throws E_ACK */
export function checkReceipt(receipt: Receipt, progress: Progress): void {
  const extraction = requireExtraction(progress).statement;
  requireSameDatasets('the receipt', receipt.datasets, namesOf(extraction), 'E_ACK');
  for (const { dataset, file, counts, columns, plaintext } of extraction.datasets) {
    const received = receipt.datasets.find((candidate) => candidate.dataset === dataset);
    const same =
      received !== undefined &&
      received.file.bytes === file.bytes &&
      received.file.digest === file.digest &&
      received.rows === counts.kept &&
      received.plaintext === plaintext.digest &&
      sameTexts(received.columns, columns.kept);
    if (!same) {
      throw new SealiftError('E_ACK', `the receipt for dataset ${dataset} does not match what was sent`, {
        hint: 'nothing is purged; let the recipient run "migrate receive" again',
      });
    }
  }
}

/** Checks an import against the receipt of the same recipient. @returns whether every row received was loaded @throws E_COUNT */
export function checkImport(statement: Import, progress: Progress): boolean {
  const receipt = progress.receipts.get(statement.recipient);
  const received = (receipt?.datasets ?? []).map(({ dataset, rows }) => ({ dataset, rows }));
  return compareRows('the import', statement.datasets, received);
}

/** Checks a validation against the extraction's counts. @throws E_COUNT */
export function checkValidation(statement: Validation, progress: Progress): void {
  const kept = requireExtraction(progress).statement.datasets.map(({ dataset, counts }) => ({
    dataset,
    rows: counts.kept,
  }));
  if (!compareRows('the validation', statement.datasets, kept)) {
    throw new SealiftError('E_COUNT', 'the validation names fewer rows than were extracted');
  }
}

/** Checks that a purge had a reason at its time and left no file out. @throws E_WAITING, E_TIME, E_STATE, E_MISMATCH */
export function checkPurge(
  purge: Purge,
  situation: { progress: Progress; procedure: Procedure; instructions: VerifiedInstructions; time: UtcTime },
): void {
  const { progress, procedure, instructions, time } = situation;
  const { deadlines } = instructions.signed;
  if (purge.basis === 'statements' && missingForPurge(progress, procedure).length > 0) {
    throw new SealiftError('E_WAITING', 'the purge came before every statement that it waits for');
  }
  if (purge.basis === 'deadline' && deadlines.atPurge !== 'purge') {
    throw new SealiftError('E_TIME', 'the instructions keep the files on the deadline, and they were purged on it');
  }
  if (purge.basis === 'deadline' && time < deadlines.purge) {
    throw new SealiftError('E_TIME', `the purge on the deadline came at ${time}, before ${deadlines.purge}`);
  }
  if ((purge.basis === 'ended') !== (progress.ended !== undefined)) {
    throw new SealiftError('E_STATE', 'the reason of the purge does not fit the state of the job');
  }
  requireEveryCopy(purge, progress);
}

/** What was extracted is gone here; what was delivered, the sealed manifest with it, is gone here and there. */
function requireEveryCopy({ local, remote }: Purge, { extraction, delivery }: Progress): void {
  const extracted = extraction?.statement.datasets.map(({ file }) => file.name) ?? [];
  const delivered = delivery?.files.map((file) => file.name) ?? [];
  const left = [
    ...[...extracted, ...delivered].filter((name) => !local.some((file) => file.name === name)),
    ...delivered.filter((name) => !remote.some((file) => file.name === name)),
  ];
  if (left[0] !== undefined) throw new SealiftError('E_MISMATCH', `the purge left out ${left[0]}`);
}

function compareRows(what: string, stated: readonly DatasetRows[], expected: readonly DatasetRows[]): boolean {
  requireSameDatasets(
    what,
    stated,
    expected.map(({ dataset }) => dataset),
  );
  let complete = true;
  for (const { dataset, rows } of expected) {
    const claimed = stated.find((candidate) => candidate.dataset === dataset)?.rows ?? 0;
    if (claimed > rows) {
      throw new SealiftError('E_COUNT', `${what} names ${claimed} rows of dataset ${dataset}, of which ${rows} exist`);
    }
    complete &&= claimed === rows;
  }
  return complete;
}

function requireSameDatasets(
  what: string,
  stated: readonly { readonly dataset: string }[],
  expected: readonly string[],
  code: 'E_COUNT' | 'E_ACK' = 'E_COUNT',
): void {
  const names = stated.map(({ dataset }) => dataset);
  if (!sameTexts([...names].sort(), [...expected].sort())) {
    throw new SealiftError(code, `${what} does not name every dataset once`);
  }
}

function requireExtraction(progress: Progress): NonNullable<Progress['extraction']> {
  if (progress.extraction === undefined) throw new SealiftError('E_STATE', 'nothing was extracted yet');
  return progress.extraction;
}

const namesOf = (extraction: Extraction): string[] => extraction.datasets.map(({ dataset }) => dataset);

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
