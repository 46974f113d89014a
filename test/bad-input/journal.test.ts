/** Journals and manifests that were rewritten, by a stranger or by the processor itself. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { signDocument } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import { ending } from '@sealift/demo/cast';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { give, identityOf, manifestOf, rechain } from '../rig/forger.ts';
import { requireOutput } from '../rig/output.ts';
import { SmallJob } from '../rig/small-job.ts';

const SEND = ['send', '--identity', 'jean.key.json', '--ssh-key', 'jean.ssh'];
const PURGE = ['purge', '--identity', 'purge.key.json', '--ssh-key', 'purge.ssh'];
const VERIFY = ['verify', 'manifest.json', '--lab', 'lab.roster.json'];

describe('journals that do not hold', () => {
  let job: SmallJob;
  let operator: SecretIdentity;
  let path: string;

  beforeAll(async () => {
    job = await SmallJob.start('received');
    operator = await identityOf(job.cast.vendor, 'jean.key.json');
    path = job.migration.local('journal.jsonl');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('received'));

  /** The job can't be shown, and that is said of it alone. */
  const expectBroken = async (code: string): Promise<void> => {
    const { exitCode, stdout, stderr } = await job.cast.vendor.migrate(['status', '--json']);
    expect(exitCode).toBe(5);
    expect(requireOutput('status', stdout)).toMatchObject({ jobs: [{ job: 'port-2026', error: { code } }] });
    expect(JSON.parse(stderr)).toEqual({ warning: expect.stringMatching(`^job port-2026: .+ \\(${code}\\)$`) });
  };
  const lines = async (): Promise<string[]> => (await readFile(path, 'utf8')).trimEnd().split('\n');

  it.each<[string, (lines: string[]) => string[]]>([
    ['its first entry removed', (all) => all.slice(1)],
    ['a middle entry removed', (all) => all.toSpliced(1, 1)],
    ['two entries exchanged', (all) => [...all.slice(0, 1), ...all.slice(1).toReversed()]],
    ['an entry twice', (all) => [...all, ...all.slice(-1)]],
  ])('fault 68: a journal with %s, and no step goes on from it', async (_, how) => {
    const good = await lines();
    await writeFile(path, `${how(good).join('\n')}\n`);
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_CHAIN' });
    await expectBroken('E_CHAIN');
    await writeFile(path, `${good.join('\n')}\n`);
    await job.migration.play(ending(job.migration.job));
  });

  it('fault 68: an entry edited in place', async () => {
    const good = await lines();
    const edited = good.with(0, good[0]?.replace('"outsideWindow":20', '"outsideWindow":19') ?? '');
    expect(edited).not.toEqual(good);
    await writeFile(path, `${edited.join('\n')}\n`);
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_SIG' });
  });

  it('fault 68: the tail removed, so that the job could be delivered again', async () => {
    await writeFile(path, `${(await lines()).slice(0, -1).join('\n')}\n`);
    // The journal alone still holds; the server's file shows that it was sent, and nothing is overwritten.
    const { exitCode } = await job.cast.vendor.migrate(SEND);
    const manifest = await manifestOf(job.migration);
    expect(manifest.entries.filter(({ signed }) => signed.statement.kind === 'delivery')).toHaveLength(1);
    expect(exitCode).toBe(0);
    // Without its extraction the ledger knows better.
    await job.migration.restore('received');
    await writeFile(path, '');
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_REPLAY' });
  });

  it('fault 68: a manifest without its last entries does not reach its checkpoint', async () => {
    const manifest = await manifestOf(job.migration);
    await give(job.cast.lab, 'manifest.json', { ...manifest, entries: manifest.entries.slice(0, -1) });
    await job.refuse({ who: 'lab', words: VERIFY, code: 'E_CHAIN' });
    const { type, seq, head } = { ...manifest.checkpoint.signed };
    const shorter = { ...manifest.checkpoint.signed, type, seq: seq - 1, head };
    const stranger = await identityOf(job.cast.vendor, 'stranger.key.json');
    const forged = { ...manifest, checkpoint: signDocument({ ...shorter, seq }, stranger) };
    await give(job.cast.lab, 'manifest.json', forged);
    await job.refuse({ who: 'lab', words: VERIFY, code: 'E_ROLE' });
    await copyFile(job.migration.local('manifest.json'), job.cast.lab.path('manifest.json'));
    expect((await job.cast.lab.migrate(VERIFY)).exitCode).toBe(10);
  });

  it('the processor chains its journal anew over other counts: the approval names the head that the laboratory saw', async () => {
    await rechain(job.migration, operator, (entries) => {
      const [first] = entries;
      if (first?.statement.kind === 'extraction') {
        for (const { counts } of first.statement.datasets) {
          counts.read += 1;
          counts.emptyDate += 1;
        }
      }
      return entries;
    });
    await expectBroken('E_CHAIN');
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_CHAIN' });
  });

  it('the processor chains its journal anew without the approval: the delivery was not allowed', async () => {
    await rechain(job.migration, operator, (entries) =>
      entries.filter(({ statement }) => statement.kind !== 'approval'),
    );
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_WAITING' });
  });

  it('a stranger chains the journal anew', async () => {
    await rechain(job.migration, await identityOf(job.cast.vendor, 'stranger.key.json'), (entries) => entries);
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_ROLE' });
  });

  it('fault 69: a torn last line is moved away, and that is recorded', async () => {
    await writeFile(path, `${(await lines()).join('\n')}\n{"signatures":[{"key"`);
    await job.migration.play(ending(job.migration.job));
    const { entries } = await manifestOf(job.migration);
    expect(entries.map(({ signed }) => signed.statement.kind)).toContain('repair');
  });

  it('a manifest verified under another roster, or with a member nobody knows', async () => {
    const manifest = await manifestOf(job.migration);
    await give(job.cast.lab, 'manifest.json', { ...manifest, remark: 'trust me' });
    await job.refuse({ who: 'lab', words: VERIFY, code: 'E_SCHEMA' });
    await give(job.cast.lab, 'manifest.json', manifest);
    await job.refuse({ who: 'lab', words: ['verify', 'manifest.json'], code: 'E_TRUST' });
  });
});
