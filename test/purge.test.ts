/** The purge that runs by itself: what it must not touch, what it must not believe, and what is said when it fails or falls silent. */
import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatedJob, Desk, days, hours } from './rig/dated-job.ts';
import { startEmbedded } from './rig/embedded.ts';
import { digestOf, partOf } from './rig/memory-remote.ts';

const SEALED = ['manifest.json.sealed', 'patients.csv.sealed'];
const OPERATOR = ['--identity', 'jean.key.json'];

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open(startEmbedded);
}, 60_000);
afterAll(() => desk?.rig.stop());

async function kinds(job: DatedJob): Promise<string[]> {
  return (await job.entries()).map(({ statement }) => statement.kind);
}

describe('two purges at once', () => {
  it('fault 60: one wins, the other says that it is locked, and a third finds nothing to do', async () => {
    const job = await desk.delivered({ purge: hours(-1) });
    const both = await Promise.allSettled([job.purge(), job.purge()]);
    const won = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.data.jobs[0].outcome] : []));
    const lost = both.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect([won, lost]).toEqual([['purged'], ['E_LOCKED']]);
    expect((await kinds(job)).filter((kind) => kind === 'purge')).toHaveLength(1);
    expect((await job.purge()).data.jobs).toMatchObject([{ outcome: 'already-purged' }]);
  });
});

describe('the way to a sealed file', () => {
  it.each(['out', 'the job', 'jobs'])(
    'fault 61: %s leads out of the workspace: nothing is deleted, and that is an alert',
    async (which) => {
      const job = await desk.delivered({ purge: hours(-1) });
      const folder = { out: job.local('out'), 'the job': job.local(), jobs: dirname(job.local()) }[which] ?? '';
      const elsewhere = desk.machine.path(`elsewhere-${which.replace(' ', '-')}`);
      await rename(folder, elsewhere);
      await symlink(elsewhere, folder);
      await expect(job.purge()).rejects.toMatchObject({ code: 'E_PURGE' });
      expect((await readdir(job.local('out'))).sort()).toEqual(SEALED);
      expect(await kinds(job)).not.toContain('purge');
      expect(await job.alerts()).toEqual(['E_PURGE']);
      // No path of this machine leaves it with the manifest.
      expect((await job.entries()).at(-1)?.statement).toMatchObject({ message: 'the step failed on this machine' });
      await rm(folder);
      await rename(elsewhere, folder);
      expect((await job.purge()).data.jobs).toMatchObject([{ outcome: 'purged' }]);
      expect(await readdir(job.local('out'))).toEqual([]);
    },
  );
});

describe('an upload that crashed before its rename', () => {
  async function leaveParts(job: DatedJob, at: string): Promise<string[]> {
    const sealed = job.remote('out', 'patients.csv.sealed');
    const content = await readFile(job.local('out', 'patients.csv.sealed'));
    const parts = [job.remote('out', 'manifest.json.sealed.part'), partOf(sealed, digestOf(content))];
    for (const part of parts) {
      await writeFile(part, 'half');
      await utimes(part, new Date(at), new Date(at));
    }
    return parts;
  }

  it('fault 56: is swept from the server seven days after its last byte, which is an alert, and the job can still be sent', async () => {
    const job = await desk.extracted({ delivery: days(12) });
    await leaveParts(job, days(-8));
    const { data, exitCode, warnings } = await job.purge();
    expect(await readdir(job.remote('out'))).toEqual([]);
    const message = expect.stringMatching(
      /^the upload of patients\.csv\.sealed, manifest\.json\.sealed was begun and not completed/,
    );
    expect([exitCode, warnings]).toEqual([7, [expect.stringMatching(/^job port-.+\(E_STALE\)$/)]]);
    expect(data.jobs).toMatchObject([{ outcome: 'nothing-to-do', alerts: [{ code: 'E_STALE', message }] }]);
    expect((await job.entries()).at(-1)?.statement).toMatchObject({ kind: 'alert', code: 'E_STALE', message });
    desk.machine.now = hours(0.5);
    await desk.machine.migrate('send', '--job', job.name, ...OPERATOR, '--ssh-key', 'jean.ssh');
    expect((await readdir(job.remote('out'))).sort()).toEqual(SEALED);
  });

  it('fault 56: is left alone while somebody may still resume it', async () => {
    const job = await desk.extracted({ delivery: days(12) });
    const parts = await leaveParts(job, days(-6));
    expect(await job.purge()).toMatchObject({ exitCode: 0, warnings: [] });
    expect(await readdir(job.remote('out'))).toHaveLength(parts.length);
    expect(await job.alerts()).toEqual([]);
  });
});

