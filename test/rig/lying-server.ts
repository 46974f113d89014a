/** A test server that tells lies: the demo's server, but for what it is told to keep back, to alter, or to claim. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Access, Accounts } from '@sealift/demo/accounts';
import { SftpFolder } from '@sealift/demo/sftp-folder';
import { SftpSession } from '@sealift/demo/sftp-session';
import { newSshKeyPair } from '@sealift/demo/ssh-keygen';
import ssh2 from 'ssh2';
import type { Rig, RigAccount } from './rig.ts';

/** A request of SFTP, as the server got it. */
export interface SftpRequest {
  /** Such as `WRITE` (draft-ietf-secsh-filexfer-02 section 3). */
  readonly kind: string;
  readonly id: number;
  /** What was asked: a path or a handle first, then what the kind of request has. */
  readonly asked: readonly unknown[];
  /** Gives answers. */
  readonly sftp: ssh2.SFTPWrapper;
  /** Answers honestly, if need be to another question. */
  readonly honestly: (...asked: readonly unknown[]) => void;
}

/** Where a server falls silent, before any request of SFTP. */
export type Stage = 'greeting' | 'key exchange' | 'authentication' | 'session' | 'SFTP';

/** What a server does that it should not; it may change at any time. */
export interface Lies {
  silentAt?: Stage | undefined;
  /** Called with each request; true when it is to get no honest answer, because it got another, or none. */
  request?: ((request: SftpRequest) => boolean) | undefined;
  /** The ways of authentication that it says it takes, and nobody is let in. */
  ways?: readonly ssh2.AuthenticationType[] | undefined;
  /** Lets in whoever comes this way; of `anonymous`, only that account. */
  letsIn?: 'none' | 'password' | 'anonymous' | undefined;
}

/** A server that lies, and what it saw. */
export interface LyingServer extends Rig {
  readonly lies: Lies;
  /** The ways of authentication that clients tried, in their order. */
  readonly tried: readonly string[];
  /** The requests that clients sent, in their order. */
  readonly requests: readonly Pick<SftpRequest, 'kind' | 'asked'>[];
}

/** Status codes of the protocol (draft-ietf-secsh-filexfer-02 section 7). */
export const STATUS = { ok: 0, endOfFile: 1, noSuchFile: 2, permissionDenied: 3, failure: 4 } as const;

const KINDS: ReadonlySet<string | symbol> = new Set(
  'OPEN READ WRITE CLOSE FSTAT LSTAT STAT MKDIR REMOVE RENAME REALPATH OPENDIR READDIR'.split(' '),
);

class Liar {
  readonly lies: Lies = {};
  readonly tried: string[] = [];
  readonly requests: Pick<SftpRequest, 'kind' | 'asked'>[] = [];
  readonly #accounts = new Accounts();
  readonly #folder: SftpFolder;

  constructor(root: string, accounts: readonly RigAccount[]) {
    this.#folder = new SftpFolder(root);
    for (const account of accounts) this.#accounts.add(account);
  }

  grant(account: string, folder: string, access: Access): void {
    this.#accounts.rightsOf(account).grant(folder, access);
  }

  serve(connection: ssh2.Connection): void {
    let account = '';
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      this.tried.push(context.method);
      if (this.lies.silentAt === 'authentication') return;
      account = context.username;
      const { letsIn } = this.lies;
      const isLetIn = letsIn !== undefined && (context.method === letsIn || account === letsIn);
      if (isLetIn || (this.lies.ways === undefined && this.#accounts.authenticates(context))) context.accept();
      else context.reject([...(this.lies.ways ?? (['publickey'] as const))]);
    });
    // Without somebody who listens, ssh2 refuses.
    if (this.lies.silentAt === 'session') connection.on('tcpip', () => undefined).on('request', () => undefined);
    connection.on('session', (accept) => {
      if (this.lies.silentAt === 'session') return;
      accept().on('sftp', (acceptSftp: () => ssh2.SFTPWrapper) => {
        if (this.lies.silentAt === 'SFTP') return;
        const sftp = acceptSftp();
        new SftpSession(sftp, this.#folder, this.#accounts.rightsOf(account));
        this.#listen(sftp);
      });
    });
  }

  /** Comes before the honest session with every request. */
  #listen(sftp: ssh2.SFTPWrapper): void {
    const emit = sftp.emit.bind(sftp);
    sftp.emit = (event: string | symbol, ...args: unknown[]): boolean => {
      if (!KINDS.has(event)) return emit(event, ...args);
      const [id, ...asked] = args;
      const honestly = (...other: readonly unknown[]): void => void emit(event, id, ...other);
      const request = { kind: String(event), id: Number(id), asked, sftp, honestly };
      this.requests.push({ kind: request.kind, asked });
      return this.lies.request?.(request) === true || emit(event, ...args);
    };
  }
}

/** Starts it; at first it tells no lies. */
export async function startLying({ accounts }: { readonly accounts: readonly RigAccount[] }): Promise<LyingServer> {
  const root = await mkdtemp(join(tmpdir(), 'sealift-lying-'));
  const liar = new Liar(root, accounts);
  const { lies, tried, requests } = liar;
  const hostKey = newSshKeyPair();
  const ssh = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (connection) => liar.serve(connection));
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
    prepareJob: async (job, recipients) => {
      await mkdir(join(root, job, 'out'), { recursive: true });
      for (const { name } of accounts.filter(({ role }) => role === 'operator')) {
        liar.grant(name, `/${job}/out`, 'write');
        liar.grant(name, `/${job}/in`, 'read');
      }
      for (const { fingerprint, account } of recipients) {
        await mkdir(join(root, job, 'in', fingerprint), { recursive: true });
        liar.grant(account, `/${job}/out`, 'read');
        liar.grant(account, `/${job}/in/${fingerprint}`, 'write');
      }
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      // What arrived before the end is still done.
      await rm(root, { recursive: true, force: true, maxRetries: 9 });
    },
  };
}
