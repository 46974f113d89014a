/**
 * A lock that at most one process holds, and that a dead process can't keep: a file with the holder's process id, taken by
 * an atomic link.
 */
import { link, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { SealiftError } from '../errors.ts';
import { fileError } from './file.ts';

/** Breaking a dead holder's lock takes microseconds; a break mark older than this was left by a crash. */
const BREAK_MARK_MS = 10_000;

/** A lock that is held until {@link release}. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a folder.
 * @throws E_LOCKED when a living process holds it, E_FILE
 */
export async function takeLock(folder: string): Promise<Lock> {
  const path = join(folder, 'lock');
  const own = join(folder, `.lock-${process.pid}-${crypto.randomUUID()}`);
  try {
    await writeFile(own, `${process.pid} ${await startOf(process.pid)} ${hostname()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw fileError(cause, 'locking', folder);
  }
  try {
    if (!(await tryLink(own, path))) {
      await breakIfDead(folder, path);
      if (!(await tryLink(own, path))) throw locked(folder);
    }
  } finally {
    await unlink(own);
  }
  return { release: () => unlink(path) };
}

async function tryLink(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw fileError(cause, 'locking', path);
  }
}

/** Removes the lock of a dead process. The break mark makes sure that nobody removes a lock taken meanwhile. */
async function breakIfDead(folder: string, path: string): Promise<void> {
  const mark = join(folder, '.lock-break');
  await removeOld(mark);
  try {
    await writeFile(mark, '', { flag: 'wx' });
  } catch {
    throw locked(folder);
  }
  try {
    if (!(await isAlive(path))) await unlink(path).catch(() => undefined);
  } finally {
    await unlink(mark).catch(() => undefined);
  }
}

async function removeOld(mark: string): Promise<void> {
  const age = await stat(mark).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > BREAK_MARK_MS) await unlink(mark).catch(() => undefined);
}

async function isAlive(path: string): Promise<boolean> {
  const [pid, start, host] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
  if (pid === undefined || !/^\d+$/.test(pid)) return false;
  if (host !== hostname()) return true; // another machine on a shared disk: only a person can tell
  try {
    process.kill(Number(pid), 0);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return false;
  }
  return (await startOf(Number(pid))) === start; // the number may belong to a younger process by now
}

/** When a process started, in the kernel's ticks (proc(5), field 22); a constant where that can't be read. */
async function startOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}

function locked(folder: string): SealiftError {
  return new SealiftError('E_LOCKED', `another migrate process works on ${folder}`, {
    hint: 'wait until it has ended, then run the command again',
  });
}
