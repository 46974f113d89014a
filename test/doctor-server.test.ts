/** The server that `migrate doctor --print-sshd-config` describes, set up word for word, and a whole job through it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { afterAll, describe, expect, it } from 'vitest';
import { Desk, days, hours } from './rig/dated-job.ts';
import { type LogSocket, openLogSocket } from './rig/log-socket.ts';
import { freePort, unavailable } from './rig/openssh.ts';

/** Runs inside namespaces of its own, over copies of /etc, so that the machine keeps its accounts; $1 is the folder. */
const INSIDE = `
set -e
umask 022
mount --bind "$1/etc" /etc
mount --bind "$1/srv" /srv
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir -m 0755 /run/sshd
sh "$1/commands.sh"
sh "$1/commands.sh"
touch "$1/made"
while [ ! -e "$1/go" ]; do sleep 0.05; done
exec /usr/sbin/sshd -D -e -f "$1/sshd_config"
`;

let base = '';
let server: ChildProcess | undefined;
let log: LogSocket | undefined;

afterAll(async () => {
  server?.kill('SIGKILL');
  await log?.close();
  if (base !== '') await rm(base, { recursive: true, force: true });
});

async function until(what: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !what(); turn++) await delay(50);
  if (!what()) throw new Error(readFileSync(join(base, 'sshd.log'), 'utf8'));
}

const why = unavailable() ?? (existsSync('/usr/sbin/useradd') ? undefined : 'useradd is missing');

describe.skipIf(why !== undefined)(why ?? 'the server that the doctor prints', { timeout: 90_000 }, () => {
  it('F25 is green, carries a job to its purge, and logs what accounts do from inside the chroot', async () => {
    base = await mkdtemp(join(await realpath(tmpdir()), 'sealift-printed-'));
    await chmod(base, 0o755);
    for (const name of ['etc', 'srv']) await mkdir(join(base, name), { mode: 0o755 });
    spawnSync('cp', ['-a', '/etc/.', join(base, 'etc')]);
    const hostKeyFile = join(base, 'etc', 'ssh', 'ssh_host_ed25519_key');
    for (const file of [hostKeyFile, `${hostKeyFile}.pub`]) await rm(file, { force: true });
    const hostKey = await writeSshKeyPair(hostKeyFile);
    const port = await freePort();
    const root = join(base, 'srv', 'sealift', 'migrations');
    const desk = await Desk.open(async () => ({
      ...{ host: '127.0.0.1', port, hostKey, folder: '/migrations', root },
      prepareJob: async () => undefined,
      stop: async () => undefined,
    }));
    const job = await desk.extracted({});
    const { machine } = desk;
    machine.now = days(0);
    const doctor = ['doctor', '--instructions', `${job.name}.json`];
    const { data, text } = await machine.migrate(...doctor, '--print-sshd-config');
    const { sshd, commands } = data.configuration;
    for (const line of [...sshd, ...commands]) expect(text).toContain(line);
    await writeFile(join(base, 'sshd_config'), `${sshd.join('\n')}\n`);
    await writeFile(join(base, 'commands.sh'), `${commands.join('\n')}\n`);
    server = spawn('setpriv', [
      '--pdeathsig',
      'KILL',
      'unshare',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      '-c',
      INSIDE,
      'rig',
      base,
    ]);
    for (const stream of [server.stdout, server.stderr])
      stream?.on('data', (piece) => appendFileSync(join(base, 'sshd.log'), piece));
    await writeFile(join(base, 'sshd.log'), '', { flag: 'a' });
    await until(() => existsSync(join(base, 'made')));
    log = await openLogSocket(join(base, 'srv', 'sealift', 'dev', 'log'), join(base, 'accounts.log'));
    await writeFile(join(base, 'go'), '');
    await until(() => readFileSync(join(base, 'sshd.log'), 'utf8').includes('Server listening'));

    for (const who of ['jean', 'purge', 'novalis']) {
      const seen = await machine.migrate(...doctor, '--identity', `${who}.key.json`, '--ssh-key', `${who}.ssh`);
      const red = seen.data.checks.filter(
        (one: { where: string; verdict: string }) => one.where === 'endpoint' && one.verdict !== 'ok',
      );
      expect([who, red]).toEqual([who, []]);
    }
    await machine.migrate('send', '--job', job.name, '--identity', 'jean.key.json', '--ssh-key', 'jean.ssh');
    machine.now = hours(0.1);
    await machine.migrate(
      ...['receive', '--instructions', `${job.name}.json`, '--identity', 'novalis.key.json'],
      ...['--ssh-key', 'novalis.ssh', '--into', 'received'],
    );
    expect((await job.purge(hours(0.2))).data.jobs).toMatchObject([
      { outcome: 'purged', purge: { basis: 'statements' } },
    ]);
    expect(await readdir(job.remote('out'))).toEqual([]);
    const accounts = readFileSync(join(base, 'accounts.log'), 'utf8');
    expect(accounts).toContain('patients.csv.sealed');
    expect(accounts).toMatch(/remove name .*patients\.csv\.sealed/);
  });
});
