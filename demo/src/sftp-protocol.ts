/** Values of SFTP version 3 and their counterparts here (draft-ietf-secsh-filexfer-02 §5–7). */

import { constants, type Stats } from 'node:fs';
import ssh2, { type Attributes } from 'ssh2';

/** What the client asks of OPEN. */
export const MODE: typeof ssh2.utils.sftp.OPEN_MODE = ssh2.utils.sftp.OPEN_MODE;

/** A refusal with the SFTP status that it is reported as. */
export class StatusError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** SFTP version 3 status codes. */
export const STATUS = { ok: 0, endOfFile: 1, noSuchFile: 2, permissionDenied: 3, failure: 4, unsupported: 8 } as const;

/** Attributes as the protocol gives them: times in whole seconds. */
export function attributes(stats: Stats): Attributes {
  const { mode, uid, gid, size } = stats;
  return { mode, uid, gid, size, atime: Math.floor(stats.atimeMs / 1000), mtime: Math.floor(stats.mtimeMs / 1000) };
}

/** The status that reports an error; the error's text stays here. */
export function statusOf(error: unknown): number {
  if (error instanceof StatusError) return error.status;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return STATUS.noSuchFile;
  return code === 'EACCES' || code === 'EPERM' ? STATUS.permissionDenied : STATUS.failure;
}

/** Flags of open(2) for those of the protocol. A symbolic link is never followed. */
export function openFlags(requested: number): number {
  const writes = (requested & (MODE.WRITE | MODE.APPEND)) !== 0;
  const reads = (requested & MODE.READ) !== 0;
  let flags = writes ? (reads ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  if ((requested & MODE.APPEND) !== 0) flags |= constants.O_APPEND;
  if ((requested & MODE.CREAT) !== 0) flags |= constants.O_CREAT;
  if ((requested & MODE.TRUNC) !== 0) flags |= constants.O_TRUNC;
  if ((requested & MODE.EXCL) !== 0) flags |= constants.O_EXCL;
  return flags | (constants.O_NOFOLLOW ?? 0);
}
