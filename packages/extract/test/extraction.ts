/** What the tests of this package share: a dataset to vary, a source that comes in chosen pieces, and the text that leaves. */

import type { Dataset } from '@sealift/core/dataset';
import {
  type DatasetExtraction,
  type ExtractionOptions,
  extractDataset,
  pipeSource,
  type Source,
} from '../src/index.ts';

export type Extracted = DatasetExtraction & { readonly text: string };

export const dialect: Dataset['dialect'] = { encoding: 'utf-8', delimiter: ';', quote: '"', newline: 'any' };

export function datasetOf(names: readonly string[], changes: Partial<Dataset> = {}): Dataset {
  return { name: 'patients', dialect, fields: names.map((name) => ({ name })), ...changes };
}

export function sourceOf(content: string | Uint8Array, pieceSize = Number.POSITIVE_INFINITY): Source {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return pipeSource(pieces(bytes, pieceSize));
}

export async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** Extracts and returns what came out of the sink as text. */
export async function extractText(
  dataset: Dataset,
  content: string | Uint8Array | Source,
  options: Partial<ExtractionOptions> = {},
): Promise<Extracted> {
  const source = typeof content === 'string' || content instanceof Uint8Array ? sourceOf(content) : content;
  const blocks: Buffer[] = [];
  const sink = (bytes: Uint8Array): void => {
    blocks.push(Buffer.from(bytes));
  };
  const result = await extractDataset({ dataset, source, sink, ...options });
  return { ...result, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(blocks)) };
}

/** The error that a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error('nothing was refused');
}
