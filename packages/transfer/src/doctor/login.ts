/** A login for the doctor's eyes, apart from the one that carries files. */
import ssh2 from 'ssh2';
import { offeredAlgorithms } from '../algorithms.ts';
import { PATIENCE } from '../patience.ts';
import type { SshKey } from '../ssh-key.ts';
import { SshKeyAgent } from '../ssh-key-agent.ts';
import { brokeOff, type Door } from './outsider.ts';

/** An open login. */
export interface Login {
  readonly client: ssh2.Client;
  /** Rejects with E_REMOTE once the connection has ended, whoever ended it: what was asked and not answered by then is no answer. */
  readonly ended: Promise<never>;
}

/**
 * Logs in with a person's key and account. Resolves to undefined when the server does not let that person in.
 * @throws E_REMOTE when the connection breaks before the server has said so
 */
export async function logIn(door: Door, account: string, key: SshKey): Promise<Login | undefined> {
  const client = new ssh2.Client();
  const ended = endOf(client, door);
  const answered = new Promise<Login | undefined>((resolve) => {
    client.once('ready', () => resolve({ client, ended }));
    client.on('error', (cause) => {
      if (isNo(cause)) resolve(undefined);
    });
  });
  client.connect(loginOptions(door, account, key));
  return Promise.race([answered, ended]);
}

/** Whether the server, or the agent that holds the key, said no. */
const isNo = (cause: Error): boolean =>
  'level' in cause && (cause.level === 'client-authentication' || cause.level === 'agent');

function endOf(client: ssh2.Client, door: Door): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    client.on('error', (cause) => {
      if (!isNo(cause)) reject(brokeOff(door, cause));
    });
    client.once('close', () => reject(brokeOff(door)));
  });
  ended.catch(() => undefined); // Our own end of a login, when nobody waits any more, is no failure.
  return ended;
}

function loginOptions({ host, port, hostKey }: Door, username: string, key: SshKey): ssh2.ConnectConfig {
  const publicKeyOnly: ssh2.AgentAuthMethod = { type: 'agent', username, agent: new SshKeyAgent(key) };
  return {
    host,
    port,
    username,
    ident: 'sealift',
    readyTimeout: PATIENCE.connection,
    algorithms: offeredAlgorithms(hostKey.algorithms),
    hostVerifier: (presented: Buffer): boolean => hostKey.matches(presented),
    authHandler: [publicKeyOnly],
  };
}
