/** A login for the doctor's eyes, apart from the one that carries files. */
import ssh2 from 'ssh2';
import { offeredAlgorithms } from '../algorithms.ts';
import type { SshKey } from '../ssh-key.ts';
import { SshKeyAgent } from '../ssh-key-agent.ts';
import { brokeOff, type Door, isBrokenOff } from './outsider.ts';

const SECONDS = 20;

/**
 * Logs in with a person's key and account. Resolves to undefined when the server does not let that person in.
 * @throws E_REMOTE when the connection breaks before the server has said so
 */
export function logIn({ host, port, hostKey }: Door, account: string, key: SshKey): Promise<ssh2.Client | undefined> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    const publicKeyOnly: ssh2.AgentAuthMethod = { type: 'agent', username: account, agent: new SshKeyAgent(key) };
    client.once('ready', () => resolve(client));
    // It stays: a server that breaks the connection off later is judged by the look that was under way.
    client.on('error', (cause) => (isBrokenOff(cause) ? reject(brokeOff({ host, port }, cause)) : resolve(undefined)));
    client.once('close', () => reject(brokeOff({ host, port })));
    client.connect({
      host,
      port,
      username: account,
      ident: 'sealift',
      readyTimeout: SECONDS * 1000,
      algorithms: offeredAlgorithms(hostKey.algorithms),
      hostVerifier: (presented: Buffer): boolean => hostKey.matches(presented),
      authHandler: [publicKeyOnly],
    });
  });
}
