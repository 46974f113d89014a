/** Local files that are not what the journal says. */

import { SealiftError } from '@sealift/core';

/** The error for a local file that is not the recorded one. */
export function notRecorded(name: string): SealiftError {
  return new SealiftError('E_MISMATCH', `${name} is not the file that the extraction recorded`, {
    hint: 'it was not delivered; restore it from a backup, or ask the laboratory for instructions with a new job id',
  });
}
