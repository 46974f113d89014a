/** Received datasets without files: each is handed to whatever takes it in, once all of them were opened and checked. */
import { SealiftError } from '@sealift/core';
import type { JobId } from '@sealift/core/ids';
import { nodeKeyedHash } from '@sealift/core/node/digest';
import type { ReceivedDataset } from '@sealift/core/statement';
import { LoadingRecord } from './loading-record.ts';
import { eachInTurn, openChecked, plaintextOf, type ReceptionProgress, type SealedDataset } from './sealed-dataset.ts';

/** A dataset that is to be taken in. */
export interface DatasetToLoad {
  readonly job: JobId;
  readonly dataset: string;
  readonly rows: number;
  /** Of the plaintext. */
  readonly bytes: number;
}

/** What takes datasets in, one after the other. */
export interface DatasetTarget {
  /** Takes a dataset in. Rejects unless it has all of it; when `plaintext` throws, nothing of it may stay. */
  load(dataset: DatasetToLoad, plaintext: AsyncIterable<Uint8Array>): Promise<void>;
  /** Called before a dataset is loaded that a former run began to load, and did not see the end of. */
  onAgain(dataset: string): void;
}

/**
 * Opens and checks every dataset without keeping anything of it, then opens each again for the target. What a former run has seen the
 * end of is not loaded again.
 * @throws what `openChecked` and the target throw
 */
export async function loadDatasets(
  into: string,
  all: readonly SealedDataset[],
  target: DatasetTarget,
  onProgress: ReceptionProgress | undefined,
): Promise<ReceivedDataset[]> {
  const received = await eachInTurn(all, 'opening', onProgress, (sealed, onRead) =>
    openChecked(sealed, () => Promise.resolve(), onRead),
  );
  const record = await LoadingRecord.read(into);
  const states = received.map((one) => record.stateOf(one));
  await eachInTurn(all, 'loading', onProgress, async (sealed, onRead, index) => {
    const checked = received[index];
    if (checked === undefined || states[index] === 'loaded') return;
    const { dataset, rows } = checked;
    if (states[index] === 'begun') target.onAgain(dataset);
    await record.write(checked, 'begun');
    const { bytes } = sealed.extracted.plaintext;
    await target.load({ job: sealed.job, dataset, rows, bytes }, again(sealed, checked, onRead));
    await record.write(checked, 'loaded');
  });
  return received;
}

/** The plaintext of a dataset that was checked; its file may have changed since. */
async function* again(
  sealed: SealedDataset,
  { dataset, plaintext }: ReceivedDataset,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const hash = nodeKeyedHash(sealed.digestKey);
  let isWhole = false;
  try {
    for await (const chunks of plaintextOf(sealed, hash, onRead)) yield* chunks;
    isWhole = hash.digest() === plaintext;
    if (isWhole) return;
    throw new SealiftError('E_MISMATCH', `the sealed file of dataset ${dataset} changed after it was checked`, {
      hint: 'see what writes to that folder, then run the command again',
    });
  } finally {
    if (!isWhole) hash.wipe();
  }
}

/** Requires that every dataset of a receipt was loaded, and not written to a file. @throws E_EXISTS */
export async function requireLoaded(into: string, received: readonly ReceivedDataset[]): Promise<void> {
  const record = await LoadingRecord.read(into);
  const other = received.find((one) => record.stateOf(one) !== 'loaded');
  if (other === undefined) return;
  throw new SealiftError('E_EXISTS', `dataset ${other.dataset} was received into a file before`, {
    hint: 'load the files that lie there, or name another folder with --into',
  });
}
