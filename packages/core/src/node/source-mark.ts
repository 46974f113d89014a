/**
 * Which source files are marked for deletion, and how each is told from another: in a file of the job that nobody else reads. A path
 * may name a person's folder, so that it is in no statement (F09).
 */
import { join } from 'node:path';
import { SealiftError } from '../errors.ts';
import { type DatasetName, type Digest, isDatasetName, isDigest } from '../ids.ts';
import { parseJson } from '../json.ts';
import { encodeUtf8 } from '../utf8.ts';
import { lookAt, readBounded } from './file.ts';
import { replaceFile } from './temporary-file.ts';

const FILE = 'marked-sources.json';
const MAX_BYTES = 1024 * 1024;

/** A source file as it was when it was extracted. */
export interface SourceMark {
  readonly dataset: DatasetName;
  /** Absolute. */
  readonly path: string;
  /** Device and inode, in decimal. */
  readonly dev: string;
  readonly ino: string;
  readonly bytes: number;
  /** SHA-256 of what was read. */
  readonly digest: Digest;
}

/** Keeps the marks of a job, in place of earlier ones. @throws E_FILE */
export async function keepSourceMarks(folder: string, marks: readonly SourceMark[]): Promise<void> {
  await replaceFile(join(folder, FILE), encodeUtf8(`${JSON.stringify(marks, null, 2)}\n`));
}

/** The marks of a job; none when there is no such file. @throws E_SCHEMA when it holds something else, E_FILE */
export async function readSourceMarks(folder: string): Promise<readonly SourceMark[]> {
  const path = join(folder, FILE);
  if ((await lookAt(path)) === undefined) return [];
  const { value } = parseJson(await readBounded(path, MAX_BYTES), { maxBytes: MAX_BYTES, file: path });
  const marks = Array.isArray(value) ? value.map(markOf) : [undefined];
  const sound = marks.filter((mark) => mark !== undefined);
  if (sound.length === marks.length) return sound;
  throw new SealiftError('E_SCHEMA', 'this does not say which sources are marked for deletion', {
    hint: 'nothing is deleted on its word: delete the sources yourself, and tell the laboratory',
    place: { file: path },
  });
}

function markOf(value: unknown): SourceMark | undefined {
  if (typeof value !== 'object') return undefined;
  const { dataset, path, dev, ino, bytes, digest }: Record<string, unknown> = { ...value };
  if (typeof dataset !== 'string' || !isDatasetName(dataset) || typeof digest !== 'string' || !isDigest(digest)) {
    return undefined;
  }
  if (typeof path !== 'string' || typeof dev !== 'string' || typeof ino !== 'string') return undefined;
  return typeof bytes === 'number' ? { dataset, path, dev, ino, bytes, digest } : undefined;
}
