/** Many uploads at once. */

import type { DeliveredFile, FileDigest } from '@sealift/core/statement';
import { overlappingFiles } from './in-flight.ts';
import type { Remote, TransferProgress } from './remote.ts';
import type { RemotePath } from './remote-path.ts';

/** A local file and where it goes. */
export interface FileToUpload extends FileDigest {
  readonly local: string;
  readonly path: RemotePath;
}

/**
 * Uploads files, small ones at the same time, under the rules of `Remote.upload`.
 * @param options `onProgress` is called with the bytes of all of them that lie on the server now
 * @returns the files in their order, and whether each was read back
 * @throws as `Remote.upload`; what is complete by then stays complete
 */
export async function uploadFiles(
  remote: Remote,
  files: readonly FileToUpload[],
  options: { readonly readBack: boolean; readonly onProgress?: TransferProgress },
): Promise<DeliveredFile[]> {
  return overlappingFiles(files, options.onProgress, async ({ local, path, ...file }, onMoved) => {
    const { readBack } = await remote.upload(local, path, file, { readBack: options.readBack, onProgress: onMoved });
    return { ...file, readBack };
  });
}
