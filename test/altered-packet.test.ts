/** A network that alters what it carries: the transfer ends at once, and with nothing of it. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, connect as dial, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { connect, jobPaths, loadSshKey, type Remote } from '@sealift/transfer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded } from './rig/embedded.ts';
import type { Rig } from './rig/rig.ts';

const BYTES = 4_000_000;
/** Far less than the minute for which a server may be silent. */
const AT_ONCE_MS = 30_000;

/** Carries both ways, and flips one bit of what the server sent once so many bytes of it have passed. */
async function startAltering(rig: Rig, after: number): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer((near) => {
    const far = dial(rig.port, rig.host);
    let passed = 0;
    far.on('data', (bytes) => {
      const at = after - passed;
      if (at >= 0 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ 1;
      passed += bytes.length;
      near.write(bytes);
    });
    near.pipe(far);
    far.on('end', () => near.end());
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: portOf(server.address()), server };
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('a server without a port');
  return address.port;
}

describe('a packet that was altered on its way', () => {
  let home: string;
  let rig: Rig;
  let connectTo: (port: number) => Promise<Remote>;
  const content = randomBytes(BYTES);

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sealift-altered-'));
    const publicKey = await writeSshKeyPair(join(home, 'key'));
    const key = await loadSshKey({ path: join(home, 'key'), expectedPublicKey: publicKey });
    rig = await startEmbedded({ accounts: [{ name: 'operator', publicKey, role: 'operator' }] });
    await rig.prepareJob('job-1', []);
    await writeFile(join(rig.root, 'job-1', 'out', 'patients.csv.sealed'), content);
    const { host, hostKey } = rig;
    connectTo = (port) => connect({ host, port, hostKey, account: 'operator', key });
  });
  afterAll(async () => {
    await rig?.stop();
    await rm(home, { recursive: true, force: true });
  });

  it.each([1_000_000, 1_500_001, 2_222_222])(
    'ends the transfer at once: byte %d',
    async (after) => {
      const { port, server } = await startAltering(rig, after);
      const into = await open(join(home, `received-${after}`), 'w+');
      try {
        const remote = await connectTo(port);
        const path = jobPaths(rig.folder, 'job-1').outFile('patients.csv.sealed');
        const begun = performance.now();
        const fetched = remote.download(path, into, { maxBytes: BYTES, bytes: BYTES });
        await expect(fetched).rejects.toMatchObject({ code: 'E_REMOTE' });
        expect(performance.now() - begun).toBeLessThan(AT_ONCE_MS);
        const received = await into.readFile();
        expect(received.length).toBeLessThan(after);
        expect(received.equals(content.subarray(0, received.length))).toBe(true);
        await remote.close();
      } finally {
        await into.close();
        server.close();
      }
    },
    60_000,
  );
});
