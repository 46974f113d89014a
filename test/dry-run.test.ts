/** `migrate extract --dry-run`: what an extraction would let out, without a byte written. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changedInstructions, give } from './rig/forger.ts';
import { SmallJob } from './rig/small-job.ts';

const LINE = ['extract', '--instructions', 'lab.json', '--json'];
const ENV = { MIGRATE_IDENTITY: 'jean.key.json' };

/** Every file of a folder, by its path and digest. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
  const contents = files.map(async ({ entry, path }) => [
    path,
    entry.isFile()
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : 'no file',
  ]);
  return Object.fromEntries(await Promise.all(contents));
}

describe('migrate extract --dry-run', () => {
  let job: SmallJob;

  beforeAll(async () => {
    job = await SmallJob.start('authorised');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('authorised'));

  const run = (...options: readonly string[]) => job.cast.vendor.migrate([...LINE, ...options], { env: ENV });

  it('counts what the extraction then lets out, and writes nothing', async () => {
    const before = await contentsOf(job.cast.vendor.path('.'));
    const dry = await run('--dry-run');
    expect([dry.exitCode, dry.stderr]).toEqual([0, '']);
    expect(await contentsOf(job.cast.vendor.path('.'))).toEqual(before);

    const real = await run();
    const { job: name, datasets, linkMemory } = JSON.parse(real.stdout);
    const readings = datasets.map((sealed: { file?: object; plaintext: { bytes: number } }) => {
      const { plaintext, ...reading } = sealed;
      delete reading.file;
      return { ...reading, plaintext: { bytes: plaintext.bytes } };
    });
    expect(JSON.parse(dry.stdout)).toEqual({ job: name, dryRun: true, datasets: readings, linkMemory });
  });

  it('says how much memory the links take before it reads, with --json among the data, in text only where it is 1 MB or more', async () => {
    const words = [...LINE.filter((word) => word !== '--json'), '--dry-run'];
    const few = await job.cast.vendor.migrate(words, { env: ENV });
    expect(few).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.not.stringContaining('memory') });
    expect(few.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const { linkMemory } = JSON.parse((await run('--dry-run')).stdout);
    expect(linkMemory).toEqual([expect.objectContaining({ dataset: 'patients', bytes: expect.any(Number) })]);
    expect(linkMemory[0].bytes).toBeLessThan(1_000_000);

    const many = await changedInstructions(job.migration, job.lab, (signed) => {
      signed.version += 1;
      const [patients] = signed.datasets;
      Object.assign(patients ?? {}, { ceiling: { rows: 2_000_000 } });
    });
    await give(job.cast.vendor, 'lab.json', many);
    const { stderr, stdout } = await job.cast.vendor.migrate(words, { env: ENV });
    expect(stderr).toMatch(
      /^note: the keys of patients \(ID_PATIENT\), to which other rows link, take at most \d+ MB of memory for 2.000.000 keys, by its ceiling\n$/,
    );
    expect(stdout).not.toContain('memory');
  });

  it('refuses what the extraction refuses, and records nothing', async () => {
    const path = job.cast.vendor.path('results.csv');
    await writeFile(path, `${await readFile(path, 'latin1')}"`, 'latin1');
    const before = await contentsOf(job.cast.vendor.path('.'));
    const dry = await run('--dry-run');
    expect(await contentsOf(job.cast.vendor.path('.'))).toEqual(before);
    const real = await run();
    expect([dry.exitCode, dry.stderr]).toEqual([real.exitCode, real.stderr]);
    expect(dry.stderr).toContain('E_CSV');
  });

  it('says in words that nothing was written', async () => {
    const line = LINE.filter((word) => word !== '--json');
    const { stdout } = await job.cast.vendor.migrate([...line, '--dry-run'], { env: ENV });
    expect(stdout).toContain('dry run of job port-2026: nothing was sealed, written or recorded');
    expect(stdout).toContain('next:      the same command without --dry-run');
  });
});
