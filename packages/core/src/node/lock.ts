/**
 * A lock that at most one process holds, and that a dead process can't keep: a file with the holder's process id, taken by
 * an atomic link.
 */
import { link, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SealiftError } from '../errors.ts';
import { fileError, isCode } from './file-error.ts';
import { isRunning, startOf, UNKNOWN_START } from './running.ts';

/** Breaking a dead holder's lock takes microseconds; a break mark older than this was left by a crash. */
const BREAK_MARK_MS = 10_000;

const PATIENCE_MS = 5_000;

/** A lock that is held until {@link release}. */
export interface Lock {
  release(): Promise<void>;
}

/** What a process writes before it links it as the lock. */
const CANDIDATE = /^\.lock-(\d{1,10})-[0-9a-f-]{36}$/;

/** Locks of this process that could not be removed: nobody holds them, and nobody else removes them. */
const unreleased = new Set<string>();

/**
 * Takes the lock of a folder.
 * @throws E_LOCKED when a living process holds it, E_FILE
 */
export async function takeLock(folder: string): Promise<Lock> {
  const path = join(folder, 'lock');
  const own = join(folder, `.lock-${process.pid}-${crypto.randomUUID()}`);
  try {
    await writeFile(own, `${process.pid} ${await startOf(process.pid)} ${hostname()}\n`, { flag: 'wx', mode: 0o600 });
    if (!(await tryLink(own, path))) {
      await breakIfDead(folder, path);
      if (!(await tryLink(own, path))) throw locked(folder);
    }
  } catch (cause) {
    throw cause instanceof SealiftError ? cause : fileError(cause, 'locking', folder);
  } finally {
    // What stays is swept by the next one that takes the lock.
    await unlink(own).catch(() => undefined);
  }
  unreleased.delete(path);
  await sweepCandidates(folder);
  const stay = (cause: unknown): void => {
    if (!isCode(cause, 'ENOENT')) unreleased.add(path);
  };
  let isHeld = true;
  const release = async (): Promise<void> => {
    // Released twice, it would be the next holder's.
    if (!isHeld) return;
    isHeld = false;
    await unlink(path).catch(stay);
  };
  return { release };
}

/** Removes what processes left that were killed on their way to the lock. */
async function sweepCandidates(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = CANDIDATE.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const [, , host] = (await readFile(join(folder, name), 'utf8').catch(() => '')).trim().split(' ');
    if (host === undefined || host === hostname()) await unlink(join(folder, name)).catch(() => undefined);
  }
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
    throw cause;
  }
}

/** Removes the lock of a dead process. The break mark makes sure that nobody removes a lock taken meanwhile. */
async function breakIfDead(folder: string, path: string): Promise<void> {
  const mark = join(folder, '.lock-break');
  await removeOld(mark);
  try {
    await writeFile(mark, '', { flag: 'wx' });
  } catch (cause) {
    throw isCode(cause, 'EEXIST') ? locked(folder) : cause;
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
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (isCode(cause, 'ENOENT')) return undefined;
    throw cause;
  });
  if (content === undefined) return false;
  const [pid, start, host] = content.trim().split(' ');
  if (pid === undefined || !/^\d+$/.test(pid)) return true; // a power cut took the content
  if (host !== hostname()) return false; // another machine on a shared disk: only a person can tell
  if (!isRunning(Number(pid))) return true;
  if (Number(pid) === process.pid && unreleased.has(path)) return true;
  const now = await startOf(Number(pid));
  // The number may belong to a younger process by now. Where the start can't be read (proc(5), hidepid), nobody knows.
  return now !== start && now !== UNKNOWN_START && start !== UNKNOWN_START;
}

function locked(folder: string): SealiftError {
  return new SealiftError('E_LOCKED', `another migrate process works on ${folder}`, {
    hint: 'wait until it has ended, then run the command again',
  });
}
