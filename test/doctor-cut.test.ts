/** The doctor before a server whose connection is cut while it looks, and before one that says nothing. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { loadSshKey, type SshKey } from '@sealift/transfer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from '../packages/transfer/src/doctor/login.ts';
import { type Door, knock } from '../packages/transfer/src/doctor/outsider.ts';
import { readServerOffer } from '../packages/transfer/src/doctor/server-offer.ts';
import {
  checkExec,
  checkForwarding,
  checkReverseForwarding,
  checkShell,
} from '../packages/transfer/src/doctor/session-doors.ts';
import { pinHostKey } from '../packages/transfer/src/host-key.ts';
import { type CuttingProxy, startBehindProxy } from './rig/cutting-proxy.ts';
import { Desk, days } from './rig/dated-job.ts';
import { startEmbedded } from './rig/embedded.ts';
import { type LyingServer, startLying } from './rig/lying-server.ts';
import type { RigAccount } from './rig/rig.ts';

const AS_JEAN = ['--identity', 'jean.key.json', '--ssh-key', 'jean.ssh'];
/** The doctor's connections in their order. */
const CONNECTIONS = [
  "the reading of the server's offer",
  'the knock of a person',
  'the knock of a stranger',
  'the login',
];

/** Every third message is tried: the doctor takes a second. */
const STRIDE = 3;

describe('F25 a door at which nobody answered any more is not shut', { timeout: 60_000 }, () => {
  let desk: Desk;
  let proxy: CuttingProxy;
  let doctor: () => Promise<(readonly [string, string])[]>;

  beforeAll(async () => {
    desk = await Desk.open(async (options: { readonly accounts: readonly RigAccount[] }) => {
      const rig = await startBehindProxy(startEmbedded, options);
      proxy = rig.proxy;
      return rig;
    });
    const { name } = await desk.extracted({});
    desk.machine.now = days(0);
    doctor = async () => {
      const { data } = await desk.machine.migrate('doctor', '--instructions', `${name}.json`, ...AS_JEAN);
      const checks: readonly { check: string; where: string; verdict: string }[] = data.checks;
      return checks.flatMap(({ check, where, verdict }) => (where === 'endpoint' ? [[check, verdict] as const] : []));
    };
  });
  afterAll(() => desk?.rig.stop());

  it.each(CONNECTIONS)('whatever message of %s is the last, the doctor blames nobody', async (connection) => {
    const whole = await doctor();
    let message = 1;
    for (let isMore = true; isMore; message += STRIDE) {
      proxy.cutBefore(CONNECTIONS.indexOf(connection), message);
      const ended = await doctor().catch((error: unknown) => error);
      isMore = proxy.wasCut;
      if (ended instanceof Error) expect(ended, `message ${message}`).toMatchObject({ code: 'E_REMOTE' });
      // After its last word the doctor has seen everything; what a door did not say is a warning.
      else
        expect(ended, `message ${message}`).toEqual(whole.map(([check, verdict]) => [check, oneOf(verdict, 'warn')]));
    }
    expect(message).toBeGreaterThan(1);
  });
});

describe('a doctor that was killed', () => {
  it('fault 67: leaves a file in the folder that the next one removes, and is none the worse for', async () => {
    const desk = await Desk.open((options: { readonly accounts: readonly RigAccount[] }) => startEmbedded(options));
    try {
      const job = await desk.extracted({});
      desk.machine.now = days(0);
      const checks = async () =>
        (await desk.machine.migrate('doctor', '--instructions', `${job.name}.json`, ...AS_JEAN)).data.checks;
      const before = await checks();
      await writeFile(job.remote('out', '.probe'), '');
      expect(await checks()).toEqual(before);
      expect(await readdir(job.remote('out'))).toEqual([]);
    } finally {
      await desk.rig.stop();
    }
  });
});

const oneOf = (...verdicts: readonly string[]): unknown => expect.toSatisfy((verdict) => verdicts.includes(verdict));

describe('F25 a door at which nobody answers is neither open nor shut', () => {
  const WAIT = 300;
  let home: string;
  let key: SshKey;
  let server: LyingServer;
  let door: Door;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sealift-silent-'));
    const path = join(home, 'key');
    key = await loadSshKey({ path, expectedPublicKey: await writeSshKeyPair(path) });
    server = await startLying({ accounts: [{ name: 'jean', publicKey: key.publicKey.line, role: 'operator' }] });
    door = { host: server.host, port: server.port, hostKey: pinHostKey(server.hostKey) };
  });
  afterAll(async () => {
    await server?.stop();
    await rm(home, { recursive: true, force: true });
  });

  it.each(['greeting', 'key exchange'] as const)('when the offer is asked for, silent at %s', async (stage) => {
    server.lies.silentAt = stage;
    await expect(readServerOffer(door.host, door.port, WAIT)).rejects.toMatchObject({ code: 'E_REMOTE' });
  });

  it.each(['key exchange', 'authentication'] as const)('when a stranger knocks, silent at %s', async (stage) => {
    server.lies.silentAt = stage;
    await expect(knock(door, 'anonymous', true, WAIT)).rejects.toMatchObject({ code: 'E_REMOTE' });
  });

  it('when a person who is in asks for a shell, a command, a way on or a port', async () => {
    server.lies.silentAt = 'session';
    const login = await logIn(door, 'jean', key);
    if (login === undefined) throw new Error('not let in');
    const looks = [
      checkShell(login.client, WAIT),
      checkExec(login.client, WAIT),
      checkForwarding(login.client, door.port, WAIT),
      checkReverseForwarding(login.client, WAIT),
    ];
    for (const look of looks) await expect(look).rejects.toMatchObject({ code: 'E_REMOTE' });
    login.client.end();
  });
});
