/** Connecting: the pinned host key first, then the person's own key, and no other way of authentication. */

import type { Socket } from 'node:net';
import { SealiftError } from '@sealift/core';
import ssh2 from 'ssh2';
import { checkNegotiated, offeredAlgorithms, type SessionAlgorithms } from './algorithms.ts';
import { type HostKey, pinHostKey } from './host-key.ts';
import { openChannel } from './open-channel.ts';
import { inSeconds, PATIENCE, type Patience } from './patience.ts';
import type { Remote, RemoteSession } from './remote.ts';
import type { SftpChannel } from './sftp-channel.ts';
import { SftpChannels } from './sftp-channels.ts';
import { SftpRemote } from './sftp-remote.ts';
import type { NetworkWrite, PayloadUse } from './ssh-gcm.ts';
import type { SshKey } from './ssh-key.ts';
import { SshKeyAgent } from './ssh-key-agent.ts';
import { openSocket, type SshSocket } from './ssh-socket.ts';
import { takeOverCiphers } from './ssh2-ciphers.ts';

/** Where to connect and as whom, all of it from the instructions. */
export interface Endpoint {
  /** Host name or IP address. */
  readonly host: string;
  readonly port: number;
  /** The server's public host key, an OpenSSH public key line. */
  readonly hostKey: string;
  /** The person's account. */
  readonly account: string;
  /** The person's key, see {@link loadSshKey}. */
  readonly key: SshKey;
}

const KEEPALIVE_SECONDS = 15;

/** What was seen while connecting. */
interface Attempt {
  readonly patience: Patience;
  readonly use: PayloadUse;
  /** The first failure. */
  failure: unknown;
  hostKeyRefused: boolean;
  algorithms: SessionAlgorithms | undefined;
}

function unreachable(endpoint: Endpoint, why: string, cause: unknown): SealiftError {
  return new SealiftError('E_REMOTE', `can't connect to ${endpoint.host}:${endpoint.port}: ${why}`, {
    hint: 'check host and port in the instructions, the network and the firewall',
    cause,
  });
}

async function reach(endpoint: Endpoint, { connection }: Patience): Promise<SshSocket> {
  try {
    return await openSocket(endpoint.host, endpoint.port, connection);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const known: Record<string, string> = {
      ECONNREFUSED: 'connection refused',
      ENOTFOUND: 'the host name is unknown',
      EAI_AGAIN: 'the host name was not resolved',
      ABORT_ERR: `no answer within ${inSeconds(connection)}`,
    };
    throw unreachable(endpoint, known[code] ?? 'the network reports an error', cause);
  }
}

/** Whether strict key exchange was agreed; ssh2 keeps it in a private field, and anything unforeseen counts as no. */
function isStrict(client: ssh2.Client): boolean {
  let value: unknown = client;
  for (const name of ['_protocol', '_strictMode']) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value === true;
}

function hasLevel(failure: unknown, level: string): boolean {
  return failure instanceof Error && 'level' in failure && failure.level === level;
}

function hostKeyError(endpoint: Endpoint, hostKey: HostKey): SealiftError {
  return new SealiftError('E_HOSTKEY', `${endpoint.host}:${endpoint.port} does not have the pinned host key`, {
    hint: `the instructions pin ${hostKey.publicKey.fingerprint}; nothing was sent, ask the server's administrator`,
  });
}

function explain(endpoint: Endpoint, hostKey: HostKey, attempt: Attempt, cause: unknown): SealiftError {
  const { failure } = attempt;
  if (failure instanceof SealiftError) return failure;
  if (attempt.hostKeyRefused) return hostKeyError(endpoint, hostKey);
  if (hasLevel(failure, 'client-authentication') || hasLevel(failure, 'agent')) {
    return new SealiftError('E_SSH_AUTH', `the server refuses the key of the account ${endpoint.account}`, {
      hint: `the server must list ${endpoint.key.publicKey.fingerprint} for this account`,
      cause: failure,
    });
  }
  const text = failure instanceof Error && hasLevel(failure, 'handshake') ? failure.message : '';
  // For RSA the server may well hold the key and only offer SHA-1 with it.
  const weakHostKey = text.includes('host key format') && hostKey.publicKey.type === 'ssh-rsa';
  if (text.includes('host key format') && !weakHostKey) return hostKeyError(endpoint, hostKey);
  if (/no matching/i.test(text)) {
    return new SealiftError('E_ALGO', `${endpoint.host}:${endpoint.port} offers no algorithm that is still sound`, {
      hint: 'ask its administrator for curve25519-sha256 and aes128-gcm@openssh.com',
      cause: failure,
    });
  }
  const late = hasLevel(failure, 'client-timeout');
  const within = inSeconds(attempt.patience.connection);
  const why = late ? `handshake and login were not done within ${within}` : 'SSH or SFTP failed';
  return unreachable(endpoint, why, failure ?? cause);
}

