import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, open, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSftpServer } from '@sealift/demo/sftp-server';
import { newSshKeyPair, writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { connect, type FileDigest, jobPaths, loadSshKey, type Remote, type SshKey } from '@sealift/transfer';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmbedded } from './rig/embedded.ts';
import { startOpenSsh, unavailable } from './rig/openssh.ts';
import type { Rig, RigAccount } from './rig/rig.ts';

const NAMES = ['operator', 'purger', 'recipient', 'stranger'] as const;
type Name = (typeof NAMES)[number];

const RECIPIENT = `${'b'.repeat(51)}a`;
const STRANGER = `${'c'.repeat(51)}a`;
const SIZES = [0, 1, 64 * 1024, 5 * 1024 * 1024];

const servers = [
  { title: 'embedded server', start: startEmbedded, missing: undefined },
  { title: 'OpenSSH', start: startOpenSsh, missing: unavailable() },
];

function digestOf(bytes: Uint8Array): FileDigest {
  return { bytes: bytes.length, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

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

describe.each(servers)('remote on $title', ({ start, missing }) => {
  describe.skipIf(missing !== undefined)(missing ?? 'as operator, purge service and recipient', () => {
    let home: string;
    let keys: Record<Name, SshKey>;
    let rig: Rig;
    let remote: Remote;
    let job: string;
    let jobs = 0;
    const opened: Remote[] = [];

    const as = async (account: Name, over: Partial<Parameters<typeof connect>[0]> = {}): Promise<Remote> => {
      const { host, port, hostKey } = rig;
      const one = await connect({ host, port, hostKey, account, key: keys[account], ...over });
      opened.push(one);
      return one;
    };
    const paths = () => jobPaths(rig.folder, job);
    const file = () => paths().outFile('patients.csv.sealed');
    const onDisk = (...names: string[]) => join(rig.root, job, ...names);
    const local = async (bytes: Uint8Array): Promise<string> => {
      const path = join(home, 'local');
      await writeFile(path, bytes);
      return path;
    };
    const upload = async (bytes: Uint8Array, by: Remote = remote) =>
      by.upload(await local(bytes), file(), digestOf(bytes));

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
      job = `job-${jobs++}-x`;
      await rig.prepareJob(job, [
        { fingerprint: RECIPIENT, account: 'recipient' },
        { fingerprint: STRANGER, account: 'stranger' },
      ]);
      remote = await as('operator');
    });

    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()));
    });

    afterAll(async () => {
      await rig?.stop();
      await rm(home, { recursive: true, force: true });
    });

    it.each(SIZES)('uploads and downloads %i bytes, and leaves no .part', async (size) => {
      const bytes = randomBytes(size);
      const done = await upload(bytes);
      expect(done).toEqual({ ...digestOf(bytes), state: 'uploaded', readBack: false });
      expect(bytes.equals(await readFile(onDisk('out', 'patients.csv.sealed')))).toBe(true);
      expect(await codeOf(lstat(onDisk('out', 'patients.csv.sealed.part')))).toBe('ENOENT');

      const into = await open(join(home, `download-${size}`), 'wx+');
      const reader = await as('recipient');
      expect(await reader.download(file(), into, { maxBytes: size, bytes: size })).toEqual(digestOf(bytes));
      expect(bytes.equals(await readFile(join(home, `download-${size}`)))).toBe(true);
      await into.close();
      await rm(join(home, `download-${size}`));
    });

    it('reads the whole digest back where asked', async () => {
      const bytes = randomBytes(300_000);
      const done = await remote.upload(await local(bytes), file(), digestOf(bytes), { readBack: true });
      expect(done.readBack).toBe(true);
      expect(await remote.digest(file())).toEqual(digestOf(bytes));
    });

    it('tells kind, size and time in UTC without following links', async () => {
      await upload(randomBytes(7));
      const stat = await remote.lstat(file());
      expect(stat).toMatchObject({ kind: 'file', bytes: 7 });
      expect(Math.abs((stat?.modified.getTime() ?? 0) - Date.now())).toBeLessThan(120_000);
      await symlink('/etc/passwd', onDisk('out', 'results.csv.sealed'));
      expect((await remote.lstat(paths().outFile('results.csv.sealed')))?.kind).toBe('symlink');
      expect((await remote.lstat(paths().out))?.kind).toBe('folder');
    });

    it('fault 65: tells its clock, and keeps no file of it', async () => {
      const seconds = (await remote.clock(paths().out)).getTime() - Date.now();
      expect(Math.abs(seconds)).toBeLessThan(5000);
      expect(await codeOf(lstat(onDisk('out', '.clock')))).toBe('ENOENT');
    });

    it('fault 65: tells its clock by a new file where a crash or another operator left one', async () => {
      const purger = await as('purger');
      const old = new Date('2001-01-01T00:00:00Z');
      await writeFile(onDisk('out', '.clock'), 'left');
      await utimes(onDisk('out', '.clock'), old, old);
      expect((await purger.clock(paths().out)).getFullYear()).toBeGreaterThan(2001);
      expect(await codeOf(lstat(onDisk('out', '.clock')))).toBe('ENOENT');
    });

    it('fault 65: follows no symbolic link that was planted for its clock, and goes over no folder', async () => {
      const old = new Date('2001-01-01T00:00:00Z');
      await writeFile(onDisk('victim'), 'untouched');
      await chmod(onDisk('victim'), 0o666);
      await utimes(onDisk('victim'), old, old);
      await symlink(onDisk('victim'), onDisk('out', '.clock'));
      expect((await remote.clock(paths().out)).getFullYear()).toBeGreaterThan(2001);
      expect(await readFile(onDisk('victim'), 'utf8')).toBe('untouched');
      expect((await lstat(onDisk('victim'))).mtime).toEqual(old);
      await symlink(onDisk('nowhere'), onDisk('out', '.clock'));
      await remote.clock(paths().out);
      expect(await codeOf(lstat(onDisk('nowhere')))).toBe('ENOENT');
      await mkdir(onDisk('out', '.clock'));
      expect(await codeOf(remote.clock(paths().out))).toBe('E_EXISTS');
    });

    it('names a missing right to write as such when asked for its clock', async () => {
      const recipient = await as('recipient');
      expect(await codeOf(recipient.clock(paths().out))).toBe('E_REMOTE');
    });

    it('knows what is absent', async () => {
      expect(await remote.lstat(file())).toBeUndefined();
      expect(await remote.readSmall(file(), 100)).toBeUndefined();
      expect(await remote.remove(file())).toBe(false);
      expect(await codeOf(remote.digest(file()))).toBe('E_NOT_FOUND');
    });

    it('removes a file, which is absent then', async () => {
      await upload(randomBytes(10));
      const purger = await as('purger');
      expect(await purger.remove(file())).toBe(true);
      expect(await purger.lstat(file())).toBeUndefined();
      expect(await purger.remove(file())).toBe(false);
    });

    it('fault 61: removes neither a symbolic link nor a folder', async () => {
      await writeFile(onDisk('target'), 'kept');
      await symlink(onDisk('target'), onDisk('out', 'patients.csv.sealed'));
      await mkdir(onDisk('out', 'results.csv.sealed'));
      expect(await codeOf(remote.remove(file()))).toBe('E_PURGE');
      expect(await codeOf(remote.remove(paths().outFile('results.csv.sealed')))).toBe('E_PURGE');
      expect(await readFile(onDisk('target'), 'utf8')).toBe('kept');
      expect((await lstat(onDisk('out', 'patients.csv.sealed'))).isSymbolicLink()).toBe(true);
    });

    it('fault 55: never overwrites a final name', async () => {
      await upload(Buffer.from('first'));
      for (const other of ['second', 'third']) {
        expect(await codeOf(upload(Buffer.from(other)))).toBe('E_EXISTS');
      }
      expect(await codeOf(upload(Buffer.from('fIrst')))).toBe('E_EXISTS');
      expect(await codeOf(remote.writeSmall(file(), Buffer.from('small')))).toBe('E_EXISTS');
      expect(await readFile(onDisk('out', 'patients.csv.sealed'), 'utf8')).toBe('first');
    });

    it('fault 55: of two uploads at once to one name, none is told that its bytes are there when they are not', async () => {
      const purger = await as('purger');
      const [one, two] = [randomBytes(400_000), randomBytes(400_000)];
      await writeFile(join(home, 'one'), one);
      await writeFile(join(home, 'two'), two);
      const outcomes = await Promise.all([
        codeOf(remote.upload(join(home, 'one'), file(), digestOf(one))),
        codeOf(purger.upload(join(home, 'two'), file(), digestOf(two))),
      ]);
      // Whoever was told that it is there finds its own bytes there.
      const stored = await readFile(onDisk('out', 'patients.csv.sealed')).catch(() => undefined);
      expect(outcomes).not.toEqual(['none', 'none']);
      if (outcomes[0] === 'none') expect(stored?.equals(one)).toBe(true);
      if (outcomes[1] === 'none') expect(stored?.equals(two)).toBe(true);
    });

    it('completes when the final name holds exactly our bytes', async () => {
      const bytes = randomBytes(70_000);
      await upload(bytes);
      await writeFile(onDisk('out', 'patients.csv.sealed.part'), 'left by a crash after the rename');
      expect(await upload(bytes)).toEqual({ ...digestOf(bytes), state: 'already-there', readBack: true });
      expect(await codeOf(lstat(onDisk('out', 'patients.csv.sealed.part')))).toBe('ENOENT');
    });

    it('fault 56: writes a .part that a crash left from its beginning', async () => {
      await writeFile(onDisk('out', 'patients.csv.sealed.part'), 'x'.repeat(1000));
      expect((await upload(Buffer.from('short'))).state).toBe('uploaded');
      expect(await readFile(onDisk('out', 'patients.csv.sealed'), 'utf8')).toBe('short');
    });

    it.each(['patients.csv.sealed', 'patients.csv.sealed.part'])(
      'fault 55: follows no symbolic link that was planted as %s',
      async (name) => {
        await writeFile(onDisk('victim'), 'untouched');
        await chmod(onDisk('victim'), 0o666);
        await symlink(onDisk('victim'), onDisk('out', name));
        expect(await codeOf(upload(Buffer.from('overwritten')))).toBe('E_EXISTS');
        await rm(onDisk('victim'));
        expect(await codeOf(upload(Buffer.from('through a dangling link')))).toBe('E_EXISTS');
        expect(await codeOf(lstat(onDisk('victim')))).toBe('ENOENT');
      },
    );

    it('fault 55: reads no symbolic link that was planted as a receipt', async () => {
      await symlink('/etc/passwd', onDisk('in', RECIPIENT, 'receipt.json.sealed'));
      const receipt = paths().inFile(RECIPIENT, 'receipt.json.sealed');
      expect(await codeOf(remote.readSmall(receipt, 1_000_000))).toBe('E_REMOTE');
    });

    it('refuses to send a local file that is not the recorded one, and publishes nothing', async () => {
      const bytes = randomBytes(1000);
      const path = await local(randomBytes(1000));
      expect(await codeOf(remote.upload(path, file(), digestOf(bytes)))).toBe('E_MISMATCH');
      expect(await codeOf(remote.upload(path, file(), digestOf(randomBytes(999))))).toBe('E_MISMATCH');
      expect(await remote.lstat(file())).toBeUndefined();
      expect(await codeOf(lstat(onDisk('out', 'patients.csv.sealed.part')))).toBe('ENOENT');
    });

    it('refuses to download more than the limit, or another size, before a byte is read', async () => {
      await upload(randomBytes(1001));
      const into = await open(join(home, 'limited'), 'w+');
      expect(await codeOf(remote.download(file(), into, { maxBytes: 1000 }))).toBe('E_LIMIT');
      expect(await codeOf(remote.download(file(), into, { maxBytes: 5000, bytes: 1000 }))).toBe('E_MISMATCH');
      expect(await codeOf(remote.readSmall(file(), 1000))).toBe('E_LIMIT');
      expect((await into.stat()).size).toBe(0);
      await into.close();
      expect(await remote.readSmall(file(), 1001)).toHaveLength(1001);
    });

    it('makes a folder once, and not over anything else', async () => {
      const folder = jobPaths(`${rig.folder.replace(/\/$/, '')}/${job}/out`, 'new-folder').job;
      await remote.makeFolder(folder);
      await remote.makeFolder(folder);
      expect((await lstat(onDisk('out', 'new-folder'))).isDirectory()).toBe(true);
      await rename(onDisk('out', 'new-folder'), onDisk('elsewhere'));
      await symlink(onDisk('elsewhere'), onDisk('out', 'new-folder'));
      expect(await codeOf(remote.makeFolder(folder))).toBe('E_EXISTS');
    });

    it('lets a recipient put its statements into its own folder, which operators read', async () => {
      const recipient = await as('recipient');
      const receipt = paths().inFile(RECIPIENT, 'receipt.json.sealed');
      await recipient.writeSmall(receipt, Buffer.from('{"sealed":1}'));
      expect(Buffer.from((await remote.readSmall(receipt, 100)) ?? []).toString()).toBe('{"sealed":1}');
      expect((await recipient.writeSmall(receipt, Buffer.from('{"sealed":1}'))).state).toBe('already-there');
    });

    it('names a missing right as such', async () => {
      const recipient = await as('recipient');
      expect(await codeOf(upload(Buffer.from('not mine to write'), recipient))).toBe('E_REMOTE');
      const neighbour = paths().inFile(STRANGER, 'receipt.json.sealed');
      await expect(recipient.writeSmall(neighbour, Buffer.from('forged'))).rejects.toMatchObject({
        code: 'E_REMOTE',
        message: expect.stringContaining('permission denied'),
      });
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

    it('says that a lost connection was lost', async () => {
      await remote.close();
      expect(await codeOf(remote.lstat(file()))).toBe('E_REMOTE');
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
