/** A fetched sealed file on the recipient's side: opened as a stream, and checked against what the manifest says of it. */
import { type KeyedHash, SealiftError } from '@sealift/core';
import type { Dataset } from '@sealift/core/dataset';
import type { SecretIdentity } from '@sealift/core/identity';
import type { JobId } from '@sealift/core/ids';
import { FileReading, streamCipher } from '@sealift/core/node';
import { nodeKeyedHash } from '@sealift/core/node/digest';
import { Opener } from '@sealift/core/sealed';
import type { ExtractedDataset, ReceivedDataset } from '@sealift/core/statement';
import { ReceivedCsv } from './received-csv.ts';

/** What is done with the sealed files, one after the other; the last only where a target takes them in. */
export type ReceptionStep = 'receiving' | 'opening' | 'loading';

/** Called with the bytes of all sealed files for which a step is done, and how many there are. */
export type ReceptionProgress = (step: ReceptionStep, bytes: number, total: number) => void;

/** A sealed file that was fetched, and whose digest is the manifest's. */
export interface SealedDataset {
  /** What the manifest says of it. */
  readonly extracted: ExtractedDataset;
  /** What the instructions say of it. */
  readonly dataset: Dataset;
  readonly job: JobId;
  /** Where it lies. */
  readonly path: string;
  readonly secret: SecretIdentity;
  readonly digestKey: Uint8Array;
}

/**
 * The plaintext, chunk by chunk, and its digest in `hash`. It may be handed on only after all of it was seen once.
 * @param onRead called with how many bytes of the sealed file were read
 * @throws the errors of sealed files, E_FILE
 */
export async function* plaintextOf(
  { extracted, job, path, secret }: SealedDataset,
  hash: KeyedHash,
  onRead: (bytes: number) => void,
): AsyncGenerator<readonly Uint8Array[]> {
  const opener = new Opener(secret, { job, dataset: extracted.dataset }, streamCipher());
  const hashed = (chunks: readonly Uint8Array[]): readonly Uint8Array[] => {
    for (const chunk of chunks) hash.update(chunk);
    return chunks;
  };
  let read = 0;
  for await (const bytes of FileReading.pieces(path)) {
    yield hashed(opener.push(bytes));
    read += bytes.length;
    onRead(read);
  }
  yield hashed(opener.finish());
}

/**
 * Opens a dataset and checks it: header, window and counts by csv-parse, size and digest.
 * @param take is given the plaintext, and must keep it back until this has resolved
 * @throws E_COUNT, E_MISMATCH, E_SCOPE, E_CSV, the errors of sealed files, E_FILE
 */
export async function openChecked(
  sealed: SealedDataset,
  take: (chunks: readonly Uint8Array[]) => Promise<void>,
  onRead: (bytes: number) => void,
): Promise<ReceivedDataset> {
  const { extracted, dataset, digestKey } = sealed;
  const hash = nodeKeyedHash(digestKey);
  try {
    const csv = new ReceivedCsv(dataset);
    let size = 0;
    for await (const chunks of plaintextOf(sealed, hash, onRead)) {
      for (const chunk of chunks) {
        size += chunk.length;
        await csv.push(chunk);
      }
      await take(chunks);
    }
    const { rows, columns } = await csv.finish();
    const plaintext = hash.digest();
    requireAsStated(extracted, { rows, bytes: size, plaintext });
    const { bytes, digest } = extracted.file;
    return { dataset: extracted.dataset, file: { bytes, digest }, rows, columns, plaintext };
  } catch (cause) {
    hash.wipe();
    throw cause;
  }
}

/** Does something with each dataset in its order, with one count of bytes for all. */
export async function eachInTurn<T>(
  all: readonly SealedDataset[],
  step: ReceptionStep,
  onProgress: ReceptionProgress | undefined,
  work: (sealed: SealedDataset, onRead: (bytes: number) => void, index: number) => Promise<T>,
): Promise<T[]> {
  const total = all.reduce((sum, { extracted }) => sum + extracted.file.bytes, 0);
  const results: T[] = [];
  let before = 0;
  for (const [index, sealed] of all.entries()) {
    results.push(await work(sealed, (bytes) => onProgress?.(step, before + bytes, total), index));
    before += sealed.extracted.file.bytes;
  }
  return results;
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
