import { closeSync, existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FileReading } from '../src/node/file-reading.ts';
import { TemporaryFile } from '../src/node/temporary-file.ts';
import { WriteBehind } from '../src/node/write-behind.ts';
import { after } from '../src/node/written-parts.ts';
import { joinBytes } from '../src/sealed/bytes.ts';
import { asyncCodeOf, codeOf } from './refusal.ts';

const MEBIBYTE = 1 << 20;
const onLinux = process.platform === 'linux';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealift-streams-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Bytes that differ from block to block. */
function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = index * 31 + (index >> 13);
  return bytes;
}

/** The descriptors by which this process has a file open (proc(5)). */
function openedOf(path: string): number[] {
  const links = readdirSync('/proc/self/fd').filter((name) => existsSync(`/proc/self/fd/${name}`));
  return links.filter((name) => readlinkSync(`/proc/self/fd/${name}`) === path).map(Number);
}

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const copies: Uint8Array[] = [];
  for await (const piece of pieces) copies.push(Uint8Array.from(piece));
  return joinBytes(copies);
}

describe('a file that is written while its writer goes on', () => {
  test.each([
    ['nothing', []],
    ['empty parts', [0, 0]],
    ['less than is gathered', [1, 70_000, 0, 3]],
    ['exactly what is gathered', [MEBIBYTE]],
    ['chunks of a sealed file, many times over', Array.from({ length: 50 }, () => 65_553)],
    ['one part larger than what is gathered', [3 * MEBIBYTE + 1, 5]],
  ])('holds every byte in order: %s', async (title, lengths) => {
    const whole = bytesOf(lengths.reduce((sum, length) => sum + length, 0));
    const file = await TemporaryFile.create(join(folder, title.replaceAll(/\W/g, '-')));
    let at = 0;
    for (const length of lengths) {
      await file.append([whole.subarray(at, at + length)]);
      at += length;
    }
    await file.settle();
    await file.publish('exclusive');
    expect(file.bytes).toBe(whole.length);
    expect(Buffer.compare(await readFile(file.target), whole)).toBe(0);
  });

  test('`write` and `append` may be mixed, and what was written may be reused', async () => {
    const file = await TemporaryFile.create(join(folder, 'mixed'));
    const buffer = new Uint8Array(10).fill(1);
    await file.append([Uint8Array.of(0)]);
    await file.write(buffer);
    buffer.fill(9);
    await file.append([Uint8Array.of(2)]);
    await file.settle();
    await file.publish('exclusive');
    expect([...(await readFile(file.target))]).toEqual([0, ...Array.from({ length: 10 }, () => 1), 2]);
  });

  test('a write that fails in the background is told by a later call', async () => {
    const path = join(folder, 'read-only');
    await writeFile(path, '');
    const handle = await open(path, 'r');
    const writes = new WriteBehind(handle);
    await writes.append([new Uint8Array(MEBIBYTE)]);
    await expect(writes.append([new Uint8Array(MEBIBYTE)])).rejects.toMatchObject({ code: 'EBADF' });
    await expect(writes.flush()).rejects.toMatchObject({ code: 'EBADF' });
    await writes.idle();
    await handle.close();
  });

  test('a file that holds something else than was written is not settled', async () => {
    const file = await TemporaryFile.create(join(folder, 'disturbed'));
    await file.append([bytesOf(100)]);
    const [name] = (await readdir(folder)).filter((entry) => entry.startsWith('.disturbed'));
    await writeFile(join(folder, name ?? ''), bytesOf(200));
    expect(await asyncCodeOf(file.settle())).toBe('E_FILE');
    await file.discard();
    await expect(stat(file.target)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('the digest is there when it was wanted', async () => {
    const file = await TemporaryFile.create(join(folder, 'unhashed'), 0o600, false);
    expect(codeOf(() => file.digest())).toBe('E_INTERNAL');
    await file.discard();
  });

  test('after a write that took fewer bytes, exactly the others are left', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), fc.nat(200), (parts, written) => {
        expect(joinBytes(after(parts, written))).toEqual(joinBytes(parts).subarray(written));
      }),
    );
  });
});

