/** Servers that lie: what they may cost is the step, never a file, never somebody's time without end. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { connect, type FileDigest, jobPaths, loadSshKey, type Remote, type SshKey } from '@sealift/transfer';
import type ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LyingServer, type SftpRequest, STATUS, type Stage, startLying } from './rig/lying-server.ts';
import { digestOf, partOf } from './rig/memory-remote.ts';

const PATHS = jobPaths('/', 'job-1');
const FOLDER = jobPaths('/job-1/out', 'new-folder').job;
const FILE = PATHS.outFile('patients.csv.sealed');
/** Several requests: one carries 32 KiB here. */
const SIZE = 100_000;
/** The times that everybody waits, but for these. */
type Waits = Partial<Parameters<typeof connect>[1]>;
const PATIENCE = { connection: 20_000, answer: 60_000, end: 5000, knock: 10_000, look: 10_000 };

let home: string;
let key: SshKey;
let bytes: Buffer;
let expected: FileDigest;
let local: string;
let server: LyingServer;
const opened: Remote[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sealift-lies-'));
  const path = join(home, 'key');
  key = await loadSshKey({ path, expectedPublicKey: await writeSshKeyPair(path) });
  bytes = randomBytes(SIZE);
  local = join(home, 'local');
  await writeFile(local, bytes);
  expected = { bytes: SIZE, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
});
afterAll(() => rm(home, { recursive: true, force: true }));

beforeEach(async () => {
  server = await startLying({ accounts: [{ name: 'operator', publicKey: key.publicKey.line, role: 'operator' }] });
  await server.prepareJob('job-1', []);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((remote) => remote.close()));
  await server.stop();
});

const onDisk = (path: string): string => join(server.root, path);

async function log(waits: Waits = {}): Promise<Remote> {
  const { host, port, hostKey } = server;
  const remote = await connect({ host, port, hostKey, account: 'operator', key }, { ...PATIENCE, ...waits });
  opened.push(remote);
  return remote;
}

async function fetched(remote: Remote): Promise<FileDigest> {
  const into = await open(join(home, 'fetched'), 'w+');
  try {
    return await remote.download(FILE, into, { maxBytes: SIZE, bytes: SIZE });
  } finally {
    await into.close();
  }
}

/** What a person does with a server. */
const WORK = {
  'the upload of a file': (remote: Remote) => remote.upload(local, FILE, expected, { readBack: true }),
  'the download of a file': fetched,
  'the deletion of a file': (remote: Remote) => remote.remove(FILE),
  'the question for the time': (remote: Remote) => remote.clock(PATHS.out),
  'the making of a folder': (remote: Remote) => remote.makeFolder(FOLDER),
} as const satisfies Record<string, (remote: Remote) => Promise<unknown>>;
type Work = keyof typeof WORK;
const WORKS = Object.keys(WORK) as Work[];
/** Does it over a connection of its own. */
const done = async (work: Work, waits?: Waits): Promise<unknown> => WORK[work](await log(waits));

/** What the work finds on the server. */
async function prepare(work: Work): Promise<void> {
  await rm(onDisk(FILE), { force: true });
  await rm(onDisk(partOf(FILE, expected)), { force: true });
  await rm(onDisk(`${PATHS.out}/.clock`), { force: true });
  await rm(onDisk(FOLDER), { recursive: true, force: true });
  if (work === 'the download of a file' || work === 'the deletion of a file') await writeFile(onDisk(FILE), bytes);
}

/** Under the final name lies all of the file, or nothing. */
async function expectNoHalfFile(): Promise<void> {
  const stored = await readFile(onDisk(FILE)).catch(() => undefined);
  if (stored !== undefined) expect(stored.equals(bytes)).toBe(true);
}

describe('a server that falls silent', { timeout: 60_000 }, () => {
  it.each<[Stage, RegExp]>([
    ['greeting', /handshake and login were not done within 0.3 seconds$/],
    ['key exchange', /handshake and login were not done within 0.3 seconds$/],
    ['authentication', /handshake and login were not done within 0.3 seconds$/],
    ['session', /opened no SFTP channel within 0.3 seconds$/],
    ['SFTP', /opened no SFTP channel within 0.3 seconds$/],
  ])('fault 53: before %s, is given up after the time that is documented', async (silentAt, message) => {
    server.lies.silentAt = silentAt;
    await expect(log({ connection: 300 })).rejects.toMatchObject({
      code: 'E_REMOTE',
      message: expect.stringMatching(message),
    });
  });

  it.each(WORKS)('fault 53: at any request of %s, is given up, and the work done again completes', async (work) => {
    for (let silentFrom = 0, fired = true; fired; silentFrom++) {
      await prepare(work);
      let requests = -1;
      fired = false;
      server.lies.request = () => {
        fired = ++requests > silentFrom;
        return fired;
      };
      const outcome = await done(work, { answer: 100 }).catch((error: unknown) => error);
      // Work whose last request is left unanswered may be done all the same.
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject({ code: 'E_REMOTE', message: expect.stringContaining('gave no answer for') });
      }
      await expectNoHalfFile();
      server.lies.request = undefined;
      const again = await done(work);
      if (work === 'the upload of a file' || work === 'the download of a file') expect(again).toMatchObject(expected);
    }
  });
});

