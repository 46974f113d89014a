import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BackgroundHash, HASHING } from '../src/node/background-hash.ts';
import { prepareThread, type Threading } from '../src/node/background-thread.ts';
import { seedOf } from './people.ts';
import { codeOf } from './refusal.ts';

const MIB = 1 << 20;
const KEY = seedOf(1);

/** Bytes that differ from place to place, so that a piece at another place is seen. */
function bytesOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0, value = seed; at < length; at += 1) {
    value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = value >>> 24;
  }
  return bytes;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Threads as usual, and which were started. */
function counted(program?: string): { threading: Threading; threads: Worker[] } {
  const threads: Worker[] = [];
  const start: Threading['start'] = (own, shared) => {
    const thread = new Worker(program ?? own, { eval: true, env: {}, execArgv: [] });
    thread.unref();
    thread.postMessage(shared);
    threads.push(thread);
    return thread;
  };
  return { threading: { start, patience: 300 }, threads };
}

const pieces = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.nat(100_000) },
    // Around a batch, the ring, and what starts the thread.
    fc.constantFrom(0, 1, MIB >> 2, (MIB >> 2) - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 1, 5 * MIB),
  ),
  { maxLength: 12 },
);

describe('a digest computed in a thread of its own', () => {
  test('is the one that node:crypto computes, however the bytes are cut', () => {
    const content = bytesOf(5 * MIB + 100_000);
    fc.assert(
      fc.property(pieces, fc.boolean(), (lengths, keyed) => {
        const [hash, expected] = keyed
          ? [new BackgroundHash(KEY), createHmac('sha256', KEY)]
          : [new BackgroundHash(), createHash('sha256')];
        for (const [index, length] of lengths.entries()) {
          const piece = content.subarray(index, index + length);
          hash.update(piece);
          expected.update(piece);
        }
        expect(hex(hash.digest())).toBe(expected.digest('hex'));
      }),
      { numRuns: 60 },
    );
  });

  test('is of the bytes at the time: they may be reused at once', () => {
    const [hash, expected] = [new BackgroundHash(), createHash('sha256')];
    const piece = new Uint8Array(MIB);
    for (let round = 0; round < 20; round += 1) {
      piece.set(bytesOf(1000, round));
      hash.update(piece);
      expected.update(piece);
      piece.fill(0xff);
    }
    expect(hex(hash.digest())).toBe(expected.digest('hex'));
  });

  test('takes no thread for little, and one for much', () => {
    const little = counted();
    new BackgroundHash(undefined, little.threading).update(bytesOf(MIB / 2 - 1)).digest();
    expect(little.threads).toHaveLength(0);
    const much = counted();
    new BackgroundHash(undefined, much.threading).update(bytesOf(3 * MIB)).digest();
    expect(much.threads).toHaveLength(1);
  });

  test('is the same where there are no threads', () => {
    const start = (): Worker => {
      throw new Error('no threads here');
    };
    const content = bytesOf(7 * MIB);
    const hash = new BackgroundHash(KEY, { start, patience: 300 });
    hash.update(content.subarray(0, 3 * MIB)).update(content.subarray(3 * MIB));
    expect(hex(hash.digest())).toBe(createHmac('sha256', KEY).update(content).digest('hex'));
  });
});

