/** Where the instructions ask for it, the laboratory's validation gates the purge, and nobody else's word stands for it. */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { signDocument } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import { APPROVAL, DELIVERY, extraction, importation, RECEPTION } from '@sealift/demo/cast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDump } from './rig/dump.ts';
import { startEmbedded } from './rig/embedded.ts';
import { identityOf } from './rig/forger.ts';
import { Migration } from './rig/migration.ts';

const JOB = 'port-2026';
const PURGE = ['purge', '--identity', 'purge.key.json', '--ssh-key', 'purge.ssh', '--json'];
const GATES = { delivery: ['approval'], purge: ['receipt', 'import', 'validation'] };
const SEALED = ['manifest.json.sealed', 'patients.csv.sealed', 'results.csv.sealed'];

const validate = (who: string): string[] => [
  ...[
    'validate',
    'manifest.json',
    '--lab',
    'lab.roster.json',
    '--identity',
    `${who}.key.json`,
    '-o',
    'validation.json',
  ],
];
const ACCEPT = ['accept', 'validation.json', '--identity', 'jean.key.json'];

describe('F13 a purge that the validation gates', { timeout: 60_000 }, () => {
  let migration: Migration;
  const purge = async (): Promise<{ outcome: string; missing: string[] }> => {
    const { stdout } = await migration.cast.vendor.migrate(PURGE);
    return JSON.parse(stdout).jobs[0];
  };
  const handManifest = async (): Promise<void> => {
    const manifest = migration.local('manifest.json');
    for (const actor of [migration.cast.lab, migration.cast.recipient])
      await copyFile(manifest, actor.path('manifest.json'));
  };
  /** Signs the laboratory's own validation anew, and sees that it is refused. */
  const expectForgeryRefused = async (forger: SecretIdentity): Promise<void> => {
    const { lab, vendor } = migration.cast;
    const { signed } = JSON.parse(await readFile(lab.path('validation.json'), 'utf8')) as { signed: { type: string } };
    await writeFile(vendor.path('validation.json'), JSON.stringify(signDocument(signed, forger)));
    const refused = await vendor.migrate(ACCEPT);
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('(E_ROLE)')]);
  };

  beforeAll(async () => {
    migration = await Migration.start({
      job: JOB,
      start: startEmbedded,
      members: { gates: GATES },
      noPassphrase: true,
    });
    const { patients, results } = await makeDump(migration.cast.vendor.folder, '--patients', '60', '--before', '5');
    const rows = [`--rows=patients=${patients.onOrAfterCutoff}`, `--rows=results=${results.ofKeptPatients}`];
    await migration.play([...extraction(JOB), ...APPROVAL, ...DELIVERY, ...RECEPTION, ...importation(rows)]);
  }, 120_000);
  afterAll(() => migration?.stop());

  it('waits for it when everything else is there, and F14 takes it from no recipient and no operator', async () => {
    expect(await purge()).toMatchObject({ outcome: 'waiting', missing: ['validation'] });
    await handManifest();
    const { lab, recipient, vendor } = migration.cast;
    await copyFile(lab.path('lab.roster.json'), recipient.path('lab.roster.json'));
    const tried = await recipient.migrate(validate('novalis'));
    expect([tried.exitCode, tried.stderr]).toEqual([3, expect.stringContaining('(E_ROLE)')]);
    expect((await lab.migrate(validate('lab'))).exitCode).toBe(0);
    await expectForgeryRefused(await identityOf(recipient, 'novalis.key.json'));
    await expectForgeryRefused(await identityOf(vendor, 'jean.key.json'));
    expect(await purge()).toMatchObject({ outcome: 'waiting', missing: ['validation'] });
    for (const folder of [migration.local('out'), migration.remote('out')])
      expect((await readdir(folder)).sort()).toEqual(SEALED);
  });

  it('comes with the validation of the laboratory', async () => {
    const { lab, vendor } = migration.cast;
    await copyFile(lab.path('validation.json'), vendor.path('validation.json'));
    expect((await vendor.migrate(ACCEPT)).exitCode).toBe(0);
    expect(await purge()).toMatchObject({ outcome: 'purged', missing: [] });
    for (const folder of [migration.local('out'), migration.remote('out')]) expect(await readdir(folder)).toEqual([]);
  });
});
