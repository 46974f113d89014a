/** What an account sees of the server's files: the whole system, its neighbours' folders, and the socket that its traces go through. */
import { constants } from 'node:fs';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import type ssh2 from 'ssh2';
import { PATIENCE } from '../patience.ts';
import { pathsOf } from '../sealed-statement.ts';
import { type Finding, fail, ok, warn } from './check.ts';
import { unanswered } from './unanswered.ts';

/** Names that only a whole system has. */
const SYSTEM = ['/etc/shadow', '/proc/self', '/etc/ssh/sshd_config', '/C:/Windows'] as const;
/** No file of a job begins with a dot (doc/format.md section 15). */
const PROBE = '.probe';

/**
 * The files of one account over SFTP. What the server refuses is not found; a server that does not answer, or no longer, has not
 * refused anything: each method throws E_REMOTE then.
 */
export class Sight {
  readonly #sftp: ssh2.SFTPWrapper;

  constructor(sftp: ssh2.SFTPWrapper) {
    this.#sftp = sftp;
  }

  /** Opens SFTP; undefined when the account has none. */
  static async open(client: ssh2.Client): Promise<Sight | undefined> {
    const sftp = await answer<ssh2.SFTPWrapper>(
      (done) => client.sftp(done),
      () => true,
    );
    return sftp === undefined ? undefined : new Sight(sftp);
  }

  /** The mode of what lies at a path, links followed. */
  async mode(path: string): Promise<number | undefined> {
    return (await answer<ssh2.Stats>((done) => this.#sftp.stat(path, done)))?.mode;
  }

  /** Whether a folder can be read. */
  async lists(path: string): Promise<boolean> {
    const handle = await answer<Buffer>((done) => this.#sftp.opendir(path, done));
    if (handle === undefined) return false;
    await answer((done) => this.#sftp.close(handle, (error) => done(error, undefined)));
    return true;
  }

  /** Whether a new file can be made in a folder; it is removed again. */
  async writes(folder: string): Promise<boolean> {
    return (await this.clock(folder)) !== undefined;
  }

  /**
   * The server's clock: the time of a file that is made in a folder and removed again; undefined where none can be made. One that a doctor
   * left there who was killed is removed first.
   */
  async clock(folder: string): Promise<Date | undefined> {
    const path = `${folder}/${PROBE}`;
    const handle = (await this.#create(path)) ?? (await this.#createAnew(path));
    if (handle === undefined) return undefined;
    const stats = await answer<ssh2.Stats>((done) => this.#sftp.fstat(handle, done));
    await answer((done) => this.#sftp.close(handle, (error) => done(error, undefined)));
    await this.#remove(path);
    return new Date((stats?.mtime ?? Number.NaN) * 1000);
  }

  #create(path: string): Promise<Buffer | undefined> {
    return answer<Buffer>((done) => this.#sftp.open(path, 'wx', done));
  }

  async #createAnew(path: string): Promise<Buffer | undefined> {
    await this.#remove(path);
    return this.#create(path);
  }

  async #remove(path: string): Promise<void> {
    await answer((done) => this.#sftp.unlink(path, (error) => done(error, undefined)));
  }
}

type Done<T> = (error: Error | undefined | null, value: T) => void;

/** Whether an error is a status that the server sent (draft-ietf-secsh-filexfer-02 section 7). */
const isStatus = (error: Error): boolean => 'code' in error && typeof error.code === 'number';

/** A server's answer to a request; undefined where it refuses. */
function answer<T>(
  request: (done: Done<T>) => unknown,
  isRefusal: (error: Error) => boolean = isStatus,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unanswered()), PATIENCE.look);
    try {
      request((error, value) => {
        clearTimeout(timer);
        if (error === undefined || error === null) resolve(value);
        else if (isRefusal(error)) resolve(undefined);
        else reject(unanswered(error));
      });
    } catch (cause) {
      // ssh2 throws at once where the connection has ended meanwhile.
      clearTimeout(timer);
      reject(unanswered(cause));
    }
  });
}

/** The account is shut into its folder. */
export async function checkFileSystem(sight: Sight): Promise<Finding> {
  for (const path of SYSTEM) {
    if ((await sight.mode(path)) !== undefined) {
      return fail(
        `the account sees the server's own files (${path})`,
        'set "ChrootDirectory" for this account, to a folder that only root may write',
      );
    }
  }
  return ok('the account is shut into its folder');
}

/**
 * Traces of what accounts do are written from inside the folder that they are shut into: OpenSSH's internal-sftp needs a socket of the
 * log there (fault 72). Other servers write theirs elsewhere.
 */
export async function checkServerLog(sight: Sight, software: string): Promise<Finding> {
  if (!software.includes('OpenSSH')) {
    return warn(
      "whether this server logs what accounts do can't be told from outside",
      'let its administrator confirm that logins, reads, writes and deletions are logged for each account',
    );
  }
  const mode = await sight.mode('/dev/log');
  if (mode !== undefined && (mode & constants.S_IFMT) === constants.S_IFSOCK)
    return ok('the log has its socket at /dev/log');
  return fail(
    'there is no socket of the log inside the folder that the account is shut into: nothing is logged of what it does',
    'give the log a socket at dev/log below ChrootDirectory, as "migrate doctor --print-sshd-config" shows',
  );
}

/** Which account looks. */
export interface Looking {
  readonly sight: Sight;
  readonly instructions: VerifiedInstructions;
  readonly account: string;
}

/** Folders that belong to others: their homes; a recipient's own folder; and for recipients, the one that the operators write. */
export async function checkNeighbours({ sight, instructions, account }: Looking): Promise<Finding> {
  const { processor, recipients } = instructions.signed;
  const open: string[] = [];
  for (const other of [...processor.operators, ...recipients]) {
    if (other.account === account) continue;
    for (const home of [`/home/${other.account}`, `/${other.account}`]) if (await sight.lists(home)) open.push(home);
  }
  open.push(...(await foreignFolders({ sight, instructions, account })));
  if (open.length === 0) return ok("others' folders are shut");
  return fail(
    `the account gets into folders of others: ${open.join(', ')}`,
    'give folders the owners, groups and modes that "migrate doctor --print-sshd-config" prints',
  );
}

async function foreignFolders({ sight, instructions, account }: Looking): Promise<string[]> {
  const paths = pathsOf(instructions);
  const isRecipient = instructions.signed.recipients.some((recipient) => recipient.account === account);
  const open: string[] = [];
  if (isRecipient && (await sight.writes(paths.out))) open.push(paths.out);
  for (const [fingerprint, { entry }] of instructions.recipients) {
    if (entry.account === account) continue;
    const folder = paths.inFolder(fingerprint);
    // Operators read what recipients put there; nobody else does, and nobody else writes.
    if ((isRecipient && (await sight.lists(folder))) || (await sight.writes(folder))) open.push(folder);
  }
  return open;
}