describe('the thread', () => {
  test('ends with the digest', async () => {
    const { threading, threads } = counted();
    const hash = new BackgroundHash(undefined, threading).update(bytesOf(3 * MIB));
    const ended = once(threads[0] ?? expect.fail('no thread'), 'exit');
    hash.digest();
    expect(await ended).toEqual([0]);
  });

  test('ends when the digest is not wanted any more', async () => {
    const { threading, threads } = counted();
    const hash = new BackgroundHash(undefined, threading).update(bytesOf(3 * MIB));
    const ended = once(threads[0] ?? expect.fail('no thread'), 'exit');
    hash.wipe();
    expect(await ended).toEqual([0]);
  });

  test('overwrites the key that it was given once it has begun', () => {
    let shared: Parameters<Threading['start']>[1] | undefined;
    const { threading } = counted();
    const start: Threading['start'] = (program, given) => {
      shared = given;
      return threading.start(program, given);
    };
    const hash = new BackgroundHash(KEY, { start, patience: 60_000 });
    hash.update(bytesOf(8 * MIB));
    expect(shared?.secret).toEqual(new Uint8Array(32));
    hash.digest();
    expect(shared?.ring.every((byte) => byte === 0)).toBe(true);
  });

  test.each([
    ['ends at once', 'process.exit(1)'],
    ['never begins', 'setTimeout(() => undefined, 2000)'],
    ['can not be begun', "throw new Error('too many open files')"],
  ])('that %s is replaced by the caller, who still has every byte', (_what, program) => {
    const content = bytesOf(5 * MIB);
    const hash = new BackgroundHash(KEY, counted(program).threading).update(content);
    expect(hex(hash.digest())).toBe(createHmac('sha256', KEY).update(content).digest('hex'));
    const short = new BackgroundHash(KEY, counted(program).threading).update(content.subarray(0, MIB));
    expect(hex(short.digest())).toBe(createHmac('sha256', KEY).update(content.subarray(0, MIB)).digest('hex'));
  });

  test('that is known to have failed before it began is replaced as well', async () => {
    const { threading, threads } = counted("throw new Error('out of order')");
    const content = bytesOf(MIB);
    const hash = new BackgroundHash(undefined, threading).update(content);
    const thread = threads[0] ?? expect.fail('no thread');
    await new Promise((resolve) => thread.once('error', resolve));
    expect(hex(hash.update(content).digest())).toBe(createHash('sha256').update(content).update(content).digest('hex'));
  });

  // The last of the words that both sides share says who hashes.
  const begun = (then: string): string =>
    `require('node:worker_threads').parentPort.once('message', ({ words }) => { Atomics.store(words, words.length - 1, 1); ${then} })`;
  test.each([
    ['ends in the middle', begun('process.exit(1)')],
    ['stands still', begun('setTimeout(() => undefined, 2000)')],
  ])('that began and %s is given up, and no digest comes out', (_what, program) => {
    const hash = new BackgroundHash(undefined, counted(program).threading);
    // Time to begin: a thread that has not is replaced.
    hash.update(bytesOf(MIB));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    expect(codeOf(() => hash.update(bytesOf(5 * MIB)))).toBe('E_INTERNAL');
    const short = new BackgroundHash(undefined, counted(program).threading).update(bytesOf(MIB));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    expect(codeOf(() => short.digest())).toBe('E_INTERNAL');
  });

  test('that was prepared and ends before there is work is replaced', async () => {
    const threads: Worker[] = [];
    const begin = (): Worker => {
      const thread = new Worker('process.exit(1)', { eval: true });
      threads.push(thread);
      return thread;
    };
    prepareThread(HASHING, begin);
    prepareThread(HASHING, begin);
    expect(threads).toHaveLength(1);
    await once(threads[0] ?? expect.fail('no thread'), 'exit');
    prepareThread(HASHING, begin);
    expect(threads).toHaveLength(2);
    await once(threads[1] ?? expect.fail('no thread'), 'exit');
    const content = bytesOf(3 * MIB);
    expect(hex(new BackgroundHash(KEY).update(content).digest())).toBe(
      createHmac('sha256', KEY).update(content).digest('hex'),
    );
  });

  test('that was prepared is there when there is work', () => {
    BackgroundHash.prepare();
    const content = bytesOf(3 * MIB);
    expect(hex(new BackgroundHash().update(content).digest())).toBe(createHash('sha256').update(content).digest('hex'));
  });

  test('that can not be prepared is asked for once more when there is work', () => {
    prepareThread(HASHING, () => {
      throw new Error('too many open files');
    });
    const content = bytesOf(3 * MIB);
    expect(hex(new BackgroundHash().update(content).digest())).toBe(createHash('sha256').update(content).digest('hex'));
  });

  test('takes nothing more after the digest', () => {
    const hash = new BackgroundHash();
    hash.update(bytesOf(10)).digest();
    expect(codeOf(() => hash.update(bytesOf(1)))).toBe('E_INTERNAL');
  });
});
