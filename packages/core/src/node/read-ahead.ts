/** Reads of a file that happen while the caller works on what was read before. */
import { open } from 'node:fs/promises';
import { SealiftError } from '../errors.ts';
import { closeAfterReading } from './file.ts';
import { fileError } from './file-error.ts';

/** Fewer and larger reads than a stream's: every one wakes another thread. */
const PIECE = 1 << 20;

/**
 * The bytes of a file, in pieces of up to 1 MiB. A piece is overwritten once the next is asked for: copy what must stay.
 * @throws E_NOT_FOUND, E_FILE
 */
export async function* readAhead(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(path, 'r').catch((cause: unknown) => Promise.reject(fileError(cause, 'opening', path)));
  let reading: Promise<Uint8Array> | undefined;
  const read = async (into: Uint8Array): Promise<Uint8Array> => {
    const { bytesRead } = await handle.read(into, 0, into.length, null);
    return into.subarray(0, bytesRead);
  };
  const begin = (into: Uint8Array): Promise<Uint8Array> => {
    reading = read(into);
    // Whoever awaits it hears of a failure; until then it must not count as unhandled.
    reading.catch(() => undefined);
    return reading;
  };
  let [next, spare] = [new Uint8Array(PIECE), new Uint8Array(PIECE)];
  try {
    let piece = await begin(next);
    while (piece.length > 0) {
      const following = begin(spare);
      yield piece;
      [next, spare] = [spare, next];
      piece = await following;
    }
  } catch (cause) {
    throw cause instanceof SealiftError ? cause : fileError(cause, 'reading', path);
  } finally {
    await reading?.catch(() => undefined);
    next.fill(0);
    spare.fill(0);
    await closeAfterReading(handle);
  }
}
