/** What a signed delivery says of the server and of the connection, beside what that server itself saw and negotiated. */
import { readFile, stat } from 'node:fs/promises';
import type { Delivery } from '@sealift/core/statement';
import { APPROVAL, DELIVERY, extraction } from '@sealift/demo/cast';
import { describe, expect, it } from 'vitest';
import { makeDump } from './rig/dump.ts';
import { manifestOf } from './rig/forger.ts';
import { Migration } from './rig/migration.ts';
import { startOpenSsh, unavailable } from './rig/openssh.ts';

/** As documents tell the time. */
const wholeSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000) * 1000;
const SEALED = ['patients.csv.sealed', 'results.csv.sealed', 'manifest.json.sealed'];

/** What sshd writes of one connection (LogLevel DEBUG1). */
interface Logged {
  readonly address: string;
  readonly port: number;
  readonly account: string;
  readonly sshKey: string;
  readonly kex: string;
  readonly hostKeyAlgorithm: string;
  /** From the client to the server, and back. */
  readonly ciphers: readonly (readonly [cipher: string, mac: string])[];
}

/** The connections of sshd's log in which somebody was let in, in their order. */
function loggedIn(log: string): Logged[] {
  return log.split(/^(?=Connection from )/m).flatMap((connection) => {
    const accepted = /^Accepted publickey for (\S+) from (\S+) port \d+ ssh2: \S+ (\S+)/m.exec(connection);
    if (accepted === null) return [];
    const [, account = '', address = '', sshKey = ''] = accepted;
    const said = (pattern: RegExp): string => pattern.exec(connection)?.[1] ?? '';
    return [
      {
        ...{ address, account, sshKey },
        port: Number(said(/^Connection from \S+ port \d+ on \S+ port (\d+)/)),
        kex: said(/kex: algorithm: (\S+)/),
        hostKeyAlgorithm: said(/kex: host key algorithm: (\S+)/),
        ciphers: ['client->server', 'server->client'].map((way) => {
          const [, cipher = '', mac = ''] =
            new RegExp(`kex: ${way} cipher: (\\S+) MAC: <?([^\\s>]+)>?`).exec(connection) ?? [];
          return [cipher, mac] as const;
        }),
      },
    ];
  });
}

describe.skipIf(unavailable() !== undefined)(unavailable() ?? 'a signed delivery to OpenSSH', () => {
  it.each<[string, string[], Delivery['session']]>([
    ['as it comes', [], { kex: 'curve25519-sha256', cipher: 'aes128-gcm@openssh.com', mac: 'implicit' }],
    [
      'with other algorithms',
      ['KexAlgorithms ecdh-sha2-nistp384', 'Ciphers aes256-ctr', 'MACs hmac-sha2-512-etm@openssh.com'],
      { kex: 'ecdh-sha2-nistp384', cipher: 'aes256-ctr', mac: 'hmac-sha2-512-etm@openssh.com' },
    ],
  ])('F27 F29 names key, account, address, algorithms and time as the server does, %s', async (_, lines, session) => {
    let log = '';
    const migration = await Migration.start({
      job: 'port-2026',
      noPassphrase: true,
      start: async ({ accounts }) => {
        const rig = await startOpenSsh({ accounts, configuration: ['LogLevel DEBUG1', ...lines] });
        log = rig.log;
        return rig;
      },
    });
    const { rig, cast } = migration;
    try {
      await makeDump(cast.vendor.folder, '--patients', '300', '--before', '20');
      await migration.play([...extraction(migration.job), ...APPROVAL]);
      const before = Date.now();
      await migration.play([...DELIVERY, { hand: ['vendor', `jobs/${migration.job}/manifest.json`, 'lab'] }]);
      const after = Date.now();

      const { exitCode } = await cast.lab.migrate(['verify', 'manifest.json', '--lab', 'lab.roster.json']);
      expect(exitCode).toBe(10);
      const { signed } = (await manifestOf(migration)).entries.at(-1) ?? {};
      const delivery = signed?.statement.kind === 'delivery' ? signed.statement : expect.fail('no delivery');
      const logged = loggedIn(await readFile(log, 'utf8')).at(-1) ?? expect.fail('nobody logged in');

      expect(delivery.session).toEqual(session);
      expect(logged.kex).toBe(session.kex);
      expect(logged.ciphers).toEqual([
        [session.cipher, session.mac],
        [session.cipher, session.mac],
      ]);
      expect({ ...delivery.server, hostKey: undefined }).toEqual({
        host: rig.host,
        port: logged.port,
        address: logged.address,
        hostKey: undefined,
      });
      expect(delivery).toMatchObject({ account: logged.account, sshKey: logged.sshKey });

      const time = Date.parse(signed?.time ?? '');
      expect(time).toBeGreaterThanOrEqual(wholeSeconds(before));
      expect(time).toBeLessThanOrEqual(after);
      const written = await Promise.all(SEALED.map((name) => stat(migration.remote('out', name))));
      // By the server's clock, which is this machine's too.
      expect(time).toBeGreaterThanOrEqual(wholeSeconds(Math.max(...written.map(({ mtimeMs }) => mtimeMs))));
    } finally {
      await migration.stop();
    }
  });
});
