/**
 * Whole extractions in every arrangement of threads that ships: whatever the source looks like, wherever it is cut and whoever works,
 * the sealed file opens to the same plaintext, with the same digest, and to the cells that csv-parse reads in the source.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, keyedDigestOf, ready } from '@sealift/core';
import type { Dialect } from '@sealift/core/dataset';
import { createIdentity } from '@sealift/core/identity';
import { utcTime } from '@sealift/core/ids';
import { BackgroundSealing, streamCipher, TemporaryFile } from '@sealift/core/node';
import { beginSealing, libsodiumCipher, openBytes } from '@sealift/core/sealed';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractDataset } from '../src/index.ts';
import { datasetOf, extractText, sourceOf } from './extraction.ts';

/** What the thread that seals loads: Node needs it built. */
const MODULE = new URL('../../core/dist/node/sealed-output.js', import.meta.url).href;
const PLACE = { job: 'job-1', dataset: 'patients' } as const;
const DIGEST_KEY = Uint8Array.from({ length: 32 }, (_, at) => at);
const NAMES = ['ID', 'NAME', 'NOTE', 'CITY'] as const;
const LEAVES = ['CITY', 'ID', 'NOTE'] as const;

const ARRANGEMENTS = {
  'one thread, begun when there is enough for it': {
    module: MODULE,
    cipher: streamCipher,
    threads: 1,
    prepared: false,
  },
  'one thread that was there before': { module: MODULE, cipher: streamCipher, threads: 1, prepared: true },
  'two threads, begun when there is enough for them': {
    module: MODULE,
    cipher: streamCipher,
    threads: 2,
    prepared: false,
  },
  'two threads that were there before': { module: MODULE, cipher: streamCipher, threads: 2, prepared: true },
  'no thread': { module: undefined, cipher: streamCipher, threads: 1, prepared: false },
  'one thread for the digest, the caller seals': {
    module: undefined,
    cipher: streamCipher,
    threads: 2,
    prepared: false,
  },
  'no thread, the caller seals by libsodium': {
    module: MODULE,
    cipher: () => libsodiumCipher,
    threads: 1,
    prepared: false,
  },
  'one thread for the digest, the caller seals by libsodium': {
    module: MODULE,
    cipher: () => libsodiumCipher,
    threads: 2,
    prepared: false,
  },
} as const;

interface Written {
  readonly dialect: Dialect;
  readonly text: string;
}

const cell = fc
  .array(fc.constantFrom('a', 'é', '"', ';', ',', '\n', '\r\n', ' ', 'longer than a vector of bytes'), { maxLength: 5 })
  .map((parts) => parts.join(''));

const written: fc.Arbitrary<Written> = fc
  .record({
    encoding: fc.constantFrom('utf-8' as const, 'windows-1252' as const),
    delimiter: fc.constantFrom(';', ',', '|'),
    end: fc.constantFrom('\n', '\r\n'),
    rows: fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 40 }),
    // From a source that no thread is worth being begun for, to one that fills the ring several times.
    kilobytes: fc.constantFrom(1, 700, 9_000),
  })
  .map(({ encoding, delimiter, end, rows, kilobytes }) => {
    const record = (cells: readonly string[]): string =>
      cells.map((one) => (/^[a ]+$/.test(one) ? one : `"${one.replaceAll('"', '""')}"`)).join(delimiter) + end;
    const table = rows.map(record).join('');
    const times = Math.ceil((kilobytes * 1000) / table.length);
    return {
      dialect: { encoding, delimiter, quote: '"', newline: end === '\n' ? 'lf' : 'crlf' },
      text: record([...NAMES]) + table.repeat(times),
    };
  });

const bytesOf = ({ dialect, text }: Written): Uint8Array =>
  Buffer.from(text, dialect.encoding === 'utf-8' ? 'utf8' : 'latin1');

/** The columns that leave, as csv-parse reads them. */
function expectedOf({ dialect: { delimiter }, text }: Written): string[][] {
  const rows: string[][] = parse(text, { delimiter, record_delimiter: ['\r\n', '\n'] });
  return rows.map((row) => LEAVES.map((name) => row[NAMES.indexOf(name)] ?? ''));
}

let folder: string;
let recipient: ReturnType<typeof createIdentity>['secret'];
beforeAll(async () => {
  await ready();
  expect(existsSync(fileURLToPath(MODULE)), 'build first').toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'sealift-arrangements-'));
  recipient = createIdentity('Recipient', utcTime(new Date())).secret;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Extracts and seals as a job does; gives what was sealed and what was said of it. */
async function sealed(
  source: Written,
  cut: number,
  { module, cipher, threads, prepared }: (typeof ARRANGEMENTS)[Arrangement],
) {
  const path = join(folder, 'sealed');
  const file = await TemporaryFile.create(path, 0o600, false);
  if (prepared) BackgroundSealing.prepare(threads, module);
  const beginning = beginSealing({ ...PLACE, suite: 'xwing-sealedbox', recipients: [recipient.identity] });
  const output = await BackgroundSealing.begin(
    file,
    beginning,
    { cipher: cipher(), digestKey: DIGEST_KEY, threads },
    { module },
  );
  const { plaintextBytes } = await extractDataset({
    dataset: datasetOf(LEAVES, { dialect: source.dialect }),
    source: sourceOf(bytesOf(source), cut),
    sink: (plaintext) => output.push(plaintext),
  });
  const said = output.finish();
  await file.settle();
  await file.publish('replace');
  return { said, plaintextBytes, bytes: await readFile(path) };
}

type Arrangement = keyof typeof ARRANGEMENTS;

describe('a whole extraction', () => {
  it.each(Object.keys(ARRANGEMENTS) as Arrangement[])('gives the same: %s', async (name) => {
    const cuts = fc.constantFrom(1 << 10, 65_536, 65_537, 1 << 20, Number.POSITIVE_INFINITY);
    await fc.assert(
      fc.asyncProperty(written, cuts, async (source, cut) => {
        const { said, plaintextBytes, bytes } = await sealed(source, cut, ARRANGEMENTS[name]);
        const opened = openBytes(bytes, recipient, PLACE);
        const dataset = datasetOf(LEAVES, { dialect: source.dialect });
        const { text } = await extractText(dataset, bytesOf(source));
        expect(said).toEqual({
          ...{ bytes: bytes.length, digest: digestOf(bytes) },
          plaintext: keyedDigestOf(Buffer.from(text), DIGEST_KEY),
        });
        expect(plaintextBytes).toBe(opened.length);
        expect(Buffer.compare(opened, Buffer.from(text))).toBe(0);
        // As one text: comparing a hundred thousand arrays takes minutes.
        const rows: string[][] = parse(text, { record_delimiter: '\r\n' });
        expect(JSON.stringify(rows) === JSON.stringify(expectedOf(source))).toBe(true);
      }),
      { numRuns: 6, interruptAfterTimeLimit: 60_000 },
    );
  });
});
