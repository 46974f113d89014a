/** A disk that refuses the purge's deletion. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Desk, hours } from './rig/dated-job.ts';
import { startEmbedded } from './rig/embedded.ts';

const disk = vi.hoisted<{ refuses: RegExp | undefined }>(() => ({ refuses: undefined }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const unlink: typeof real.unlink = async (path) => {
    if (disk.refuses?.test(String(path)) === true) {
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    }
    return real.unlink(path);
  };
  return { ...real, unlink };
});

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open(startEmbedded);
}, 60_000);
afterAll(() => desk?.rig.stop());

it('fault 62: EIO on a deletion is an alert, nothing is recorded as purged, and the next run completes it', async () => {
  const job = await desk.delivered({ purge: hours(-1) });
  disk.refuses = /\/jobs\/[^/]+\/out\/manifest\.json\.sealed$/;
  const { job: failed, exitCode, warnings } = await job.purgeAll();
  expect(exitCode).toBe(7);
  expect(failed).toMatchObject({
    outcome: 'failed',
    error: { code: 'E_PURGE', message: expect.stringMatching(/\(EIO\)$/) },
  });
  expect(warnings).toEqual([expect.stringMatching(/^job port-.+ \(E_PURGE\)$/)]);
  await expect(job.purge()).rejects.toMatchObject({ code: 'E_PURGE' });
  const kinds = async () => (await job.entries()).map(({ statement }) => statement.kind);
  // Said once a day, and not as a refusal besides.
  expect(await kinds()).toEqual(['extraction', 'delivery', 'alert']);
  expect(await readdir(job.local('out'))).toEqual(['manifest.json.sealed']);
  disk.refuses = undefined;
  expect((await job.purge(hours(0.1))).data.jobs).toMatchObject([{ outcome: 'purged' }]);
  expect(await kinds()).toEqual(['extraction', 'delivery', 'alert', 'purge']);
  expect([await readdir(job.local('out')), await readdir(job.remote('out'))]).toEqual([[], []]);
});
