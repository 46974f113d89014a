/**
 * What a remote promises, whatever it is: one suite for the one in memory, the demo's embedded server and OpenSSH. A last test holds the
 * embedded server against the one in memory, step by step.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobPaths, type Remote } from '@sealift/transfer';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmbedded } from './rig/embedded.ts';
import { digestOf, partOf } from './rig/memory-remote.ts';
import { startOpenSsh, unavailable } from './rig/openssh.ts';
import { memoryScene, type Name, RECIPIENTS, type RemoteScene, sftpScene } from './rig/remote-scene.ts';

/** On both sides of what one request carries, too. */
const SIZES = [0, 1, 32 * 1024 + 1, 255 * 1024, 255 * 1024 + 1, 5 * 1024 * 1024];
const LONG_AGO = new Date('2001-01-01T00:00:00Z');

const remotes = [
  { title: 'memory', open: memoryScene, missing: undefined },
  { title: 'the embedded server', open: () => sftpScene(startEmbedded), missing: undefined },
  { title: 'OpenSSH', open: () => sftpScene(startOpenSsh), missing: unavailable() },
];

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sealift-conformance-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** The code of what `work` throws, or `none`. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  }
}

async function localFile(bytes: Uint8Array, name = 'local'): Promise<string> {
  await writeFile(join(home, name), bytes);
  return join(home, name);
}

async function send(remote: Remote, path: Path, bytes: Uint8Array) {
  return remote.upload(await localFile(bytes), path, digestOf(bytes));
}

type Path = Parameters<Remote['lstat']>[0];

