/**
 * A real OpenSSH server on loopback with its own accounts, one Unix user each. It runs in private mount and process
 * namespaces, over copies of the account files, so that the machine's own accounts are neither used nor changed.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { openLogSocket } from './log-socket.ts';
import { idOf, OPERATORS, writeAccountFiles, writeHomes } from './openssh-accounts.ts';
import type { Rig, RigAccount, RigRecipient } from './rig.ts';

const SSHD = '/usr/sbin/sshd';
const SETPRIV = 'setpriv';
const HOST = '127.0.0.1';
const START_SECONDS = 20;
const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;

let reason: string | undefined | null = null;

/** Why OpenSSH can't be started here, or undefined when it can; tests skip by this name. */
export function unavailable(): string | undefined {
  if (reason === null) reason = whyNot();
  return reason;
}

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'OpenSSH tests need Linux';
  if (process.getuid?.() !== 0) return 'OpenSSH tests need root for accounts of their own';
  if (!existsSync(SSHD)) return `OpenSSH tests need ${SSHD} (Debian: openssh-server)`;
  const trial = spawnSync(SETPRIV, [
    '--pdeathsig',
    'KILL',
    'unshare',
    ...NAMESPACES,
    'mount',
    '-t',
    'tmpfs',
    'tmpfs',
    '/run',
  ]);
  return trial.status === 0 ? undefined : 'OpenSSH tests need unshare and setpriv with the right to make namespaces';
}

interface Layout {
  readonly base: string;
  readonly root: string;
  readonly log: string;
  /** What internal-sftp says of each account, by the socket inside the chroot. */
  readonly accountLog: string;
}

/** OpenSSH 9.8 began to punish addresses whose logins fail; all tests come from one address. */
function penalties(): string[] {
  const version = /OpenSSH_(\d+)\.(\d+)/.exec(String(spawnSync(SSHD, ['-V']).stderr));
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  return major > 9 || (major === 9 && minor >= 8) ? ['PerSourcePenalties no'] : [];
}

async function writeConfiguration({ base }: Layout, port: number, extra: readonly string[]): Promise<void> {
  const lines = [
    // Of two lines for one setting the first counts.
    ...extra,
    `ListenAddress ${HOST}:${port}`,
    `HostKey ${base}/host-key`,
    `PidFile ${base}/sshd.pid`,
    `AuthorizedKeysFile ${base}/home/%u/authorized_keys`,
    'StrictModes yes',
    'PermitRootLogin no',
    'PubkeyAuthentication yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'AllowTcpForwarding no',
    'X11Forwarding no',
    'PermitTTY no',
    'MaxStartups 100',
    'LogLevel VERBOSE',
    'Subsystem sftp internal-sftp -u 0002 -l INFO',
    'ForceCommand internal-sftp -u 0002 -l INFO',
    `ChrootDirectory ${CHROOT}`,
    ...penalties(),
    ...SOUND_ALGORITHMS,
  ];
  await writeFile(join(base, 'sshd_config'), `${lines.join('\n')}\n`, { mode: 0o644 });
}

/** Where accounts are shut in, within the server's own /run: every folder above it must be root's (sshd_config(5), ChrootDirectory). */
const CHROOT = '/run/sealift';

/** What sshd offers beside sound algorithms by default. */
const SOUND_ALGORITHMS = [
  'KexAlgorithms -diffie-hellman-group14-sha256',
  'MACs -umac-64*,hmac-sha1*',
  'HostKeyAlgorithms ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256',
];

/** What runs inside the namespaces; $1 is the rig's folder. */
const INSIDE = `
set -e
umask 022
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir -m 0755 /run/sshd
mkdir -p -m 0755 ${CHROOT}/jobs ${CHROOT}/dev
if [ -n "$2" ]; then mount -t tmpfs -o "mode=0755,size=$2" tmpfs "$1/jobs"; fi
mount --bind "$1/jobs" ${CHROOT}/jobs
mount --bind "$1/dev" ${CHROOT}/dev
for file in passwd group shadow; do mount --bind "$1/etc/$file" "/etc/$file"; done
exec ${SSHD} -D -e -f "$1/sshd_config"
`;

