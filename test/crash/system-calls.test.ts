/** The same on true system calls, by strace: that the interceptor sees every change of a file, and kills that it has no part in. */
import { spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '../rig/embedded.ts';
import { Crashes, referenceOf } from './matrix.ts';
import type { Operation } from './operation.ts';
import { type Ended, Scene } from './scene.ts';
import type { CrashStep } from './story.ts';

const missing =
  spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0
    ? undefined
    : 'tests on system calls need strace and the right to trace (Debian: strace)';

/** What changes a file, by system call; and the interceptor's name for it. */
const CHANGES: Readonly<Record<string, string>> = {
  ...{ open: 'create', openat: 'create', creat: 'create', mkdir: 'mkdir', mkdirat: 'mkdir' },
  ...{ rename: 'rename', renameat: 'rename', renameat2: 'rename', link: 'link', linkat: 'link' },
  ...{ unlink: 'unlink', unlinkat: 'unlink', rmdir: 'rmdir', truncate: 'truncate', ftruncate: 'truncate' },
  ...{ write: 'write', pwrite64: 'write', writev: 'write', pwritev: 'write', pwritev2: 'write' },
  ...{ fsync: 'sync', fdatasync: 'sync', symlink: 'symlink', symlinkat: 'symlink' },
};
const NAMES: Readonly<Record<string, string>> = { writev: 'write', datasync: 'sync' };
/** Of many kills on true system calls these, counted in each thread by itself. */
const KILLS = [1, 2, 3, 5, 8, 13, 21, 34];

describe.skipIf(missing !== undefined)(missing ?? 'fault 67: true system calls', () => {
  let scene: Scene;
  const step = (name: CrashStep['name']): CrashStep => {
    const found = scene.story.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`the story has no step ${name}`);
    return found;
  };

  beforeAll(async () => {
    scene = await Scene.open(startEmbedded);
  }, 120_000);
  afterAll(() => scene?.close());

  it.for(['extract', 'send', 'receive', 'purge'] as const)(
    'every change of a file that %s makes is one that the interceptor counted',
    { timeout: 120_000 },
    async (name) => {
      await scene.goTo(step(name));
      const trace = scene.migration.cast.lab.path('.trace');
      const calls = `trace=${Object.keys(CHANGES).join(',')}`;
      const ended = await scene.run(step(name), undefined, ['strace', '-f', '-y', '-qq', '-e', calls, '-o', trace]);
      const traced = changesIn(await readFile(trace, 'latin1'), everybodysFolders());
      await rm(trace);
      expect(ended.exitCode).toBe(0);
      expect(Object.fromEntries(traced)).toEqual(Object.fromEntries(changesOf(ended.operations)));
      expect(traced.size).toBeGreaterThan(3);
    },
  );

  it.for(['extract', 'receive', 'purge'] as const)(
    'killed at one of them, %s ends as without it, run again',
    { timeout: 300_000 },
    async (name) => {
      const crashes = new Crashes(scene, step(name), await referenceOf(scene, step(name)), new Set());
      const changes = Object.keys(CHANGES).filter((call) => !/^open|^write$/.test(call));
      const killed: Ended[] = [];
      for (const when of KILLS) {
        const inject = `inject=${changes.join(',')}:signal=KILL:when=${when}`;
        const tracer = ['strace', '-f', '-qq', '-e', `trace=${changes.join(',')}`, '-e', inject, '-o', '/dev/null'];
        const { ended, wrong } = await crashes.endedBy(() => scene.run(step(name), undefined, tracer));
        expect({ when, wrong }).toEqual({ when, wrong: [] });
        if (ended.exitCode === 0) break;
        killed.push(ended);
      }
      expect(killed.length).toBeGreaterThan(2);
    },
  );

  const everybodysFolders = (): string[] => scene.migration.folders().map(([, folder]) => folder);
});

/** How often each kind of change was asked for on a file below one of the folders, whatever came of it. */
function changesIn(trace: string, folders: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of wholeCalls(trace)) {
    const [, call = '', all = ''] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    const kind = CHANGES[call];
    const rest = all.replaceAll(/AT_FDCWD<[^>]*>/g, '');
    const isOurs = folders.some((folder) => rest.includes(`${folder}/`) || rest.includes(`${folder}>`));
    if (kind === undefined || !isOurs) continue;
    if (kind === 'create' && !rest.includes('O_CREAT')) continue;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return sorted(counts);
}

/** Joins calls that strace wrote in two parts because another thread came between. */
function wholeCalls(trace: string): string[] {
  const begun = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const [pid = ''] = line.split(' ', 1);
    const unfinished = line.indexOf(' <unfinished ...>');
    if (unfinished !== -1) {
      begun.set(pid, line.slice(0, unfinished));
      return [];
    }
    const resumed = /<\.\.\. \w+ resumed>(.*)$/.exec(line);
    return resumed === null ? [line] : [`${begun.get(pid) ?? ''}${resumed[1] ?? ''}`];
  });
}

function changesOf(operations: readonly Operation[]): Map<string, number> {
  const kinds = new Set(Object.values(CHANGES));
  const counts = new Map<string, number>();
  for (const { name, faults, subject } of operations) {
    const kind = NAMES[name] ?? name;
    // A folder that is there already is only looked at; the process writes of itself nowhere else.
    if (!kinds.has(kind) || subject.startsWith('/proc/') || (kind === 'mkdir' && !faults.includes('enospc'))) continue;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return sorted(counts);
}

const sorted = (counts: ReadonlyMap<string, number>): Map<string, number> =>
  new Map([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
