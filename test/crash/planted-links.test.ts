/** Links that somebody planted where Sealift writes: what they lead to is never written, emptied or removed. */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '../rig/embedded.ts';
import { Scene } from './scene.ts';
import type { CrashStep } from './story.ts';

const PRECIOUS = 'somebody else’s file';
const JOB = 'jobs/port-2026';
const LEDGER = '.home/state/sealift/ledger/siren-732829320';

describe('fault 70: a symbolic link that was planted under a name', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open(startEmbedded);
  }, 120_000);
  afterAll(() => scene?.close());

  /** Plants a link before a step, runs it, and returns how it ended; nothing behind the link may have changed. */
  const planted = async (
    name: CrashStep['name'],
    path: string,
  ): Promise<{ exitCode: number | undefined; stderr: string }> => {
    const step = scene.story.find((candidate) => candidate.name === name);
    if (step === undefined) throw new Error(`the story has no step ${name}`);
    await scene.goTo(step);
    const actor = scene.migration.cast[step.who];
    const victims = actor.path('victims');
    await mkdir(victims);
    await writeFile(join(victims, 'file'), PRECIOUS);
    await mkdir(dirname(actor.path(path)), { recursive: true });
    await symlink(path.endsWith('.fetch') ? victims : join(victims, 'file'), actor.path(path));
    const { exitCode, stderr } = await scene.run(step);
    expect(await readdir(victims)).toEqual(['file']);
    expect(await readFile(join(victims, 'file'), 'utf8')).toBe(PRECIOUS);
    return { exitCode, stderr: stderr.replace(/^note: .+\n/gm, '') };
  };

  it.for([
    ['extract', `${JOB}/out/patients.csv.sealed`, 'E_EXISTS'],
    ['extract', `${JOB}/journal.jsonl`, 'E_FILE'],
    ['receive', 'received/patients.csv', 'E_EXISTS'],
    ['send', `${JOB}/out/manifest.json.sealed`, 'E_EXISTS'],
  ] as const)('stops %s at %s', async ([step, path, code]) => {
    const { exitCode, stderr } = await planted(step, path);
    expect(stderr).toMatch(new RegExp(`\\(${code}\\)\\nhint: .+`));
    expect(exitCode).toBeGreaterThan(0);
  });

  it.for([
    ['extract', `${JOB}/manifest.json`],
    ['extract', `${JOB}/lock`],
    ['extract', `${LEDGER}/lock`],
    ['extract', `${JOB}/.manifest.json.tmp-0123456789abcdef01`],
    ['receive', 'received/.fetch'],
  ] as const)('is itself replaced or removed, and %s goes on: %s', async ([step, path]) => {
    expect(await planted(step, path)).toEqual({ exitCode: 0, stderr: '' });
  });
});
