/** Every step of a job killed, or failed by disk and network, at one operation; then run again, and the job goes on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '../rig/embedded.ts';
import { startOpenSsh, unavailable } from '../rig/openssh.ts';
import { everything, named, sample } from './choice.ts';
import { failuresOf, type StepReport, summaryOf, tryStep } from './report.ts';
import { Scene } from './scene.ts';
import { STEPS } from './story.ts';

/** Set by scripts/crash.mjs: all crash points instead of a sample, of one step, or one alone. */
const {
  SEALIFT_CRASH_ALL: all,
  SEALIFT_CRASH_STEP: only,
  SEALIFT_CRASH_POINT: point,
  SEALIFT_CRASH_LANES: lanes,
} = process.env;
const HOURS = 3_600_000;

const steps = STEPS.filter((step) => only === undefined || only === step);

describe('fault 67: a job whose steps are killed at any operation, or failed by the disk or the network', () => {
  const choose = point !== undefined ? named(point) : all === '1' ? everything : sample();
  const reports: StepReport[] = [];
  let scenes: readonly Scene[] = [];

  beforeAll(async () => {
    const start = unavailable() === undefined ? startOpenSsh : startEmbedded;
    scenes = await Promise.all(Array.from({ length: Number(lanes ?? 2) }, () => Scene.open(start)));
  }, 300_000);
  afterAll(async () => {
    if (all === '1') process.stdout.write(`\n${reports.map(summaryOf).join('\n')}\n`);
    await Promise.all(scenes.map((scene) => scene.close()));
  });

  it.for(steps)('ends as without it, run again: %s', { timeout: all === '1' ? 3 * HOURS : 600_000 }, async (step) => {
    const report = await tryStep(scenes, step, choose);
    reports.push(report);
    expect(report.crashes.filter(({ fired }) => fired).length).toBeGreaterThan(0);
    expect(failuresOf(report)).toEqual([]);
  });
});
