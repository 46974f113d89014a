/** What was loaded of a delivery: a small file in the recipient's folder, so that a run after a crash loads nothing twice. */
import { join } from 'node:path';
import { SealiftError } from '@sealift/core';
import { parseJson } from '@sealift/core/document';
import { lookAt, readBounded, replaceFile } from '@sealift/core/node';
import type { ReceivedDataset } from '@sealift/core/statement';

const FILE = 'loaded.json';
const MAX_BYTES = 1 << 20;

/** `begun`: it was handed over, and nobody knows how that ended. */
export type LoadingState = 'begun' | 'loaded';

interface Loading {
  /** Digest of the sealed file. */
  readonly file: string;
  readonly state: LoadingState;
}

type Loadings = Readonly<Record<string, Loading>>;

/** The record of one folder. */
export class LoadingRecord {
  readonly #path: string;
  #loadings: Loadings;

  private constructor(path: string, loadings: Loadings) {
    this.#path = path;
    this.#loadings = loadings;
  }

  /** Reads the record of a folder; it is empty where there is none. @throws E_SCHEMA, what `parseJson` throws, E_FILE */
  static async read(folder: string): Promise<LoadingRecord> {
    const path = join(folder, FILE);
    if ((await lookAt(path)) === undefined) return new LoadingRecord(path, {});
    const { value } = parseJson(await readBounded(path, MAX_BYTES), { maxBytes: MAX_BYTES, file: path });
    if (isLoadings(value)) return new LoadingRecord(path, value);
    throw new SealiftError('E_SCHEMA', 'this does not say what was loaded', {
      hint: 'look at what was loaded, and name another folder with --into',
      place: { file: path },
    });
  }

  /** How far a dataset is; undefined where it was not begun. @throws E_EXISTS when the record is of another delivery */
  stateOf({ dataset, file }: ReceivedDataset): LoadingState | undefined {
    const loading = this.#loadings[dataset];
    if (loading === undefined || loading.file === file.digest) return loading?.state;
    throw new SealiftError('E_EXISTS', `${this.#path} is of another delivery`, {
      hint: 'name another folder with --into',
    });
  }

  /** Records how far a dataset is. @throws E_FILE */
  async write({ dataset, file }: ReceivedDataset, state: LoadingState): Promise<void> {
    this.#loadings = { ...this.#loadings, [dataset]: { file: file.digest, state } };
    await replaceFile(this.#path, new TextEncoder().encode(`${JSON.stringify(this.#loadings, undefined, 2)}\n`));
  }
}

function isLoadings(value: unknown): value is Loadings {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isLoading);
}

function isLoading(value: unknown): value is Loading {
  if (typeof value !== 'object' || value === null || !('file' in value) || !('state' in value)) return false;
  return typeof value.file === 'string' && (value.state === 'begun' || value.state === 'loaded');
}
