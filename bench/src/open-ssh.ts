/** An OpenSSH server of this user alone, on the loopback interface, with its defaults. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';

const SSHD = '/usr/sbin/sshd';
const HOST = '127.0.0.1';
const START_SECONDS = 20;
/** Root's sshd wants a folder in /run, which it gets for itself; it ends with this process, however that ends. */
const AS_ROOT = `mount -t tmpfs -o mode=0755 tmpfs /run && mkdir -m 0755 /run/sshd && exec ${SSHD} -D -e -f "$0"`;
const PRIVATELY = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', AS_ROOT];

/** A running server, and how this user gets in. */
export interface OpenSsh {
  readonly host: string;
  readonly port: number;
  /** Its public host key line. */
  readonly hostKey: string;
  readonly account: string;
  /** The user's private key file. */
  readonly key: string;
  /** The user's public key line. */
  readonly publicKey: string;
  stop(): Promise<void>;
}

/** What of OpenSSH is missing here. */
export function missingOpenSsh(): string[] {
  const sftp = spawnSync('sh', ['-c', 'command -v sftp'], { stdio: 'ignore' }).status === 0 ? [] : ['sftp'];
  return [...(existsSync(SSHD) ? [] : [SSHD]), ...sftp];
}

/** Starts it; keys, configuration and log go into a new folder. */
export async function startOpenSsh(folder: string): Promise<OpenSsh> {
  await mkdir(folder, { mode: 0o700 });
  const hostKey = await writeSshKeyPair(join(folder, 'host-key'));
  const key = join(folder, 'user-key');
  const publicKey = await writeSshKeyPair(key);
  const port = await freePort();
  const configuration = join(folder, 'sshd_config');
  await writeFile(configuration, `${linesFor(folder, port).join('\n')}\n`);
  const isRoot = process.getuid?.() === 0;
  const words = isRoot ? ['unshare', ...PRIVATELY, configuration] : [SSHD, '-D', '-e', '-f', configuration];
  const server = spawn('setpriv', ['--pdeathsig', 'KILL', ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  for (const deadline = Date.now() + START_SECONDS * 1000; !(await answers(port)); await pause(20)) {
    if (server.exitCode === null && Date.now() < deadline) continue;
    await end(server);
    throw new Error(`sshd did not start:\n${log}`);
  }
  const { username: account } = userInfo();
  return { host: HOST, port, hostKey, account, key, publicKey, stop: () => end(server) };
}

function linesFor(folder: string, port: number): string[] {
  return [
    `ListenAddress ${HOST}:${port}`,
    `HostKey ${folder}/host-key`,
    `PidFile ${folder}/sshd.pid`,
    `AuthorizedKeysFile ${folder}/user-key.pub`,
    // The folders above this one are everybody's.
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'Subsystem sftp internal-sftp',
  ];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error()),
      );
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    socket.once('data', () => resolve(true)).once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await exited;
}

/** What OpenSSH's client is told to reach such a server, and to look at nothing of the user's. @param known a file that is written for it */
export async function sftpOptions(server: OpenSsh, known: string): Promise<string[]> {
  await writeFile(known, `[${server.host}]:${server.port} ${server.hostKey}\n`);
  const options = [`UserKnownHostsFile=${known}`, 'IdentitiesOnly=yes', `IdentityFile=${server.key}`, 'BatchMode=yes'];
  return ['-q', '-F', 'none', ...options.flatMap((option) => ['-o', option]), '-P', String(server.port)];
}
