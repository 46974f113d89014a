/** `migrate receive` over a connection that breaks: what was fetched is used, once it is known to be right. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { APPROVAL, DELIVERY, extraction, RECEPTION } from '@sealift/demo/cast';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CuttingProxy, startBehindProxy } from './rig/cutting-proxy.ts';
import { makeDump } from './rig/dump.ts';
import { startEmbedded } from './rig/embedded.ts';
import { Migration } from './rig/migration.ts';

const JOB = 'port-2026';
const RECEIVE = RECEPTION.flatMap((step) => ('words' in step && step.words[0] === 'receive' ? [step.words] : []))[0];
/** The handshake, the manifest and the requests. */
const OVERHEAD = 120_000;

describe('fault 53: a reception that was cut', () => {
  let migration: Migration;
  let proxy: CuttingProxy;
  let total = 0;

  const receive = () => migration.cast.recipient.migrate(RECEIVE ?? []);
  const held = (name: string): string => migration.cast.recipient.path('received', '.fetch', name);
  const heldBytes = async (): Promise<number> => {
    const names = await readdir(held('.')).catch(() => []);
    const sizes = await Promise.all(names.map(async (name) => (await stat(held(name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  /** Everything is published as the processor's own folder says, and nothing of the fetching is left. */
  const expectReceived = async (): Promise<void> => {
    const names = await readdir(migration.cast.recipient.path('received'));
    expect(names.sort()).toEqual(['manifest.json', 'patients.csv', 'receipt.json', 'results.csv']);
  };

  beforeAll(async () => {
    migration = await Migration.start({
      job: JOB,
      start: async (options) => {
        const rig = await startBehindProxy(startEmbedded, options);
        ({ proxy } = rig);
        return rig;
      },
    });
    await makeDump(migration.cast.vendor.folder, '--patients', '4000', '--before', '10');
    await migration.play([...extraction(JOB), ...APPROVAL, ...DELIVERY]);
    await migration.play(RECEPTION.filter((step) => !('words' in step) || step.words[0] !== 'receive'));
    for (const name of ['patients', 'results'])
      total += (await stat(migration.local('out', `${name}.csv.sealed`))).size;
    await migration.keep('delivered');
  }, 120_000);
  beforeEach(async () => {
    proxy.cutAfter();
    await migration.restore('delivered');
  });
  afterAll(() => migration?.stop());

  // Less than one request of each file would be lost with the connection.
  it.each([0.4, 0.6, 0.9])(
    'publishes nothing, and fetches only the rest afterwards: at %d of the bytes',
    async (share) => {
      proxy.cutAfter({ received: Math.round(total * share) + OVERHEAD });
      const cut = await receive();
      expect(cut.exitCode).toBeGreaterThan(0);
      expect(cut.stderr).toContain('(E_REMOTE)');
      expect(await readdir(migration.cast.recipient.path('received'))).toEqual(['.fetch']);
      const before = await heldBytes();
      expect(before).toBeGreaterThan(0);

      proxy.cutAfter();
      expect(await receive()).toMatchObject({ exitCode: 0 });
      expect(proxy.bytes.received).toBeLessThan(total - before + OVERHEAD);
      await expectReceived();
    },
  );

  it('throws away what was damaged meanwhile, and fetches it again', async () => {
    proxy.cutAfter({ received: Math.round(total * 0.7) + OVERHEAD });
    await receive();
    const [name = ''] = await readdir(held('.'));
    const bytes = await readFile(held(name));
    bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
    await writeFile(held(name), bytes);

    proxy.cutAfter();
    expect(await receive()).toMatchObject({ exitCode: 0 });
    await expectReceived();
  });

  it('takes no part of another file, and none that is too long', async () => {
    proxy.cutAfter({ received: Math.round(total * 0.7) + OVERHEAD });
    await receive();
    await writeFile(held('patients.csv.sealed'), Buffer.alloc(total + 1));
    await writeFile(held('stranger.csv.sealed'), 'not asked for');

    proxy.cutAfter();
    expect(await receive()).toMatchObject({ exitCode: 0 });
    await expectReceived();
  });

  it('says so when the server holds another file, whatever was fetched before, and keeps nothing of it', async () => {
    const path = migration.remote('out', 'patients.csv.sealed');
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(path, bytes);
    const { exitCode, stderr } = await receive();
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toContain('(E_MISMATCH)');
    await expect(stat(held('patients.csv.sealed'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
