/** Who is told of alerts beside journal and standard error: the file `alerts.json` of the user who runs the purge. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Validator, validateAlertHooks } from '@sealift/schemas';
import { SealiftError } from '../errors.ts';
import { parseJson } from '../json.ts';
import { describeMismatch } from '../mismatch.ts';
import { lookAt, readBounded } from './file.ts';
import { requirePrivateFile } from './identity-file.ts';

const MAX_BYTES = 1 << 16;

/** What is told of alerts; at least one of the two. */
export interface AlertHooks {
  /** A program and its arguments; the alert is its standard input. */
  readonly command?: readonly string[];
  /** An address that the alert is posted to. It may hold a secret, and is never shown whole. */
  readonly webhook?: string;
}

/**
 * Where the hooks are: `$XDG_CONFIG_HOME/sealift/alerts.json` when that is absolute, else below `~/.config`; on Windows below `%APPDATA%`
 * (XDG Base Directory Specification).
 */
export function alertHooksFile(env: Readonly<Record<string, string | undefined>>): string {
  const { XDG_CONFIG_HOME: xdg, APPDATA: roaming } = env;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'sealift', 'alerts.json');
  if (process.platform === 'win32' && roaming !== undefined) return join(roaming, 'sealift', 'alerts.json');
  return join(homedir(), '.config', 'sealift', 'alerts.json');
}

/**
 * Reads the hooks; undefined when there is no such file.
 * @throws E_PERM when others may read it, E_SCHEMA, what `parseJson` throws, E_FILE
 */
export async function readAlertHooks(path: string): Promise<AlertHooks | undefined> {
  if ((await lookAt(path)) === undefined) return undefined;
  await requirePrivateFile(path);
  const { value, place } = parseJson(await readBounded(path, MAX_BYTES), { maxBytes: MAX_BYTES, file: path });
  if (isHooks(value, validateAlertHooks)) return value;
  const { code, message, pointer } = describeMismatch(validateAlertHooks.errors ?? []);
  throw new SealiftError(code, `these are no alert hooks: ${message}`, {
    hint: 'a "command" is a list of words, a "webhook" an address that begins with https://',
    place: place(pointer),
  });
}

/** The schema is the type's definition. */
function isHooks(value: unknown, validate: Validator): value is AlertHooks {
  return validate(value);
}
