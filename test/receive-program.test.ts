/** `migrate receive … -- program`: datasets go into a program, such as a database's loader, and into no file. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { importation, RECEPTION } from '@sealift/demo/cast';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow } from './rig/files.ts';
import { SmallJob } from './rig/small-job.ts';

const RECEIVE = ['receive', '--instructions', 'lab.json', '--into', 'received'];
const AS_NOVALIS = ['--identity', 'novalis.key.json', '--ssh-key', 'novalis.ssh'];
/** Loads a dataset into `loaded`, and notes what it was told. */
const LOADER = `
  echo "$SEALIFT_JOB $SEALIFT_DATASET $SEALIFT_ROWS $SEALIFT_BYTES <$MIGRATE_PASSPHRASE_FILE>" >> runs.txt
  [ "$SEALIFT_DATASET" != "$(cat refused.txt 2>/dev/null)" ] || exit 3
  cat > "loaded/$SEALIFT_DATASET.csv"
`;

describe('a delivery that is received into a program', { timeout: 60_000 }, () => {
  let job: SmallJob;
  const at = (...names: string[]): string => job.cast.recipient.path(...names);
  const receive = (...program: string[]) =>
    job.cast.recipient.migrate([...RECEIVE, ...AS_NOVALIS, '--json', '--', ...program]);
  const load = () => receive('sh', '-c', LOADER);
  const runs = async (): Promise<string[]> => (await readFile(at('runs.txt'), 'utf8')).trimEnd().split('\n');
  const isReceipted = (): boolean => existsSync(at('received', 'receipt.json'));

  beforeAll(async () => {
    job = await SmallJob.start('delivered');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(async () => {
    await job.migration.restore('delivered');
    await mkdir(at('loaded'));
  });

  it('hands over what a reception into files writes, keeps none of it, and is receipted, imported and purged like one', async () => {
    const { exitCode, stdout } = await load();
    expect(exitCode).toBe(0);
    const { patients, results } = job.truth;
    const rows = { patients: patients.onOrAfterCutoff, results: results.ofKeptPatients };
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ program: 'sh', folder: 'received' },
      datasets: Object.entries(rows).map(([dataset, count]) => ({ dataset, rows: count })),
    });
    const bytes = async (name: string): Promise<number> => (await readFile(at('loaded', name))).length;
    expect(await runs()).toEqual([
      `port-2026 patients ${rows.patients} ${await bytes('patients.csv')} <>`,
      `port-2026 results ${rows.results} ${await bytes('results.csv')} <>`,
    ]);
    for (const file of await filesBelow(at('received'))) {
      const content = await readFile(at('received', file), 'latin1');
      expect(job.canaries.filter((canary) => content.includes(canary))).toEqual([]);
    }
    expect((await readdir(at('received'))).sort()).toEqual(['loaded.json', 'manifest.json', 'receipt.json']);

    await job.migration.play(importation(job.allRows));
    expect((await job.cast.recipient.migrate([...RECEIVE.with(-1, 'files'), ...AS_NOVALIS])).exitCode).toBe(0);
    for (const name of ['patients.csv', 'results.csv']) {
      expect(await readFile(at('loaded', name))).toEqual(await readFile(at('files', name)));
    }
  });

  it('is not receipted when the program fails, and is taken up where it was left', async () => {
    await writeFile(at('refused.txt'), 'results');
    const failed = await load();
    expect(failed.exitCode).toBe(9);
    expect(JSON.parse(failed.stderr).error).toMatchObject({
      code: 'E_PIPE',
      message: 'sh, which was handed dataset results, ended with status 3',
    });
    expect(isReceipted()).toBe(false);
    await rm(at('refused.txt'));
    const again = await load();
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain('dataset results is handed to sh again, from its beginning');
    expect((await runs()).map((line) => line.split(' ')[1])).toEqual(['patients', 'results', 'results']);
    // Everything is loaded: a third time runs nothing.
    expect((await load()).exitCode).toBe(0);
    expect(await runs()).toHaveLength(3);
  });

  it('runs nothing when the last of the files is not what the manifest lists', async () => {
    await appendFile(job.migration.remote('out', 'results.csv.sealed'), 'x');
    const { exitCode, stderr } = await load();
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('E_MISMATCH')]);
    expect([existsSync(at('runs.txt')), isReceipted()]).toEqual([false, false]);
  });

  it('says that a program is not there, and that "--" comes before it', async () => {
    const { exitCode, stderr } = await receive('no-such-loader', 'secret-argument');
    expect([exitCode, JSON.parse(stderr).error.message]).toEqual([
      9,
      "no-such-loader, which was handed dataset patients, can't be started (ENOENT)",
    ]);
    const bare = await job.cast.recipient.migrate([...RECEIVE, ...AS_NOVALIS, 'psql']);
    expect([bare.exitCode, bare.stderr]).toEqual([2, expect.stringContaining('unexpected word "psql"')]);
    expect(isReceipted()).toBe(false);
  });

  it('is refused where files were written before', async () => {
    await job.migration.play(RECEPTION);
    const { exitCode, stderr } = await load();
    expect([exitCode, stderr]).toEqual([9, expect.stringContaining('was received into a file before')]);
  });

  it('warns of an import of fewer rows than were received', async () => {
    await load();
    const { patients, results } = job.truth;
    const few = [`--rows=patients=${patients.onOrAfterCutoff - 2}`, `--rows=results=${results.ofKeptPatients}`];
    const { exitCode, stdout, stderr } = await job.cast.recipient.migrate([
      ...['imported', '--from', 'received', ...few, ...AS_NOVALIS],
    ]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^warning: 2 of \d+ rows of patients are not loaded: .+ \(E_COUNT\)$/m);
    expect(stdout).toMatch(/^ {2}patients: \d+ rows loaded, of \d+ received$/m);
    expect(stdout).toMatch(/^ {2}results: [\d ]+ rows loaded$/m);
  });
});
