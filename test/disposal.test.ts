/** F09: a source that is marked goes with the job, after every statement that gates the purge, and is otherwise left alone. */
import { existsSync } from 'node:fs';
import { appendFile, link, readFile, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DatedJob, Desk, days, hours } from './rig/dated-job.ts';
import { startEmbedded } from './rig/embedded.ts';

const MARKED = { dataset: { disposeSource: true }, words: ['--dispose-source', 'patients'] };
const SOURCE = 'ID;NOM\r\n1;Durand\r\n2;Petit\r\n';

let desk: Desk;
let source: string;

beforeAll(async () => {
  desk = await Desk.open(startEmbedded);
  source = desk.machine.path('patients.csv');
}, 60_000);
afterAll(() => desk?.rig.stop());
beforeEach(async () => {
  await rm(source, { force: true });
  await writeFile(source, SOURCE);
});

const statements = async (job: DatedJob, kind: string): Promise<object[]> =>
  (await job.entries()).map(({ statement }) => statement).filter((statement) => statement.kind === kind);

describe('migrate extract --dispose-source', () => {
  it('F09 records the mark, keeps path and identity where nobody else reads them, and touches nothing', async () => {
    const job = await desk.extracted({}, days(-10), MARKED);
    expect(await statements(job, 'extraction')).toMatchObject([
      { datasets: [{ source: { kind: 'file', dispose: true } }] },
    ]);
    const kept = job.local('marked-sources.json');
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
    expect(await readFile(kept, 'utf8')).toContain(source);
    for (const public_ of ['manifest.json', 'journal.jsonl']) {
      expect(await readFile(job.local(public_), 'utf8')).not.toContain(source);
    }
    expect(await readFile(source, 'utf8')).toBe(SOURCE);
  });

  it('F09 is refused where the instructions do not allow it, of a pipe, of a link and of a file with two names', async () => {
    const { words } = MARKED;
    await expect(desk.extracted({}, days(-10), { words })).rejects.toMatchObject({ code: 'E_SCOPE' });
    const piped = { ...MARKED, words: [...words, '--source', 'patients=-'] };
    await expect(desk.extracted({}, days(-10), piped)).rejects.toMatchObject({ code: 'E_USAGE' });
    const other = { ...MARKED, words: ['--dispose-source', 'results'] };
    await expect(desk.extracted({}, days(-10), other)).rejects.toMatchObject({ code: 'E_USAGE' });
    await link(source, `${source}.second`);
    await expect(desk.extracted({}, days(-10), MARKED)).rejects.toMatchObject({ code: 'E_SOURCE' });
    await unlink(source);
    await symlink(`${source}.second`, source);
    await expect(desk.extracted({}, days(-10), MARKED)).rejects.toMatchObject({ code: 'E_SOURCE' });
    await unlink(`${source}.second`);
  });
});

