/** A test server that tells lies: the demo's server, but for what it is told to keep back, to alter, or to claim. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from '@sealift/demo/accounts';
import { SftpFolder } from '@sealift/demo/sftp-folder';
import { SftpSession } from '@sealift/demo/sftp-session';
import { newSshKeyPair } from '@sealift/demo/ssh-keygen';
import ssh2 from 'ssh2';
import type { Rig, RigAccount, RigRecipient } from './rig.ts';

/** A request of SFTP, as the server got it. */
export interface SftpRequest {
  /** Such as `WRITE` (draft-ietf-secsh-filexfer-02 section 3). */
  readonly kind: string;
  readonly id: number;
  /** What was asked: a path or a handle first, then what the kind of request has. */
  readonly asked: readonly unknown[];
  /** Answers may be given by it, and its answers altered. */
  readonly sftp: ssh2.SFTPWrapper;
}

/** Where a server falls silent, before any request of SFTP. */
export type Silence = 'greeting' | 'key exchange' | 'authentication' | 'session' | 'SFTP';

/** What a server does that it should not; it may change at any time. */
export interface Lies {
  silentAt?: Silence | undefined;
  /** Called with each request; true when it needs no honest answer, because there was another, or is to be none. */
  request?: ((request: SftpRequest) => boolean) | undefined;
  /** The ways of authentication that it says it takes. */
  ways?: readonly string[] | undefined;
}

/** A server that lies, and what it saw. */
export interface LyingServer extends Rig {
  readonly lies: Lies;
  /** The ways of authentication that clients tried, in their order. */
  readonly tried: readonly string[];
  /** The requests that clients sent, in their order, with the path where they have one. */
  readonly requests: readonly { readonly kind: string; readonly path?: string }[];
}

/** Status codes of the protocol that lies are told by. */
export const STATUS = { ok: 0, endOfFile: 1, noSuchFile: 2, permissionDenied: 3, failure: 4 } as const;

const KINDS = new Set('OPEN READ WRITE CLOSE FSTAT LSTAT STAT MKDIR REMOVE RENAME REALPATH OPENDIR READDIR'.split(' '));

/** Starts it; at first it tells no lies. */
export async function startLying({ accounts }: { readonly accounts: readonly RigAccount[] }): Promise<LyingServer> {
  const root = await mkdtemp(join(tmpdir(), 'sealift-lying-'));
  const known = new Accounts();
  for (const account of accounts) {
    known.add(account);
    known.rightsOf(account.name).grant('/', 'write');
  }
  const [lies, tried, requests]: [Lies, string[], { kind: string; path?: string }[]] = [{}, [], []];
  const listen = (sftp: ssh2.SFTPWrapper): void => {
    const emit = sftp.emit.bind(sftp);
    sftp.emit = (event: string | symbol, ...args: unknown[]): boolean => {
      if (typeof event !== 'string' || !KINDS.has(event)) return emit(event, ...args);
      const [id, ...asked] = args;
      requests.push({ kind: event, ...(typeof asked[0] === 'string' ? { path: asked[0] } : {}) });
      return lies.request?.({ kind: event, id: Number(id), asked, sftp }) === true || emit(event, ...args);
    };
  };
  const hostKey = newSshKeyPair();
  const ssh = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (connection) => {
    let account = '';
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      tried.push(context.method);
      if (lies.silentAt === 'authentication') return;
      account = context.username;
      if (lies.ways === undefined && known.authenticates(context)) context.accept();
      else context.reject([...(lies.ways ?? ['publickey'])] as ssh2.AuthenticationType[]);
    });
    connection.on('session', (accept) => {
      if (lies.silentAt === 'session') return;
      accept().on('sftp', (acceptSftp: () => ssh2.SFTPWrapper) => {
        if (lies.silentAt === 'SFTP') return undefined;
        const sftp = acceptSftp();
        listen(sftp);
        return new SftpSession(sftp, new SftpFolder(root), known.rightsOf(account));
      });
    });
  });
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (lies.silentAt === 'greeting') return;
    if (lies.silentAt === 'key exchange') socket.write('SSH-2.0-silent\r\n');
    else ssh.injectSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ host: '127.0.0.1', port, hostKey: hostKey.publicKey, folder: '/', root, lies, tried, requests },
    prepareJob: async (job: string, recipients: readonly RigRecipient[]) => {
      await mkdir(join(root, job, 'out'), { recursive: true });
      for (const { fingerprint } of recipients) await mkdir(join(root, job, 'in', fingerprint), { recursive: true });
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await rm(root, { recursive: true, force: true });
    },
  };
}
