/**
 * What a stranger can do at the server's door. A server says which ways of authentication are open when `none` is asked for
 * (RFC 4252 §5.2), which no server counts as a failure: so that nobody's account is locked, no password is sent to an account that exists,
 * and none at all to a server that takes none.
 */
import { randomBytes } from 'node:crypto';
import { SealiftError } from '@sealift/core';
import ssh2 from 'ssh2';
import { offeredAlgorithms } from '../algorithms.ts';
import type { HostKey } from '../host-key.ts';
import { PATIENCE } from '../patience.ts';
import { type Finding, fail, ok, warn } from './check.ts';

/** Where, and whose host key it must be. */
export interface Door {
  readonly host: string;
  readonly port: number;
  readonly hostKey: HostKey;
}

/** What the door answered. */
export interface DoorAnswer {
  readonly hostKeyMatches: boolean;
  /** The way by which a stranger was let in; undefined when nobody was. */
  readonly letIn?: 'none' | 'password';
  /** The ways that the server says are open; undefined when it said nothing. */
  readonly open?: readonly string[];
}

/**
 * Knocks as `account` with nothing. Only with `guess`, and only where the server says that it takes passwords, one random password is
 * tried as well.
 * @throws E_REMOTE when the connection breaks, or so many milliseconds pass, before the server has answered: that is no answer
 */
export function knock(
  { host, port, hostKey }: Door,
  account: string,
  guess: boolean,
  wait: number = PATIENCE.knock,
): Promise<DoorAnswer> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let hostKeyMatches: boolean | undefined;
    let open: readonly string[] | undefined;
    let tried: 'none' | 'password' = 'none';
    const end = (letIn?: 'none' | 'password') => {
      client.removeAllListeners('error').on('error', () => undefined);
      client.end();
      if (hostKeyMatches === undefined) return reject(brokeOff({ host, port }));
      resolve({
        hostKeyMatches,
        ...(letIn === undefined ? {} : { letIn }),
        ...(open === undefined ? {} : { open }),
      });
    };
    client
      .on('ready', () => end(tried))
      .on('error', (cause) => {
        if (isBrokenOff(cause)) reject(brokeOff({ host, port }, cause));
        end();
      })
      .on('close', () => end());
    client.connect({
      ...strangerOptions({ host, port, hostKey }, account),
      readyTimeout: wait,
      hostVerifier: (key: Buffer): boolean => {
        hostKeyMatches = hostKey.matches(key);
        return hostKeyMatches;
      },
      authHandler: (left, _partial, next) => {
        const answered: unknown = left;
        if (!Array.isArray(answered)) return next({ type: 'none', username: account });
        open ??= answered.map(String);
        if (!guess || tried === 'password' || !open.includes('password')) return end();
        tried = 'password';
        return next({ type: 'password', username: account, password: randomBytes(16).toString('hex') });
      },
    });
  });
}

/** Whether the network, or our patience, and not the server, ended a connection. */
function isBrokenOff(cause: Error): boolean {
  return 'level' in cause && (cause.level === 'client-socket' || cause.level === 'client-timeout');
}

/** The error of a connection that was broken off. */
export function brokeOff({ host, port }: Pick<Door, 'host' | 'port'>, cause?: Error): SealiftError {
  return new SealiftError(
    'E_REMOTE',
    `the connection to ${host}:${port} was broken off while the server was looked at`,
    {
      hint: 'run the command again',
      cause,
    },
  );
}

function strangerOptions({ host, port, hostKey }: Door, username: string): ssh2.ConnectConfig {
  return {
    host,
    port,
    username,
    ident: 'sealift',
    algorithms: offeredAlgorithms(hostKey.algorithms),
  };
}

const KEYS_ONLY =
  'set "AuthenticationMethods publickey" and "PasswordAuthentication no", and lift them in no Match block';

/** Nothing is needed to log in as a named account. */
export function checkNone({ letIn, open }: DoorAnswer): Finding {
  if (letIn === 'none') return fail('the account is open without any proof', KEYS_ONLY);
  return ok(`refused; the server asks for ${open?.join(', ') ?? 'something else'}`);
}

/** Passwords, or answers typed at prompts, are taken from a named account. */
export function checkWay(way: 'password' | 'keyboard-interactive', { open }: DoorAnswer): Finding {
  if (open?.includes(way)) {
    return fail(`the server takes ${way === 'password' ? 'passwords' : 'answers typed at a prompt'}`, KEYS_ONLY);
  }
  if (open === undefined) {
    return warn('the server did not say what it takes', 'let its administrator confirm that it takes keys alone');
  }
  return ok('not offered');
}

/** Somebody without a name gets in. */
export function checkAnonymous({ letIn }: DoorAnswer): Finding {
  if (letIn !== undefined) {
    return fail(
      `"anonymous" is let in with ${letIn === 'none' ? 'no proof at all' : 'any password'}`,
      'remove that account, or the anonymous access of the server: it is open to everybody',
    );
  }
  return ok('refused');
}
