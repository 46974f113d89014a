import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileSource } from '../src/index.ts';
import { datasetOf, extractText, failureOf } from './extraction.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealift-source-'));
  path = join(folder, 'patients.csv');
  await writeFile(path, 'ID;NAME\n1;one\n2;two\n');
});

afterEach(() => rm(folder, { recursive: true }));

async function extractFile(whileReading: () => Promise<unknown> = () => Promise.resolve()): Promise<string> {
  const source = await openFileSource(path);
  try {
    const changing = {
      ...source,
      read: async (into: Uint8Array) => {
        const count = await source.read(into.subarray(0, 5));
        await whileReading();
        return count;
      },
    };
    return (await extractText(datasetOf(['NAME']), changing)).text;
  } finally {
    await source.close();
  }
}

function once(change: () => Promise<unknown>): () => Promise<unknown> {
  let changed: Promise<unknown> | undefined;
  return () => (changed ??= change());
}

describe('file source', () => {
  it('is read whole and left as it was', async () => {
    const before = await stat(path, { bigint: true });
    expect(await extractFile()).toBe('NAME\r\none\r\ntwo\r\n');
    const after = await stat(path, { bigint: true });
    expect([after.size, after.mtimeNs, after.ino]).toEqual([before.size, before.mtimeNs, before.ino]);
  });

  it('tells its size and identity', async () => {
    const source = await openFileSource(path);
    const { size, ino } = await stat(path, { bigint: true });
    expect(source.size).toBe(Number(size));
    expect(source.identity?.ino).toBe(ino);
    await source.close();
  });

  it('may be named by a symbolic link', async () => {
    await rename(path, join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), path);
    expect(await extractFile()).toContain('two');
  });

  it.each([
    ['grew', () => appendFile(path, '3;three\n')],
    ['grew and shrank', () => appendFile(path, '3;x\n').then(() => truncate(path, 20))],
    ['shrank', () => truncate(path, 14)],
    ['was rewritten in place', () => writeFile(path, 'ID;NAME\n1;eno\n2;owt\n').then(() => utimes(path, 1, 1))],
    ['was touched', () => utimes(path, 1, 1)],
    [
      'was replaced by another file',
      () => writeFile(`${path}.new`, 'ID;NAME\n1;one\n2;two\n').then(() => rename(`${path}.new`, path)),
    ],
    ['was deleted', () => rm(path)],
  ])('fault 37: is refused when it %s while it was read', async (_, change) => {
    const failure = await failureOf(extractFile(once(change)));
    expect(failure).toMatchObject({ code: 'E_SOURCE_CHANGED' });
    expect(failure.hint).toMatch(/extract again/);
  });

  it.each([
    ['a folder', () => Promise.resolve(folder)],
    ['nothing', () => Promise.resolve(join(folder, 'none.csv'))],
    ['a device', () => Promise.resolve('/dev/zero')],
    [
      'a named pipe that nobody writes to',
      () => {
        execFileSync('mkfifo', [join(folder, 'pipe')]);
        return Promise.resolve(join(folder, 'pipe'));
      },
    ],
  ])('is refused when there is %s', async (_, make) => {
    expect(await failureOf(openFileSource(await make()))).toMatchObject({ code: 'E_SOURCE' });
  });
});
