/** `migrate extract --instructions lab.json`, and nothing else on the line. */
import { readdir, readFile, rename } from 'node:fs/promises';
import { readDocument } from '@sealift/core/document';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SmallJob } from './rig/small-job.ts';

const LINE = ['extract', '--instructions', 'lab.json'];
const ENV = { MIGRATE_IDENTITY: 'jean.key.json' };

describe('migrate extract --instructions lab.json', () => {
  let job: SmallJob;

  beforeAll(async () => {
    job = await SmallJob.start('authorised');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('authorised'));

  it('works alone: workspace, sources and identity are where they are expected', async () => {
    const { exitCode } = await job.cast.vendor.migrate(LINE, { env: ENV });
    expect(exitCode).toBe(0);
    const manifest = readDocument(await readFile(job.migration.local('manifest.json')), 'sealift.manifest.v1');
    const [extraction] = manifest.document.entries.map(({ signed }) => signed.statement);
    expect(extraction).toMatchObject({ kind: 'extraction', suite: 'xwing-sealedbox' });
  });

  it('names the source that is not there, and what to write', async () => {
    const { vendor } = job.cast;
    await rename(vendor.path('results.csv'), vendor.path('elsewhere.csv'));
    const { exitCode, stderr } = await vendor.migrate(LINE, { env: ENV });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('results.csv');
    expect(stderr).toContain('(E_SOURCE)');
    expect(await readdir(job.migration.local('out'))).toEqual([]);
    const named = await vendor.migrate([...LINE, '--source', 'results=elsewhere.csv'], { env: ENV });
    expect(named.exitCode).toBe(0);
  });

  it('without an identity says how to give one', async () => {
    const { exitCode, stderr } = await job.cast.vendor.migrate(LINE);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('MIGRATE_IDENTITY');
  });
});
