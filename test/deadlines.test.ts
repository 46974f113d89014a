/** What happens by itself as a deadline comes near and passes, and what a wrong clock can't bring about. */
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatedJob, Desk, days, hours } from './rig/dated-job.ts';
import { startEmbedded } from './rig/embedded.ts';
import { digestOf, partOf } from './rig/memory-remote.ts';
import { startOpenSsh, unavailable } from './rig/openssh.ts';

const SEALED = ['manifest.json.sealed', 'patients.csv.sealed'];

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open(startEmbedded);
}, 60_000);
afterAll(() => desk?.rig.stop());

/** Every copy is there, and the journal holds no purge. */
async function expectUnpurged(job: DatedJob): Promise<void> {
  expect((await readdir(job.local('out'))).sort()).toEqual(SEALED);
  expect((await readdir(job.remote('out'))).sort()).toEqual(SEALED);
  expect((await job.entries()).map(({ statement }) => statement.kind)).not.toContain('purge');
}

/** Where a file on the server lay before it was complete. */
async function partBeside(sealed: string): Promise<string> {
  return partOf(sealed, digestOf(await readFile(sealed)));
}

async function expectPurged(job: DatedJob): Promise<void> {
  expect(await readdir(job.local('out'))).toEqual([]);
  expect(await readdir(job.remote('out'))).toEqual([]);
  expect((await job.entries()).at(-1)?.statement.kind).toBe('purge');
}

describe('the deadline of the purge', () => {
  it('F24 is only waited for before the days of warning', async () => {
    const job = await desk.delivered({ purge: hours(7 * 24 + 1) });
    const { data, exitCode, warnings } = await job.purge();
    expect([exitCode, warnings]).toEqual([0, []]);
    expect(data.jobs).toMatchObject([{ outcome: 'waiting', missing: ['receipt'], alerts: [] }]);
    expect(await job.alerts()).toEqual([]);
    await expectUnpurged(job);
  });

  it('fault 63: raises an alert in the days of warning, once in the journal and on standard error, with exit code 7', async () => {
    const due = days(3);
    const job = await desk.delivered({ purge: due });
    const message = `the purge is due by ${due}, and the job still waits for: receipt`;
    const first = await job.purge();
    expect(first).toMatchObject({ exitCode: 7, warnings: [`job ${job.name}: ${message} (E_DEADLINE)`] });
    expect(first.data.jobs).toMatchObject([{ outcome: 'waiting', alerts: [{ code: 'E_DEADLINE', message }] }]);
    expect(first.text).toContain(`${message} (E_DEADLINE)`);
    for (let run = 0; run < 2; run++) expect(await job.purge(hours(0.5))).toMatchObject({ exitCode: 7, warnings: [] });
    const entries = await job.entries();
    expect(entries.slice(-1)).toMatchObject([{ seq: 2, statement: { kind: 'alert', code: 'E_DEADLINE', message } }]);
    await expectUnpurged(job);
  });

  it('fault 63: F24 brings about the purge where the instructions say so, and the source stays', async () => {
    const job = await desk.delivered({ purge: hours(-1) });
    const source = await readFile(desk.machine.path('patients.csv'));
    const { data, exitCode, text } = await job.purge();
    expect(exitCode).toBe(0);
    const files = ['patients.csv.sealed', 'manifest.json.sealed'].map((name) => ({ name, outcome: 'deleted' }));
    expect(data.jobs).toMatchObject([
      { outcome: 'purged', missing: ['receipt'], purge: { basis: 'deadline', local: files, remote: files } },
    ]);
    expect(text).toContain('is purged on its deadline, without: receipt');
    await expectPurged(job);
    expect(await readFile(desk.machine.path('patients.csv'))).toEqual(source);
    const { data: verified } = await desk.machine.migrate(
      ...['verify', `jobs/${job.name}/manifest.json`, '--lab', 'lab.roster.json'],
    );
    expect(verified.outcome).toBe('incomplete');
    expect(verified.troubles).toContainEqual(expect.objectContaining({ trouble: 'unacknowledged' }));
    expect((await job.purge()).data.jobs).toMatchObject([{ outcome: 'already-purged' }]);
  });

  it('fault 63: only raises an alert where the instructions keep the copies', async () => {
    const job = await desk.delivered({ purge: hours(-1), atPurge: 'keep' });
    for (const warned of [1, 0]) {
      const { data, exitCode, warnings } = await job.purge();
      expect([exitCode, warnings.length]).toEqual([7, warned]);
      expect(data.jobs).toMatchObject([{ outcome: 'waiting', alerts: [{ code: 'E_DEADLINE' }] }]);
    }
    expect(await job.alerts()).toEqual(['E_DEADLINE']);
    await expectUnpurged(job);
  });

  it('fault 63: an alert that was given before does not keep the purge from its deadline', async () => {
    const job = await desk.delivered({ purge: hours(0.5) });
    await job.purge();
    expect(await job.alerts()).toEqual(['E_DEADLINE']);
    expect((await job.purge(hours(0.6))).data.jobs).toMatchObject([{ outcome: 'purged' }]);
    await expectPurged(job);
  });
});

