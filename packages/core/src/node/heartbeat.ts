/** The sign of life of the purge that runs by itself: its silence is an alert as well (F24, fault 64). */
import { join } from 'node:path';
import { SealiftError } from '../errors.ts';
import { isUtcTime, type UtcTime } from '../ids.ts';
import { parseJson } from '../json.ts';
import { encodeUtf8 } from '../utf8.ts';
import { lookAt, readBounded } from './file.ts';
import { replaceFile } from './temporary-file.ts';

const FILE = 'purge-heartbeat.json';
const MAX_BYTES = 4096;

/** The last run of `migrate purge --all` over a workspace. */
export interface Heartbeat {
  /** When it ended, by this machine's clock. */
  readonly time: UtcTime;
  /** Jobs that it looked at. */
  readonly jobs: number;
  /** Those of them that need a person. */
  readonly failed: number;
}

/** Writes the sign of life into a workspace. @throws E_FILE, E_NOT_FOUND when there is no such folder */
export async function writeHeartbeat(workspace: string, { time, jobs, failed }: Heartbeat): Promise<void> {
  await replaceFile(join(workspace, FILE), encodeUtf8(`${JSON.stringify({ time, jobs, failed })}\n`), 0o644);
}

/** The last sign of life in a workspace; undefined when there never was one. @throws E_SCHEMA when it is none, E_FILE */
export async function readHeartbeat(workspace: string): Promise<Heartbeat | undefined> {
  const path = join(workspace, FILE);
  if ((await lookAt(path)) === undefined) return undefined;
  const bytes = await readBounded(path, MAX_BYTES);
  const { value }: { value: unknown } = parseJson(bytes, { maxBytes: MAX_BYTES, file: path });
  const { time, jobs, failed }: Record<string, unknown> = typeof value === 'object' ? { ...value } : {};
  if (typeof time === 'string' && isUtcTime(time) && typeof jobs === 'number' && typeof failed === 'number') {
    return { time, jobs, failed };
  }
  throw new SealiftError('E_SCHEMA', 'this is not the heartbeat of a purge', {
    hint: 'delete it; the next "migrate purge --all" writes it anew',
    place: { file: path },
  });
}
