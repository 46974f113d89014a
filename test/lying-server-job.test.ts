/** Whole jobs and the doctor before servers that lie. */
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { newSshKeyPair } from '@sealift/demo/ssh-keygen';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeFailure } from '../packages/cli/src/failure.ts';
import { type DatedJob, Desk, days, hours } from './rig/dated-job.ts';
import { filesBelow, filesHolding } from './rig/files.ts';
import { type Lies, type LyingServer, type SftpRequest, STATUS, startLying } from './rig/lying-server.ts';
import { digestOf, partOf } from './rig/memory-remote.ts';

const AS_JEAN = ['--identity', 'jean.key.json', '--ssh-key', 'jean.ssh'];
const HOSTILE = ['../x', '/x', 'C:\\x', 'CON', 'nul\0.csv', '..', 'patients.csv.sealed/../../../x'];

let server: LyingServer;
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open(async (options) => {
    server = await startLying(options);
    return server;
  });
}, 60_000);
afterEach(() => {
  for (const lie of Object.keys(server.lies)) Reflect.deleteProperty(server.lies, lie);
});
afterAll(() => server?.stop());

const lie = (lies: Lies): void => void Object.assign(server.lies, lies);
const kindsOf = async (job: DatedJob) => (await job.entries()).map(({ statement }) => statement.kind);

