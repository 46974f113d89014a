import { closeSync, existsSync, fstatSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyedDigestOf } from '../src/keyed-digest.ts';
import { isHashingSlow } from '../src/node/background-hash.ts';
import { BackgroundSealing } from '../src/node/background-sealing.ts';
import type { Threading } from '../src/node/background-thread.ts';
import { sealedOutput } from '../src/node/sealed-output.ts';
import { streamCipher } from '../src/node/secretstream-self-test.ts';
import { TemporaryFile } from '../src/node/temporary-file.ts';
import { openBytes } from '../src/sealed/open.ts';
import { beginSealing } from '../src/sealed/seal.ts';
import { libsodiumCipher, type StreamCipher } from '../src/sealed/stream-cipher.ts';
import { digestOf, digestText } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import { person } from './people.ts';
import { codeOf } from './refusal.ts';

const CHUNK = 65_536;
const DIGEST_KEY = Uint8Array.from({ length: 32 }, (_, at) => at + 1);
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

function threadWith(program: string, shared: Parameters<Threading['start']>[1]): Worker {
  const thread = new Worker(program, { eval: true, env: {}, execArgv: [] });
  thread.unref();
  thread.postMessage(shared);
  return thread;
}

/** As far as the system tells. */
const threadsOfThisProcess = (): number => (existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : 0);

/** The arrangements that ship: in one thread or two, and in the caller's, with either cipher. */
function arrangement(where: 'thread' | 'here') {
  const threads: Worker[] = [];
  const start: Threading['start'] = (program, shared) => {
    const thread = threadWith(program, shared);
    threads.push(thread);
    return thread;
  };
  const module = where === 'thread' ? MODULE.href : undefined;
  return { threads, options: { module, threading: { start, patience: 30_000 } } };
}

const beginningFor = (recipient: number) =>
  beginSealing({ ...PLACE, suite: 'xwing-sealedbox', recipients: [person(recipient).identity] });

async function begin(
  file: TemporaryFile,
  where: 'thread' | 'here',
  { cipher = streamCipher(), count = 2 }: { cipher?: StreamCipher; count?: 1 | 2 } = {},
) {
  const { options, threads } = arrangement(where);
  const means = { cipher, digestKey: DIGEST_KEY, threads: count };
  return { threads, sealing: await BackgroundSealing.begin(file, beginningFor(1), means, options) };
}

const content = Uint8Array.from({ length: 60 * CHUNK }, (_, at) => (at * 31 + (at >> 13)) & 0xff);
const pieces = fc.array(
  fc.oneof(fc.nat(5 * CHUNK), fc.constantFrom(CHUNK, CHUNK - 1, CHUNK + 1, 8 * CHUNK, 32 * CHUNK, 33 * CHUNK)),
  { maxLength: 6 },
);

