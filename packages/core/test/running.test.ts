import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { isMarkOfTheDead, isRunning, MARK_DIGITS, ownMark, startOf, UNKNOWN_START } from '../src/node/running.ts';

const onLinux = process.platform === 'linux';

/** A number that no process has: that of one that has ended. */
const dead = (): number => spawnSync(process.execPath, ['--version']).pid;
const markOf = (pid: number, start: string): string => `${pid.toString(16).padStart(6, '0')}${start}`;

describe('a process', () => {
  test('runs, or does not', () => {
    expect(isRunning(process.pid)).toBe(true);
    expect(isRunning(dead())).toBe(false);
  });

  test.runIf(onLinux)('runs also where another user owns it', () => {
    expect(isRunning(1)).toBe(true);
  });

  test.runIf(onLinux)('keeps the moment of its start, which tells it from a later one of the same number', async () => {
    expect(await startOf(process.pid)).toMatch(/^\d+$/);
    expect(await startOf(process.pid)).toBe(await startOf(process.pid));
    expect(await startOf(dead())).toBe(UNKNOWN_START);
  });

  test.runIf(onLinux)('whose name holds spaces and brackets is read all the same (proc(5))', async () => {
    const child = spawn(
      process.execPath,
      ['-e', "process.title = ') Z 0 (x) 1 '; console.log(1); setInterval(() => {}, 1000)"],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const before = await startOf(child.pid ?? 0);
    await once(child.stdout, 'data');
    expect(await startOf(child.pid ?? 0)).toBe(before);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});

describe('the mark of a process', () => {
  test('is of fixed length, and that of a living process is not that of the dead', async () => {
    expect(await ownMark()).toMatch(new RegExp(`^[0-9a-f]{${MARK_DIGITS}}$`));
    expect(await ownMark()).toBe(await ownMark());
    expect(await isMarkOfTheDead(await ownMark())).toBe(false);
  });

  test('fault 67: of a process that has ended is that of the dead, whenever it began', async () => {
    expect(await isMarkOfTheDead(markOf(dead(), '000001'))).toBe(true);
    expect(await isMarkOfTheDead(markOf(dead(), 'ffffff'))).toBe(true);
  });

  test.runIf(onLinux)(
    'fault 67: of an ended process whose number a living one has now is told by its start',
    async () => {
      expect(await isMarkOfTheDead(markOf(process.pid, '000001'))).toBe(true);
      // Where the start could not be read, nobody knows: the file may be a living process's.
      expect(await isMarkOfTheDead(markOf(process.pid, 'ffffff'))).toBe(false);
    },
  );
});