describe('a server that lists hostile names', () => {
  it('fault 52: carries a whole job, for nobody asks it for names: what is asked for are the names of the format', async () => {
    const attrs = { mode: 0o100644, uid: 0, gid: 0, size: 1, atime: 1, mtime: 1 };
    lie({
      request: ({ kind, id, sftp }) => {
        if (kind !== 'READDIR' && kind !== 'REALPATH') return false;
        sftp.name(
          id,
          HOSTILE.map((filename) => ({ filename, longname: filename, attrs })),
        );
        return true;
      },
    });
    const job = await desk.delivered({});
    const before = await filesBelow(desk.machine.folder);
    desk.machine.now = days(-9);
    await desk.machine.migrate(
      ...['receive', '--instructions', `${job.name}.json`, '--into', 'received'],
      ...['--identity', 'novalis.key.json', '--ssh-key', 'novalis.ssh'],
    );
    expect((await job.purge(hours(0))).data.jobs).toMatchObject([{ outcome: 'purged' }]);
    const made = (await filesBelow(desk.machine.folder)).filter((file) => !before.includes(file));
    expect(made.filter((file) => !/^received\/(patients\.csv|manifest\.json|receipt\.json)$/.test(file))).toEqual(
      made.filter((file) => /^(state|jobs)\//.test(file)),
    );
    expect(server.requests.filter(({ kind }) => kind === 'READDIR')).toEqual([]);
    const changed = server.requests.filter(({ kind }) => ['MKDIR', 'REMOVE', 'RENAME'].includes(kind));
    const ours = new RegExp(
      `^/${job.name}/(out|in/[a-z2-7]{52})/([a-z]+\\.(csv|json)\\.sealed((\\.[0-9a-f]{64})?\\.part)?|\\.clock|\\.probe)$`,
    );
    expect(changed.flatMap(({ asked }) => asked).filter((path) => !ours.test(String(path)))).toEqual([]);
    // The doctor asks for nothing first, which no server counts; then there is the key alone.
    expect([...new Set(server.tried)].sort()).toEqual(['none', 'publickey']);
  });
});

/** Lets the server store the first half of what is written. */
function halved({ asked: [handle, offset, data], honestly }: SftpRequest): boolean {
  honestly(handle, offset, Buffer.isBuffer(data) ? data.subarray(0, data.length / 2) : data);
  return true;
}

/** Has one bit stored, or given, otherwise. */
function altered({ asked: [, , data] }: SftpRequest): boolean {
  if (Buffer.isBuffer(data)) data.writeUInt8(data.readUInt8(data.length - 1) ^ 1, data.length - 1);
  return false;
}

function full({ id, sftp }: SftpRequest): boolean {
  sftp.status(id, STATUS.failure);
  return true;
}

describe('a job whose server loses or alters what it is sent', () => {
  /** Names of patients that stand nowhere else. */
  const NAMES = ['Quernovic', 'Zabelthau'];
  const twist = { dataset: { fields: [{ name: 'NOM' }] }, words: ['--source', 'patients=named.csv'] };
  beforeAll(() =>
    desk.machine.write('named.csv', `ID;NOM\r\n${NAMES.map((name, row) => `${row};${name}\r\n`).join('')}`),
  );

  /** Runs a command that must fail, and returns everything that it says, the trace for developers included. */
  async function saidOf(...words: string[]): Promise<{ readonly code: string; readonly said: string }> {
    const error = await desk.machine.migrate(...words).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    const failure = describeFailure(error, true);
    return { code: failure.code, said: JSON.stringify(failure) };
  }

  it.each([
    ['fault 53: stores half of each write', halved],
    ['fault 53: has no room', full],
    ['fault 54: alters what it stores, where the instructions have it read back', altered],
  ])('%s: is told without a word about a patient, delivers nothing, and can be sent again', async (_, lying) => {
    const job = await desk.extracted({}, days(-10), twist);
    lie({ request: (request) => request.kind === 'WRITE' && lying(request) });
    const { code, said } = await saidOf('send', '--job', job.name, ...AS_JEAN);
    expect(code).toBe('E_REMOTE');
    expect(NAMES.filter((name) => said.includes(name))).toEqual([]);
    expect(await kindsOf(job)).toEqual(['extraction', 'refusal']);
    expect(await filesHolding(job.local(), NAMES)).toEqual([]);
    expect(await filesHolding(desk.rig.root, NAMES)).toEqual([]);
    lie({ request: undefined });
    await desk.machine.migrate('send', '--job', job.name, ...AS_JEAN);
    expect((await kindsOf(job)).at(-1)).toBe('delivery');
  });

  it('fault 54: alters what it gives: the recipient is told without a word about a patient, and gets no file', async () => {
    const job = await desk.delivered({}, days(-10), twist);
    desk.machine.now = days(-9);
    lie({
      request: ({ kind, id, asked: [, , length], sftp }) => {
        if (kind !== 'READ') return false;
        sftp.data(id, Buffer.alloc(Number(length), 'x'));
        return true;
      },
    });
    const into = `received-${job.name}`;
    const receive = ['receive', '--instructions', `${job.name}.json`, '--into', into];
    const { code, said } = await saidOf(...receive, '--identity', 'novalis.key.json', '--ssh-key', 'novalis.ssh');
    expect(code).toMatch(/^E_(REMOTE|LIMIT|MISMATCH)$/);
    expect(NAMES.filter((name) => said.includes(name))).toEqual([]);
    expect(await filesHolding(desk.machine.path(into), NAMES)).toEqual([]);
    lie({ request: undefined });
    await job.receive(days(-9));
    // The search finds what is there.
    expect(await filesHolding(desk.machine.path(into), NAMES)).toContain('patients.csv');
  });
});

describe('a server that says that it deleted', () => {
  it.each(['a sealed file', 'what an upload left that was cut'])(
    'fault 62: %s and did not, is looked at again: no purge is recorded, and that is an alert',
    async (what) => {
      const job = await desk.delivered({ purge: hours(-1) });
      const sealed = 'patients.csv.sealed';
      const part = partOf(sealed, digestOf(await readFile(job.local('out', sealed))));
      const name = what === 'a sealed file' ? sealed : part;
      await writeFile(job.remote('out', name), 'sealed', { flag: 'a' });
      lie({
        request: ({ kind, id, asked, sftp }) => {
          if (kind !== 'REMOVE' || !String(asked[0]).endsWith(`/${name}`)) return false;
          sftp.status(id, STATUS.ok);
          return true;
        },
      });
      const { exitCode, job: failed } = await job.purgeAll();
      expect(exitCode).toBe(7);
      expect(failed).toMatchObject({
        outcome: 'failed',
        error: { code: 'E_PURGE', message: 'patients.csv.sealed is still on the server after its deletion' },
      });
      expect(await kindsOf(job)).toEqual(['extraction', 'delivery', 'alert']);
      expect(await readdir(job.remote('out'))).toEqual([name]);
      expect(await readdir(job.local('out'))).toContain('patients.csv.sealed');
      lie({ request: undefined });
      expect((await job.purge(hours(0.1))).data.jobs).toMatchObject([{ outcome: 'purged' }]);
      expect(await readdir(job.remote('out'))).toEqual([]);
    },
  );

  it('fault 62: and refuses instead, keeps every other file from being called purged', async () => {
    const job = await desk.delivered({ purge: hours(-1) });
    lie({
      request: ({ kind, id, asked, sftp }) => {
        if (kind !== 'REMOVE' || !String(asked[0]).endsWith('/manifest.json.sealed')) return false;
        sftp.status(id, STATUS.failure);
        return true;
      },
    });
    expect((await job.purgeAll()).job).toMatchObject({ outcome: 'failed', error: { code: 'E_REMOTE' } });
    expect(await kindsOf(job)).toEqual(['extraction', 'delivery', 'alert']);
    lie({ request: undefined });
    expect((await job.purge(hours(0.1))).data.jobs).toMatchObject([{ outcome: 'purged' }]);
  });
});

describe('the doctor on a machine whose jobs are open to others', () => {
  it.each([
    ['F34 warns, and the job is sent', [], 'warn'],
    ['F34 fails where the instructions require it, and nothing is sent', ['file-modes'], 'fail'],
  ])('%s', async (_, requires, verdict) => {
    const job = await desk.extracted({}, days(-10), { members: requires.length === 0 ? {} : { requires } });
    desk.machine.now = days(0);
    await chmod(desk.machine.path('jobs'), 0o755);
    const { data, exitCode } = await desk.machine.migrate('doctor', '--instructions', `${job.name}.json`, ...AS_JEAN);
    expect(exitCode).toBe(verdict === 'fail' ? 3 : 0);
    expect(data.checks).toContainEqual(
      expect.objectContaining({
        check: 'file-modes',
        where: 'machine',
        verdict,
        remedy: expect.stringContaining('chmod'),
      }),
    );
    const sent = await desk.machine.migrate('send', '--job', job.name, ...AS_JEAN).catch((error: unknown) => error);
    if (verdict === 'fail') expect(sent).toMatchObject({ code: 'E_DOCTOR' });
    expect((await kindsOf(job)).at(-1)).toBe(verdict === 'fail' ? 'refusal' : 'delivery');
    await chmod(desk.machine.path('jobs'), 0o700);
  });
});

describe('the doctor before a server that lets the wrong people in', () => {
  let job: DatedJob;
  beforeAll(async () => {
    job = await desk.extracted({});
    desk.machine.now = days(0);
  });

  async function failedChecks(...who: string[]): Promise<string[]> {
    const { data } = await desk.machine.migrate('doctor', '--instructions', `${job.name}.json`, ...who);
    const checks: readonly { check: string; where: string; verdict: string; remedy?: string }[] = data.checks;
    const failed = checks.filter(({ where, verdict }) => where === 'endpoint' && verdict === 'fail');
    for (const { remedy } of failed) expect(remedy).toMatch(/./);
    return failed.map(({ check }) => check);
  }

  it.each<[string, Lies, string[], string[]]>([
    ['anybody without proof', { letsIn: 'none' }, ['none', 'anonymous'], []],
    ['"anonymous"', { letsIn: 'anonymous' }, ['anonymous'], []],
    [
      'anybody with any password',
      { letsIn: 'password', ways: ['password'] },
      ['password', 'anonymous', 'login'],
      AS_JEAN,
    ],
    ['nobody with the key of the instructions', { ways: ['publickey'] }, ['login'], AS_JEAN],
  ])('F25 is red where it lets in %s, and nothing is sent', async (_, lies, failed, who) => {
    lie(lies);
    expect(await failedChecks(...who)).toEqual(failed);
    const sent = desk.machine.migrate('send', '--job', job.name, ...AS_JEAN);
    await expect(sent).rejects.toMatchObject({ code: expect.stringMatching(/^E_(DOCTOR|SSH_AUTH)$/) });
    expect(await kindsOf(job)).not.toContain('delivery');
  });

  it('fault 50: is red where the server has another host key, and tries nothing else', async () => {
    const other = await Desk.open(async (options) => ({
      ...(await startLying(options)),
      hostKey: newSshKeyPair().publicKey,
    }));
    const { name } = await other.extracted({});
    other.machine.now = days(0);
    const { data, exitCode } = await other.machine.migrate('doctor', '--instructions', `${name}.json`, ...AS_JEAN);
    const endpoint = data.checks.filter(({ where }: { where: string }) => where === 'endpoint');
    expect(exitCode).toBe(3);
    expect(endpoint.map(({ check, verdict }: Record<string, string>) => [check, verdict])).toEqual([
      ['algorithms', expect.any(String)],
      ['host-key', 'fail'],
    ]);
    const sent = other.machine.migrate('send', '--job', name, ...AS_JEAN);
    await expect(sent).rejects.toMatchObject({ code: expect.stringMatching(/^E_(DOCTOR|HOSTKEY)$/) });
    await other.rig.stop();
  });
});
