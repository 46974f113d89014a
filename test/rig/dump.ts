/** The synthetic dump of demo/make-dump.mjs, read by a parser that shares nothing with Sealift. */
import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type Options, parse } from 'csv-parse';

const MAKE_DUMP = fileURLToPath(new URL('../../demo/make-dump.mjs', import.meta.url));

/** What make-dump.mjs counted while it wrote. */
export interface Truth {
  readonly patients: {
    readonly rows: number;
    readonly onOrAfterCutoff: number;
    readonly beforeCutoff: number;
    readonly emptyDate: number;
    readonly invalidDate: number;
    readonly bytes: number;
    readonly columns: readonly string[];
  };
  readonly results: {
    readonly rows: number;
    readonly ofKeptPatients: number;
    readonly orphans: number;
    readonly bytes: number;
    readonly columns: readonly string[];
  };
}

/** Writes patients.csv, results.csv and truth.json into a folder. */
export async function makeDump(folder: string, ...options: readonly string[]): Promise<Truth> {
  execFileSync(process.execPath, [MAKE_DUMP, '--out', folder, ...options], { stdio: 'ignore' });
  return JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8')) as Truth;
}

/** The dump's dialect, for csv-parse. */
export const DUMP: Options = { delimiter: ';', record_delimiter: '\r\n' };

/**
 * The records of a CSV file, the header with them, by csv-parse.
 *
 * @param encoding as the WHATWG Encoding Standard names it; the decoder runs as a stream, the only way in which Node 20
 * gets windows-1252 right
 */
export async function* records(path: string, encoding: string, options: Options = {}): AsyncGenerator<string[]> {
  const parser = parse({ ...options, bom: false });
  // What goes wrong on the way destroys the parser, and its reader hears of it.
  pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), decodedFrom(encoding), parser).catch(() => undefined);
  for await (const record of parser) yield record as string[];
}

const decodedFrom = (encoding: string) =>
  async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder(encoding);
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  };

/** A row as a map from column to cell. */
export async function* rows(
  path: string,
  encoding: string,
  options: Options = {},
): AsyncGenerator<ReadonlyMap<string, string>> {
  let header: string[] | undefined;
  for await (const record of records(path, encoding, options)) {
    if (header === undefined) header = record;
    else yield new Map(header.map((name, index) => [name, record[index] ?? '']));
  }
}

/** All that an iteration gives. (Node 20 has no Array.fromAsync.) */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Values that nobody else in the dump has, of some of its patients: what must never be seen in clear. */
export async function canaries(patients: string): Promise<string[]> {
  const values: string[] = [];
  let row = 0;
  for await (const cells of rows(patients, 'windows-1252', DUMP)) {
    row += 1;
    // The first rows, whose bytes any error text would show first, and some of the others.
    if (row > 3 && row % 7 !== 0) continue;
    values.push(...['NIR', 'EMAIL', 'ID_TIERS_PAYANT'].flatMap((name) => cells.get(name) || []));
    const secret = cells.get('MP') ?? '';
    // A short one could be part of a key by chance.
    if (secret.length >= 8) values.push(secret);
    if (values.length > 60) break;
  }
  return values;
}