describe('silence', () => {
  it('fault 64: of the purge that should run by itself is an error of its own, until it runs again', async () => {
    const quiet = await Desk.open(startEmbedded);
    try {
      const { machine } = quiet;
      machine.now = days(0);
      const ask = () => machine.migrate('status', '--max-silence', '24h');
      const never = await ask();
      expect(never).toMatchObject({ exitCode: 7, warnings: [expect.stringMatching(/never ran .+\(E_SILENCE\)$/)] });
      expect(never.data.silence).toMatchObject({ lastPurge: null, maxSeconds: 86_400, error: { code: 'E_SILENCE' } });

      const job = await quiet.delivered({});
      await job.purgeAll(days(0));
      expect(JSON.parse(machine.read('purge-heartbeat.json'))).toEqual({ time: days(0), jobs: 1, failed: 0 });
      expect(await ask()).toMatchObject({ exitCode: 0, warnings: [], data: { silence: { lastPurge: days(0) } } });
      machine.now = hours(25);
      const dead = await ask();
      expect(dead).toMatchObject({ exitCode: 7, data: { silence: { error: { code: 'E_SILENCE' } } } });
      expect(dead.text).toMatch(/too long\sago\s+\(E_SILENCE\)/);
      expect(await machine.migrate('status', '--max-silence', '2d')).toMatchObject({ exitCode: 0 });
      expect(await machine.migrate('status')).toMatchObject({ exitCode: 0, data: { jobs: [{}] } });

      machine.now = days(-1);
      expect((await ask()).text).toContain('in the future');
      machine.write('purge-heartbeat.json', { time: 'yesterday' });
      await expect(ask()).rejects.toMatchObject({ code: 'E_SCHEMA' });
      await expect(machine.migrate('status', '--max-silence', 'long')).rejects.toThrow('no length of time');
      expect(await kinds(job)).not.toContain('purge');
    } finally {
      await quiet.rig.stop();
    }
  });
});

describe('migrate abort', () => {
  it('F24 ends a job with its reason; only its purge is possible then, and it deletes every copy', async () => {
    const job = await desk.delivered({});
    desk.machine.now = hours(0);
    const abort = ['abort', '--job', job.name, '--reason', 'the new vendor withdrew', ...OPERATOR];
    const { data, text } = await desk.machine.migrate(...abort);
    expect(data).toEqual({ job: job.name, reason: 'the new vendor withdrew' });
    expect(text).toContain('migrate purge');
    expect((await job.entries()).at(-1)?.statement).toEqual({ kind: 'abort', reason: 'the new vendor withdrew' });
    await expect(desk.machine.migrate(...abort)).rejects.toMatchObject({ code: 'E_STATE' });
    expect((await job.purge(hours(0.1))).data.jobs).toMatchObject([{ outcome: 'purged', purge: { basis: 'ended' } }]);
    expect([await readdir(job.local('out')), await readdir(job.remote('out'))]).toEqual([[], []]);
  });

  it('is refused to somebody whom the instructions do not name', async () => {
    const job = await desk.extracted({});
    const words = ['abort', '--job', job.name, '--reason', 'none', '--identity', 'novalis.key.json'];
    await expect(desk.machine.migrate(...words)).rejects.toMatchObject({ code: 'E_ROLE' });
    expect(await kinds(job)).toEqual(['extraction']);
  });
});

describe('a refusal under a clock that is far ahead', () => {
  it('fault 65: takes the time of the entry before it, so that the job goes on once the clock is right', async () => {
    const job = await desk.extracted({});
    const words = ['send', '--job', job.name, ...OPERATOR, '--ssh-key', 'jean.ssh'];
    desk.machine.now = days(3650);
    await expect(desk.machine.migrate(...words)).rejects.toMatchObject({ code: 'E_TIME' });
    const [extraction, refusal] = await job.entries();
    expect(refusal).toMatchObject({ time: extraction?.time, statement: { kind: 'refusal', code: 'E_TIME' } });
    desk.machine.now = days(0);
    await desk.machine.migrate(...words);
    expect(await kinds(job)).toEqual(['extraction', 'refusal', 'delivery']);
  });
});

describe('leftovers of a crash', () => {
  it('fault 67: temporary files in the job and its out folder go with the next purge of it', async () => {
    const job = await desk.delivered({});
    const left = [
      job.local('.journal.jsonl.tmp-0123456789ab'),
      job.local('out', '.patients.csv.sealed.tmp-0123456789ab'),
    ];
    for (const path of left) await writeFile(path, 'half');
    await job.purge();
    expect((await readdir(job.local())).filter((name) => name.includes('.tmp-'))).toEqual([]);
    expect((await readdir(job.local('out'))).sort()).toEqual(SEALED);
  });

  it('fault 61: a link in the place of the out folder is not swept through', async () => {
    const job = await desk.delivered({});
    const elsewhere = desk.machine.path('precious');
    await mkdir(elsewhere);
    await writeFile(`${elsewhere}/.mine.tmp-0123456789ab`, 'kept');
    await rename(job.local('out'), job.local('away'));
    await symlink(elsewhere, job.local('out'));
    await job.purge();
    expect(await readFile(`${elsewhere}/.mine.tmp-0123456789ab`, 'utf8')).toBe('kept');
    await rm(job.local('out'));
    await rename(job.local('away'), job.local('out'));
  });
});
