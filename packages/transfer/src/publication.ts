/** Received datasets as files: all of them appear, whole and checked, or none does. */
import { join } from 'node:path';
import { SealiftError } from '@sealift/core';
import { FileReading, lookAt, TemporaryFile } from '@sealift/core/node';
import { nodeKeyedHash } from '@sealift/core/node/digest';
import type { ReceivedDataset } from '@sealift/core/statement';
import { eachInTurn, openChecked, type ReceptionProgress, type SealedDataset } from './sealed-dataset.ts';

interface OpenedDataset {
  readonly received: ReceivedDataset;
  readonly file: TemporaryFile;
  readonly digestKey: Uint8Array;
}

/**
 * Opens and checks every dataset, then gives the files their names, `<dataset>.csv`.
 * @throws what `openChecked` throws; E_EXISTS when a name is taken by something else
 */
export async function publishDatasets(
  into: string,
  all: readonly SealedDataset[],
  onProgress: ReceptionProgress | undefined,
): Promise<ReceivedDataset[]> {
  const opened: OpenedDataset[] = [];
  try {
    await eachInTurn(all, 'opening', onProgress, async (sealed, onRead) => {
      opened.push(await openInto(into, sealed, onRead));
    });
    // Every name is looked at before the first is used: either all of it is published or nothing.
    const waiting: TemporaryFile[] = [];
    for (const one of opened) if (!(await isPublished(one))) waiting.push(one.file);
    for (const file of waiting) await file.publish('exclusive');
  } finally {
    await Promise.all(opened.map(({ file }) => file.discard()));
  }
  return opened.map(({ received }) => received);
}

async function openInto(into: string, sealed: SealedDataset, onRead: (bytes: number) => void): Promise<OpenedDataset> {
  const file = await TemporaryFile.create(join(into, `${sealed.extracted.dataset}.csv`), 0o600, false);
  try {
    const received = await openChecked(sealed, (chunks) => file.append(chunks), onRead);
    await file.settle();
    return { file, received, digestKey: sealed.digestKey };
  } catch (cause) {
    await file.discard();
    throw cause;
  }
}

/** A crash after some files were published leaves whole, checked files: the same content completes the step, any other is an error. */
async function isPublished({ file, received, digestKey }: OpenedDataset): Promise<boolean> {
  if ((await lookAt(file.target)) === undefined) return false;
  const hash = nodeKeyedHash(digestKey);
  for await (const bytes of FileReading.pieces(file.target)) hash.update(bytes);
  if (hash.digest() !== received.plaintext) {
    throw new SealiftError('E_EXISTS', `${file.target} exists and holds something else`, {
      hint: 'nothing was published; name another folder with --into',
    });
  }
  return true;
}
