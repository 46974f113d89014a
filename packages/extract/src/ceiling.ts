import { SealiftError } from '@sealift/core';
import type { Ceiling } from '@sealift/core/dataset';

/**
 * Checks what has been written against the most that may leave; called before any of it is handed over.
 * @throws SealiftError `E_CEILING` when there are more rows, or more bytes of plaintext, than the instructions allow.
 */
export function requireBelowCeiling(ceiling: Ceiling, rows: number, bytes: number): void {
  if (ceiling.rows !== undefined && rows > ceiling.rows) throw overCeiling(`${ceiling.rows} rows`);
  if (ceiling.bytes !== undefined && bytes > ceiling.bytes) throw overCeiling(`${ceiling.bytes} bytes`);
}

function overCeiling(most: string): SealiftError {
  return new SealiftError('E_CEILING', `more than ${most} would leave, which is the ceiling of the instructions`, {
    hint: 'check the window and the source; the laboratory has to sign a higher ceiling if that many are right',
  });
}