describe('the deadline of the delivery', () => {
  it('F24 a delivery that came late is an alert, once', async () => {
    const job = await desk.delivered({ delivery: days(-10.5) });
    const message = `the delivery was due by ${days(-10.5)} and came at ${days(-10)}`;
    const first = await job.purge();
    expect(first).toMatchObject({ exitCode: 7, warnings: [`job ${job.name}: ${message} (E_DEADLINE)`] });
    expect(first.data.jobs).toMatchObject([{ outcome: 'waiting', alerts: [{ message }] }]);
    expect(await job.purge()).toMatchObject({ exitCode: 0, warnings: [], data: { jobs: [{ alerts: [] }] } });
    expect(await job.alerts()).toEqual(['E_DEADLINE']);
  });

  it.each([
    ['near', days(2), 'is due by'],
    ['past', days(-2), 'was due by'],
  ])('F24 a job that is extracted, with a deadline that is %s, is an alert, once', async (_, delivery, words) => {
    const job = await desk.extracted({ delivery }, days(-6));
    const first = await job.purge();
    const message = `the delivery ${words} ${delivery}, and the job still waits for: delivery`;
    expect(first).toMatchObject({ exitCode: 7, warnings: [`job ${job.name}: ${message} (E_DEADLINE)`] });
    expect(first.data.jobs).toMatchObject([{ outcome: 'nothing-to-do', alerts: [{ code: 'E_DEADLINE', message }] }]);
    // Said once, and too young for an upload that nobody completed, it needs neither an identity nor a connection.
    await rename(desk.machine.path('purge.ssh'), desk.machine.path('away.ssh'));
    const second = await job.purge();
    await rename(desk.machine.path('away.ssh'), desk.machine.path('purge.ssh'));
    expect(second).toMatchObject({ exitCode: 7, warnings: [], data: { jobs: [{ alerts: [{ message }] }] } });
    expect(await job.alerts()).toEqual(['E_DEADLINE']);
  });
});

