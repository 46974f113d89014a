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

  it('finds the same bytes in a copy that is the same', async () => {
    const { exitCode, stdout, stderr } = await run(...LAB);
    expect([exitCode, stderr]).toEqual([0, '']);
    const nothing = { counts: [], columns: { added: [], missing: [] } };
    expect(JSON.parse(stdout)).toEqual({
      job: 'port-2026',
      datasets: ['patients', 'results'].map((dataset) => ({ dataset, plaintext: 'same', ...nothing })),
    });
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
