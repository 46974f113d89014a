/** What every test server offers, whether it is the embedded one or OpenSSH. */

/** An account of a test server. Operators share the right to write `out`; recipients write their own `in` folder. */
export interface RigAccount {
  /** As in /etc/passwd: lower case, at most 32 characters. */
  readonly name: string;
  /** The OpenSSH public key line that may log in. */
  readonly publicKey: string;
  readonly role: 'operator' | 'recipient';
}

/** A recipient of a job and the account whose folder it is. */
export interface RigRecipient {
  readonly fingerprint: string;
  readonly account: string;
}

/** A running test server with the folders and rights of design §7. */
export interface Rig {
  readonly host: string;
  readonly port: number;
  /** The server's public host key line. */
  readonly hostKey: string;
  /** The remote folder for the instructions' endpoint; jobs lie below it. */
  readonly folder: string;
  /** The local folder that {@link folder} shows. */
  readonly root: string;
  /** Makes `<job>/out` and `<job>/in/<fingerprint>` with their rights. */
  prepareJob(job: string, recipients: readonly RigRecipient[]): Promise<void>;
  /** Ends the server and deletes its files. */
  stop(): Promise<void>;
}
