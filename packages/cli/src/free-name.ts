import { SealiftError } from '@sealift/core';
import { lookAt } from '@sealift/core/node';

/**
 * Requires that nothing stands under a path, before a passphrase is asked for or anything is written. (Writing refuses again.)
 * @throws E_EXISTS
 */
export async function requireFree(path: string): Promise<void> {
  if ((await lookAt(path)) === undefined) return;
  throw new SealiftError('E_EXISTS', `${path} exists already, and nothing is overwritten`, {
    hint: 'move it away or choose another name',
  });
}