function connectOptions(
  endpoint: Endpoint,
  hostKey: HostKey,
  attempt: Attempt,
  { socket }: SshSocket,
): ssh2.ConnectConfig {
  const publicKeyOnly: ssh2.AgentAuthMethod = {
    type: 'agent',
    username: endpoint.account,
    agent: new SshKeyAgent(endpoint.key),
  };
  return {
    sock: socket,
    username: endpoint.account,
    // The list is all that ssh2 ever tries: not even `none`.
    authHandler: [publicKeyOnly],
    algorithms: offeredAlgorithms(hostKey.algorithms),
    hostVerifier: (presented: Buffer): boolean => {
      const same = hostKey.matches(presented);
      attempt.hostKeyRefused ||= !same;
      return same;
    },
    ident: 'sealift',
    readyTimeout: attempt.patience.connection,
    keepaliveInterval: KEEPALIVE_SECONDS * 1000,
  };
}

/** Also after each later exchange of keys. */
function takeOver(client: ssh2.Client, { socket, lendBytes }: SshSocket, use: PayloadUse): void {
  const write: NetworkWrite = (bytes, done) => {
    if (socket.writable) socket.write(bytes, done);
  };
  lendBytes(takeOverCiphers(client, write, use));
}

/** Resolves once the server has let the person in. */
function authenticated(
  client: ssh2.Client,
  options: ssh2.ConnectConfig,
  attempt: Attempt,
  sshSocket: SshSocket,
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.on('error', (error: unknown) => {
      attempt.failure ??= error;
      reject(error);
    });
    client.on('handshake', (negotiated: ssh2.NegotiatedAlgorithms) => {
      try {
        attempt.algorithms ??= checkNegotiated(negotiated, isStrict(client));
        takeOver(client, sshSocket, attempt.use);
      } catch (error) {
        attempt.failure ??= error;
        options.sock?.destroy();
      }
    });
    client.once('ready', resolve);
    client.once('close', () => reject(new Error('the connection was closed')));
    client.connect(options);
  });
}

async function openSftp(
  endpoint: Endpoint,
  hostKey: HostKey,
  sshSocket: SshSocket,
  patience: Patience,
): Promise<Remote> {
  const { socket } = sshSocket;
  const use: PayloadUse = { isOver: false };
  const attempt: Attempt = { patience, use, failure: undefined, hostKeyRefused: false, algorithms: undefined };
  const client = new ssh2.Client();
  const address = socket.remoteAddress ?? endpoint.host;
  try {
    await authenticated(client, connectOptions(endpoint, hostKey, attempt, sshSocket), attempt, sshSocket);
    if (attempt.algorithms === undefined) throw new SealiftError('E_INTERNAL', 'connected without a handshake');
    const open = (): Promise<SftpChannel> => openChannel(client, socket, patience, use);
    const channels = await SftpChannels.open(open);
    socket.once('close', () => channels.closed());
    return new SftpRemote(sessionOf(endpoint, hostKey, address, attempt.algorithms), channels, () => {
      channels.closed();
      return ended(client, socket, patience);
    });
  } catch (cause) {
    socket.destroy();
    throw cause instanceof SealiftError ? cause : explain(endpoint, hostKey, attempt, cause);
  }
}

/** Ends the connection; one that does not end by itself is cut. */
function ended(client: ssh2.Client, socket: Socket, { end }: Patience): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => socket.destroy(), end);
    socket.once('close', () => {
      clearTimeout(late);
      resolve();
    });
    client.end();
  });
}

function sessionOf(
  endpoint: Endpoint,
  hostKey: HostKey,
  address: string,
  algorithms: SessionAlgorithms,
): RemoteSession {
  return {
    host: endpoint.host,
    port: endpoint.port,
    address,
    account: endpoint.account,
    hostKey: hostKey.publicKey.fingerprint,
    sshKey: endpoint.key.publicKey.fingerprint,
    ...algorithms,
  };
}

/**
 * Connects to the server of the instructions.
 *
 * @throws E_HOSTKEY when its host key is not the pinned one, or none is pinned, always before authentication; E_ALGO
 * when it offers no sound algorithm; E_SSH_AUTH when it refuses the key; E_REMOTE for the network, a server that does not answer in time, and the rest.
 */
export async function connect(endpoint: Endpoint, patience: Patience = PATIENCE): Promise<Remote> {
  const hostKey = pinHostKey(endpoint.hostKey);
  return openSftp(endpoint, hostKey, await reach(endpoint, patience), patience);
}
