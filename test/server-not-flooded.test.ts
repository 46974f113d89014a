/** A channel never has more bytes of files on their way than it may, however many files go at once. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@sealift/core';
import type { FileDigest } from '@sealift/core/statement';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { connect, fetchSealed, jobPaths, loadSshKey, type Remote, type SshKey, uploadFiles } from '@sealift/transfer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LyingServer, type SftpRequest, STATUS, startLying } from './rig/lying-server.ts';

const PATHS = jobPaths('/', 'job-1');
const MOST_BYTES = 1 << 20;
/** A request carries so much here. */
const CHUNK_BYTES = 32 * 1024;

let home: string;
let key: SshKey;
let server: LyingServer;
let remote: Remote;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sealift-flood-'));
  const path = join(home, 'key');
  key = await loadSshKey({ path, expectedPublicKey: await writeSshKeyPair(path) });
});
afterAll(() => rm(home, { recursive: true, force: true }));

beforeEach(async () => {
  server = await startLying({ accounts: [{ name: 'operator', publicKey: key.publicKey.line, role: 'operator' }] });
  await server.prepareJob('job-1', []);
  const { host, port, hostKey } = server;
  remote = await connect({ host, port, hostKey, account: 'operator', key });
});
afterEach(async () => {
  await remote.close();
  await server.stop();
});

const onServer = (name: string): string => join(server.root, 'job-1', 'out', name);

/** Files of random bytes, in a folder of their own here or on the server. */
async function filesOf(pathOf: (name: string) => string, sizes: readonly number[]): Promise<FileDigest[]> {
  return Promise.all(
    sizes.map(async (bytes, index) => {
      const content = randomBytes(bytes);
      const name = `file-${index}.csv.sealed`;
      await writeFile(pathOf(name), content);
      return { name, bytes, digest: digestOf(content) };
    }),
  );
}

const local = (name: string): string => join(home, name);
const send = (files: readonly FileDigest[]): Promise<unknown> =>
  uploadFiles(
    remote,
    files.map((file) => ({ ...file, local: local(file.name), path: PATHS.outFile(file.name) })),
    { readBack: false },
  );

/** Of a WRITE its bytes, of a READ how many it asks for. */
function bytesOf({ kind, asked: [, , wanted] }: SftpRequest): number {
  if (kind === 'WRITE') return Buffer.isBuffer(wanted) ? wanted.length : 0;
  return kind === 'READ' ? Number(wanted) : 0;
}

/**
 * Has the server answer requests of a kind, and what comes behind them, only when nothing more comes, one at a time and in their order;
 * tells the most bytes that waited.
 */
function holdBack(kind: string): { most: number } {
  const seen = { most: 0 };
  const held: SftpRequest[] = [];
  let timer: NodeJS.Timeout | undefined;
  const answerOne = (): void => {
    const [first] = held.splice(0, 1);
    first?.honestly(...first.asked);
    if (held.length > 0) timer = setTimeout(answerOne, 2);
  };
  server.lies.request = (request) => {
    if (request.kind !== kind && held.length === 0) return false;
    held.push({ ...request, asked: request.asked.map((one) => (Buffer.isBuffer(one) ? Buffer.from(one) : one)) });
    seen.most = Math.max(
      seen.most,
      held.reduce((sum, one) => sum + bytesOf(one), 0),
    );
    clearTimeout(timer);
    timer = setTimeout(answerOne, 20);
    return true;
  };
  return seen;
}

const SIZES: readonly [string, readonly number[]][] = [
  ['one file that is larger', [3 * MOST_BYTES + 1]],
  ['many files', Array.from({ length: 40 }, (_, index) => 100_000 + index)],
  ['many small files', Array.from({ length: 80 }, (_, index) => CHUNK_BYTES - index)],
];

describe('a near server that answers late', { timeout: 60_000 }, () => {
  it.each(SIZES)('fault 53: never has more than 1 MiB of %s to store, and gets all of it', async (_, sizes) => {
    const files = await filesOf(local, sizes);
    const seen = holdBack('WRITE');
    await send(files);
    expect(seen.most).toBeLessThanOrEqual(MOST_BYTES);
    expect(seen.most).toBeGreaterThan(MOST_BYTES - 2 * CHUNK_BYTES);
    for (const { name } of files)
      expect((await readFile(local(name))).equals(await readFile(onServer(name)))).toBe(true);
  });

  it.each(SIZES)('fault 53: never has more than 1 MiB of %s to give, and gives all of it', async (_, sizes) => {
    const files = await filesOf(onServer, sizes);
    const folder = await mkdtemp(join(home, 'received-'));
    const seen = holdBack('READ');
    await fetchSealed({ remote, paths: PATHS, files, folder, onProgress: undefined });
    expect(seen.most).toBeLessThanOrEqual(MOST_BYTES);
    expect(seen.most).toBeGreaterThan(MOST_BYTES / 2);
    for (const { name } of files) {
      expect((await readFile(onServer(name))).equals(await readFile(join(folder, name)))).toBe(true);
    }
  });
});

describe('requests that wait for room', () => {
  const sizes = Array.from({ length: 40 }, (_, index) => 100_000 + index);

  it('fault 53: go on when others are refused, and the work done again completes', async () => {
    const files = await filesOf(local, sizes);
    let countdown = 20;
    server.lies.request = ({ kind, id, sftp }) => {
      if (kind !== 'WRITE' || countdown-- > 0) return false;
      sftp.status(id, STATUS.failure);
      return true;
    };
    await expect(send(files)).rejects.toMatchObject({ code: 'E_REMOTE' });
    server.lies.request = undefined;
    await send(files);
    for (const { name } of files)
      expect((await readFile(local(name))).equals(await readFile(onServer(name)))).toBe(true);
  });

  it.each(['WRITE', 'READ'])('fault 53: end with the connection, when it is lost at a %s', async (lostAt) => {
    const files = await filesOf(lostAt === 'WRITE' ? local : onServer, sizes);
    let countdown = 20;
    server.lies.request = ({ kind }) => {
      if (kind !== lostAt) return false;
      if (--countdown === 0) void remote.close();
      return true;
    };
    const folder = join(home, 'cut');
    await mkdir(folder, { recursive: true });
    const moved =
      lostAt === 'WRITE' ? send(files) : fetchSealed({ remote, paths: PATHS, files, folder, onProgress: undefined });
    await expect(moved).rejects.toMatchObject({ code: 'E_REMOTE' });
  });
});