describe.each(remotes)('a remote: $title', ({ open: openScene, missing }) => {
  describe.skipIf(missing !== undefined)(missing ?? 'with operators and recipients', () => {
    let scene: RemoteScene;
    let remote: Remote;
    let job: string;
    let jobs = 0;
    const opened: Remote[] = [];

    const as = async (account: Name): Promise<Remote> => {
      const one = await scene.as(account);
      opened.push(one);
      return one;
    };
    const paths = () => jobPaths(scene.folder, job);
    const file = () => paths().outFile('patients.csv.sealed');
    const other = () => paths().outFile('results.csv.sealed');
    const receipt = () => paths().inFile(RECIPIENTS.recipient, 'receipt.json.sealed');
    const partFor = (text: string | Uint8Array) => partOf(file(), digestOf(Buffer.from(text)));
    const stored = async () => String(await scene.server.look(file()));
    const upload = (text: string | Uint8Array, by: Remote = remote) => send(by, file(), Buffer.from(text));

    beforeAll(async () => {
      scene = await openScene();
    });
    beforeEach(async () => {
      job = `job-${jobs++}-x`;
      await scene.prepareJob(job);
      remote = await as('operator');
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()));
    });
    afterAll(() => scene?.stop());

    it.each(SIZES)('uploads and downloads %i bytes, and leaves no .part', async (size) => {
      const bytes = randomBytes(size);
      expect(await upload(bytes)).toEqual({ ...digestOf(bytes), state: 'uploaded', readBack: false });
      expect(bytes.equals(Buffer.from(await scene.server.look(file())))).toBe(true);
      expect(await scene.server.look(partFor(bytes))).toBe('absent');
      const into = await open(join(home, 'download'), 'w+');
      const reader = await as('recipient');
      expect(await reader.download(file(), into, { maxBytes: size, bytes: size })).toEqual(digestOf(bytes));
      await into.close();
      expect(bytes.equals(await readFile(join(home, 'download')))).toBe(true);
    });

    it('reads the whole digest back where asked', async () => {
      const bytes = randomBytes(300_000);
      const done = await remote.upload(await localFile(bytes), file(), digestOf(bytes), { readBack: true });
      expect(done.readBack).toBe(true);
      expect(await remote.digest(file())).toEqual(digestOf(bytes));
    });

    it('tells kind, size and time in UTC without following links', async () => {
      await upload(randomBytes(7));
      const stat = await remote.lstat(file());
      expect(stat).toMatchObject({ kind: 'file', bytes: 7 });
      expect(Math.abs((stat?.modified.getTime() ?? 0) - Date.now())).toBeLessThan(120_000);
      await scene.server.put(other(), 'x', LONG_AGO);
      expect((await remote.lstat(other()))?.modified).toEqual(LONG_AGO);
      await scene.server.makeLink(paths().outFile('orders.csv.sealed'));
      expect((await remote.lstat(paths().outFile('orders.csv.sealed')))?.kind).toBe('symlink');
      expect((await remote.lstat(paths().out))?.kind).toBe('folder');
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
      await scene.server.makeLink(file());
      await scene.server.makeFolder(other());
      expect(await codeOf(remote.remove(file()))).toBe('E_PURGE');
      expect(await codeOf(remote.remove(other()))).toBe('E_PURGE');
      expect(await scene.server.look(file())).toBe('symlink');
      expect(await scene.server.isUntouched(paths().out)).toBe(true);
    });

    it('fault 55: never overwrites a final name', async () => {
      await upload('first');
      for (const text of ['second', 'third', 'fIrst']) expect(await codeOf(upload(text))).toBe('E_EXISTS');
      expect(await codeOf(remote.writeSmall(file(), Buffer.from('small')))).toBe('E_EXISTS');
      expect(await stored()).toBe('first');
      for (const text of ['second', 'third', 'fIrst']) expect(await scene.server.look(partFor(text))).toBe('absent');
      expect(await scene.server.look(`${file()}.part`)).toBe('absent');
    });

    it.each([4096, 400_000])(
      'fault 55: of two uploads of %i bytes at once to one name, none is told that its bytes are there when they are not',
      async (size) => {
        const purger = await as('purger');
        const [one, two] = [randomBytes(size), randomBytes(size)];
        const outcomes = await Promise.all([
          codeOf(remote.upload(await localFile(one, 'one'), file(), digestOf(one))),
          codeOf(purger.upload(await localFile(two, 'two'), file(), digestOf(two))),
        ]);
        // Whoever was told that it is there finds its own bytes there.
        const there = Buffer.from(await scene.server.look(file()));
        expect(outcomes).not.toEqual(['none', 'none']);
        if (outcomes[0] === 'none') expect(there.equals(one)).toBe(true);
        if (outcomes[1] === 'none') expect(there.equals(two)).toBe(true);
        for (const bytes of [one, two]) expect(await scene.server.look(partFor(bytes))).toBe('absent');
      },
    );

    it('completes when the final name holds exactly our bytes', async () => {
      const bytes = randomBytes(70_000);
      await upload(bytes);
      await scene.server.put(partFor(bytes), 'left by a crash after the rename');
      expect(await upload(bytes)).toEqual({ ...digestOf(bytes), state: 'already-there', readBack: true });
      expect(await scene.server.look(partFor(bytes))).toBe('absent');
    });

    it('fault 56: leaves the .part of another file alone', async () => {
      await scene.server.put(`${file()}.part`, 'a statement on its way');
      await scene.server.put(partFor('another'), 'anoth');
      expect((await upload('ours')).state).toBe('uploaded');
      expect(String(await scene.server.look(`${file()}.part`))).toBe('a statement on its way');
      expect(String(await scene.server.look(partFor('another')))).toBe('anoth');
    });

    it('fault 56: writes a .part that a crash left from its beginning', async () => {
      await scene.server.put(partFor('short'), 'x'.repeat(1000));
      expect((await upload('short')).state).toBe('uploaded');
      expect(await stored()).toBe('short');
    });

    it.each(['the file', 'its .part'])('fault 55: follows no symbolic link that was planted as %s', async (where) => {
      await scene.server.makeLink(where === 'the file' ? file() : partFor('overwritten'));
      expect(await codeOf(upload('overwritten'))).toBe('E_EXISTS');
      expect(await scene.server.isUntouched(paths().out)).toBe(true);
    });

    it.each(['the file', 'its .part'])('fault 55: makes nothing through a dangling link as %s', async (where) => {
      await scene.server.makeDanglingLink(where === 'the file' ? file() : partFor('made'));
      expect(await codeOf(upload('made'))).toBe('E_EXISTS');
      expect(await scene.server.isUntouched(paths().out)).toBe(true);
    });

    it('fault 55: reads no symbolic link that was planted as a receipt', async () => {
      await scene.server.makeLink(receipt());
      expect(await codeOf(remote.readSmall(receipt(), 1_000_000))).toBe('E_REMOTE');
    });

    it('refuses to send a local file that is not the recorded one, and publishes nothing', async () => {
      const bytes = randomBytes(1000);
      const path = await localFile(randomBytes(1000));
      expect(await codeOf(remote.upload(path, file(), digestOf(bytes)))).toBe('E_MISMATCH');
      expect(await codeOf(remote.upload(path, file(), digestOf(randomBytes(999))))).toBe('E_MISMATCH');
      for (const name of [file(), partFor(bytes)]) expect(await scene.server.look(name)).toBe('absent');
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
      const below = jobPaths(`${scene.folder.replace(/\/$/, '')}/${job}/out`, 'new-folder').job;
      await remote.makeFolder(below);
      await remote.makeFolder(below);
      expect(await scene.server.look(below)).toBe('folder');
      const linked = jobPaths(`${scene.folder.replace(/\/$/, '')}/${job}/out`, 'new-link').job;
      await scene.server.makeLink(linked);
      expect(await codeOf(remote.makeFolder(linked))).toBe('E_EXISTS');
    });

    it('lets a recipient put its statements into its own folder, which operators read', async () => {
      const recipient = await as('recipient');
      await recipient.writeSmall(receipt(), Buffer.from('{"sealed":1}'));
      expect(Buffer.from((await remote.readSmall(receipt(), 100)) ?? []).toString()).toBe('{"sealed":1}');
      expect((await recipient.writeSmall(receipt(), Buffer.from('{"sealed":1}'))).state).toBe('already-there');
    });

    it('names a missing right as such', async () => {
      const recipient = await as('recipient');
      expect(await codeOf(upload('not mine to write', recipient))).toBe('E_REMOTE');
      expect(await codeOf(recipient.clock(paths().out))).toBe('E_REMOTE');
      const neighbour = paths().inFile(RECIPIENTS.stranger, 'receipt.json.sealed');
      await expect(recipient.writeSmall(neighbour, Buffer.from('forged'))).rejects.toMatchObject({
        code: 'E_REMOTE',
        message: expect.stringContaining('permission denied'),
      });
    });

    it('fault 65: tells its clock, and keeps no file of it', async () => {
      expect(Math.abs((await remote.clock(paths().out)).getTime() - Date.now())).toBeLessThan(5000);
      expect(await scene.server.look(`${paths().out}/.clock`)).toBe('absent');
    });

    it('fault 65: tells its clock by a new file where a crash or another operator left one', async () => {
      const purger = await as('purger');
      await scene.server.put(`${paths().out}/.clock`, 'left', LONG_AGO);
      expect((await purger.clock(paths().out)).getFullYear()).toBeGreaterThan(2001);
      expect(await scene.server.look(`${paths().out}/.clock`)).toBe('absent');
    });

    it('fault 65: follows no symbolic link that was planted for its clock, and goes over no folder', async () => {
      for (const plant of ['makeLink', 'makeDanglingLink'] as const) {
        await scene.server[plant](`${paths().out}/.clock`);
        await remote.clock(paths().out);
        expect(await scene.server.isUntouched(paths().out)).toBe(true);
      }
      await scene.server.makeFolder(`${paths().out}/.clock`);
      expect(await codeOf(remote.clock(paths().out))).toBe('E_EXISTS');
    });

    it('says that a lost connection was lost', async () => {
      await remote.close();
      expect(await codeOf(remote.lstat(file()))).toBe('E_REMOTE');
    });
  });
});

