/** Connects to the server of the instructions, with the person's own SSH key and account. */
import { resolve } from 'node:path';
import { SealiftError } from '@sealift/core';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import type { Remote, SshKey } from '@sealift/transfer';
import type { Context } from './context.ts';
import { letHeapGrow } from './heap-growth.ts';
import type { Input } from './input.ts';
import { askPassphrase } from './passphrase.ts';

/** What the instructions say of a person's access. */
export interface Access {
  /** OpenSSH public key line. */
  readonly sshKey: string;
  readonly account: string;
}

/**
 * Does something over a connection, which is closed afterwards. The key is that of `--ssh-key`, else the agent's.
 * @throws E_SSH_KEY when it is not the key of the instructions, E_HOSTKEY, E_ALGO, E_SSH_AUTH, E_REMOTE
 */
export async function withRemote<T>(
  instructions: VerifiedInstructions,
  access: Access,
  { input, context }: { input: Input; context: Context },
  work: (remote: Remote, key: SshKey) => Promise<T>,
): Promise<T> {
  const { connect } = await import('@sealift/transfer');
  const { host, port, hostKey } = instructions.signed.endpoint;
  const key = await sshKeyOf(access, { input, context });
  letHeapGrow();
  const remote = await connect({ host, port, hostKey, account: access.account, key });
  try {
    return await work(remote, key);
  } finally {
    await remote.close();
  }
}

/** The person's SSH key: that of `--ssh-key`, else the agent's. @throws E_SSH_KEY when it is not the key of the instructions */
export async function sshKeyOf(access: Access, by: { input: Input; context: Context }): Promise<SshKey> {
  const { loadSshKey } = await import('@sealift/transfer');
  return loadSshKey({ expectedPublicKey: access.sshKey, ...keySource(by.input, by.context) });
}

type KeySource = { readonly path: string; readonly passphrase: () => Promise<string> } | { readonly agent: string };

function keySource(input: Input, context: Context): KeySource {
  const file = input.optional('ssh-key');
  if (file !== undefined) {
    return {
      path: resolve(context.cwd, file),
      passphrase: () => askPassphrase(context, 'MIGRATE_SSH_PASSPHRASE_FILE', file),
    };
  }
  const agent = context.env['SSH_AUTH_SOCK'];
  if (agent === undefined || agent === '') {
    throw new SealiftError('E_SSH_KEY', 'no SSH key was named and no agent runs', {
      hint: 'name your key with --ssh-key, or start ssh-agent',
    });
  }
  return { agent };
}