/** Lets a lie answer each request of a kind. */
function lieAbout(kind: string, lie: (request: SftpRequest) => boolean): void {
  server.lies.request = (request) => request.kind === kind && lie(request);
}

const says = (status: number) => (request: SftpRequest) => {
  request.sftp.status(request.id, status);
  return true;
};

describe('a server whose disk is full', () => {
  it.each(['OPEN', 'WRITE', 'CLOSE', 'RENAME'])(
    'fault 53: and that says so at %s, gets the file as soon as there is room, and none under its name before',
    async (kind) => {
      let countdown = kind === 'WRITE' ? 2 : 1;
      lieAbout(kind, (request) => --countdown <= 0 && says(STATUS.failure)(request));
      const remote = await log();
      await expect(remote.upload(local, FILE, expected)).rejects.toMatchObject({
        code: 'E_REMOTE',
        hint: expect.stringContaining('disk may be full'),
      });
      expect(await stat(onDisk(FILE)).catch(() => 'absent')).toBe('absent');
      server.lies.request = undefined;
      expect((await remote.upload(local, FILE, expected)).state).toBe('uploaded');
      await expectNoHalfFile();
    },
  );
});

describe('a server that says "done"', () => {
  it.each<[string, (request: SftpRequest) => boolean]>([
    ['stores half of each write', halved],
    ['stores no write at all', says(STATUS.ok)],
  ])('fault 53: and %s, is found out by the size, before the file gets its name', async (_, lie) => {
    lieAbout('WRITE', lie);
    const remote = await log();
    await expect(remote.upload(local, FILE, expected)).rejects.toMatchObject({
      code: 'E_REMOTE',
      message: expect.stringContaining('holds something else'),
    });
    expect(await stat(onDisk(FILE)).catch(() => 'absent')).toBe('absent');
    server.lies.request = undefined;
    expect(await remote.upload(local, FILE, expected, { readBack: true })).toMatchObject(expected);
    await expectNoHalfFile();
  });

  it('fault 54: and alters what it stores, is found out by reading back, before the file gets its name', async () => {
    lieAbout('WRITE', altered);
    const remote = await log();
    await expect(remote.upload(local, FILE, expected, { readBack: true })).rejects.toMatchObject({ code: 'E_REMOTE' });
    expect(await remote.lstat(FILE)).toBeUndefined();
  });

  it('fault 54: and altered what it stored, never completes the step when it is run again', async () => {
    lieAbout('WRITE', altered);
    const remote = await log();
    // Without reading back only the recipient notices; the next run does, because it reads back what is there.
    expect((await remote.upload(local, FILE, expected)).readBack).toBe(false);
    expect(bytes.equals(await readFile(onDisk(FILE)))).toBe(false);
    await expect(remote.upload(local, FILE, expected)).rejects.toMatchObject({ code: 'E_EXISTS' });
  });

  it.each(['RENAME', 'MKDIR'])('fault 54: and did nothing of %s, is found out by looking', async (kind) => {
    lieAbout(kind, says(STATUS.ok));
    const remote = await log();
    const work = kind === 'RENAME' ? WORK['the upload of a file'] : WORK['the making of a folder'];
    await expect(work(remote)).rejects.toMatchObject({
      code: 'E_REMOTE',
      message: expect.stringContaining('said that it was done'),
    });
  });
});

/** A file that one request carries. */
interface Small {
  readonly content: Buffer;
  readonly part: string;
  readonly send: (remote: Remote) => ReturnType<Remote['upload']>;
}

async function smallFile(): Promise<Small> {
  const content = randomBytes(4096);
  const path = join(home, 'small');
  await writeFile(path, content);
  const part = partOf(FILE, digestOf(content));
  return { content, part, send: (remote) => remote.upload(path, FILE, digestOf(content)) };
}