describe('the purge of a job whose source is marked', () => {
  it('F09 deletes the source with the copies, once every statement is there, records it once, and the manifest holds', async () => {
    const job = await desk.delivered({}, days(-10), MARKED);
    expect((await job.purge(days(-9))).data.jobs).toMatchObject([{ outcome: 'waiting' }]);
    expect(existsSync(source)).toBe(true);
    await job.receive(days(-8));
    const disposed = [{ dataset: 'patients', bytes: SOURCE.length, outcome: 'deleted' }];
    expect((await job.purge(days(-7))).data.jobs).toMatchObject([{ outcome: 'purged', disposed }]);
    expect(existsSync(source)).toBe(false);
    expect(await statements(job, 'disposal')).toEqual([{ kind: 'disposal', ...disposed[0] }]);
    expect((await job.purge(days(-6))).data.jobs).toMatchObject([{ outcome: 'already-purged' }]);
    expect(await statements(job, 'disposal')).toHaveLength(1);
    const { data } = await desk.machine.migrate('verify', `jobs/${job.name}/manifest.json`, '--lab', 'lab.roster.json');
    expect(data.claims).toContainEqual(
      expect.objectContaining({ fact: { says: 'disposal', dataset: 'patients', outcome: 'deleted' } }),
    );
  });

  it('F09 never deletes the source on a deadline, nor of a job that was revoked', async () => {
    const onDeadline = await desk.delivered({ purge: hours(-1) }, days(-10), MARKED);
    expect((await onDeadline.purge()).data.jobs).toMatchObject([{ outcome: 'purged', purge: { basis: 'deadline' } }]);
    expect((await onDeadline.purge()).data.jobs).toMatchObject([{ outcome: 'already-purged' }]);
    const revoked = await desk.delivered({}, days(-10), MARKED);
    await revoked.revoke(days(-9));
    expect((await revoked.purge(days(-8))).data.jobs).toMatchObject([{ outcome: 'purged', purge: { basis: 'ended' } }]);
    expect(await readFile(source, 'utf8')).toBe(SOURCE);
    for (const job of [onDeadline, revoked]) expect(await statements(job, 'disposal')).toEqual([]);
  });

  it('F09 leaves a source alone that is not marked', async () => {
    const job = await desk.delivered({}, days(-10), { dataset: MARKED.dataset });
    await job.receive(days(-8));
    expect((await job.purge(days(-7))).data.jobs).toMatchObject([{ outcome: 'purged' }]);
    expect(await readFile(source, 'utf8')).toBe(SOURCE);
    expect(existsSync(job.local('marked-sources.json'))).toBe(false);
  });

  it('F09 says that a source is gone that somebody deleted before', async () => {
    const job = await desk.delivered({}, days(-10), MARKED);
    await job.receive(days(-8));
    await unlink(source);
    expect((await job.purge(days(-7))).data.jobs).toMatchObject([{ disposed: [{ outcome: 'absent' }] }]);
  });

  it.each([
    [
      'has other bytes of the same number',
      async () => writeFile(source, SOURCE.replace('Petit', 'Grand')),
      'is not the file that was extracted',
    ],
    ['has grown', async () => appendFile(source, '3;Roux\r\n'), 'is not the file that was extracted'],
    [
      'is another file with the same bytes',
      async () => {
        await writeFile(`${source}.new`, SOURCE);
        await rename(`${source}.new`, source);
      },
      'is not the file that was extracted',
    ],
    [
      'is a symbolic link',
      async () => {
        await rename(source, `${source}.moved`);
        await symlink(`${source}.moved`, source);
      },
      'is no regular file any more',
    ],
    ['has a second name', async () => link(source, `${source}.moved`), 'has 2 names on its disk'],
  ])(
    'fault 61: F09 a source that %s stays, and is an alert; the copies are purged, and the next run asks again',
    async (_, change, why) => {
      const job = await desk.delivered({}, days(-10), MARKED);
      await job.receive(days(-8));
      await change();
      const before = await readFile(source);
      await expect(job.purge(days(-7))).rejects.toMatchObject({
        code: 'E_PURGE',
        message: expect.stringContaining(why),
      });
      expect(await readFile(source)).toEqual(before);
      expect([await statements(job, 'purge'), await statements(job, 'disposal')]).toEqual([[expect.anything()], []]);
      expect(await job.alerts()).toEqual(['E_PURGE']);
      expect(JSON.stringify(await statements(job, 'alert'))).not.toContain(source);
      const { job: again, exitCode } = await job.purgeAll(days(-7));
      expect(again).toMatchObject({ outcome: 'already-purged', error: { code: 'E_PURGE' } });
      expect(exitCode).not.toBe(0);
      await rm(source);
      await rm(`${source}.moved`, { force: true });
      expect((await job.purge(days(-6))).data.jobs).toMatchObject([{ disposed: [{ outcome: 'absent' }] }]);
    },
  );

  it('F09 a source whose place was forgotten, or is told in other words, is an alert', async () => {
    const job = await desk.delivered({}, days(-10), MARKED);
    await job.receive(days(-8));
    await writeFile(job.local('marked-sources.json'), '[{"path":1}]');
    await expect(job.purge(days(-7))).rejects.toMatchObject({ code: 'E_SCHEMA' });
    await unlink(job.local('marked-sources.json'));
    await expect(job.purge(days(-7))).rejects.toMatchObject({ code: 'E_PURGE' });
    expect(await readFile(source, 'utf8')).toBe(SOURCE);
  });
});