describe('a wrong clock', () => {
  const TEN_YEARS = days(3650);

  it.each([
    ['ten years ahead', { purge: days(1825) }, TEN_YEARS],
    ['two hours ahead', { purge: hours(1) }, hours(2)],
    ['ten years ahead, in the days of warning', { purge: days(3653) }, TEN_YEARS],
    ['ten years ahead, where the copies are kept', { purge: days(1825), atPurge: 'keep' }, TEN_YEARS],
  ])('fault 65: %s of the server, purges nothing, and that is an alert', async (_, deadlines, now) => {
    const job = await desk.delivered({ warnDays: 7, ...deadlines });
    for (let run = 0; run < 2; run++) await expect(job.purge(now)).rejects.toMatchObject({ code: 'E_CLOCK' });
    expect(await job.alerts()).toEqual(['E_CLOCK']);
    expect(existsSync(job.remote('out', '.clock'))).toBe(false);
    await expectUnpurged(job);
    // The alert is not dated by the wrong clock, so that the journal grows again as soon as it is right.
    const entries = await job.entries();
    expect(entries).toHaveLength(3);
    expect(entries.at(-1)?.time.slice(0, 10)).toBe(new Date().toISOString().slice(0, 10));
    expect((await job.purge(hours(0.1))).data.jobs).toMatchObject([{ outcome: 'waiting' }]);
  });

  it('fault 65: two hours behind the server, in the days of warning, is an alert', async () => {
    const job = await desk.delivered({ purge: days(3) });
    await expect(job.purge(hours(-2))).rejects.toMatchObject({ code: 'E_CLOCK' });
    expect(await job.alerts()).toEqual(['E_CLOCK']);
  });

  it('fault 65: a day back, purges nothing before the deadline by that clock', async () => {
    const job = await desk.delivered({ purge: hours(-1), warnDays: 0 });
    const { data, exitCode } = await job.purge(days(-1));
    expect([exitCode, data.jobs[0].outcome]).toEqual([0, 'waiting']);
    await expectUnpurged(job);
    await job.purge();
    await expectPurged(job);
  });

  it("fault 65: with a last entry in the journal's future, purges nothing, and that is an alert", async () => {
    const job = await desk.delivered({ purge: hours(-1) }, hours(0.75));
    await expect(job.purge(hours(0.5))).rejects.toMatchObject({ code: 'E_CLOCK' });
    expect(await job.alerts()).toContain('E_CLOCK');
    await expectUnpurged(job);
    expect((await job.purge(hours(0.8))).data.jobs).toMatchObject([{ outcome: 'purged' }]);
  });

  it('fault 65: before the last entry, deletes nothing that could then not be recorded, of a job that ended either', async () => {
    const job = await desk.delivered({});
    await job.revoke(hours(0.5));
    await expect(job.purge()).rejects.toMatchObject({ code: 'E_CLOCK' });
    await expectUnpurged(job);
    expect((await job.purge(hours(0.6))).data.jobs).toMatchObject([{ outcome: 'purged', purge: { basis: 'ended' } }]);
  });

  it('fault 65: with --all, does not keep the other jobs', async () => {
    const other = await desk.delivered({ purge: hours(-1) });
    await other.purge();
    const job = await desk.delivered({ purge: hours(1) });
    desk.machine.now = hours(2);
    const words = ['purge', '--all', '--identity', 'purge.key.json', '--ssh-key', 'purge.ssh'];
    const { data, exitCode, warnings } = await desk.machine.migrate(...words);
    expect(exitCode).toBe(7);
    const outcomes = new Map(data.jobs.map((one: { job: string; outcome: string }) => [one.job, one.outcome]));
    expect(outcomes.get(job.name)).toBe('failed');
    expect(outcomes.get(other.name)).toBe('already-purged');
    expect(warnings).toContainEqual(expect.stringMatching(new RegExp(`^job ${job.name}: .+ \\(E_CLOCK\\)$`)));
  });
});

describe('what an upload that was cut off left', () => {
  it('fault 56: is deleted by the purge, and recorded as deleted', async () => {
    const job = await desk.delivered({ purge: hours(-1) });
    const sealed = job.remote('out', 'patients.csv.sealed');
    await rename(sealed, await partBeside(sealed));
    await writeFile(job.remote('out', 'manifest.json.sealed.part'), 'half');
    const { data } = await job.purge();
    expect(data.jobs[0].purge.remote.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'deleted',
      'deleted',
    ]);
    await expectPurged(job);
  });

  it('fault 61: is not deleted when it is a link, and no purge is recorded', async () => {
    const job = await desk.delivered({ purge: hours(-1) });
    await writeFile(job.remote('target'), 'kept');
    await symlink(job.remote('target'), await partBeside(job.remote('out', 'patients.csv.sealed')));
    await expect(job.purge()).rejects.toMatchObject({ code: 'E_PURGE' });
    expect(await readFile(job.remote('target'), 'utf8')).toBe('kept');
    expect((await job.entries()).map(({ statement }) => statement.kind)).not.toContain('purge');
  });
});

