/**
 * A lock that at most one process holds, and that a dead process can't keep: a file with the holder's process id, taken by
 * an atomic link.
 */
import { link, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SealiftError } from '../errors.ts';
import { fileError, isCode } from './file.ts';

/** Breaking a dead holder's lock takes microseconds; a break mark older than this was left by a crash. */
const BREAK_MARK_MS = 10_000;

const PATIENCE_MS = 5_000;

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
  return { release: () => unlink(path).catch(() => undefined) };
}

/**
 * Does something under the lock of a folder, waiting for it a while: for work of milliseconds.
 * @throws E_LOCKED when it stays taken for five seconds, E_FILE
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await waitForLock(folder, Date.now() + PATIENCE_MS);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function waitForLock(folder: string, until: number): Promise<Lock> {
  for (;;) {
    try {
      return await takeLock(folder);
    } catch (cause) {
      if (!(cause instanceof SealiftError && cause.code === 'E_LOCKED') || Date.now() > until) throw cause;
      await setTimeout(10);
    }
  }
}

async function tryLink(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) return false;
    throw fileError(cause, 'locking', path);
  }
}

/** Removes the lock of a dead process. The break mark makes sure that nobody removes a lock taken meanwhile. */
async function breakIfDead(folder: string, path: string): Promise<void> {
  const mark = join(folder, '.lock-break');
  await removeOld(mark);
  try {
    await writeFile(mark, '', { flag: 'wx' });
  } catch (cause) {
    throw isCode(cause, 'EEXIST') ? locked(folder) : fileError(cause, 'locking', folder);
  }
  try {
    if (await isDead(path)) await unlink(path);
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

/** Whether the lock's holder is known to be dead. A lock that is gone was released, and may be anybody's the next moment. */
async function isDead(path: string): Promise<boolean> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  if (content === undefined) return false;
  const [pid, start, host] = content.trim().split(' ');
  if (pid === undefined || !/^\d+$/.test(pid)) return true; // a power cut took the content
  if (host !== hostname()) return false; // another machine on a shared disk: only a person can tell
  try {
    process.kill(Number(pid), 0);
  } catch (cause) {
    if (isCode(cause, 'ESRCH')) return true;
  }
  return (await startOf(Number(pid))) !== start; // the number may belong to a younger process by now
}

/** When a process started, in the kernel's ticks (proc(5), fields 3 and 22); a constant where that can't be read. */
async function startOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? '-');
}

function locked(folder: string): SealiftError {
  return new SealiftError('E_LOCKED', `another migrate process works on ${folder}`, {
    hint: 'wait until it has ended, then run the command again',
  });
}
