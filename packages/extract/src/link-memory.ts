/** How much memory the links of a job will take, said before anything is read (design §4). */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Dataset } from '@sealift/core/dataset';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import { closeAfterReading } from '@sealift/core/node';
import { linkedFields, type SourceOrigin } from './job-sources.ts';
import { LinkKeys } from './link-keys.ts';

/** Bytes of a source that are looked at to guess how many rows it has. */
const SAMPLE = 256 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** The keys of one field of one dataset, to which others link. */
export interface LinkMemory {
  readonly dataset: string;
  readonly field: string;
  /** What the number of keys follows from: the instructions' ceiling or expectation, a look at the source, or nothing. */
  readonly basis: 'ceiling' | 'expected' | 'source' | 'unknown';
  /** The most different keys, and the most bytes that they take; absent where nothing is known. */
  readonly keys?: number;
  readonly bytes?: number;
}

/**
 * The memory that the keys of linked datasets take: none where nothing links. A source that can't be looked at counts as unknown:
 * opening it for the extraction says why.
 */
export async function forecastLinkMemory(
  { signed }: VerifiedInstructions,
  sources: ReadonlyMap<string, SourceOrigin>,
): Promise<readonly LinkMemory[]> {
  const forecasts: LinkMemory[] = [];
  for (const dataset of signed.datasets) {
    for (const field of linkedFields(dataset, signed.datasets)) {
      const { basis, rows } = await mostRows(dataset, sources.get(dataset.name));
      const known = rows === undefined ? {} : { keys: rows, bytes: LinkKeys.mostBytesFor(rows) };
      forecasts.push({ dataset: dataset.name, field, basis, ...known });
    }
  }
  return forecasts;
}

async function mostRows(
  { ceiling, expected }: Dataset,
  origin: SourceOrigin | undefined,
): Promise<{ readonly basis: LinkMemory['basis']; readonly rows?: number }> {
  if (ceiling?.rows !== undefined) return { basis: 'ceiling', rows: ceiling.rows };
  const rows = expected?.kept ?? expected?.rows;
  if (rows !== undefined) return { basis: 'expected', rows };
  const guess = origin?.kind === 'file' ? await guessRows(origin.path) : undefined;
  return guess === undefined ? { basis: 'unknown' } : { basis: 'source', rows: guess };
}

/** The rows of a file, if they are as long as its first ones; undefined where that can't be said. */
async function guessRows(path: string): Promise<number | undefined> {
  // What is wrong with the path, opening it as a source says.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return undefined;
    const { bytesRead, buffer } = await handle.read(new Uint8Array(SAMPLE), 0, SAMPLE, 0);
    const sample = buffer.subarray(0, bytesRead);
    const rows = countOf(sample, LF) || countOf(sample, CR) || 1;
    return bytesRead === 0 ? 0 : Math.ceil((stats.size / bytesRead) * rows);
  } catch {
    return undefined;
  } finally {
    await closeAfterReading(handle);
  }
}

const countOf = (bytes: Uint8Array, wanted: number): number =>
  bytes.reduce((count, byte) => (byte === wanted ? count + 1 : count), 0);