describe('a file that one request carries', () => {
  it('takes seven requests, and is looked at before and after it gets its name', async () => {
    const { content, part, send } = await smallFile();
    const remote = await log();
    const before = server.requests.length;
    expect(await send(remote)).toEqual({ ...digestOf(content), state: 'uploaded', readBack: false });
    expect(
      server.requests.slice(before).map(({ kind, asked }) => {
        const names = asked.filter((one) => typeof one === 'string').map((path) => (path === part ? 'part' : 'final'));
        return [kind, ...names].join(' ');
      }),
    ).toEqual(['OPEN part', 'WRITE', 'FSTAT', 'CLOSE', 'LSTAT final', 'RENAME part final', 'LSTAT final']);
  });

  it('fault 53: is found out where the server renamed a shorter one, and is not called sent', async () => {
    const { part, send } = await smallFile();
    lieAbout('RENAME', () => {
      truncateSync(onDisk(part), 4095);
      return false;
    });
    await expect(send(await log())).rejects.toMatchObject({
      code: 'E_REMOTE',
      message: expect.stringContaining('holds something else'),
    });
  });

  it.each<[string, string, string]>([
    ['the same size', 'x'.repeat(4096), 'another file'],
    ['another size', 'x', 'of another size'],
  ])('fault 55: leaves no .part where the name is taken meanwhile by a file of %s', async (_, text, message) => {
    const { part, send } = await smallFile();
    lieAbout('RENAME', ({ id, sftp }) => {
      writeFileSync(onDisk(FILE), text);
      sftp.status(id, STATUS.failure);
      return true;
    });
    await expect(send(await log())).rejects.toMatchObject({
      code: 'E_EXISTS',
      message: expect.stringContaining(message),
    });
    expect(await readFile(onDisk(FILE), 'utf8')).toBe(text);
    expect(existsSync(onDisk(part))).toBe(false);
  });

  it('fault 55: overwrites nothing where the server would, and the name was taken while it was written', async () => {
    const { part, send } = await smallFile();
    lieAbout('WRITE', () => {
      writeFileSync(onDisk(FILE), 'taken');
      return false;
    });
    await expect(send(await log())).rejects.toMatchObject({ code: 'E_EXISTS' });
    expect(server.requests.map(({ kind }) => kind)).not.toContain('RENAME');
    expect(existsSync(onDisk(part))).toBe(false);
  });

  it('fault 53: is closed once, whatever the server says to it', async () => {
    const { part, send } = await smallFile();
    for (const kind of ['WRITE', 'FSTAT', 'CLOSE', 'LSTAT']) {
      const before = server.requests.length;
      lieAbout(kind, says(STATUS.failure));
      await expect(send(await log())).rejects.toMatchObject({ code: 'E_REMOTE' });
      server.lies.request = undefined;
      expect(server.requests.slice(before).filter((one) => one.kind === 'CLOSE')).toHaveLength(1);
      await rm(onDisk(part), { force: true });
    }
  });

  it('fault 55: is not the statement that another session wrote under the shared .part', async () => {
    const statement = PATHS.outFile('receipt.json.sealed');
    const [ours, theirs] = [randomBytes(3000), randomBytes(3000)];
    lieAbout('RENAME', () => {
      writeFileSync(onDisk(`${statement}.part`), theirs);
      return false;
    });
    await expect((await log()).writeSmall(statement, ours)).rejects.toMatchObject({
      code: 'E_EXISTS',
      message: expect.stringContaining('another file, sent at the same time'),
    });
  });
});

/** Lets the demo's server store the first half alone. */
function halved({ asked, honestly }: SftpRequest): boolean {
  const [handle, offset, data] = asked;
  honestly(handle, offset, Buffer.isBuffer(data) ? data.subarray(0, data.length / 2) : data);
  return true;
}

function altered({ asked }: SftpRequest): boolean {
  const data = asked[2];
  if (Buffer.isBuffer(data)) data.writeUInt8(data.readUInt8(data.length - 1) ^ 1, data.length - 1);
  return false;
}

