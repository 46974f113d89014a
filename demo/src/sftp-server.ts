/** The embedded SFTP server of the demo and the tests: loopback only, public keys only, real files in one folder. */

import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import ssh2, { type Algorithms, type Connection } from 'ssh2';
import { type Access, type Account, Accounts, type Rights } from './accounts.ts';
import { SftpFolder } from './sftp-folder.ts';
import { SftpSession } from './sftp-session.ts';
import { newSshKeyPair, type SshKeyPair } from './ssh-keygen.ts';

/** What to serve and to whom. */
export interface SftpServerOptions {
  /** An existing local folder, shown as `/`. */
  readonly root: string;
  readonly accounts: readonly Account[];
  /** The server's host key; a new one when absent. */
  readonly hostKey?: SshKeyPair | undefined;
}

/** A running server. */
export interface SftpServer {
  readonly host: string;
  readonly port: number;
  /** The public host key, an OpenSSH public key line. */
  readonly hostKey: string;
  /** Lets an account use an absolute remote folder and all below it; accounts begin with no rights. */
  grant(account: string, folder: string, access: Access): void;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

const ALGORITHMS: Algorithms = {
  kex: ['curve25519-sha256', 'ecdh-sha2-nistp256'],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'],
  hmac: ['hmac-sha2-256-etm@openssh.com'],
  compress: ['none'],
};

function serveSessions(connection: Connection, folder: SftpFolder, rights: Rights): void {
  connection.on('session', (acceptSession) => {
    const session = acceptSession();
    session.on('sftp', (acceptSftp: () => ssh2.SFTPWrapper) => new SftpSession(acceptSftp(), folder, rights));
  });
}

function serveConnection(connection: Connection, folder: SftpFolder, accounts: Accounts): void {
  let account: string | undefined;
  connection.on('authentication', (context) => {
    if (accounts.authenticates(context)) {
      account = context.username;
      context.accept();
    } else {
      context.reject(['publickey']);
    }
  });
  connection.on('ready', () => {
    if (account !== undefined) serveSessions(connection, folder, accounts.rightsOf(account));
  });
  // A client that goes away in the middle is not the server's fault.
  connection.on('error', () => undefined);
}

/** Starts a server on a free port of the loopback interface. */
export async function startSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  const folder = new SftpFolder(await realpath(options.root));
  const accounts = new Accounts();
  for (const account of options.accounts) accounts.add(account);
  const hostKey = options.hostKey ?? newSshKeyPair();
  const connections = new Set<Connection>();
  const ssh = new ssh2.Server({ hostKeys: [hostKey.privateKey], algorithms: ALGORITHMS }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    serveConnection(connection, folder, accounts);
  });
  // An answer is small: Nagle's algorithm would hold each back for 40 ms.
  const server = createServer({ noDelay: true }, (socket) => ssh.injectSocket(socket));
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    host: LOOPBACK,
    port: address.port,
    hostKey: hostKey.publicKey,
    grant: (account, path, access) => accounts.rightsOf(account).grant(path, access),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const connection of connections) connection.end();
      await closed;
    },
  };
}
