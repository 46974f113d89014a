import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadSshKey, type SshKey, type SshKeySource } from '../src/ssh-key.ts';
import { SshKeyAgent } from '../src/ssh-key-agent.ts';

const hasOpenSsh = existsSync('/usr/bin/ssh-keygen') && existsSync('/usr/bin/ssh-agent');

async function codeOf(source: SshKeySource): Promise<string> {
  try {
    await loadSshKey(source);
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  }
}

/** True when the key's signature holds for its own public key. */
async function signs(key: SshKey, hash?: 'sha256' | 'sha512'): Promise<boolean> {
  const data = Buffer.from('session identifier and request');
  const open = ssh2.utils.parseKey(key.publicKey.line);
  if (open instanceof Error) throw open;
  return open.verify(data, Buffer.from(await key.sign(data, hash)), hash) === true;
}

describe.skipIf(!hasOpenSsh)(hasOpenSsh ? "a person's SSH key" : 'SSH key tests need ssh-keygen and ssh-agent', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sealift-ssh-key-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** Makes a key with OpenSSH's own tool and returns its file and public key line. */
  const keygen = async (name: string, ...options: string[]): Promise<{ path: string; expectedPublicKey: string }> => {
    const path = join(home, name);
    execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'comment', '-f', path, ...options]);
    const [type, base64] = (await readFile(`${path}.pub`, 'utf8')).split(' ');
    return { path, expectedPublicKey: `${type} ${base64}` };
  };

  it.each([
    ['Ed25519', ['-t', 'ed25519'], undefined],
    ['ECDSA', ['-t', 'ecdsa', '-b', '384'], undefined],
    ['RSA', ['-t', 'rsa', '-b', '3072'], 'sha512'],
  ] as const)('signs with an %s key that ssh-keygen wrote', async (_title, options, hash) => {
    const key = await loadSshKey(await keygen('key', ...options));
    expect(await signs(key, hash)).toBe(true);
  });

  it('is refused when it is not the key of the instructions', async () => {
    const [mine, other] = [await keygen('mine'), await keygen('other')];
    expect(await codeOf({ ...mine, expectedPublicKey: other.expectedPublicKey })).toBe('E_SSH_KEY');
  });

  it('opens with its passphrase, and with no other', async () => {
    const plain = await keygen('key', '-t', 'ed25519', '-N', 'correct horse', '-a', '4');
    const source = (passphrase: string | undefined) => ({ ...plain, passphrase: async () => passphrase });
    expect(await signs(await loadSshKey(source('correct horse')))).toBe(true);
    expect(await codeOf(source('wrong horse'))).toBe('E_PASS');
    expect(await codeOf(source(''))).toBe('E_PASS');
    expect(await codeOf(source(undefined))).toBe('E_PASS');
    expect(await codeOf(plain)).toBe('E_PASS');
  });

  it('is compared before anyone is asked for a passphrase', async () => {
    const encrypted = await keygen('key', '-t', 'ed25519', '-N', 'correct horse', '-a', '4');
    const other = await keygen('other');
    let asked = 0;
    const passphrase = async () => {
      asked++;
      return 'correct horse';
    };
    expect(await codeOf({ ...encrypted, ...other, path: encrypted.path, passphrase })).toBe('E_SSH_KEY');
    expect(asked).toBe(0);
  });

  it.each([0o640, 0o604, 0o660, 0o777])('is refused when its mode is %o', async (mode) => {
    const key = await keygen('key');
    await chmod(key.path, mode);
    expect(await codeOf(key)).toBe('E_PERM');
  });

  it('is refused through a symbolic link, when absent, and when it is no key', async () => {
    const key = await keygen('key');
    await symlink(key.path, join(home, 'link'));
    expect(await codeOf({ ...key, path: join(home, 'link') })).toBe('E_PERM');
    expect(await codeOf({ ...key, path: join(home, 'absent') })).toBe('E_NOT_FOUND');
    expect(await codeOf({ ...key, path: home })).not.toBe('none');
    await writeFile(join(home, 'text'), 'not a key', { mode: 0o600 });
    expect(await codeOf({ ...key, path: join(home, 'text') })).toBe('E_SSH_KEY');
    const text = await readFile(key.path, 'utf8');
    await writeFile(join(home, 'cut'), text.replace(/\n.{20}/, '\n'), { mode: 0o600 });
    expect(await codeOf({ ...key, path: join(home, 'cut') })).toBe('E_SSH_KEY');
  });

  it('never signs RSA with SHA-1', async () => {
    const agent = new SshKeyAgent(await loadSshKey(await keygen('key', '-t', 'rsa', '-b', '3072')));
    const sign = (options: ssh2.SigningRequestOptions) =>
      new Promise<Error | null | undefined>((resolve) => {
        agent.getIdentities((_error, keys) => {
          const [key] = keys ?? [];
          if (key === undefined || !('sign' in key)) throw new Error('no key');
          agent.sign(key, Buffer.from('data'), options, (error) => resolve(error));
        });
      });
    expect(await sign({ hash: 'sha1' })).toBeInstanceOf(Error);
    expect(await sign({})).toBeInstanceOf(Error);
    expect(await sign({ hash: 'sha256' })).toBeNull();
  });

  describe('in an agent', () => {
    let agent: ChildProcess;
    let socket: string;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sealift-agent-'));
      socket = join(folder, 'agent');
      agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
      for (let tries = 0; !existsSync(socket) && tries < 250; tries++) await delay(20);
    });
    afterAll(async () => {
      agent.kill();
      await rm(folder, { recursive: true, force: true });
    });

    const add = (path: string) =>
      execFileSync('ssh-add', ['-q', path], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });

    it('is picked by its public key among others, and signs there', async () => {
      const [first, mine, rsa] = [
        await keygen('first'),
        await keygen('mine'),
        await keygen('rsa', '-t', 'rsa', '-b', '3072'),
      ];
      for (const { path } of [first, mine, rsa]) add(path);
      const key = await loadSshKey({ agent: socket, expectedPublicKey: mine.expectedPublicKey });
      expect(key.publicKey.line).toBe(mine.expectedPublicKey);
      expect(await signs(key)).toBe(true);
      expect(await signs(await loadSshKey({ agent: socket, expectedPublicKey: rsa.expectedPublicKey }), 'sha256')).toBe(
        true,
      );
    });

    it('is refused when the agent does not hold it, or does not answer', async () => {
      const { expectedPublicKey } = await keygen('absent');
      expect(await codeOf({ agent: socket, expectedPublicKey })).toBe('E_SSH_KEY');
      expect(await codeOf({ agent: join(home, 'nothing'), expectedPublicKey })).toBe('E_SSH_KEY');
    });
  });
});
