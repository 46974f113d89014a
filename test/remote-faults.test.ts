import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { connect, type FileDigest, jobPaths, loadSshKey, type SshKey } from '@sealift/transfer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBehindProxy } from './rig/cutting-proxy.ts';
import { startEmbedded } from './rig/embedded.ts';
import { partOf } from './rig/memory-remote.ts';

let home: string;
let key: SshKey;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sealift-faults-'));
  const path = join(home, 'key');
  key = await loadSshKey({ path, expectedPublicKey: await writeSshKeyPair(path) });
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function localFile(size: number): Promise<{ path: string; expected: FileDigest; bytes: Buffer }> {
  const bytes = randomBytes(size);
  const path = join(home, 'local');
  await writeFile(path, bytes);
  return {
    path,
    bytes,
    expected: { bytes: size, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` },
  };
}

describe('a connection that is cut', () => {
  const file = jobPaths('/', 'job-1').outFile('patients.csv.sealed');
  let rig: Awaited<ReturnType<typeof startBehindProxy>>;

  beforeEach(async () => {
    const accounts = [{ name: 'operator', publicKey: key.publicKey.line, role: 'operator' }] as const;
    rig = await startBehindProxy(startEmbedded, { accounts });
    await rig.prepareJob('job-1', []);
  });
  afterEach(() => rig.stop());

  it.each([50_000, 1_000_000, 2_900_000])(
    'fault 53: after %i bytes leaves nothing under the final name, and sending again completes',
    async (bytes) => {
      const { path, expected } = await localFile(3_000_000);
      const { host, port, hostKey, proxy } = rig;
      const endpoint = { host, port, hostKey, account: 'operator', key };
      proxy.cutAfter({ sent: bytes });
      const broken = await connect(endpoint);
      await expect(broken.upload(path, file, expected)).rejects.toMatchObject({ code: 'E_REMOTE' });
      await expect(broken.lstat(file)).rejects.toMatchObject({ code: 'E_REMOTE' });
      await broken.close();
      await expect(stat(join(rig.root, file))).rejects.toMatchObject({ code: 'ENOENT' });

      proxy.cutAfter();
      const again = await connect(endpoint);
      expect((await again.upload(path, file, expected)).state).toBe('uploaded');
      await again.close();
    },
  );

  it.each([700_000, 1_600_000, 2_700_000])(
    'fault 53: cut after %i bytes, only the rest is sent again, after what lies there was read back',
    async (bytes) => {
      const { path, expected, bytes: content } = await localFile(3_000_000);
      const { host, port, hostKey, proxy } = rig;
      const endpoint = { host, port, hostKey, account: 'operator', key };
      proxy.cutAfter({ sent: bytes });
      const broken = await connect(endpoint);
      await expect(broken.upload(path, file, expected)).rejects.toMatchObject({ code: 'E_REMOTE' });
      await broken.close();

      const stored = async (): Promise<number> => (await stat(join(rig.root, partOf(file, expected)))).size;
      // What arrived before the cut is still being written by the server.
      await expect.poll(stored, { timeout: 20_000 }).toBeGreaterThan(bytes - 600_000);
      const size = await stored();
      proxy.cutAfter();
      const again = await connect(endpoint);
      const steps: number[] = [];
      const done = await again.upload(path, file, expected, { onProgress: (there) => steps.push(there) });
      await again.close();
      expect(done).toEqual({ ...expected, state: 'uploaded', readBack: false });
      // A chunk of 255 KiB that was cut in two is sent again, and the handshake and requests take some thousand bytes.
      expect(rig.proxy.bytes.sent).toBeLessThan(3_000_000 - size + 261_120 + 20_000);
      expect(steps.at(-1)).toBe(3_000_000);
      expect(content.equals(await readFile(join(rig.root, file)))).toBe(true);
    },
  );

  it('fault 53: begins again where what lies there is not the beginning of the file', async () => {
    const { path, expected, bytes: content } = await localFile(1_000_000);
    await writeFile(join(rig.root, partOf(file, expected)), randomBytes(600_000));
    const remote = await connect({ host: rig.host, port: rig.port, hostKey: rig.hostKey, account: 'operator', key });
    expect((await remote.upload(path, file, expected)).state).toBe('uploaded');
    await remote.close();
    expect(content.equals(await readFile(join(rig.root, file)))).toBe(true);
  });

  it('fault 53: keeps what is equal and sends anew from the first chunk that is not', async () => {
    const { path, expected, bytes: content } = await localFile(1_000_000);
    const altered = Buffer.from(content.subarray(0, 900_000));
    altered.writeUInt8(altered.readUInt8(500_000) ^ 1, 500_000);
    await writeFile(join(rig.root, partOf(file, expected)), altered);
    const remote = await connect({ host: rig.host, port: rig.port, hostKey: rig.hostKey, account: 'operator', key });
    expect((await remote.upload(path, file, expected)).state).toBe('uploaded');
    await remote.close();
    expect(rig.proxy.bytes.sent).toBeLessThan(1_000_000 - 261_120 + 20_000);
    expect(content.equals(await readFile(join(rig.root, file)))).toBe(true);
  });

  it('fault 53: a download goes on after what the local file holds already', async () => {
    const { path, expected, bytes: content } = await localFile(1_000_000);
    const remote = await connect({ host: rig.host, port: rig.port, hostKey: rig.hostKey, account: 'operator', key });
    await remote.upload(path, file, expected);
    const half = join(home, 'half');
    await writeFile(half, content.subarray(0, 400_001));
    const into = await open(half, 'r+');
    const steps: number[] = [];
    const got = await remote.download(
      file,
      into,
      { maxBytes: expected.bytes, bytes: expected.bytes },
      { onProgress: (there) => steps.push(there) },
    );
    await into.close();
    await remote.close();
    expect(got).toEqual(expected);
    expect([steps.at(0), steps.at(-1)]).toEqual([400_001, 1_000_000]);
    expect(content.equals(await readFile(half))).toBe(true);
  });

  it('before the handshake is an error that names host and port', async () => {
    const { port, proxy } = rig;
    proxy.cutAfter({ sent: 10 });
    await expect(
      connect({ host: rig.host, port, hostKey: rig.hostKey, account: 'operator', key }),
    ).rejects.toMatchObject({ code: 'E_REMOTE', message: expect.stringContaining(`127.0.0.1:${port}`) });
  });
});
