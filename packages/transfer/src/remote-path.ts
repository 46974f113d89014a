/**
 * Names on the server, fixed by the format: `<folder>/<job>/out/<name>` and `<folder>/<job>/in/<recipient>/<name>`.
 * They are built from constants and validated words alone; nothing that a server lists is ever joined to a path.
 */

import { SealiftError } from '@sealift/core';

declare const checked: unique symbol;

/** An absolute path on the server that this file built. */
export type RemotePath = string & { readonly [checked]: true };

/** The paths of one job on the server. */
export interface JobPaths {
  readonly job: RemotePath;
  /** Written by the operators, read by the recipients. */
  readonly out: RemotePath;
  /** Holds one folder for each recipient. */
  readonly in: RemotePath;
  /** A sealed file for the recipients. @throws E_REMOTE for any other name than `<dataset>.csv.sealed` and the like. */
  outFile(name: string): RemotePath;
  /** The folder that this recipient alone writes. @throws E_REMOTE when it is not a fingerprint. */
  inFolder(recipient: string): RemotePath;
  /** A sealed statement of this recipient. @throws E_REMOTE as {@link outFile} and {@link inFolder}. */
  inFile(recipient: string, name: string): RemotePath;
}

const DEVICE = '(?:con|prn|aux|nul|com[0-9]|lpt[0-9])';
const FOLDER = /^(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\/?$/;
const JOB = new RegExp(`^(?!${DEVICE}$)[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$`);
const FINGERPRINT = /^[a-z2-7]{51}[aq]$/;
const NAME = new RegExp(`^(?!${DEVICE}\\.)[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\\.(?:csv|json)\\.sealed$`);
const PATH = /^(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+(?:\/\.clock)?$/;

/** The ending of a file that is not complete yet. */
const PART = '.part';
/** The file whose time is the server's clock. No file of a job begins with a dot. */
const CLOCK = '.clock';

function isRemotePath(path: string): path is RemotePath {
  return PATH.test(path);
}

function remotePath(path: string): RemotePath {
  if (!isRemotePath(path)) throw new SealiftError('E_INTERNAL', 'a remote path was built from unchecked words');
  return path;
}

function check(word: string, pattern: RegExp, what: string): string {
  if (!pattern.test(word)) {
    throw new SealiftError('E_REMOTE', `not a ${what} that may stand in a path on the server`, {
      hint: 'remote names are fixed by the format; see doc/format.md',
    });
  }
  return word;
}

/**
 * The paths of a job below the folder that the instructions name.
 *
 * @param folder absolute; a trailing slash does not count, `/` is the account's root
 * @throws E_REMOTE when the folder or the job id holds anything else than the format allows.
 */
export function jobPaths(folder: string, job: string): JobPaths {
  if (folder === '') check(folder, /./, 'folder');
  const base = check(folder, FOLDER, 'folder').replace(/\/$/, '');
  const root = `${base}/${check(job, JOB, 'job id')}`;
  const inFolder = (recipient: string) => `${root}/in/${check(recipient, FINGERPRINT, 'fingerprint')}`;
  const file = (name: string) => check(name, NAME, 'file name');
  return {
    job: remotePath(root),
    out: remotePath(`${root}/out`),
    in: remotePath(`${root}/in`),
    outFile: (name) => remotePath(`${root}/out/${file(name)}`),
    inFolder: (recipient) => remotePath(inFolder(recipient)),
    inFile: (recipient, name) => remotePath(`${inFolder(recipient)}/${file(name)}`),
  };
}

/**
 * The name under which `path` is written before it is complete.
 * @param digest SHA-256 of what it will hold, `sha256:` before 64 digits, where the journal records it: the name has the digits in it,
 * so that whoever writes there writes the same. Without it, all who write `path` write to one name.
 */
export function partOf(path: RemotePath, digest?: string): RemotePath {
  return remotePath(digest === undefined ? `${path}${PART}` : `${path}.${digest.replace(/^sha256:/, '')}${PART}`);
}

/** Whether all who write `path` write to `part`, which has no digest in its name. */
export function isShared(part: RemotePath, path: RemotePath): boolean {
  return part.length === path.length + PART.length;
}

/** The file in a folder that is made for the server's clock, and removed again. */
export function clockOf(folder: RemotePath): RemotePath {
  return remotePath(`${folder}/${CLOCK}`);
}
