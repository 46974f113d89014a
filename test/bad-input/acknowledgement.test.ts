/** Receipts and imports that nobody may purge on, and purges that must not happen. */
import { copyFile, link, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { type SignedDocument, signDocument } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import { parseJobId } from '@sealift/core/ids';
import type { Import, Receipt } from '@sealift/core/statement';
import { ending, importation } from '@sealift/demo/cast';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow } from '../rig/files.ts';
import { type Draft, identityOf, plant } from '../rig/forger.ts';
import { SmallJob } from '../rig/small-job.ts';

const SERVICE = ['--identity', 'purge.key.json', '--ssh-key', 'purge.ssh'];
const PURGE = ['purge', ...SERVICE];
const SEALED = ['patients.csv.sealed', 'results.csv.sealed', 'manifest.json.sealed'];

describe('statements on which nothing is purged', () => {
  let job: SmallJob;
  let recipient: SecretIdentity;
  let receipt: SignedDocument<Receipt>;
  let imported: SignedDocument<Import>;

  beforeAll(async () => {
    job = await SmallJob.start('received');
    recipient = await identityOf(job.cast.recipient, 'novalis.key.json');
    const received = (file: string): Promise<string> => readFile(job.cast.recipient.path('received', file), 'utf8');
    receipt = JSON.parse(await received('receipt.json')) as typeof receipt;
    imported = JSON.parse(await received('import.json')) as typeof imported;
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('received'));

  /** With the true statements there again, the purge that cron runs succeeds. */
  const goesOn = async (): Promise<void> => {
    await plant(job.migration, 'receipt', receipt);
    await plant(job.migration, 'import', imported);
    await job.migration.play(ending(job.migration.job).slice(0, 1));
    expect(await filesBelow(job.migration.remote('out'))).toEqual([]);
  };
  const changed = <T extends Receipt | Import>(document: SignedDocument<T>, how: (signed: Draft<T>) => void): T => {
    const signed = structuredClone(document.signed);
    how(signed as Draft<T>);
    return signed;
  };

  it('fault 57: a receipt that somebody else signed', async () => {
    const stranger = await identityOf(job.cast.recipient, 'stranger.key.json');
    await plant(job.migration, 'receipt', signDocument(receipt.signed, stranger));
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_ROLE', recorded: 'accept receipt' });
    await goesOn();
  });

  it('fault 58: a receipt of somebody who is no recipient, in the folder of one', async () => {
    const stranger = await identityOf(job.cast.recipient, 'stranger.key.json');
    const theirs = changed(receipt, (signed) => {
      signed.recipient = stranger.fingerprint;
    });
    await plant(job.migration, 'receipt', signDocument(theirs, stranger));
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_ACK', recorded: 'accept receipt' });
    await goesOn();
  });

  it.each<[string, (dataset: Draft<Receipt['datasets'][number]>) => void]>([
    ['fewer rows', (dataset) => (dataset.rows -= 1)],
    ['another file', (dataset) => (dataset.file.bytes += 1)],
    ['a column less', (dataset) => dataset.columns.pop()],
  ])('fault 57, 59: the recipient itself acknowledges %s than was sent', async (_, how) => {
    const altered = changed(receipt, ({ datasets: [first] }) => {
      if (first !== undefined) how(first);
    });
    await plant(job.migration, 'receipt', signDocument(altered, recipient));
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_ACK', recorded: 'accept receipt' });
    await goesOn();
  });

  it('fault 57: the receipt of another job', async () => {
    const other = changed(receipt, (signed) => {
      signed.job = parseJobId('havre-2026');
    });
    await plant(job.migration, 'receipt', signDocument(other, recipient));
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_ACK', recorded: 'accept receipt' });
    await goesOn();
  });

  it('fault 40: the sealed receipt was altered on the server', async () => {
    const path = job.migration.remote('in', job.migration.recipient, 'receipt.json.sealed');
    const bytes = await readFile(path);
    bytes[bytes.length - 40] = (bytes.at(-40) ?? 0) ^ 1;
    await writeFile(path, bytes);
    await job.refuse({ who: 'vendor', words: PURGE, code: 'E_AUTH', recorded: 'accept receipt' });
    await goesOn();
  });

  it('a receipt altered on its way, by accept', async () => {
    const altered = changed(receipt, ({ datasets: [first] }) => {
      if (first !== undefined) first.rows += 1;
    });
    const { vendor } = job.cast;
    await writeFile(vendor.path('receipt.json'), JSON.stringify({ ...receipt, signed: altered }));
    const words = ['accept', 'receipt.json', '--identity', 'jean.key.json'];
    await job.refuse({ who: 'vendor', words, code: 'E_SIG', recorded: 'accept receipt' });
    await goesOn();
  });

  it('fault 59: an import of fewer rows is taken in once, gates nothing, and a later complete one does', async () => {
    const fewer = changed(imported, ({ datasets: [first] }) => {
      if (first !== undefined) first.rows -= 1;
    });
    await plant(job.migration, 'import', signDocument(fewer, recipient));
    const cron = ['purge', '--all', ...SERVICE];
    for (const accepted of [['receipt', 'import'], []]) {
      const { exitCode, stdout, stderr } = await job.cast.vendor.migrate([...cron, '--json']);
      expect(exitCode).toBe(5);
      expect(JSON.parse(stdout)).toMatchObject({
        jobs: [{ outcome: 'failed', accepted, missing: ['import'], error: { code: 'E_COUNT' } }],
      });
      expect(stderr).toContain('E_COUNT');
    }
    for (const folder of [job.migration.local('out'), job.migration.remote('out')])
      for (const name of SEALED) await expect(readFile(`${folder}/${name}`)).resolves.toBeDefined();

    const { recipient: novalis, vendor } = job.cast;
    await rename(novalis.path('received', 'import.json'), novalis.path('received', 'import.1.json'));
    const [again] = importation(job.allRows);
    const words = again !== undefined && 'words' in again ? again.words : [];
    // The server's copy is never overwritten: the later statement goes another way.
    await job.refuse({ who: 'recipient', words, code: 'E_EXISTS' });
    expect((await novalis.migrate([...words, '--offline'])).exitCode).toBe(0);
    await copyFile(novalis.path('received', 'import.json'), vendor.path('import.json'));
    expect((await vendor.migrate(['accept', 'import.json', '--identity', 'jean.key.json'])).exitCode).toBe(0);
    await job.migration.play(ending(job.migration.job));
  });

  it.each([
    ['more rows than were received', '--rows', 'patients=999999', 'E_COUNT'],
    ['a dataset that was not received', '--rows', 'prescribers=1', 'E_COUNT'],
    ['a dataset without its number', '--rows', 'patients=1', 'E_COUNT'],
    ['no number', '--rows', 'patients=many', 'E_USAGE'],
  ] as const)('the recipient states %s', async (_, flag, rows, code) => {
    await rm(job.cast.recipient.path('received', 'import.json'));
    await rm(job.migration.remote('in', job.migration.recipient, 'import.json.sealed'));
    const words = ['imported', '--from', 'received', flag, rows, '--identity', 'novalis.key.json'];
    await job.refuse({ who: 'recipient', words: [...words, '--ssh-key', 'novalis.ssh'], code });
    await job.migration.play(importation(job.allRows));
    await job.migration.play(ending(job.migration.job));
  });

  it('the purge waits in order while a statement is missing, without an error', async () => {
    await rm(job.migration.remote('in', job.migration.recipient, 'import.json.sealed'));
    const { exitCode, stdout } = await job.cast.vendor.migrate(PURGE);
    expect([exitCode, stdout]).toEqual([0, 'job port-2026 waits for: import\n  receipt taken in\n']);
    await goesOn();
  });

  it('the purge of an operator who is not unattended, or of the recipient', async () => {
    const words = ['purge', '--identity', 'jean.key.json', '--ssh-key', 'jean.ssh'];
    await job.refuse({ who: 'vendor', words, code: 'E_ROLE', recorded: 'purge' });
    await copyFile(job.cast.recipient.path('novalis.key.json'), job.cast.vendor.path('novalis.key.json'));
    const foreign = ['purge', '--identity', 'novalis.key.json', '--ssh-key', 'purge.ssh'];
    await job.refuse({ who: 'vendor', words: foreign, code: 'E_ROLE' });
    await goesOn();
  });

  it('fault 61: a sealed file with a second name, or a link in its place, is not deleted, and no purge is recorded', async () => {
    const path = job.migration.local('out', 'patients.csv.sealed');
    const purged = (): Promise<string> => readFile(job.migration.local('journal.jsonl'), 'utf8');
    for (const plot of ['hard link', 'symbolic link'] as const) {
      await job.migration.restore('received');
      if (plot === 'hard link') await link(path, `${path}.mine`);
      else {
        await rename(path, `${path}.mine`);
        await symlink(`${path}.mine`, path);
      }
      const { exitCode, stderr } = await job.cast.vendor.migrate(PURGE);
      expect([exitCode, stderr]).toEqual([7, expect.stringMatching(/^error: .+ \(E_PURGE\)\nhint: .+\n$/)]);
      expect(await purged()).not.toContain('"kind":"purge"');
      expect((await readFile(`${path}.mine`)).length).toBeGreaterThan(0);
    }
    await rm(path);
    await rm(`${path}.mine`);
    await goesOn();
  });

  it('a second purge does nothing', async () => {
    await goesOn();
    const before = await readFile(job.migration.local('journal.jsonl'));
    const { exitCode, stdout } = await job.cast.vendor.migrate(PURGE);
    expect([exitCode, stdout]).toEqual([0, 'job port-2026 was purged before\n']);
    expect(await readFile(job.migration.local('journal.jsonl'))).toEqual(before);
  });
});
