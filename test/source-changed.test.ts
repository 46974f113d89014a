/** A source that changes while `migrate extract` reads it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import {
  appendFile,
  copyFile,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { MIGRATE } from '@sealift/demo/actor';
import { extraction } from '@sealift/demo/cast';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SmallJob } from './rig/small-job.ts';

/** Long enough that the process is stopped before it has read all of it. */
const TIMES = 4000;
/** So many bytes of the source are read before it changes. */
const BEGUN = 4e6;

/** Whether the system tells which files a process has open, and how much it has read. */
const isTold = existsSync('/proc/self/fd') && existsSync('/proc/self/io');

function hasOpen(pid: number, path: string): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((name) => readlinkSync(`${folder}/${name}`) === path);
  } catch {
    // What was closed meanwhile, or a process that has ended.
    return false;
  }
}

/** Bytes that a process has read of all that it reads; more than any file when it has ended. */
function bytesReadBy(pid: number): number {
  try {
    return Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Waits until a process has read some of a file, or has ended: it looks at the file when it has opened it, and that has to be over. */
async function untilItReads(pid: number, path: string, hasEnded: () => boolean): Promise<void> {
  while (!hasOpen(pid, path) && !hasEnded()) await setImmediate();
  const before = bytesReadBy(pid);
  while (bytesReadBy(pid) < before + BEGUN && !hasEnded()) await setImmediate();
}

/** Waits until a process stands still; no when it has ended. */
function standsStill(pid: number): boolean {
  for (;;) {
    try {
      const [, state] = /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      if (state === 'T') return true;
      if (state === 'Z') return false;
    } catch {
      return false;
    }
  }
}

describe.skipIf(!isTold)('migrate extract', () => {
  let job: SmallJob;
  let source: string;
  let rows: Buffer;
  let unchanged: Buffer;

  beforeAll(async () => {
    job = await SmallJob.start('authorised');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(prepare);

  async function prepare(): Promise<void> {
    await job.migration.restore('authorised');
    source = job.cast.vendor.path('results.csv');
    const dump = await readFile(source);
    rows = dump.subarray(dump.indexOf('\n') + 1);
    await appendFile(source, Buffer.concat(Array.from({ length: TIMES - 1 }, () => rows)));
    await copyFile(source, `${source}.copy`);
    unchanged = await readFile(source);
  }

  /** Extracts while the change is made; again, where a busy machine let the process read everything before. */
  async function extractWhile(change: () => Promise<unknown>) {
    for (let attempt = 0; attempt < 5; attempt++) {
      const ended = await extractOnce(change);
      if (ended !== undefined) return ended;
      await prepare();
    }
    return expect.fail('the process read everything before it was stopped, five times');
  }

  /** Runs the extraction; once it has opened the source it is stopped, and goes on when the change was made. Undefined when it was late. */
  async function extractOnce(change: () => Promise<unknown>) {
    const { folder, environment } = job.cast.vendor;
    const words = [MIGRATE, 'extract', '--instructions', 'lab.json', '--identity', 'jean.key.json', '--json'];
    const child = spawn(process.execPath, words, {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    const closed = once(child, 'close');
    const pid = child.pid ?? expect.fail('no process');
    await untilItReads(pid, source, () => child.exitCode !== null);
    child.kill('SIGSTOP');
    const { size } = await stat(source);
    const isEarly = standsStill(pid) && bytesReadBy(pid) < size;
    if (isEarly) await change();
    child.kill('SIGCONT');
    const [exitCode] = await closed;
    if (!isEarly) return undefined;
    return { exitCode, ...output };
  }

  it('reads a source that nobody changes, stopped or not', async () => {
    expect(await extractWhile(() => Promise.resolve())).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['grows by half a row', () => appendFile(source, rows.subarray(0, 30))],
    ['grows by rows as good as those before', () => appendFile(source, rows)],
    ['is cut', () => truncate(source, 10_000)],
    [
      'is rewritten in place',
      async () => {
        const file = await open(source, 'r+');
        await file.write('X', 20_000);
        await file.close();
      },
    ],
    ['is written again, of the same length', async () => writeFile(source, await readFile(`${source}.copy`))],
    ['is replaced by another', () => rename(`${source}.copy`, source)],
    ['is deleted', () => rm(source)],
    ['gets another time', () => utimes(source, 1, 1)],
  ])(
    'fault 37: refuses a source that %s while it is read, and nothing of it is sealed or recorded',
    async (_, change) => {
      const { vendor } = job.cast;
      const { exitCode, stdout, stderr } = await extractWhile(async () => {
        await change();
      });
      expect(stdout).toBe('');
      const { error } = JSON.parse(stderr);
      expect([error.code, exitCode]).toEqual(['E_SOURCE_CHANGED', 4]);
      expect(error.hint).toMatch(/extract again/);
      const secrets = (await readFile(vendor.path('patients.csv'), 'latin1')).split('\n').slice(1, 20);
      const cells = secrets.flatMap((row) => row.split(';')).filter((cell) => cell.length > 6);
      expect(cells.filter((cell) => `${stdout}${stderr}`.includes(cell))).toEqual([]);
      const left = await readdir(job.migration.local('out')).catch(() => []);
      expect(left.filter((name) => !name.startsWith('.lock'))).toEqual([]);
      const journal = await readFile(job.migration.local('journal.jsonl'), 'utf8');
      const statements = journal
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).signed.statement);
      expect(statements).toEqual([
        expect.objectContaining({ kind: 'refusal', step: 'extract', code: 'E_SOURCE_CHANGED' }),
      ]);

      await writeFile(source, unchanged);
      await job.migration.play(extraction(job.migration.job));
    },
  );
});
