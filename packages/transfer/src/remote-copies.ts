/** The copies that a job may have on the server: its sealed files, complete or begun (doc/format.md section 15). */
import { SEALED_MANIFEST_NAME, sealedFileName } from '@sealift/core/journal';
import type { Job } from '@sealift/core/node/workspace';
import { partOf, type RemotePath } from './remote-path.ts';
import { pathsOf } from './sealed-statement.ts';

/** A sealed file in the out folder on the server. */
export interface RemoteCopy {
  readonly name: string;
  readonly path: RemotePath;
  /** Where it lies until it is complete. */
  readonly part: RemotePath;
}

/** Every sealed file that a job's processor may have put on the server. */
export function remoteCopies({ instructions, story }: Job): RemoteCopy[] {
  const paths = pathsOf(instructions);
  const extracted = story.progress.extraction?.statement.datasets ?? [];
  const digests = new Map(extracted.map(({ file }) => [file.name, file.digest]));
  const names = [...instructions.signed.datasets.map(({ name }) => sealedFileName(name)), SEALED_MANIFEST_NAME];
  return names.map((name) => {
    const path = paths.outFile(name);
    return { name, path, part: partOf(path, digests.get(name)) };
  });
}
