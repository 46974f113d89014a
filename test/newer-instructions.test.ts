/** The laboratory signs a newer version of the instructions while a job is under way. */
import { APPROVAL, DELIVERY } from '@sealift/demo/cast';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changedInstructions, give, manifestOf } from './rig/forger.ts';
import { SmallJob } from './rig/small-job.ts';

const OPERATOR = ['--identity', 'jean.key.json'];
const ACCEPT = ['accept', 'newer.json', ...OPERATOR];

describe('newer instructions for a job that is extracted', () => {
  let job: SmallJob;

  beforeAll(async () => {
    job = await SmallJob.start('extracted');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('extracted'));

  it('are taken in by accept, and every later step is under them', async () => {
    const { vendor, lab } = job.cast;
    const newer = await changedInstructions(job.migration, job.lab, (signed) => {
      signed.version = 3;
      signed.retention.logsDays = 400;
    });
    await give(vendor, 'newer.json', newer);
    const { exitCode, stdout } = await vendor.migrate([...ACCEPT, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ job: 'port-2026', kind: 'instructions', version: 3, state: 'extracted' });

    await job.migration.play([...APPROVAL, ...DELIVERY]);
    const manifest = await manifestOf(job.migration);
    expect(manifest.instructions.map(({ signed }) => signed.version)).toEqual([1, 3]);
    const [extraction, approval, delivery] = manifest.entries.map(({ signed }) => signed.instructions);
    expect(new Set([approval, delivery]).size).toBe(1);
    expect(approval).not.toBe(extraction);
    await give(lab, 'manifest.json', manifest);
    expect(await lab.migrate(['verify', 'manifest.json', '--lab', 'lab.roster.json'])).toMatchObject({ exitCode: 10 });
  });

  it('are refused with another scope, and the job goes on under those before', async () => {
    const newer = await changedInstructions(job.migration, job.lab, (signed) => {
      signed.version = 2;
      signed.datasets[0]?.fields.pop();
    });
    await give(job.cast.vendor, 'newer.json', newer);
    await job.refuse({ who: 'vendor', words: ACCEPT, code: 'E_STATE' });
    await job.migration.play([...APPROVAL, ...DELIVERY]);
  });

  it('fault 12: are refused when they are older, or differ under the same number', async () => {
    const { vendor } = job.cast;
    const rewritten = await changedInstructions(job.migration, job.lab, (signed) => {
      signed.retention.logsDays = 1;
    });
    await give(vendor, 'newer.json', rewritten);
    await job.refuse({ who: 'vendor', words: ACCEPT, code: 'E_ROLLBACK' });
  });

  it('are refused for a job that has not begun here', async () => {
    const other = await changedInstructions(job.migration, job.lab, (signed) => {
      Object.assign(signed, { job: 'another-job' });
    });
    await give(job.cast.vendor, 'newer.json', other);
    await job.refuse({ who: 'vendor', words: ACCEPT, code: 'E_NOT_FOUND' });
  });
});
