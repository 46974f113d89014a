import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSftpServer } from '@sealift/demo/sftp-server';
import { newSshKeyPair, writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { connect, jobPaths, loadSshKey, type Remote, type SshKey } from '@sealift/transfer';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmbedded } from './rig/embedded.ts';
import { digestOf } from './rig/memory-remote.ts';
import { startOpenSsh, unavailable } from './rig/openssh.ts';
import type { Rig, RigAccount } from './rig/rig.ts';

const NAMES = ['operator', 'purger', 'recipient', 'stranger'] as const;
type Name = (typeof NAMES)[number];

const servers = [
  { title: 'embedded server', start: startEmbedded, missing: undefined },
  { title: 'OpenSSH', start: startOpenSsh, missing: unavailable() },
];

async function makeKeys(folder: string): Promise<Record<Name, SshKey>> {
  const load = async (name: Name): Promise<SshKey> => {
    const path = join(folder, `${name}.key`);
    return loadSshKey({ path, expectedPublicKey: await writeSshKeyPair(path) });
  };
  const [operator, purger, recipient, stranger] = await Promise.all(NAMES.map(load));
  return { operator, purger, recipient, stranger } as Record<Name, SshKey>;
}

/** The code of what `work` throws, or `none`. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  }
}

describe.each(servers)('a connection to $title', ({ start, missing }) => {
  describe.skipIf(missing !== undefined)(missing ?? 'before anything is asked of it', () => {
    let home: string;
    let keys: Record<Name, SshKey>;
    let rig: Rig;
    let remote: Remote;
    const opened: Remote[] = [];

    const as = async (account: Name, over: Partial<Parameters<typeof connect>[0]> = {}): Promise<Remote> => {
      const { host, port, hostKey } = rig;
      const one = await connect({ host, port, hostKey, account, key: keys[account], ...over });
      opened.push(one);
      return one;
    };
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'sealift-remote-test-'));
      keys = await makeKeys(home);
      const accounts = NAMES.map((name): RigAccount => {
        const role = name === 'operator' || name === 'purger' ? 'operator' : 'recipient';
        return { name, publicKey: keys[name].publicKey.line, role };
      });
      rig = await start({ accounts });
    });

    beforeEach(async () => {
      remote = await as('operator');
    });

    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()));
    });

    afterAll(async () => {
      await rig?.stop();
      await rm(home, { recursive: true, force: true });
    });

    it('records the session for the delivery statement', async () => {
      expect(remote.session).toEqual({
        host: rig.host,
        port: rig.port,
        address: '127.0.0.1',
        account: 'operator',
        hostKey: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
        sshKey: keys.operator.publicKey.fingerprint,
        kex: 'curve25519-sha256',
        cipher: 'aes128-gcm@openssh.com',
        mac: 'implicit',
      });
    });

    it('fault 50: refuses a host key that is not the pinned one, or no pin', async () => {
      expect(await codeOf(as('operator', { hostKey: newSshKeyPair().publicKey }))).toBe('E_HOSTKEY');
      expect(await codeOf(as('operator', { hostKey: '' }))).toBe('E_HOSTKEY');
      const p256 = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).public.trim();
      expect(await codeOf(as('operator', { hostKey: p256 }))).toBe('E_HOSTKEY');
    });

    it('refuses a key that the server does not list for the account', async () => {
      expect(await codeOf(as('operator', { key: keys.stranger }))).toBe('E_SSH_AUTH');
    });
  });
});

describe.skipIf(unavailable() !== undefined)(unavailable() ?? 'OpenSSH with weak algorithms only', () => {
  it('fault 51: is refused', async () => {
    const home = await mkdtemp(join(tmpdir(), 'sealift-weak-'));
    const keys = await makeKeys(home);
    const accounts: RigAccount[] = [{ name: 'operator', publicKey: keys.operator.publicKey.line, role: 'operator' }];
    for (const line of [
      'Ciphers aes256-cbc',
      'KexAlgorithms diffie-hellman-group14-sha256',
      'Ciphers aes256-ctr\nMACs hmac-sha1',
    ]) {
      const rig = await startOpenSsh({ accounts, configuration: [line] });
      const { host, port, hostKey } = rig;
      expect(await codeOf(connect({ host, port, hostKey, account: 'operator', key: keys.operator }))).toBe('E_ALGO');
      await rig.stop();
    }
    await rm(home, { recursive: true, force: true });
  });
});

describe.skipIf(unavailable() !== undefined)(unavailable() ?? 'OpenSSH on a disk without room', () => {
  it('fault 53: takes no file beyond it, and gets it once there is room', async () => {
    const home = await mkdtemp(join(tmpdir(), 'sealift-room-'));
    const keys = await makeKeys(home);
    const accounts: RigAccount[] = [{ name: 'operator', publicKey: keys.operator.publicKey.line, role: 'operator' }];
    const rig = await startOpenSsh({ accounts, disk: '3m' });
    await rig.prepareJob('job-1', []);
    const file = jobPaths(rig.folder, 'job-1').outFile('patients.csv.sealed');
    const [ballast, stored] = [join(rig.root, 'ballast'), join(rig.root, 'job-1', 'out', 'patients.csv.sealed')];
    await writeFile(ballast, Buffer.alloc(1 << 20));
    const bytes = randomBytes(2_500_000);
    await writeFile(join(home, 'local'), bytes);
    const { host, port, hostKey } = rig;
    const remote = await connect({ host, port, hostKey, account: 'operator', key: keys.operator });
    const send = () => remote.upload(join(home, 'local'), file, digestOf(bytes));
    await expect(send()).rejects.toMatchObject({
      code: 'E_REMOTE',
      hint: expect.stringContaining('disk may be full'),
    });
    expect(await remote.lstat(file)).toBeUndefined();
    await rm(ballast);
    expect((await send()).state).toBe('uploaded');
    expect(bytes.equals(await readFile(stored))).toBe(true);
    await remote.close();
    await rig.stop();
    await rm(home, { recursive: true, force: true });
  });
});

describe('what a server sees of a connection', () => {
  let home: string;
  let key: SshKey;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sealift-seen-'));
    key = (await makeKeys(home)).operator;
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  /** Serves one connection and records the methods of authentication that were tried. */
  async function listen(
    algorithms: ssh2.Algorithms,
  ): Promise<{ port: number; hostKey: string; tried: string[]; close(): void }> {
    const pair = newSshKeyPair();
    const tried: string[] = [];
    const server = new ssh2.Server({ hostKeys: [pair.privateKey], algorithms }, (connection) => {
      connection.on('error', () => undefined);
      connection.on('authentication', (context) => {
        tried.push(context.method);
        context.reject(['password', 'keyboard-interactive', 'publickey', 'none' as 'password']);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as { port: number };
    return { port, hostKey: pair.publicKey, tried, close: () => server.close() };
  }

  it('tries the public key and nothing else, even where the server asks for a password', async () => {
    const server = await listen({});
    const { port, hostKey, tried } = server;
    expect(await codeOf(connect({ host: '127.0.0.1', port, hostKey, account: 'operator', key }))).toBe('E_SSH_AUTH');
    expect(tried).toEqual(['publickey']);
    server.close();
  });

  it('fault 50: authenticates to no server with another host key', async () => {
    const server = await listen({});
    const hostKey = newSshKeyPair().publicKey;
    const { port, tried } = server;
    expect(await codeOf(connect({ host: '127.0.0.1', port, hostKey, account: 'operator', key }))).toBe('E_HOSTKEY');
    expect(tried).toEqual([]);
    server.close();
  });

  it('fault 51: authenticates to no server with weak algorithms', async () => {
    const weak: ssh2.Algorithms[] = [
      { cipher: ['aes128-cbc', '3des-cbc'] },
      { kex: ['diffie-hellman-group14-sha1'] },
      { cipher: ['aes256-ctr'], hmac: ['hmac-sha1', 'hmac-sha2-256'] },
    ];
    for (const algorithms of weak) {
      const server = await listen(algorithms);
      const { port, hostKey, tried } = server;
      expect(await codeOf(connect({ host: '127.0.0.1', port, hostKey, account: 'operator', key }))).toBe('E_ALGO');
      expect(tried).toEqual([]);
      server.close();
    }
  });

  it('names host and port when nothing listens there', async () => {
    const server = await listen({});
    server.close();
    const { port, hostKey } = server;
    await expect(connect({ host: '127.0.0.1', port, hostKey, account: 'operator', key })).rejects.toMatchObject({
      code: 'E_REMOTE',
      message: `can't connect to 127.0.0.1:${port}: connection refused`,
    });
  });
});

describe('embedded server', () => {
  it('keeps its clients inside its folder, links included', async () => {
    const home = await mkdtemp(join(tmpdir(), 'sealift-inside-'));
    const root = join(home, 'root');
    await mkdir(join(root, 'job-1', 'out'), { recursive: true });
    await writeFile(join(home, 'secret'), 'outside');
    await symlink(home, join(root, 'job-1', 'out', 'up'));
    const keys = await makeKeys(home);
    const account = { name: 'operator', publicKey: keys.operator.publicKey.line };
    const server = await startSftpServer({ root, accounts: [account] });
    server.grant('operator', '/job-1/out', 'write');
    const { host, port, hostKey } = server;
    const remote = await connect({ host, port, hostKey, account: 'operator', key: keys.operator });
    const through = jobPaths('/job-1/out/up', 'root-1').job;
    await expect(remote.makeFolder(through)).rejects.toMatchObject({ code: 'E_REMOTE' });
    expect(await codeOf(remote.readSmall(jobPaths('/', 'other').outFile('patients.csv.sealed'), 10))).toBe('none');
    await remote.close();
    await server.close();
    await rm(home, { recursive: true, force: true });
  });
});
