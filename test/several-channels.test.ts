/** A server that is far away: a file goes over several channels, and arrives as it was. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DelayingProxy, startDelayingProxy } from '@sealift/bench/delaying-proxy';
import { digestOf } from '@sealift/core';
import type { FileDigest } from '@sealift/core/statement';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { connect, fetchSealed, jobPaths, loadSshKey, type Remote, uploadFiles } from '@sealift/transfer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded } from './rig/embedded.ts';
import { partOf } from './rig/memory-remote.ts';
import { startOpenSsh, unavailable } from './rig/openssh.ts';
import type { Rig } from './rig/rig.ts';

const ROUND_TRIP_MS = 30;
const LARGE = 'patients.csv.sealed';
const SIZES = {
  [LARGE]: 9_000_001,
  'results.csv.sealed': 4096,
  'visits.csv.sealed': 32 * 1024,
  'orders.csv.sealed': 40_000,
};

/** What OpenSSH says of each channel. */
const accountLog = (rig: Rig): string => String(Reflect.get(rig, 'accountLog'));

const servers = [
  { title: 'embedded server', start: startEmbedded, missing: undefined, logOf: undefined },
  { title: 'OpenSSH', start: startOpenSsh, missing: unavailable(), logOf: accountLog },
  {
    title: 'OpenSSH that allows two channels',
    start: (options: Parameters<typeof startOpenSsh>[0]) =>
      startOpenSsh({ ...options, configuration: ['MaxSessions 2'] }),
    missing: unavailable(),
    logOf: accountLog,
  },
];

describe.each(servers)('a far $title', ({ start, missing, logOf }) => {
  describe.skipIf(missing !== undefined)(missing ?? 'sends and receives', () => {
    let home: string;
    let rig: Rig;
    let proxy: DelayingProxy;
    let remote: Remote;
    let files: FileDigest[];

    const paths = (job: string) => jobPaths(rig.folder, job);
    const local = (name: string): string => join(home, name);
    const onServer = (job: string, name: string): string => join(rig.root, job, 'out', name);
    const send = (job: string) =>
      uploadFiles(
        remote,
        files.map((file) => ({ ...file, local: local(file.name), path: paths(job).outFile(file.name) })),
        { readBack: false },
      );

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'sealift-far-'));
      const publicKey = await writeSshKeyPair(join(home, 'key'));
      const key = await loadSshKey({ path: join(home, 'key'), expectedPublicKey: publicKey });
      rig = await start({ accounts: [{ name: 'operator', publicKey, role: 'operator' }] });
      for (const job of ['job-1', 'job-2']) await rig.prepareJob(job, []);
      proxy = await startDelayingProxy(rig, ROUND_TRIP_MS);
      remote = await connect({ host: rig.host, port: proxy.port, hostKey: rig.hostKey, account: 'operator', key });
      files = await Promise.all(
        Object.entries(SIZES).map(async ([name, bytes]) => {
          const content = randomBytes(bytes);
          await writeFile(local(name), content);
          return { name, bytes, digest: digestOf(content) };
        }),
      );
    }, 60_000);
    afterAll(async () => {
      await remote?.close();
      await proxy?.stop();
      await rig?.stop();
      await rm(home, { recursive: true, force: true });
    });

    it('the same bytes, large and small files at once', async () => {
      expect(await send('job-1')).toEqual(files.map((file) => ({ ...file, readBack: false })));
      for (const { name } of files) {
        expect((await readFile(local(name))).equals(await readFile(onServer('job-1', name)))).toBe(true);
      }
      if (logOf !== undefined) {
        const channels = (await readFile(logOf(rig), 'utf8')).match(/session opened/g) ?? [];
        expect(channels.length).toBeGreaterThan(1);
      }
      const received = join(home, 'received');
      await mkdir(received);
      await fetchSealed({ remote, paths: paths('job-1'), files, folder: received, onProgress: undefined });
      for (const { name } of files) {
        expect((await readFile(local(name))).equals(await readFile(join(received, name)))).toBe(true);
      }
    });

    it('fault 53: the rest, and what a cut left out in the middle', async () => {
      const content = await readFile(local(LARGE));
      const part = partOf(onServer('job-2', LARGE), { bytes: content.length, digest: digestOf(content) });
      // One channel was slower than the others: its bytes are missing, and zeros lie in their place.
      await writeFile(part, Buffer.from(content.subarray(0, 7_000_000)).fill(0, 2_000_000, 2_500_000));
      await chmod(part, 0o666);
      await send('job-2');
      expect(content.equals(await readFile(onServer('job-2', LARGE)))).toBe(true);
    });
  });
});