describe('the embedded server and the one in memory', () => {
  const text = fc.constantFrom('', 'a', 'b', 'longer');
  const place = fc.constantFrom('patients.csv.sealed', 'results.csv.sealed');
  /** Who acts where: an operator, or somebody with the server's disk in hand. */
  interface Scenery {
    readonly scene: RemoteScene;
    readonly remote: Remote;
    readonly path: Path;
    readonly text: string;
  }
  const STEPS = {
    upload: ({ remote, path, text }) => send(remote, path, Buffer.from(text)),
    writeSmall: ({ remote, path, text }) => remote.writeSmall(path, Buffer.from(text)),
    readSmall: async ({ remote, path }) => Buffer.from((await remote.readSmall(path, 3)) ?? 'absent').toString(),
    digest: ({ remote, path }) => remote.digest(path),
    remove: ({ remote, path }) => remote.remove(path),
    lstat: async ({ remote, path }) => {
      const found = await remote.lstat(path);
      return [found?.kind, found?.kind === 'file' && found.bytes];
    },
    put: ({ scene, path, text }) => ifFree(scene, path, () => scene.server.put(path, text)),
    link: ({ scene, path }) => ifFree(scene, path, () => scene.server.makeLink(path)),
    folder: ({ scene, path }) => ifFree(scene, path, () => scene.server.makeFolder(path)),
    part: ({ scene, path, text }) => scene.server.put(`${path}.part`, text),
    'its own part': ({ scene, path, text }) => scene.server.put(partOf(path, digestOf(Buffer.from(text))), 'left'),
  } as const satisfies Record<string, (scenery: Scenery) => Promise<unknown>>;
  const names = Object.keys(STEPS) as (keyof typeof STEPS)[];
  const step = fc.record({ name: fc.constantFrom(...names), place, text });

  async function ifFree(scene: RemoteScene, path: Path, work: () => Promise<void>): Promise<void> {
    if ((await scene.server.look(path)) === 'absent') await work();
  }

  it('give the same answers and errors to any sequence of steps', async () => {
    const scenes = [await memoryScene(), await sftpScene(startEmbedded)];
    const both = await Promise.all(scenes.map(async (scene) => ({ scene, remote: await scene.as('operator') })));
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const job = `run-${runs++}-x`;
        for (const scene of scenes) await scene.prepareJob(job);
        for (const one of steps) {
          const outcomes = [];
          for (const { scene, remote } of both) {
            const path = jobPaths(scene.folder, job).outFile(one.place);
            const outcome: Promise<unknown> = STEPS[one.name]({ scene, remote, path, text: one.text });
            outcomes.push(await outcome.catch((error: unknown) => codeOf(Promise.reject(error))));
          }
          expect(outcomes[1], JSON.stringify(steps)).toEqual(outcomes[0]);
        }
      }),
      { numRuns: 40 },
    );
    for (const scene of scenes) await scene.stop();
  });
});
