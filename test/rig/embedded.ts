/** The demo's embedded server as a test server. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSftpServer } from '@sealift/demo/sftp-server';
import type { Rig, RigAccount, RigRecipient } from './rig.ts';

/** Starts the embedded server with these accounts. */
export async function startEmbedded({ accounts }: { readonly accounts: readonly RigAccount[] }): Promise<Rig> {
  const root = await mkdtemp(join(tmpdir(), 'sealift-embedded-'));
  const server = await startSftpServer({ root, accounts });
  const prepareJob = async (job: string, recipients: readonly RigRecipient[]): Promise<void> => {
    await mkdir(join(root, job, 'out'), { recursive: true });
    for (const { fingerprint, account } of recipients) {
      await mkdir(join(root, job, 'in', fingerprint), { recursive: true });
      server.grant(account, `/${job}/out`, 'read');
      server.grant(account, `/${job}/in/${fingerprint}`, 'write');
    }
    for (const { name } of accounts.filter(({ role }) => role === 'operator')) {
      server.grant(name, `/${job}/out`, 'write');
      server.grant(name, `/${job}/in`, 'read');
    }
  };
  return {
    host: server.host,
    port: server.port,
    hostKey: server.hostKey,
    folder: '/',
    root,
    prepareJob,
    stop: async () => {
      await server.close();
      // What arrived before the end is still done.
      await rm(root, { recursive: true, force: true, maxRetries: 9 });
    },
  };
}
