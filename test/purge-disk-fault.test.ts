/** A disk that refuses the purge's deletion, and a folder in which what was deleted is there again. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Desk, hours } from './rig/dated-job.ts';
import { startEmbedded } from './rig/embedded.ts';

const disk = vi.hoisted<{ refuses: RegExp | undefined; restores: RegExp | undefined }>(() => ({
  refuses: undefined,
  restores: undefined,
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const unlink: typeof real.unlink = async (path) => {
    if (disk.refuses?.test(String(path)) === true) {
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    }
    if (disk.restores?.test(String(path)) !== true) return real.unlink(path);
    // As a folder does that another program keeps equal to its copy elsewhere.
    const content = await real.readFile(path);
    await real.unlink(path);
    return real.writeFile(path, content);
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

it('fault 62: F24 a copy that is there again after its deletion is an alert, nothing is recorded as purged, and the next run completes it', async () => {
  const job = await desk.delivered({ purge: hours(-1) });
  disk.restores = /\/jobs\/[^/]+\/out\/patients\.csv\.sealed$/;
  const { job: failed, exitCode, warnings } = await job.purgeAll();
  const message = 'patients.csv.sealed is still in the workspace after its deletion';
  expect([exitCode, warnings]).toEqual([7, [expect.stringContaining(`${message} (E_PURGE)`)]]);
  expect(failed).toMatchObject({ outcome: 'failed', error: { code: 'E_PURGE', message } });
  const statements = async () => (await job.entries()).map(({ statement }) => statement);
  expect((await statements()).map(({ kind }) => kind)).toEqual(['extraction', 'delivery', 'alert']);
  expect((await statements()).at(-1)).toMatchObject({ code: 'E_PURGE' });
  expect(await readdir(job.local('out'))).toEqual(['patients.csv.sealed']);
  disk.restores = undefined;
  expect((await job.purge(hours(0.1))).data.jobs).toMatchObject([{ outcome: 'purged' }]);
  // The server's copies went with the first run.
  const purged = { remote: Array(2).fill('absent'), local: ['deleted', 'absent'] };
  const last = (await statements()).at(-1);
  const outcomes = (files: readonly { readonly outcome: string }[]) => files.map(({ outcome }) => outcome);
  expect(last?.kind === 'purge' && { remote: outcomes(last.remote), local: outcomes(last.local) }).toEqual(purged);
  expect([await readdir(job.local('out')), await readdir(job.remote('out'))]).toEqual([[], []]);
});