describe('a server that gives other bytes than it has', () => {
  beforeEach(() => writeFile(onDisk(FILE), bytes));

  it('fault 53: gives the file when it only gives it in small pieces', async () => {
    lieAbout('READ', ({ asked: [handle, offset, length], honestly }) => {
      honestly(handle, offset, Math.ceil(Number(length) / 3));
      return true;
    });
    expect(await fetched(await log())).toEqual(expected);
    expect(bytes.equals(await readFile(join(home, 'fetched')))).toBe(true);
  });

  it('fault 54: is found out by the digest, which is that of the bytes that came', async () => {
    lieAbout('READ', ({ id, asked: [, , length], sftp }) => {
      sftp.data(id, Buffer.alloc(Number(length), 'x'));
      return true;
    });
    await expect(fetched(await log())).rejects.toMatchObject({
      code: 'E_REMOTE',
      message: expect.stringContaining('longer'),
    });
    lieAbout('READ', ({ id, asked: [, offset, length], sftp }) => {
      if (Number(offset) >= SIZE) return false;
      sftp.data(id, Buffer.alloc(Number(length), 'x'));
      return true;
    });
    const got = await fetched(await log());
    expect(got.digest).not.toBe(expected.digest);
    expect(got.digest).toBe(
      `sha256:${createHash('sha256')
        .update(await readFile(join(home, 'fetched')))
        .digest('hex')}`,
    );
  });

  it.each<[string, (request: SftpRequest) => boolean, RegExp]>([
    ['more bytes than were asked for', overlong, /breaks the rules of SFTP$/],
    ['an end before the end', says(STATUS.endOfFile), /became shorter/],
    ['no byte at all', empty, /breaks the rules of SFTP$/],
  ])('fault 53: is refused for %s', async (_, lie, message) => {
    lieAbout('READ', lie);
    await expect(fetched(await log())).rejects.toMatchObject({
      code: 'E_REMOTE',
      message: expect.stringMatching(message),
    });
  });

  it('fault 53: is refused before a byte is read where it claims an endless file', async () => {
    for (const [kind, size, code] of [
      ['LSTAT', 2 ** 60, 'E_REMOTE'],
      ['LSTAT', 2 ** 40, 'E_MISMATCH'],
      ['FSTAT', 2 ** 40, 'E_MISMATCH'],
    ] as const) {
      lieAbout(kind, ({ id, sftp }) => {
        sftp.attrs(id, { mode: 0o100644, uid: 0, gid: 0, size, atime: 0, mtime: 0 });
        return true;
      });
      await expect(fetched(await log())).rejects.toMatchObject({ code });
    }
    expect(server.requests.filter(({ kind }) => kind === 'READ')).toEqual([]);
  });
});

function overlong({ id, asked: [, , length], sftp }: SftpRequest): boolean {
  sftp.data(id, Buffer.alloc(Number(length) + 1));
  return true;
}

function empty({ id, sftp }: SftpRequest): boolean {
  sftp.data(id, Buffer.alloc(0));
  return true;
}

const HOSTILE = ['../x', '/x', 'C:\\x', 'CON', 'nul\0.csv', '..', ''];
const NOBODY = { mode: 0o120777, uid: 0, gid: 0, size: 1, atime: 1, mtime: 1 };

/** Every kind of answer that there is. */
const ANSWERS: Readonly<Record<string, (request: SftpRequest) => void>> = {
  'a handle': ({ id, sftp }) => sftp.handle(id, Buffer.from('handle')),
  'an empty handle': ({ id, sftp }) => sftp.handle(id, Buffer.alloc(0)),
  'bytes of a file': ({ id, sftp }) => sftp.data(id, Buffer.from('data')),
  'names, hostile ones': ({ id, sftp }) =>
    sftp.name(
      id,
      HOSTILE.map((filename) => ({ filename, longname: filename, attrs: NOBODY })),
    ),
  'the attributes of a link': ({ id, sftp }) => sftp.attrs(id, NOBODY),
  success: ({ id, sftp }) => sftp.status(id, STATUS.ok),
  'the end of a file': ({ id, sftp }) => sftp.status(id, STATUS.endOfFile),
  'an absence': ({ id, sftp }) => sftp.status(id, STATUS.noSuchFile),
  'an answer to nothing': ({ id, sftp }) => sftp.status(id + 1000, STATUS.ok),
};

describe('a server that answers something else', { timeout: 60_000 }, () => {
  it.each(Object.entries(ANSWERS))(
    'fault 52: %s, to any request: an error of its own, and no half file',
    async (_, lie) => {
      for (const work of WORKS) {
        for (const kind of ['OPEN', 'READ', 'WRITE', 'CLOSE', 'FSTAT', 'LSTAT', 'MKDIR', 'REMOVE', 'RENAME']) {
          await prepare(work);
          lieAbout(kind, (request) => {
            lie(request);
            return true;
          });
          const outcome = await done(work).catch((error: unknown) => error);
          const about = `${work}, ${kind}`;
          if (outcome instanceof Error)
            expect(outcome, about).toMatchObject({
              code: expect.stringMatching(/^E_(REMOTE|EXISTS|NOT_FOUND|MISMATCH|PURGE)$/),
            });
          await expectNoHalfFile();
          await Promise.all(opened.splice(0).map((remote) => remote.close()));
        }
      }
      expect(server.requests.filter(({ kind }) => kind === 'OPENDIR' || kind === 'READDIR')).toEqual([]);
    },
  );
});

describe('a server that takes anything but a key', () => {
  it.each<readonly ssh2.AuthenticationType[]>([
    ['password'],
    ['keyboard-interactive'],
    ['password', 'keyboard-interactive', 'none'],
  ])('F27 and asks for %s, gets the key, and nothing else', async (...ways) => {
    server.lies.ways = ways;
    await expect(log()).rejects.toMatchObject({ code: 'E_SSH_AUTH' });
    expect(server.tried).toEqual(['publickey']);
  });
});
