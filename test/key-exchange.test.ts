/** Files over an OpenSSH server's ciphers, some of them while the keys are changed again and again. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@sealift/core';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { connect, fetchSealed, jobPaths, loadSshKey, uploadFiles } from '@sealift/transfer';
import { describe, expect, it } from 'vitest';
import { startOpenSsh, unavailable } from './rig/openssh.ts';

const SIZES = [9_000_001, 33_000, 4096, 1];

const CONFIGURATIONS = [
  ['aes128-gcm@openssh.com', ['Ciphers aes128-gcm@openssh.com']],
  ['aes256-gcm@openssh.com', ['Ciphers aes256-gcm@openssh.com']],
  ['aes128-gcm@openssh.com', ['Ciphers aes128-gcm@openssh.com', 'RekeyLimit 1M']],
  ['aes256-ctr', ['Ciphers aes256-ctr', 'RekeyLimit 1M']],
  ['chacha20-poly1305@openssh.com', ['Ciphers chacha20-poly1305@openssh.com']],
] as const;

describe.skipIf(unavailable() !== undefined)(unavailable() ?? 'an OpenSSH server', () => {
  it.each(CONFIGURATIONS)(
    'gets and gives the same bytes over %s: %j',
    async (cipher, configuration) => {
      const home = await mkdtemp(join(tmpdir(), 'sealift-keys-'));
      const publicKey = await writeSshKeyPair(join(home, 'key'));
      const accounts = [{ name: 'operator', publicKey, role: 'operator' }] as const;
      const rig = await startOpenSsh({ accounts, configuration: [...configuration] });
      try {
        await rig.prepareJob('job-1', []);
        const key = await loadSshKey({ path: join(home, 'key'), expectedPublicKey: publicKey });
        const { host, port, hostKey } = rig;
        const remote = await connect({ host, port, hostKey, account: 'operator', key });
        expect(remote.session.cipher).toBe(cipher);
        const contents = SIZES.map((bytes) => randomBytes(bytes));
        const files = contents.map((content, index) => ({
          ...{ name: `file-${index}.csv.sealed`, bytes: content.length, digest: digestOf(content) },
        }));
        for (const [index, { name }] of files.entries()) await writeFile(join(home, name), contents[index] ?? '');
        const paths = jobPaths(rig.folder, 'job-1');
        const toSend = files.map((file) => ({ ...file, local: join(home, file.name), path: paths.outFile(file.name) }));
        await uploadFiles(remote, toSend, { readBack: true });
        const folder = join(home, 'received');
        await mkdir(folder);
        await fetchSealed({ remote, paths, files, folder, onProgress: undefined });
        for (const [index, { name }] of files.entries()) {
          expect(contents[index]?.equals(await readFile(join(folder, name)))).toBe(true);
          expect(contents[index]?.equals(await readFile(join(rig.root, 'job-1', 'out', name)))).toBe(true);
        }
        await remote.close();
      } finally {
        await rig.stop();
        await rm(home, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
