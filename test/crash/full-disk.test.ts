/** What the system itself refuses: no room, a limit of size, a limit of open files. Nothing is injected here. */
import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { MIGRATE } from '@sealift/demo/actor';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmbedded } from '../rig/embedded.ts';
import { spellings } from './dump.ts';
import { Scene } from './scene.ts';
import type { CrashStep } from './story.ts';

const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

describe.skipIf(process.platform !== 'linux')('fault 66: an extraction', () => {
  let scene: Scene;
  let step: CrashStep;

  beforeAll(async () => {
    scene = await Scene.open(startEmbedded);
    const found = scene.story.find(({ name }) => name === 'extract');
    if (found === undefined) throw new Error('the story has no extraction');
    step = found;
  }, 120_000);
  afterAll(() => scene?.close());
  beforeEach(() => scene.goTo(step));

  /** Runs the extraction after a line of shell, and lists the job's files with what the shell sees at its end. */
  const extractAfter = (
    line: string,
    ...wrapper: string[]
  ): { status: number | null; stdout: string; stderr: string } => {
    const { vendor } = scene.migration.cast;
    const script = `${line}\n"$@"\ncode=$?\nfind jobs -type f\nexit $code`;
    const [program = 'sh', ...words] = [...wrapper, 'sh', '-c', script, 'sh', process.execPath, MIGRATE, ...step.words];
    const env = { PATH: process.env['PATH'], ...vendor.environment };
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: vendor.folder, env, encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  const expectCleanStop = (stopped: ReturnType<typeof extractAfter>, reason: string): void => {
    expect(stopped).toMatchObject({
      status: 9,
      stderr: expect.stringMatching(
        new RegExp(`^(?:note: .+\\n)*error: [^A-Z].* failed \\(${reason}\\) \\(E_FILE\\)\\nhint: .+\\n$`),
      ),
    });
    const files = stopped.stdout.trim().split('\n');
    expect(files.filter((file) => /\.tmp-|\.sealed|lock/.test(file))).toEqual([]);
    const needles = scene.dump.canaries.flatMap(spellings);
    const said = Buffer.from(stopped.stdout + stopped.stderr);
    expect(needles.filter((needle) => said.includes(needle))).toEqual([]);
  };

  const expectGoesOn = async (): Promise<void> => {
    expect(await scene.run(step)).toMatchObject({ exitCode: 0 });
    await scene.migration.play(step.next);
    expect((await readdir(scene.migration.local('out'))).filter((name) => name.startsWith('.'))).toEqual([]);
  };

  it.skipIf(!canMount)('on a disk without room stops, and leaves nothing there (tmpfs of 600 KiB)', async () => {
    const mount = 'mkdir -p jobs && mount -t tmpfs -o size=600k tmpfs jobs';
    expectCleanStop(extractAfter(mount, 'unshare', '--mount'), 'ENOSPC');
    await expectGoesOn();
  });

  it("beyond the limit of a file's size stops, and leaves nothing there (ulimit -f)", async () => {
    expectCleanStop(extractAfter('ulimit -f 1000'), 'EFBIG');
    await expectGoesOn();
  });

  it('with too few open files stops cleanly, however few (ulimit -n)', async () => {
    const outcomes = new Set<string>();
    for (let limit = 20; limit < 60; limit += 1) {
      await scene.goTo(step);
      const { status, stderr, stdout } = extractAfter(`ulimit -n ${limit}`);
      if (status === 0) break;
      // With fewer than Node needs for the program's own modules it is Node that stops.
      if (!/^(?:note: .+\n)*error: /.test(stderr)) continue;
      expect({ limit, status, stderr }).toMatchObject({
        status: expect.any(Number),
        stderr: expect.stringMatching(/\((?:E_FILE|E_SOURCE)\)\nhint: /),
      });
      expect(stdout).not.toMatch(/\.tmp-|\.sealed/);
      outcomes.add(String(status));
    }
    expect([...outcomes].length).toBeGreaterThan(0);
    await scene.goTo(step);
    await expectGoesOn();
  }, 120_000);

  it('whose answer can not be printed says so, and is done (/dev/full)', async () => {
    const { vendor } = scene.migration.cast;
    const full = openSync('/dev/full', 'w');
    const env = { PATH: process.env['PATH'], ...vendor.environment };
    const { status, stderr } = spawnSync(process.execPath, [MIGRATE, ...step.words], {
      ...{ cwd: vendor.folder, env, encoding: 'utf8' },
      stdio: ['ignore', full, 'pipe'],
    });
    expect({ status, stderr: stderr.replace(/^note: .+\n/gm, '') }).toEqual({
      status: 9,
      stderr:
        'error: writing what is printed failed (ENOSPC) (E_FILE)\nhint: the disk is full: make room, then run the command again\n',
    });
    await scene.migration.play(step.next);
  });
});
