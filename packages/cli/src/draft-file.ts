/** Files of instructions, signed or not. */
import { readBounded } from '@sealift/core/node';
import { type Draft, readDraft } from '@sealift/core/signing';

const MAX_BYTES = 1024 * 1024;

/** Reads instructions, a draft included. Throws `E_NOT_FOUND`, `E_FILE` and what reading a draft throws. */
export async function readDraftFile(path: string): Promise<Draft> {
  return readDraft(await readBounded(path, MAX_BYTES), path);
}
