import { beforeAll, describe, expect, test } from 'vitest';
import { giveBack, keepFreedMemory } from '../src/node/given-back.ts';
import { nodeCipher } from '../src/node/secretstream.ts';
import { CHUNK_BYTES, TAG_MESSAGE } from '../src/sealed/chunks.ts';

const MEBIBYTE = 1 << 20;

/** Bytes that byte arrays hold, those that are garbage included. */
const held = (): number => process.memoryUsage().arrayBuffers;

// Before the first turn of the event loop nothing is given back.
beforeAll(keepFreedMemory);

describe('memory that is given back', () => {
  test('is free at once: the bytes have no length any more', () => {
    const bytes = new Uint8Array(MEBIBYTE);
    giveBack(bytes);
    expect(bytes.length).toBe(0);
  });

  test('does not add up, whatever the collector does', () => {
    const before = held();
    for (let count = 0; count < 200; count += 1) giveBack(Buffer.allocUnsafeSlow(MEBIBYTE).fill(count));
    expect(held() - before).toBeLessThan(10 * MEBIBYTE);
  });

  test('is never more than the bytes: what others may use too stays', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(16));
    const pooled = Buffer.from('a text');
    const part = new Uint8Array(32).fill(7).subarray(8, 16);
    for (const bytes of [shared, pooled, part]) giveBack(bytes);
    expect(shared.length).toBe(16);
    expect(pooled.toString()).toBe('a text');
    expect([...part]).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
  });

  test('may be as little as nothing', () => {
    expect(() => giveBack(new Uint8Array(0))).not.toThrow();
  });

  test('stays with the allocator, and no block of it is kept here', async () => {
    const before = held();
    await keepFreedMemory();
    expect(held() - before).toBeLessThan(MEBIBYTE);
  });
});

test('sealing gives the memory of the cipher back: a thousand chunks take no more than a few', () => {
  const start = { key: new Uint8Array(32), header: new Uint8Array(24), context: new Uint8Array(32) };
  const memory = new Uint8Array(CHUNK_BYTES + 17);
  const stream = nodeCipher.sealing(start, (bytes) => memory.subarray(0, bytes));
  const chunk = new Uint8Array(CHUNK_BYTES);
  const before = held();
  let most = 0;
  for (let count = 0; count < 1000; count += 1) {
    stream.seal(chunk, TAG_MESSAGE);
    most = Math.max(most, held() - before);
  }
  expect(most).toBeLessThan(8 * CHUNK_BYTES);
});
