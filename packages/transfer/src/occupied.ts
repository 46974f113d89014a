/** Names on the server that something else has. */

import { SealiftError } from '@sealift/core';
import type { RemotePath } from './remote-path.ts';

/** The error for a name that something else has. */
export function occupied(path: RemotePath, by: string): SealiftError {
  return new SealiftError('E_EXISTS', `${path} exists on the server and is ${by}`, {
    hint: 'nothing on the server is overwritten; look at it there, and move it away if it may go',
  });
}