describe('a file that is sealed while its plaintext is made', () => {
  test.each([
    ['in two threads', 'thread', streamCipher, 2],
    ['in one thread', 'thread', streamCipher, 1],
    ['in the thread of the caller', 'here', streamCipher, 1],
    ['in the thread of the caller, its digest in another', 'here', streamCipher, 2],
    ['by libsodium, where Node has not what it takes', 'thread', () => libsodiumCipher, 2],
    ['by libsodium in the thread of the caller', 'thread', () => libsodiumCipher, 1],
  ] as const)('%s opens to every byte, with its size and digest', async (_, where, cipher, count) => {
    expect(existsSync(fileURLToPath(MODULE)), 'build first').toBe(true);
    await fc.assert(
      fc.asyncProperty(pieces, async (lengths) => {
        const file = await newFile();
        const { sealing, threads } = await begin(file, where, { cipher: cipher(), count });
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
        const pushed = Buffer.concat(lengths.map((length) => content.subarray(0, length)));
        expect(written).toEqual({
          ...{ bytes: sealed.length, digest: digestOf(sealed) },
          plaintext: keyedDigestOf(pushed, DIGEST_KEY),
        });
        expect(Buffer.compare(openBytes(sealed, person(1), PLACE), pushed)).toBe(0);
        // Where none can seal, one may still make the digest of the plaintext.
        const worthwhile = where === 'thread' && cipher().name === 'node:crypto' ? count : count - 1;
        expect(threads.length).toBe(total >= 8 * CHUNK ? worthwhile : 0);
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
    const plaintext = content.subarray(0, 57 * CHUNK + 5);
    const buffer = new Uint8Array(19 * CHUNK);
    for (let at = 0; at < plaintext.length; at += buffer.length) {
      const piece = plaintext.subarray(at, at + buffer.length);
      buffer.set(piece);
      const going = output.update(buffer.subarray(0, piece.length));
      // The ring is written again as soon as the call returns, whatever is still being written to the file.
      buffer.fill(0);
      await going;
    }
    const result = await output.finish();
    file.wasWritten(Number(new DataView(result.buffer).getBigUint64(32, true)));
    await file.settle();
    await file.publish('exclusive');
    const sealed = await readFile(file.target);
    expect(digestText(result.subarray(0, 32))).toBe(digestOf(sealed));
    expect(Buffer.compare(openBytes(sealed, person(1), PLACE), plaintext)).toBe(0);
  });

  test('what the thread runs says at its next step what the file system said, and then nothing goes on', async () => {
    const file = await newFile();
    const { header: beginning, start } = beginningFor(1);
    await file.write(beginning);
    const { key, header, context } = start;
    const output = sealedOutput({ descriptor: file.descriptor, beginning, header, context }, key);
    closeSync(file.descriptor);
    await output.update(content.subarray(0, 20 * CHUNK));
    await expect(output.update(content.subarray(0, 20 * CHUNK))).rejects.toMatchObject({ code: 'EBADF' });
    await output.idle();
    await file.discard();
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
      "require('node:worker_threads').parentPort.once('message', ({ words }) => Atomics.store(words, words.length - 1, 1));";
    const start: Threading['start'] = (_, shared) => threadWith(program, shared);
    const options = { module: MODULE.href, threading: { start, patience: 300 }, patience: 300 };
    const sealing = await BackgroundSealing.begin(
      file,
      beginningFor(1),
      { cipher: streamCipher(), digestKey: DIGEST_KEY },
      options,
    );
    sealing.push(content.subarray(0, 16 * CHUNK));
    await setTimeout(1000);
    expect(codeOf(() => sealing.finish())).toBe('E_INTERNAL');
    await file.discard();
  });

  test.each([
    ['seals', 0],
    ['computes the digest of the plaintext', 1],
  ])(
    'where the thread that %s can not be had, the caller does its work beside the other thread',
    async (_, missing) => {
      let wanted = 0;
      const start: Threading['start'] = (program, shared) => {
        if (wanted++ === missing) throw new Error('no more threads');
        return threadWith(program, shared);
      };
      const file = await newFile();
      const options = { module: MODULE.href, threading: { start, patience: 30_000 } };
      const means = { cipher: streamCipher(), digestKey: DIGEST_KEY };
      const sealing = await BackgroundSealing.begin(file, beginningFor(1), means, options);
      for (let at = 0; at < content.length; at += 5 * CHUNK + 1) sealing.push(content.subarray(at, at + 5 * CHUNK + 1));
      const written = sealing.finish();
      await file.settle();
      await file.publish('exclusive');
      const sealed = await readFile(file.target);
      expect(wanted).toBe(2);
      expect(written.plaintext).toBe(keyedDigestOf(content, DIGEST_KEY));
      expect(written.digest).toBe(digestOf(sealed));
      expect(Buffer.compare(openBytes(sealed, person(1), PLACE), content)).toBe(0);
    },
  );

  test.each([
    ['one on two processors, of which the caller has one', 2, false, 1],
    ['one on a single processor', 1, true, 1],
    ['two on more processors', 4, false, 2],
    ['two where the digests take longer than all else', 2, true, 2],
  ] as const)('threads beside a caller that is busy: %s', (_, processors, isSlow, threads) => {
    expect(BackgroundSealing.threadsBeside(processors, () => isSlow)).toBe(threads);
    expect([1, 2]).toContain(BackgroundSealing.threadsBeside());
  });

  test.each([
    ['quick, where it takes a twentieth of a millisecond once', [9, 9, 0.05], false],
    ['slow, where it never does', [9, 9, 9], true],
  ])('SHA-256 of 64 KiB counts as %s', (_, milliseconds, isSlow) => {
    const times = milliseconds.flatMap((took) => [0, took]);
    expect(isHashingSlow(() => times.shift() ?? Number.NaN)).toBe(isSlow);
    expect(times).toEqual([]);
    expect([true, false]).toContain(isHashingSlow());
  });

  test('the keys of the caller are copied, and the copy is overwritten', async () => {
    const file = await newFile();
    const digestKey = Uint8Array.from(DIGEST_KEY);
    const beginning = beginningFor(1);
    const { threads, options } = arrangement('thread');
    const means = { cipher: streamCipher(), digestKey, threads: 1 } as const;
    const sealing = await BackgroundSealing.begin(file, beginning, means, options);
    expect(digestKey).toEqual(DIGEST_KEY);
    expect(beginning.start.key.every((byte) => byte === 0)).toBe(true);
    digestKey.fill(0);
    sealing.push(content);
    expect(sealing.finish().plaintext).toBe(keyedDigestOf(content, DIGEST_KEY));
    expect(threads.length).toBe(1);
    await file.discard();
  });

  test('a piece that is larger than the ring is sealed whole, in memory of its own where there is not enough', async () => {
    const file = await newFile();
    const { sealing } = await begin(file, 'here');
    const large = Buffer.concat([content, content]);
    sealing.push(large);
    const { plaintext } = sealing.finish();
    await file.settle();
    await file.publish('exclusive');
    expect(plaintext).toBe(keyedDigestOf(large, DIGEST_KEY));
    expect(Buffer.compare(openBytes(await readFile(file.target), person(1), PLACE), large)).toBe(0);
  });

  test('the thread begins with what it is given, and seals the same stream', async () => {
    const file = await newFile();
    const { header: beginning, start } = beginningFor(1);
    await file.write(beginning);
    const { key, header, context } = start;
    const output = sealedOutput({ descriptor: file.descriptor, beginning, header, context }, key);
    await output.update(content.subarray(0, 3 * CHUNK + 5));
    expect(await output.finish()).toHaveLength(40);
    file.wasWritten(fstatSync(file.descriptor).size);
    await file.settle();
    await file.publish('exclusive');
    const plaintext = openBytes(await readFile(file.target), person(1), PLACE);
    expect(Buffer.compare(plaintext, content.subarray(0, 3 * CHUNK + 5))).toBe(0);
  });

  test('the threads that were prepared do the work, and no others are started', async () => {
    BackgroundSealing.prepare(2, MODULE.href);
    BackgroundSealing.prepare(2, MODULE.href);
    const file = await newFile();
    const means = { cipher: streamCipher(), digestKey: DIGEST_KEY };
    const sealing = await BackgroundSealing.begin(file, beginningFor(1), means, { module: MODULE.href });
    // Threads are counted by the lines that the system has of them.
    const before = threadsOfThisProcess();
    sealing.push(content);
    expect(threadsOfThisProcess()).toBe(before);
    const { plaintext } = sealing.finish();
    await file.settle();
    await file.publish('exclusive');
    expect(plaintext).toBe(keyedDigestOf(content, DIGEST_KEY));
    expect(Buffer.compare(openBytes(await readFile(file.target), person(1), PLACE), content)).toBe(0);
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
