/** What an account can do beside moving files: a shell, a command, and the network behind the server. */
import type ssh2 from 'ssh2';
import { PATIENCE } from '../patience.ts';
import { type Finding, fail, ok } from './check.ts';
import { unanswered } from './unanswered.ts';

/** How long a channel that was opened may stay so, before it counts as open. */
const OPEN_MS = 3000;
/** A shell computes it; a program that only echoes, or that waits for SFTP packets, does not. */
const QUESTION = 'echo sealift-$((40+2))-probe';
const ANSWER = 'sealift-42-probe';
const SFTP_ONLY = 'set "ForceCommand internal-sftp" (or the SFTP subsystem alone) for this account';
const NO_FORWARDING = 'set "DisableForwarding yes" for this account';
/** RFC 4254 §5.1: forwarding is allowed, but nothing listened there. */
const CONNECT_FAILED = 2;

/** A shell opens. @throws E_REMOTE, like each of these, when the server does not answer within so many milliseconds */
export async function checkShell(client: ssh2.Client, wait: number = PATIENCE.look): Promise<Finding> {
  const seen = await ask((done) => client.shell(false, done), `${QUESTION}\n`, wait);
  return judge(seen, 'a shell');
}

/** A command is run. */
export async function checkExec(client: ssh2.Client, wait: number = PATIENCE.look): Promise<Finding> {
  const seen = await ask((done) => client.exec(QUESTION, done), '', wait);
  return judge(seen, 'a command');
}

type Seen = 'refused' | 'closed' | 'answered' | 'open';

function judge(seen: Seen, what: string): Finding {
  if (seen === 'answered') return fail(`${what} runs on the server`, SFTP_ONLY);
  if (seen === 'open') return fail(`${what} is opened, and stays open`, SFTP_ONLY);
  return ok(seen === 'refused' ? 'refused' : 'ended at once, and ran nothing');
}

type OnChannel = (error: Error | undefined, channel: ssh2.ClientChannel) => void;

function ask(open: (done: OnChannel) => void, question: string, wait: number): Promise<Seen> {
  return new Promise((resolve, reject) => {
    let said = '';
    let timer = setTimeout(() => reject(unanswered()), wait);
    const end = (seen: Seen) => {
      clearTimeout(timer);
      resolve(said.includes(ANSWER) ? 'answered' : seen);
    };
    attempt(
      () =>
        open((error, channel) => {
          if (error !== undefined) return end('refused');
          clearTimeout(timer);
          timer = setTimeout(end, OPEN_MS, 'open');
          channel.on('data', (piece: Buffer) => {
            said += piece.toString('latin1');
            if (said.includes(ANSWER)) end('answered');
          });
          channel.stderr.resume();
          channel.on('error', () => undefined).once('close', () => end('closed'));
          channel.end(question);
        }),
      () => end('refused'),
    );
  });
}

/** ssh2 throws at once where the connection has ended meanwhile. */
function attempt(action: () => unknown, otherwise: () => void): void {
  try {
    action();
  } catch {
    otherwise();
  }
}

/**
 * The account reaches other machines, or sockets of the server, through it. The targets are the server's own SSH port and its message
 * bus, and nothing is said to either.
 */
export async function checkForwarding(
  client: ssh2.Client,
  port: number,
  wait: number = PATIENCE.look,
): Promise<Finding> {
  const tcp = await forward((done) => client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, done), wait);
  const socket = await forward(
    (done) => client.openssh_forwardOutStreamLocal('/run/dbus/system_bus_socket', done),
    wait,
  );
  const allowed = [
    ...(tcp === 'opened' || tcp === 'not reached' ? ['TCP connections'] : []),
    // For sockets OpenSSH gives the same answer whether it refuses, or nothing listens there.
    ...(socket === 'opened' ? ['connections to sockets'] : []),
  ];
  return allowed.length === 0 ? ok('refused') : fail(`the server forwards ${allowed.join(' and ')}`, NO_FORWARDING);
}

function forward(open: (done: OnChannel) => void, wait: number): Promise<'opened' | 'not reached' | 'refused'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unanswered()), wait);
    const end = (seen: 'opened' | 'not reached' | 'refused') => {
      clearTimeout(timer);
      resolve(seen);
    };
    attempt(
      () =>
        open((error, channel) => {
          if (error !== undefined) {
            return end('reason' in error && error.reason === CONNECT_FAILED ? 'not reached' : 'refused');
          }
          channel.on('error', () => undefined).destroy();
          end('opened');
        }),
      () => end('refused'),
    );
  });
}

/** The server listens for the account. What it was asked to open is closed at once. */
export function checkReverseForwarding(client: ssh2.Client, wait: number = PATIENCE.look): Promise<Finding> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unanswered()), wait);
    const refused = () => {
      clearTimeout(timer);
      resolve(ok('refused'));
    };
    attempt(
      () =>
        client.forwardIn('127.0.0.1', 0, (error, port) => {
          clearTimeout(timer);
          if (error !== undefined) return refused();
          attempt(
            () => client.unforwardIn('127.0.0.1', port),
            () => undefined,
          );
          resolve(fail('the server opens a port of its own for the account', NO_FORWARDING));
        }),
      refused,
    );
  });
}
