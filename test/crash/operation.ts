/** Operations on files and on the network, as the interceptor counts them, and how they may go wrong. */
import { readFile } from 'node:fs/promises';

/** How an operation goes wrong; see intercept.mjs. */
export type Fault = 'kill' | 'torn' | 'eio' | 'enospc' | 'short' | 'cut';

/** One operation of one thread of a command. */
export interface Operation {
  readonly thread: number;
  /** Within its thread, from 1. */
  readonly number: number;
  readonly name: string;
  /** The path, or `the server`. */
  readonly subject: string;
  /** The faults that it can meet. */
  readonly faults: readonly Fault[];
  /** Where in the program it was asked for; empty where a stream or a socket asked. */
  readonly site: string;
  /** The fault that it met. */
  readonly fault?: Fault;
}

/** An operation that is to go wrong. */
export interface CrashPoint {
  readonly operation: Operation;
  readonly fault: Fault;
}

const INTERCEPTOR = new URL('./intercept.mjs', import.meta.url).href;

/** The variables under which a command counts its operations, and meets a fault at one of them. */
export function intercepted(log: string, at?: string): Record<string, string> {
  const fault = at === undefined ? {} : { SEALIFT_CRASH_AT: at };
  return { NODE_OPTIONS: `--import ${INTERCEPTOR}`, SEALIFT_CRASH_LOG: log, ...fault };
}

/** The operations that a command reached. */
export async function operationsIn(log: string): Promise<Operation[]> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Operation);
}

/** How a crash point is named, to be repeated by `npm run crash -- --step <step> --at <this>`. */
export function nameOf({ operation, fault }: CrashPoint): string {
  return `${operation.thread}:${operation.number}:${fault}`;
}
