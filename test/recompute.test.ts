/** `migrate recompute`: a laboratory extracts again from its own copy and compares with what the processor stated. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SmallJob } from './rig/small-job.ts';

const LINE = ['recompute', 'manifest.json', '--lab', 'lab.roster.json', '--json'];
const LAB = ['--identity', 'lab.key.json'];

describe('migrate recompute', () => {
  let job: SmallJob;

  beforeAll(async () => {
    job = await SmallJob.start('extracted');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(async () => {
    await job.migration.restore('extracted');
    const { lab, vendor } = job.cast;
    for (const name of ['patients.csv', 'results.csv']) await cp(vendor.path(name), lab.path(name));
    await cp(job.migration.local('manifest.json'), lab.path('manifest.json'));
  });

  const run = (...options: readonly string[]) =>
    job.cast.lab.migrate([...LINE, ...options], { env: { MIGRATE_PASSPHRASE_FILE: 'passphrase.txt' } });

  const rowsOf = (dataset: 'patients' | 'results') => {
    const { patients, results } = job.truth;
    return dataset === 'patients'
      ? { read: patients.rows, kept: patients.onOrAfterCutoff }
      : { read: results.rows, kept: results.ofKeptPatients };
  };

  it('finds the same bytes in a copy that is the same', async () => {
    const { exitCode, stdout, stderr } = await run(...LAB);
    expect([exitCode, stderr]).toEqual([0, '']);
    const nothing = { counts: [], columns: { added: [], missing: [] } };
    expect(JSON.parse(stdout)).toEqual({
      job: 'port-2026',
      datasets: (['patients', 'results'] as const).map((dataset) => ({
        dataset,
        plaintext: 'same',
        rows: rowsOf(dataset),
        ...nothing,
      })),
    });
  });

  it('gives verify the counts of the copy, beside those of the others', async () => {
    const { lab } = job.cast;
    await writeFile(lab.path('recompute.json'), (await run(...LAB)).stdout);
    const words = ['verify', 'manifest.json', '--lab', 'lab.roster.json', '--json', '--recomputed', 'recompute.json'];
    const { exitCode, stdout } = await lab.migrate(words);
    expect(exitCode).toBe(10);
    expect(JSON.parse(stdout).reconciliation[0]).toMatchObject({
      dataset: 'patients',
      counts: [{ by: 'recomputed', ...rowsOf('patients') }, { by: 'extraction' }],
      agreement: 'equal',
    });
    const recomputed = JSON.parse(await readFile(lab.path('recompute.json'), 'utf8'));
    recomputed.datasets[1].rows.read += 1;
    await writeFile(lab.path('recompute.json'), JSON.stringify(recomputed));
    const other = await lab.migrate(words);
    expect([other.exitCode, JSON.parse(other.stderr)]).toEqual([5, { warning: expect.stringContaining('E_MISMATCH') }]);
    expect(JSON.parse(other.stdout).reconciliation[1].differences).toMatchObject([{ by: 'recomputed', of: 'read' }]);
    await writeFile(lab.path('recompute.json'), JSON.stringify({ ...recomputed, job: 'other-2026' }));
    expect((await lab.migrate(words)).stderr).toContain('E_MISMATCH');
    await writeFile(lab.path('recompute.json'), JSON.stringify({ ...recomputed, datasets: [{}] }));
    expect((await lab.migrate(words)).stderr).toContain('E_SCHEMA');
  });

  it('says which counts and columns differ in another copy, and never a value', async () => {
    const path = job.cast.lab.path('results.csv');
    const text = await readFile(path, 'latin1');
    const [, row = ''] = text.split('\r\n');
    await writeFile(path, `${text}${row}\r\n`, 'latin1');
    const { exitCode, stdout, stderr } = await run(...LAB);
    expect([exitCode, stderr]).toEqual([5, '']);
    const { datasets } = JSON.parse(stdout);
    expect(datasets[0]).toMatchObject({ dataset: 'patients', plaintext: 'same' });
    expect(datasets[1]).toMatchObject({ dataset: 'results', plaintext: 'different' });
    expect(datasets[1].counts).toContainEqual(expect.objectContaining({ heading: 'read' }));
    for (const value of job.canaries) expect(stdout.includes(value)).toBe(false);
  });

  it('is for those to whom the digest key was sealed, and for nobody else', async () => {
    await cp(job.cast.vendor.path('jean.key.json'), job.cast.lab.path('jean.key.json'));
    const { exitCode, stderr } = await run('--identity', 'jean.key.json');
    expect([exitCode, stderr.includes('E_NO_MATCH')]).toEqual([5, true]);
  });
});
