/** Many uploads at once: a small file is nothing but round trips, and those of different files overlap. */

import type { DeliveredFile, FileDigest } from '@sealift/core/statement';
import { overlapping } from './in-flight.ts';
import type { Remote } from './remote.ts';
import type { RemotePath } from './remote-path.ts';

/** Bytes of files that are on their way at once; a file of that size fills the network alone. */
const BUDGET = 16 << 20;
/** What a small file counts, so that at most 128 are open. */
const LEAST = BUDGET / 128;

/** A local file and where it goes. */
export interface FileToUpload {
  readonly local: string;
  readonly path: RemotePath;
  readonly file: FileDigest;
}

/**
 * Uploads files, small ones at the same time, under the rules of `Remote.upload`.
 * @returns the files in their order, and whether each was read back
 * @throws as `Remote.upload`; what is complete by then stays complete
 */
export async function uploadFiles(
  remote: Remote,
  files: readonly FileToUpload[],
  options: { readonly readBack: boolean; readonly onProgress?: (bytes: number) => void },
): Promise<DeliveredFile[]> {
  let all = 0;
  const weigh = ({ file }: FileToUpload): number => Math.min(Math.max(file.bytes, LEAST), BUDGET);
  return overlapping(files, { budget: BUDGET, weigh }, async ({ local, path, file }) => {
    let before = 0;
    const { readBack } = await remote.upload(local, path, file, {
      readBack: options.readBack,
      onProgress: (bytes) => {
        all += bytes - before;
        before = bytes;
        options.onProgress?.(all);
      },
    });
    return { ...file, readBack };
  });
}
