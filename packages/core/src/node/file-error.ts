/** What the file system said, in our words. */
import { SealiftError } from '../errors.ts';

/** Turns what the file system said into an error that names the path and the next step: E_NOT_FOUND, E_EXISTS, or else E_FILE. */
export function fileError(cause: unknown, doing: string, path: string): SealiftError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (reason === 'ENOENT') {
    return new SealiftError('E_NOT_FOUND', `there is no ${path}`, { hint: 'check the path', cause });
  }
  if (reason === 'EEXIST') {
    return new SealiftError('E_EXISTS', `${path} exists already, and nothing is overwritten`, {
      hint: 'move it away or choose another name',
      cause,
    });
  }
  const hints: Record<string, string> = {
    ENOSPC: 'the disk is full: make room, then run the command again',
    EFBIG: 'a size limit of this system was reached: raise it, then run the command again',
    EMFILE: 'too many files are open: raise the limit (ulimit -n), then run the command again',
    EACCES: "this user may not do that: check the folder's owner and mode",
    EDQUOT: "this user's quota is used up: make room, then run the command again",
    EROFS: 'the file system is read-only',
    EISDIR: 'it is a folder: name a file',
    ENOTDIR: 'a part of the path is a file, not a folder',
    ELOOP: 'a symbolic link stands in the way: remove it',
  };
  return new SealiftError('E_FILE', `${doing} ${path} failed (${reason})`, { hint: hints[reason], cause });
}

/** Whether the file system refused for one of these reasons. */
export function isCode(cause: unknown, ...codes: readonly string[]): boolean {
  return cause instanceof Error && 'code' in cause && codes.some((code) => code === cause.code);
}
