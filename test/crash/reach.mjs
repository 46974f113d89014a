/** Counts operations and lets one meet its fault; see intercept.mjs. */
import fs from 'node:fs';
import { constants } from 'node:os';
import { dirname, sep } from 'node:path';
import process from 'node:process';
import { threadId } from 'node:worker_threads';

const { SEALIFT_CRASH_LOG, SEALIFT_CRASH_AT } = process.env;
const [atThread, atNumber, atFault] = (SEALIFT_CRASH_AT ?? '::').split(':');
const PROGRAM = dirname(dirname(fs.realpathSync(process.argv[1] ?? process.execPath))) + sep;
/** Node's own functions. */
export const original = { ...fs, promises: { ...fs.promises } };
const log = SEALIFT_CRASH_LOG === undefined ? undefined : fs.openSync(SEALIFT_CRASH_LOG, 'a');

Error.stackTraceLimit = 30;
let number = 0;
let isFull = false;

/** The places of the program that an operation comes from, innermost first. */
function site() {
  const frames = (new Error().stack ?? '').split('\n').filter((line) => line.includes(PROGRAM));
  return frames.map((line) => line.replace(/^.*\/([^/]+:\d+):\d+\)?$/, '$1')).join(' < ');
}

/** Ends the process as `kill -9` does. */
export function die() {
  process.kill(process.pid, 'SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Counts an operation; says which fault it meets, and does not return where that is the end. */
export function reach(name, subject, faults) {
  number += 1;
  const fires = String(threadId) === atThread && String(number) === atNumber && faults.includes(atFault);
  const fault = fires ? atFault : undefined;
  if (log !== undefined) {
    const entry = { thread: threadId, number, name, subject, faults, site: site(), ...(fires ? { fault } : {}) };
    original.writeSync(log, `${JSON.stringify(entry)}\n`);
  }
  if (fault === 'kill') die();
  const wasFull = isFull;
  if (fault === 'enospc') isFull = true;
  return wasFull && faults.includes('enospc') ? 'full' : fault;
}

/** An error as Node makes it of what the system says. */
export function failure(code, syscall, path) {
  const error = new Error(`${code}: injected, ${syscall} '${path}'`);
  return Object.assign(error, { code, errno: -constants.errno[code], syscall, path });
}

/** What a fault that is an error makes of an operation; undefined where it is to be done. */
export function errorOf(fault, name, subject) {
  if (fault === 'eio') return failure('EIO', name, subject);
  if (fault === 'enospc' || fault === 'full') return failure('ENOSPC', name, subject);
  return undefined;
}

/** Whether a file belongs to the program itself. */
export const isOurs = (path) => typeof path !== 'string' || path.startsWith(PROGRAM) || path === process.execPath;
export const READS = ['kill', 'eio'];
export const ALLOCATES = ['kill', 'eio', 'enospc'];
export const WRITES = ['kill', 'torn', 'eio', 'enospc', 'short'];

/** Whether a file that is opened so may be made. */
export const mayCreate = (flags) =>
  typeof flags === 'number' ? (flags & fs.constants.O_CREAT) !== 0 : /^[wa]/.test(flags ?? 'r');
