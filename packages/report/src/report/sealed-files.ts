/** The sealed files of a job, as the extraction made them and the delivery put them on the server. */
import type { Story } from '@sealift/core/journal';
import type { FileDigest } from '@sealift/core/statement';

/** One file. */
export interface SealedFile extends FileDigest {
  /** Absent for the manifest, which lies sealed beside the data. */
  readonly dataset?: string;
  /** Whether it was sent, and whether it was read back from the server whole and compared. */
  readonly delivered: 'no' | 'sent' | 'read-back';
}

/** Every file of the extraction, then what else was delivered. */
export function sealedFilesOf({ progress: { extraction, delivery } }: Story): SealedFile[] {
  const sent = new Map(delivery?.files.map((file) => [file.name, file]));
  const delivered = (name: string): SealedFile['delivered'] => {
    const file = sent.get(name);
    if (file === undefined) return 'no';
    return file.readBack ? 'read-back' : 'sent';
  };
  const extracted = (extraction?.statement.datasets ?? []).map(({ dataset, file }) => ({ ...file, dataset }));
  const names = new Set(extracted.map(({ name }) => name));
  const others = [...sent.values()].filter(({ name }) => !names.has(name));
  return [...extracted, ...others].map(({ name, bytes, digest, ...more }) => ({
    name,
    bytes,
    digest,
    ...('dataset' in more ? { dataset: more.dataset } : {}),
    delivered: delivered(name),
  }));
}
