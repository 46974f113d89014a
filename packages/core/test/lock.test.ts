import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { takeLock, withLock } from '../src/node/lock.ts';
import { refusingOnce } from './failing-call.ts';
import { temporaryFolders } from './folder.ts';
import { asyncCodeOf } from './refusal.ts';

const folder = temporaryFolders();
const built = resolve(import.meta.dirname, '../dist/node/lock.js');
const onLinux = process.platform === 'linux';

describe('a lock', () => {
  test('fault 60: is held by one, until it is released', async () => {
    const place = folder();
    const lock = await takeLock(place);
    if (process.platform !== 'win32') expect(statSync(join(place, 'lock')).mode & 0o077).toBe(0);
    expect(await asyncCodeOf(takeLock(place))).toBe('E_LOCKED');
    await lock.release();
    const next = await takeLock(place);
    await lock.release();
    expect(await asyncCodeOf(takeLock(place))).toBe('E_LOCKED');
    await next.release();
    expect(readdirSync(place)).toEqual([]);
  });

  test.runIf(existsSync(built))('fault 67: of a process that was killed is taken over', async () => {
    const place = folder();
    const script = `import(${JSON.stringify(built)}).then(({ takeLock }) => takeLock(${JSON.stringify(place)})).then(() => console.log('taken')); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(await asyncCodeOf(takeLock(place))).toBe('E_LOCKED');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const takers = await Promise.allSettled(Array.from({ length: 10 }, () => takeLock(place)));
    expect(takers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test.runIf(onLinux)('fault 67: of a dead process whose number a living one has now is taken over', async () => {
    const place = folder();
    writeFileSync(join(place, 'lock'), `${process.pid} 1 ${hostname()}\n`);
    await (await takeLock(place)).release();
  });

  test.runIf(onLinux)('of a living process whose start nobody may read stays (proc(5), hidepid)', async () => {
    const place = folder();
    writeFileSync(join(place, 'lock'), `${process.ppid} - ${hostname()}\n`);
    expect(await asyncCodeOf(takeLock(place))).toBe('E_LOCKED');
  });

  test('fault 67: that a process was killed on its way to is swept by the next one', async () => {
    const place = folder();
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    const name = (pid: number): string => `.lock-${pid}-00000000-0000-4000-8000-000000000000`;
    writeFileSync(join(place, name(dead)), '');
    writeFileSync(join(place, name(process.pid)), '');
    await (await takeLock(place)).release();
    expect(readdirSync(place)).toEqual([name(process.pid)]);
    writeFileSync(join(place, name(dead)), `${dead} 1 another-machine.example\n`);
    await (await takeLock(place)).release();
    expect(readdirSync(place)).toHaveLength(2);
    writeFileSync(join(place, name(dead)), `${dead} 1 ${hostname()}\n`);
    await (await takeLock(place)).release();
    expect(readdirSync(place)).toEqual([name(process.pid)]);
  });

  test('of a machine that can not be asked stays', async () => {
    const place = folder();
    writeFileSync(join(place, 'lock'), '1 1 another-machine.example\n');
    expect(await asyncCodeOf(takeLock(place))).toBe('E_LOCKED');
    expect(readFileSync(join(place, 'lock'), 'utf8')).toContain('another-machine');
  });

  test('that is no file is left to a person', async () => {
    const place = folder();
    mkdirSync(join(place, 'lock'));
    await expect(takeLock(place)).rejects.toMatchObject({
      code: 'E_FILE',
      message: `locking ${place} failed (EISDIR)`,
    });
    expect(readdirSync(place)).toEqual(['lock']);
  });

  test('on a file system without hard links is refused, and leaves nothing', async () => {
    const place = folder();
    const failed = refusingOnce('link', 'EPERM', () => takeLock(place));
    await expect(failed).rejects.toMatchObject({ code: 'E_FILE', message: `locking ${place} failed (EPERM)` });
    expect(readdirSync(place)).toEqual([]);
    await (await takeLock(place)).release();
  });

  test.each(['', 'x', '1x 1', 'x1 1', '\0\0\0'])('that a power cut left as %j is taken over', async (content) => {
    const place = folder();
    writeFileSync(join(place, 'lock'), content === '' ? '' : `${content} ${hostname()}\n`);
    await (await takeLock(place)).release();
    expect(readdirSync(place)).toEqual([]);
  });

  test('fault 67: that another process is taking over is left to it, for ten seconds', async () => {
    const place = folder();
    const mark = join(place, '.lock-break');
    writeFileSync(join(place, 'lock'), '');
    writeFileSync(mark, '');
    const made = (seconds: number): void => utimesSync(mark, new Date(), new Date(Date.now() - seconds * 1000));
    made(8);
    expect(await asyncCodeOf(takeLock(place))).toBe('E_LOCKED');
    expect(readdirSync(place)).toEqual(['.lock-break', 'lock']);
    made(11);
    await (await takeLock(place)).release();
    expect(readdirSync(place)).toEqual([]);
  });

  test('that could not be removed is nobody’s: the process that held it takes it again, and then holds it', async () => {
    const place = folder();
    const lock = await takeLock(place);
    await refusingOnce('unlink', 'EPERM', () => lock.release());
    expect(readdirSync(place)).toEqual(['lock']);
    const again = await takeLock(place);
    expect(await asyncCodeOf(takeLock(place))).toBe('E_LOCKED');
    await again.release();
    expect(readdirSync(place)).toEqual([]);
  });

  test('fault 60: never has two holders, however many take and release it', async () => {
    const place = folder();
    let holders = 0;
    let most = 0;
    let taken = 0;
    const work = async (): Promise<void> => {
      for (let round = 0; round < 10; round++) {
        await withLock(place, async () => {
          most = Math.max(most, ++holders);
          taken++;
          await new Promise((next) => setImmediate(next));
          holders--;
        });
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect([most, taken]).toEqual([1, 80]);
  });

  test.runIf(onLinux)('that could not be removed, and that another process holds by now, is that one’s', async () => {
    const place = folder();
    const lock = await takeLock(place);
    await refusingOnce('unlink', 'EPERM', () => lock.release());
    writeFileSync(join(place, 'lock'), `${process.ppid} - ${hostname()}\n`);
    expect(await asyncCodeOf(takeLock(place))).toBe('E_LOCKED');
  });

  test('is released also after work that failed', async () => {
    const place = folder();
    await expect(withLock(place, () => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
    expect(readdirSync(place)).toEqual([]);
  });

  describe('that work waits for', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
    afterEach(() => void vi.useRealTimers());

    test('is waited for five seconds, and no longer', async () => {
      const place = folder();
      const lock = await takeLock(place);
      const begun = Date.now();
      let ended = false;
      const waiting = asyncCodeOf(withLock(place, async () => undefined)).finally(() => {
        ended = true;
      });
      vi.setSystemTime(begun + 5000);
      await new Promise((next) => setTimeout(next, 100));
      expect(ended).toBe(false);
      vi.setSystemTime(begun + 5001);
      expect(await waiting).toBe('E_LOCKED');
      await lock.release();
    });

    test('is not waited for where there is no folder', async () => {
      expect(await asyncCodeOf(withLock(join(folder(), 'missing'), async () => undefined))).toBe('E_NOT_FOUND');
    });
  });

  test('in a folder that is not there is refused', async () => {
    expect(await asyncCodeOf(takeLock(join(folder(), 'missing')))).toBe('E_NOT_FOUND');
  });
});