async function launch({ base, log }: Layout, disk: string): Promise<ChildProcess> {
  const output = await open(log, 'a', 0o644);
  try {
    // The server dies with the process that started it, however that ends.
    return spawn(SETPRIV, ['--pdeathsig', 'KILL', 'unshare', ...NAMESPACES, 'sh', '-c', INSIDE, 'rig', base, disk], {
      stdio: ['ignore', output.fd, output.fd],
    });
  } finally {
    await output.close();
  }
}

/** A port of the loopback interface that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const end = (result: boolean) => () => {
      socket.destroy();
      resolve(result);
    };
    socket.once('data', end(true)).once('error', end(false)).once('end', end(false)).setTimeout(2000, end(false));
  });
}

async function waitUntilReady(server: ChildProcess, layout: Layout, port: number): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!(await answers(port))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new Error(`sshd did not start:\n${await readFile(layout.log, 'utf8')}`);
    }
    await delay(20);
  }
}

async function makeLayout(): Promise<Layout> {
  const base = await mkdtemp(join(await realpath(tmpdir()), 'sealift-openssh-'));
  await chmod(base, 0o755);
  const root = join(base, 'jobs');
  await mkdir(root);
  await mkdir(join(base, 'dev'));
  return { base, root, log: join(base, 'sshd.log'), accountLog: join(base, 'accounts.log') };
}

async function prepareJob(
  root: string,
  accounts: readonly RigAccount[],
  job: string,
  recipients: readonly RigRecipient[],
): Promise<void> {
  const out = join(root, job, 'out');
  await mkdir(out, { recursive: true });
  await mkdir(join(root, job, 'in'));
  await chown(out, 0, OPERATORS.id);
  // Set-group-ID: what one operator writes belongs to all; recipients read it as others.
  await chmod(out, 0o2775);
  for (const { fingerprint, account } of recipients) {
    const folder = join(root, job, 'in', fingerprint);
    await mkdir(folder);
    await chown(folder, idOf(accounts, account), OPERATORS.id);
    await chmod(folder, 0o2750);
  }
}

/** A folder as a process inside the server's namespaces sees it: mounts there are not seen from here. */
async function rootWithin({ pid }: ChildProcess, folder: string): Promise<string> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return `/proc/${children.trim().split(' ')[0]}/root${folder}`;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = new Promise((resolve) => server.once('exit', resolve));
  // Ends unshare; the kernel then ends every process of its namespace.
  server.kill('SIGKILL');
  await exited;
}

/**
 * Starts sshd with these accounts.
 *
 * @param configuration further lines of sshd_config, such as weaker algorithms
 * @param loose accounts have a shell, and their keys no restriction
 * @param disk the size of a disk of its own for the jobs, such as `1m`
 */
export async function startOpenSsh(options: {
  readonly accounts: readonly RigAccount[];
  readonly configuration?: readonly string[];
  readonly loose?: boolean;
  readonly disk?: string;
}): Promise<Rig & { readonly log: string; readonly accountLog: string }> {
  const why = unavailable();
  if (why !== undefined) throw new Error(why);
  const { accounts } = options;
  const layout = await makeLayout();
  const hostKey = await writeSshKeyPair(join(layout.base, 'host-key'));
  await writeAccountFiles(layout.base, accounts, options.loose === true ? '/bin/sh' : '/usr/sbin/nologin');
  await writeHomes(layout.base, accounts, options.loose === true ? '' : 'restrict ');
  const port = await freePort();
  await writeConfiguration(layout, port, options.configuration ?? []);
  const logSocket = await openLogSocket(join(layout.base, 'dev', 'log'), layout.accountLog);
  const server = await launch(layout, options.disk ?? '');
  const stop = async (): Promise<void> => {
    await end(server);
    await logSocket.close();
    await rm(layout.base, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(server, layout, port);
  } catch (error) {
    await stop();
    throw error;
  }
  const root = options.disk === undefined ? layout.root : await rootWithin(server, layout.root);
  return {
    host: HOST,
    port,
    hostKey,
    folder: '/jobs',
    root,
    log: layout.log,
    accountLog: layout.accountLog,
    prepareJob: (job, recipients) => prepareJob(root, accounts, job, recipients),
    stop,
  };
}