describe('a file that is read in order', () => {
  test.each([0, 1, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 9 * MEBIBYTE + 7])(
    'gives its %i bytes in order',
    async (length) => {
      const path = join(folder, `read-${length}`);
      await writeFile(path, bytesOf(length));
      expect(Buffer.compare(await collected(FileReading.pieces(path)), bytesOf(length))).toBe(0);
    },
  );

  test('may be left before its end', async () => {
    const path = join(folder, 'left');
    await writeFile(path, bytesOf(3 * MEBIBYTE));
    for await (const piece of FileReading.pieces(path)) {
      expect(piece).toHaveLength(MEBIBYTE);
      break;
    }
  });

  test('is refused when it is missing or a folder', async () => {
    expect(await asyncCodeOf(collected(FileReading.pieces(join(folder, 'missing'))))).toBe('E_NOT_FOUND');
    expect(await asyncCodeOf(collected(FileReading.pieces(folder)))).toBe('E_FILE');
  });

  test.each([
    ['memory, where no time passes', 0],
    ['a disk, where 100 ms pass with each read', 100],
  ])('gives the same from %s, whatever the reads', async (_, milliseconds) => {
    const BYTES = 1 << 17;
    const path = join(folder, `paced-${milliseconds}`);
    await writeFile(path, bytesOf(BYTES));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: BYTES >> 1 }), { minLength: 1 }), async (sizes) => {
        const handle = await open(path);
        let time = 0;
        const file = new FileReading(handle, () => (time += milliseconds));
        const read: Uint8Array[] = [];
        for (let turn = 0; file.position < BYTES; turn++) {
          const into = new Uint8Array(sizes[turn % sizes.length] ?? 1);
          read.push(into.subarray(0, await file.read(into)));
        }
        expect(await file.read(new Uint8Array(1))).toBe(0);
        await handle.close();
        expect(Buffer.compare(joinBytes(read), bytesOf(BYTES))).toBe(0);
      }),
      { numRuns: 10, examples: [[[1 << 12]]] },
    );
  });

  test('lets others have a turn while it reads what lies in memory', async () => {
    const path = join(folder, 'turns');
    await writeFile(path, Buffer.alloc(32 * MEBIBYTE));
    let turns = 0;
    const timer = setInterval(() => turns++);
    for await (const piece of FileReading.pieces(path))
      for (const end = performance.now() + 1; performance.now() < end; ) void piece;
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test('lets them have one for each 8 MiB of it', async () => {
    const path = join(folder, 'counted-turns');
    await writeFile(path, Buffer.alloc(24 * MEBIBYTE));
    const handle = await open(path);
    const file = new FileReading(handle, () => 0);
    const into = new Uint8Array(MEBIBYTE);
    let turns = 0;
    let next: NodeJS.Immediate;
    const turn = (): void => {
      turns += 1;
      next = setImmediate(turn);
    };
    next = setImmediate(turn);
    const seen: number[] = [];
    while ((await file.read(into)) > 0) seen.push(turns);
    clearImmediate(next);
    await handle.close();
    expect(seen).toEqual([...Array(8).fill(0), ...Array(8).fill(1), ...Array(8).fill(2)]);
  });

  test.runIf(onLinux)('is closed at its end, and where it is left before', async () => {
    const path = join(folder, 'closed');
    await writeFile(path, bytesOf(3 * MEBIBYTE));
    await collected(FileReading.pieces(path));
    for await (const _ of FileReading.pieces(path)) {
      expect(openedOf(path)).toHaveLength(1);
      break;
    }
    expect(openedOf(path)).toEqual([]);
  });

  test.runIf(onLinux)('is refused with the next piece when it breaks off while the caller works on one', async () => {
    const path = join(folder, 'broken-off');
    await writeFile(path, bytesOf(4 * MEBIBYTE));
    let pieces = 0;
    const read = async (): Promise<void> => {
      for await (const piece of FileReading.pieces(path)) {
        pieces += piece.length / MEBIBYTE;
        if (pieces === 1) openedOf(path).forEach(closeSync);
        await new Promise((next) => setImmediate(next));
      }
    };
    expect(await asyncCodeOf(read())).toBe('E_FILE');
    expect(pieces).toBe(2);
  });

  describe('is waited for in another thread', () => {
    /** Reads of so many bytes that take so many milliseconds each, and which of them another thread did. */
    async function beside(bytes: number, milliseconds: readonly number[]): Promise<boolean[]> {
      const path = join(folder, 'waited-for');
      await writeFile(path, Buffer.alloc(bytes * milliseconds.length));
      const handle = await open(path);
      const left = vi.spyOn(handle, 'read');
      let [time, read] = [0, 0];
      let ends = false;
      const file = new FileReading(handle, () => {
        if (ends) time += milliseconds[read] ?? 0;
        ends = !ends;
        return time;
      });
      const into = new Uint8Array(bytes);
      const seen: boolean[] = [];
      for (; read < milliseconds.length; read++) {
        const before = left.mock.calls.length;
        await file.read(into);
        seen.push(left.mock.calls.length > before);
      }
      await handle.close();
      return seen;
    }

    test('for 64 reads, after three in a row that had to wait; then it is tried again', async () => {
      const [quick, slow] = [0, 100];
      const reads = [slow, slow, quick, slow, slow, slow, ...Array(64).fill(slow), quick, slow, slow, slow, slow];
      expect(await beside(1, reads)).toEqual([
        ...Array(6).fill(false),
        ...Array(64).fill(true),
        ...Array(4).fill(false),
        true,
      ]);
    });

    test.each([
      ['not where memory would be as slow', MEBIBYTE, 1.04, false],
      ['where memory would be quicker', MEBIBYTE, 1.06, true],
      ['not where so few bytes tell nothing', 1, 0.52, false],
      ['where even so few bytes take long', 1, 0.53, true],
    ])('%s', async (_, bytes, milliseconds, waits) => {
      expect((await beside(bytes, Array(4).fill(milliseconds))).at(-1)).toBe(waits);
    });
  });
});
