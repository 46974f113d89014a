/** What `--json` prints on the vendor's, the recipient's and the evidence commands, against the schemas that are published for it. */
import { copyFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requireOutput } from './rig/output.ts';
import { SmallJob } from './rig/small-job.ts';

type Who = 'lab' | 'vendor' | 'recipient';

const OPERATOR = ['--identity', 'jean.key.json'];
const RECIPIENT = ['--identity', 'novalis.key.json', '--ssh-key', 'novalis.ssh'];
const LAB = ['--lab', 'lab.roster.json', '--identity', 'lab.key.json'];
const PURGE = ['purge', '--all', '--identity', 'purge.key.json', '--ssh-key', 'purge.ssh'];
const SEND = ['send', ...OPERATOR, '--ssh-key', 'jean.ssh'];
const EXTRACT = ['extract', '--instructions', 'lab.json', ...OPERATOR];

describe('--json', () => {
  let job: SmallJob;

  beforeAll(async () => {
    job = await SmallJob.start('authorised');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('authorised'));

  /** Runs a command with `--json`; its data, checked against its schema. */
  const data = async (who: Who, words: readonly string[]): Promise<Record<string, unknown>> => {
    const { exitCode, stdout, stderr } = await job.cast[who].migrate([...words, '--json']);
    expect([exitCode, stderr]).toEqual([0, '']);
    return requireOutput(words[0] ?? '', stdout);
  };
  const pass = (from: Who, file: string, to: Who): Promise<void> =>
    copyFile(job.cast[from].path(file), job.cast[to].path(file.split('/').at(-1) ?? file));
  const manifest = (): Promise<void> => pass('vendor', `jobs/${job.migration.job}/manifest.json`, 'lab');
  const accept = async (from: Who, file: string): Promise<Record<string, unknown>> => {
    await pass(from, file, 'vendor');
    return data('vendor', ['accept', file.split('/').at(-1) ?? file, ...OPERATOR]);
  };
  const status = async (): Promise<unknown> => (await data('vendor', ['status']))['jobs'];

  it('every command of a job, from the extraction to the purge, says where it stands', {
    timeout: 90_000,
  }, async () => {
    const { patients, results } = job.truth;
    const rows = [
      { dataset: 'patients', rows: patients.onOrAfterCutoff },
      { dataset: 'results', rows: results.ofKeptPatients },
    ];
    expect(await status()).toEqual([]);
    const extracted = await data('vendor', EXTRACT);
    expect(extracted).toMatchObject({ job: 'port-2026', manifest: 'jobs/port-2026/manifest.json', next: 'approval' });
    expect(await status()).toMatchObject([{ state: 'extracted', waitingFor: [{ kind: 'approval' }], refusals: 0 }]);

    await manifest();
    await copyFile(job.cast.lab.path('manifest.json'), job.cast.lab.path('kept.json'));
    const approved = await data('lab', ['approve', 'manifest.json', ...LAB, '-o', 'approval.json']);
    expect(approved).toMatchObject({ file: 'approval.json', signers: 1, missing: 0, datasets: rows });
    expect(await accept('lab', 'approval.json')).toMatchObject({ kind: 'approval', state: 'approved' });

    const sent = await data('vendor', SEND);
    expect(sent).toMatchObject({ account: 'jean', server: { host: '127.0.0.1', port: job.migration.rig.port } });
    expect(await data('vendor', PURGE)).toMatchObject({
      jobs: [{ outcome: 'waiting', accepted: [], missing: ['receipt', 'import'] }],
    });

    const received = await data('recipient', ['receive', '--instructions', 'lab.json', '--into', 'in', ...RECIPIENT]);
    expect(received).toMatchObject({ folder: 'in', receipt: 'in/receipt.json', datasets: rows });
    const stated = await data('recipient', ['imported', '--from', 'in', ...job.allRows, ...RECIPIENT]);
    expect(stated).toMatchObject({ statement: 'in/import.json', sent: true, datasets: rows });
    expect(await accept('recipient', 'in/receipt.json')).toMatchObject({ kind: 'receipt', state: 'received' });
    expect(await accept('recipient', 'in/import.json')).toMatchObject({ kind: 'import', state: 'imported' });

    await manifest();
    const validated = await data('lab', ['validate', 'manifest.json', ...LAB, '-o', 'validation.json']);
    expect(validated).toMatchObject({ file: 'validation.json', datasets: rows });
    expect(await accept('lab', 'validation.json')).toMatchObject({ kind: 'validation', state: 'validated' });

    expect(await data('vendor', PURGE)).toMatchObject({
      jobs: [{ outcome: 'purged', purge: { remote: [{}, {}, {}], local: [{}, {}, {}] } }],
    });
    expect(await data('vendor', PURGE)).toMatchObject({ jobs: [{ outcome: 'already-purged' }] });
    await manifest();
    expect(await data('lab', ['verify', 'manifest.json', '--lab', 'lab.roster.json'])).toMatchObject({
      lab: 'Laboratoire du Port',
      state: 'purged',
      waitingFor: [],
    });

    const verify = (file: string, witness: string): string[] => [
      ...['verify', file, '--lab', 'lab.roster.json', '--witness', witness],
    ];
    expect(await data('lab', verify('manifest.json', 'kept.json'))).toMatchObject({ state: 'purged', witness: 1 });
    const { stdout } = await job.cast.lab.migrate(verify('manifest.json', 'kept.json'));
    expect(stdout).toContain('continues:   the manifest that you kept, of 1 entries');
    // The other way round it is what a vendor would show that cut the tail off and signed a new checkpoint.
    const cut = await job.cast.lab.migrate(verify('kept.json', 'manifest.json'));
    expect(cut).toMatchObject({ exitCode: 5, stdout: '' });
    expect(cut.stderr).toMatch(/the journal has 1 entries, and a witness saw \d+ \(E_CHAIN\)/);
  });

  it('a job that the laboratory revokes is purged, and nothing else', async () => {
    await data('vendor', EXTRACT);
    expect(await data('vendor', PURGE)).toMatchObject({ jobs: [{ outcome: 'nothing-to-do' }] });
    await manifest();
    const reason = ['--reason', 'the scope was wrong', '-o', 'revocation.json'];
    expect(await data('lab', ['revoke', 'manifest.json', ...LAB, ...reason])).toMatchObject({
      file: 'revocation.json',
    });
    expect(await accept('lab', 'revocation.json')).toMatchObject({ kind: 'revocation', state: 'revoked' });
    await job.refuse({ who: 'vendor', words: SEND, code: 'E_STATE', recorded: 'send' });
    const { jobs } = await data('vendor', PURGE);
    const absent = ['patients', 'results', 'manifest'].map(() => ({ outcome: 'absent' }));
    expect(jobs).toMatchObject([{ outcome: 'purged', purge: { remote: absent } }]);
    expect(await status()).toMatchObject([{ state: 'purged', refusals: 1 }]);
  });

  it('an error is one object on standard error, with code and hint, and standard output stays empty', async () => {
    const { exitCode, stdout, stderr } = await job.cast.vendor.migrate([...PURGE, '--job', 'port-2026', '--json']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'E_USAGE', message: '--all and --job name different jobs', hint: 'leave one of them out' },
    });
  });
});
