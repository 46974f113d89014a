/** Servers that say that something was done, and it was not. */

import { SealiftError } from '@sealift/core';
import type { RemotePath } from './remote-path.ts';

/** The error for what a server claims to have done. */
export function notDone(what: string, path: RemotePath): SealiftError {
  return new SealiftError('E_REMOTE', `can't ${what} ${path}: the server said that it was done, and it was not`, {
    hint: 'the server is faulty, or means harm; tell its administrator before the command is run again',
  });
}
