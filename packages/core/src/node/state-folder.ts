/**
 * The user's state folder, where trust and the replay ledger live: outside every workspace, so that no option can replace them
 * (XDG Base Directory Specification).
 */
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileError } from './file-error.ts';

/** `$XDG_STATE_HOME/sealift` when that is absolute, else `~/.local/state/sealift`; on Windows below `%LOCALAPPDATA%`. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>): string {
  const xdg = env['XDG_STATE_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'sealift');
  const local = env['LOCALAPPDATA'];
  if (process.platform === 'win32' && local !== undefined) return join(local, 'sealift');
  return join(homedir(), '.local', 'state', 'sealift');
}

/** Makes a folder that only this user may enter, if it isn't there. @throws E_FILE */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw fileError(cause, 'making', path);
  }
}
