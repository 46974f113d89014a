import { existsSync, fstatSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BackgroundSealing } from '../src/node/background-sealing.ts';
import type { Threading } from '../src/node/background-work.ts';
import { TemporaryFile } from '../src/node/file.ts';
import { sealedOutput } from '../src/node/sealed-output.ts';
import { streamCipher } from '../src/node/secretstream-self-test.ts';
import { openBytes } from '../src/sealed/open.ts';
import { beginSealing } from '../src/sealed/seal.ts';
import { libsodiumCipher, type StreamCipher } from '../src/sealed/stream-cipher.ts';
import { digestOf, digestText } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import { person } from './people.ts';
import { codeOf } from './refusal.ts';

const CHUNK = 65_536;
const PLACE = { job: 'job-1', dataset: 'patients' } as const;
/** What the thread loads: Node needs it built. */
const MODULE = new URL('../dist/node/sealed-output.js', import.meta.url);

let folder: string;
beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), 'sealift-sealing-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
const newFile = (): Promise<TemporaryFile> => TemporaryFile.create(join(folder, `file-${++files}`), 0o600, false);

/** The arrangements that ship: in a thread, and in the caller's, with either cipher. */
function arrangement(where: 'thread' | 'here') {
  const threads: Worker[] = [];
  const start: Threading['start'] = (program, workerData) => {
    const thread = new Worker(program, { eval: true, workerData, env: {}, execArgv: [] });
    threads.push(thread);
    return thread;
  };
  const module = where === 'thread' ? MODULE.href : undefined;
  return { threads, options: { module, threading: { start, patience: 30_000 } } };
}

const beginningFor = (recipient: number) =>
  beginSealing({ ...PLACE, suite: 'xwing-sealedbox', recipients: [person(recipient).identity] });

async function begin(file: TemporaryFile, where: 'thread' | 'here', cipher: StreamCipher = streamCipher()) {
  const { options, threads } = arrangement(where);
  return { threads, sealing: await BackgroundSealing.begin(file, beginningFor(1), cipher, options) };
}

const content = Uint8Array.from({ length: 60 * CHUNK }, (_, at) => (at * 31 + (at >> 13)) & 0xff);
const pieces = fc.array(
  fc.oneof(fc.nat(5 * CHUNK), fc.constantFrom(CHUNK, CHUNK - 1, CHUNK + 1, 8 * CHUNK, 32 * CHUNK, 33 * CHUNK)),
  { maxLength: 6 },
);

describe('a file that is sealed while its plaintext is made', () => {
  test.each([
    ['in a thread of its own', 'thread', streamCipher],
    ['in the thread of the caller', 'here', streamCipher],
    ['by libsodium, where Node has not what it takes', 'thread', () => libsodiumCipher],
  ] as const)('%s opens to every byte, with its size and digest', async (_, where, cipher) => {
    expect(existsSync(fileURLToPath(MODULE)), 'build first').toBe(true);
    await fc.assert(
      fc.asyncProperty(pieces, async (lengths) => {
        const file = await newFile();
        const { sealing, threads } = await begin(file, where, cipher());
        const buffer = new Uint8Array(content.length);
        let total = 0;
        for (const length of lengths) {
          // What was pushed may be reused at once.
          const piece = buffer.subarray(0, length);
          piece.set(content.subarray(0, length));
          sealing.push(piece);
          piece.fill(0);
          total += length;
        }
        const written = sealing.finish();
        await file.settle();
        await file.publish('exclusive');
        const sealed = await readFile(file.target);
        expect(written).toEqual({ bytes: sealed.length, digest: digestOf(sealed) });
        const plaintext = openBytes(sealed, person(1), PLACE);
        expect(Buffer.compare(plaintext, Buffer.concat(lengths.map((length) => content.subarray(0, length))))).toBe(0);
        expect(threads.length).toBe(
          where === 'thread' && cipher().name === 'node:crypto' && total >= 8 * CHUNK ? 1 : 0,
        );
      }),
      { numRuns: cipher === streamCipher ? 25 : 5 },
    );
  });

  test('what the thread runs opens to every byte wherever it runs', async () => {
    const file = await newFile();
    const { header: beginning, start } = beginSealing({
      ...PLACE,
      suite: 'xwing-sealedbox',
      recipients: [person(1).identity],
    });
    await file.write(beginning);
    const { key, header, context } = start;
    const output = sealedOutput({ descriptor: file.descriptor, beginning, header, context }, key);
    const plaintext = content.subarray(0, 3 * CHUNK + 5);
    output.update(plaintext);
    const result = output.finish();
    file.wasWritten(Number(new DataView(result.buffer).getBigUint64(32, true)));
    await file.settle();
    await file.publish('exclusive');
    const sealed = await readFile(file.target);
    expect(digestText(result.subarray(0, 32))).toBe(digestOf(sealed));
    expect(Buffer.compare(openBytes(sealed, person(1), PLACE), plaintext)).toBe(0);
  });

  test.each(['thread', 'here'] as const)('what the file system says is told (%s)', async (where) => {
    const file = await newFile();
    const { sealing } = await begin(file, where);
    await file.discard();
    const failure = codeOf(() => {
      for (let round = 0; round < 10; round += 1) sealing.push(content);
      sealing.finish();
    });
    expect(failure).toBe('E_FILE');
    sealing.wipe();
    expect(codeOf(() => sealing.push(content))).toMatch(/^E_(FILE|INTERNAL)$/);
  });

  test('a thread that stops in the middle is told', async () => {
    const file = await newFile();
    // The last of the words that both sides share says who works.
    const program =
      "const { words } = require('node:worker_threads').workerData; Atomics.store(words, words.length - 1, 1);";
    const start: Threading['start'] = (_, workerData) => new Worker(program, { eval: true, workerData });
    const options = { module: MODULE.href, threading: { start, patience: 30_000 }, patience: 300 };
    const sealing = await BackgroundSealing.begin(file, beginningFor(1), streamCipher(), options);
    sealing.push(content.subarray(0, 16 * CHUNK));
    await setTimeout(1000);
    expect(codeOf(() => sealing.finish())).toBe('E_INTERNAL');
    await file.discard();
  });

  test('the thread begins with what it is given, and seals the same stream', async () => {
    const file = await newFile();
    const { header: beginning, start } = beginningFor(1);
    await file.write(beginning);
    const { key, header, context } = start;
    const output = sealedOutput({ descriptor: file.descriptor, beginning, header, context }, key);
    output.update(content.subarray(0, 3 * CHUNK + 5));
    expect(output.finish()).toHaveLength(40);
    file.wasWritten(fstatSync(file.descriptor).size);
    await file.settle();
    await file.publish('exclusive');
    const plaintext = openBytes(await readFile(file.target), person(1), PLACE);
    expect(Buffer.compare(plaintext, content.subarray(0, 3 * CHUNK + 5))).toBe(0);
  });

  test('nothing is written to the file any more once it is given up', async () => {
    const file = await newFile();
    const { sealing } = await begin(file, 'thread');
    sealing.push(content);
    sealing.wipe();
    const { size } = fstatSync(file.descriptor);
    await setTimeout(100);
    expect(fstatSync(file.descriptor).size).toBe(size);
    await file.discard();
  });
});