describe.skipIf(unavailable() !== undefined)(unavailable() ?? 'on OpenSSH', () => {
  it('fault 56, 63, 65: the clocks are compared, and the deadline brings about the purge', async () => {
    const openSsh = await Desk.open(startOpenSsh);
    try {
      const job = await openSsh.delivered({ purge: hours(-1) });
      const sealed = job.remote('out', SEALED[1] ?? '');
      const part = await partBeside(sealed);
      await rename(sealed, part);
      await expect(job.purge(days(3650))).rejects.toMatchObject({ code: 'E_CLOCK' });
      expect((await readdir(job.remote('out'))).sort()).toEqual([SEALED[0], basename(part)]);
      const { data } = await job.purge(hours(0.1));
      expect(data.jobs).toMatchObject([{ outcome: 'purged', purge: { basis: 'deadline' } }]);
      await expectPurged(job);
    } finally {
      await openSsh.rig.stop();
    }
  });
});

describe('migrate status', () => {
  it('F35 says how old the files of a job are, until its purge', async () => {
    const job = await desk.delivered({ purge: hours(-1) });
    const held = async () => {
      const { data } = await desk.machine.migrate('status');
      return data.jobs.find((one: { job: string }) => one.job === job.name).held;
    };
    desk.machine.now = days(0);
    expect(await held()).toEqual({ since: (await job.entries())[0]?.time, days: 10 });
    expect((await desk.machine.migrate('status')).text).toMatch(/^ {2}files held since \S+: 10 days$/m);
    await job.purge();
    expect(await held()).toBeNull();
  });

  it('F35 shows deadlines that are near, passed or missed, and a broken job hides no other', async () => {
    const jobs = {
      near: await desk.delivered({ purge: days(3) }),
      passed: await desk.extracted({ delivery: days(-2) }),
      missed: await desk.delivered({ delivery: days(-10.5) }),
      broken: await desk.delivered({}),
    };
    desk.machine.now = days(0);
    const whole = await desk.machine.migrate('status');
    expect([whole.exitCode, whole.warnings]).toEqual([0, []]);
    const standings = (name: string) => {
      const { deadlines } = whole.data.jobs.find((one: { job: string }) => one.job === name);
      return [deadlines.delivery.standing, deadlines.purge.standing];
    };
    expect(standings(jobs.near.name)).toEqual(['kept', 'near']);
    expect(standings(jobs.passed.name)).toEqual(['passed', 'ahead']);
    expect(standings(jobs.missed.name)).toEqual(['missed', 'ahead']);
    const block = (name: string) => whole.text.split(/\n(?=\S)/).find((text) => text.startsWith(`${name} `));
    expect(block(jobs.near.name)).toMatch(/purge by \S+: near$/m);
    expect(block(jobs.passed.name)).toMatch(/delivery by \S+: passed$/m);
    expect(block(jobs.missed.name)).toMatch(/delivery by \S+: missed$/m);
    expect(block(jobs.broken.name)).toMatch(/purge by \S+: ahead$/m);

    await jobs.broken.breakJournal();
    const broken = await desk.machine.migrate('status');
    expect(broken.exitCode).toBe(5);
    expect(broken.data.jobs).toHaveLength(whole.data.jobs.length);
    expect(broken.data.jobs.filter((one: object) => 'error' in one)).toMatchObject([
      { job: jobs.broken.name, error: { code: 'E_CHAIN' } },
    ]);
    expect(broken.text).toContain(block(jobs.near.name));
    expect(broken.text).toMatch(new RegExp(`^job ${jobs.broken.name}: [^]+\\(E_CHAIN\\)$`, 'm'));
    expect(broken.warnings).toHaveLength(1);
  });
});
