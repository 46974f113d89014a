/** Two recipients, one of them the laboratory itself: each opens the same files, and the purge waits for both. */
import { readFile } from 'node:fs/promises';
import { readDocument } from '@sealift/core/document';
import { APPROVAL, DELIVERY, extraction, importation, RECEPTION, rosterFingerprintOf } from '@sealift/demo/cast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDump, type Truth } from './rig/dump.ts';
import { startEmbedded } from './rig/embedded.ts';
import { Migration } from './rig/migration.ts';

const JOB = 'port-2026';
const PURGE = ['purge', '--all', '--identity', 'purge.key.json', '--ssh-key', 'purge.ssh', '--json'];
const LAB = ['--identity', 'lab.key.json', '--ssh-key', 'labo.ssh'];

describe('a job with two recipients', () => {
  let migration: Migration;
  let truth: Truth;

  const rows = (): string[] => [
    ...['--rows', `patients=${truth.patients.onOrAfterCutoff}`],
    ...['--rows', `results=${truth.results.ofKeptPatients}`],
  ];
  const purge = async (): Promise<unknown> => {
    const { stdout } = await migration.cast.vendor.migrate(PURGE);
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    migration = await Migration.start({ job: JOB, start: startEmbedded, labReceives: true });
    truth = await makeDump(migration.cast.vendor.folder, '--patients', '200', '--before', '15');
    await migration.play([...extraction(JOB), ...APPROVAL, ...DELIVERY]);
  }, 120_000);
  afterAll(() => migration?.stop());

  it('waits for the second after the first has received and imported', async () => {
    await migration.play([...RECEPTION, ...importation(rows())]);
    expect(await purge()).toMatchObject({
      jobs: [{ outcome: 'waiting', accepted: ['receipt', 'import'], missing: ['receipt', 'import'] }],
    });
  });

  it('lets the laboratory open the same files with its own identity, and is purged then', async () => {
    const { lab, recipient, vendor } = migration.cast;
    const trust = ['trust', 'add', 'lab.roster.json', '--fingerprint', await rosterFingerprintOf(lab)];
    const receive = ['receive', '--instructions', 'lab.json', '--into', 'received', ...LAB];
    const imported = ['imported', '--from', 'received', ...rows(), ...LAB];
    for (const words of [trust, receive, imported]) {
      expect(await lab.migrate(words)).toMatchObject({ exitCode: 0 });
    }
    for (const file of ['patients.csv', 'results.csv']) {
      expect(await readFile(lab.path('received', file))).toEqual(await readFile(recipient.path('received', file)));
    }
    expect(await purge()).toMatchObject({ jobs: [{ outcome: 'purged', missing: [] }] });

    const manifest = await readFile(vendor.path('jobs', JOB, 'manifest.json'));
    const kinds = readDocument(manifest, 'sealift.manifest.v1').document.entries.map(
      ({ signed }) => signed.statement.kind,
    );
    expect(kinds.filter((kind) => kind === 'receipt')).toHaveLength(2);
    expect(kinds.at(-1)).toBe('purge');
  });
});
