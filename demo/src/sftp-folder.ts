/** The folder that the embedded server shows: remote paths to local ones, links resolved before rights are looked up. */

import { realpath } from 'node:fs/promises';
import { basename, dirname, posix, relative, sep } from 'node:path';
import { STATUS, StatusError } from './sftp-protocol.ts';

/** A place inside the folder. */
export interface Place {
  readonly local: string;
  /** Absolute remote path without links, `.` or `..`. */
  readonly remote: string;
}

/** A local folder that the server shows as `/`. */
export class SftpFolder {
  readonly #root: string;

  /** @param root absolute and without symbolic links */
  constructor(root: string) {
    this.#root = root;
  }

  /** The absolute form of a remote path, as REALPATH answers. */
  absolute(path: string): string {
    if (path.includes('\0')) throw new StatusError(STATUS.noSuchFile);
    return posix.resolve('/', path);
  }

  /** Where `path` is, its last name not followed when it is a link. Links in its folders must stay inside. */
  async place(path: string): Promise<Place> {
    const remote = this.absolute(path);
    if (remote === '/') return { local: this.#root, remote };
    const full = `${this.#root}${remote}`;
    const folder = await realpath(dirname(full));
    return this.#inside(folder === sep ? `${sep}${basename(full)}` : `${folder}${sep}${basename(full)}`);
  }

  /** Where `path` leads when links are followed, its last name included. */
  async target(path: string): Promise<Place> {
    return this.#inside(await realpath((await this.place(path)).local));
  }

  #inside(local: string): Place {
    const below = relative(this.#root, local);
    if (below === '..' || below.startsWith(`..${sep}`)) throw new StatusError(STATUS.permissionDenied);
    return { local, remote: `/${below.split(sep).join('/')}` };
  }
}
