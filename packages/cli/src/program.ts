/** Runs a program of the user's, without a shell, and hands it what it reads on standard input. */
import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Environment } from './command-line.ts';

/** What is run. */
export interface Program {
  /** The program, and its arguments. */
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
}

/** What is asked of a program. */
export interface ProgramTerms {
  /** Ended with status 0, it has failed nevertheless if it did not read everything. */
  readonly readsAll: boolean;
  /** After so long it is killed. */
  readonly patienceMs?: number;
}

/** What it reads. When it throws, the program is killed before it can take the end of its input for the end of the data. */
export type ProgramInput = AsyncIterable<Uint8Array>;

/** How a program failed, as the end of a sentence about it: `ended with status 3`. */
export type ProgramFailure = string;

/** Signals that end this process, and the program with it: it must not take half of the data for all. */
const ENDING = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/**
 * Runs a program to its end; what it prints goes to standard error. Variables that tell Sealift where secrets are don't reach it.
 * @returns undefined when it ended with status 0
 * @throws what the input throws
 */
export async function runProgram(
  { words: [file = '', ...args], cwd, env }: Program,
  input: ProgramInput,
  { readsAll, patienceMs }: ProgramTerms,
): Promise<ProgramFailure | undefined> {
  const own = Object.entries(env).filter(([name]) => !name.startsWith('MIGRATE_'));
  const child = spawn(file, args, { cwd, env: Object.fromEntries(own), stdio: ['pipe', 2, 2], windowsHide: true });
  const ended = endOf(child);
  const kill = (): boolean => child.kill('SIGKILL');
  const dieToo = (signal: NodeJS.Signals): void => {
    kill();
    process.kill(process.pid, signal);
  };
  for (const signal of ENDING) process.once(signal, dieToo);
  const late = lateness(patienceMs, kill);
  try {
    const hasRead = await feed(child, input, kill);
    return (await late.failure(ended)) ?? (hasRead || !readsAll ? undefined : 'did not read all that it was given');
  } finally {
    await ended;
    late.end();
    for (const signal of ENDING) process.off(signal, dieToo);
  }
}

/** How a program ended; undefined where all is well. */
function endOf(child: ChildProcess): Promise<ProgramFailure | undefined> {
  return new Promise((resolve) => {
    child.once('error', (cause) => resolve(`can't be started (${'code' in cause ? String(cause.code) : cause.name})`));
    child.once('close', (status, signal) => {
      if (signal !== null) resolve(`was ended by ${signal}`);
      else resolve(status === 0 ? undefined : `ended with status ${status}`);
    });
  });
}

interface Lateness {
  failure(ended: Promise<ProgramFailure | undefined>): Promise<ProgramFailure | undefined>;
  end(): void;
}

/** Kills a program that takes too long. */
function lateness(patienceMs: number | undefined, kill: () => boolean): Lateness {
  let isLate = false;
  const timer = patienceMs === undefined ? undefined : setTimeout(() => (isLate = kill()), patienceMs);
  return {
    failure: async (ended) => {
      const failure = await ended;
      return isLate ? `did not end within ${(patienceMs ?? 0) / 1000} seconds` : failure;
    },
    end: () => clearTimeout(timer),
  };
}

/** Whether the program took everything. */
async function feed({ stdin }: ChildProcess, input: ProgramInput, kill: () => void): Promise<boolean> {
  if (stdin === null) return false;
  let failure: { readonly cause: unknown } | undefined;
  async function* guarded(): AsyncGenerator<Uint8Array> {
    try {
      yield* input;
    } catch (cause) {
      kill();
      failure = { cause };
      throw cause;
    }
  }
  try {
    await pipeline(guarded(), stdin);
    return true;
  } catch {
    if (failure !== undefined) throw failure.cause;
    return false;
  }
}

/** What people call a program: its name without folders and arguments, which may say too much. */
export const programName = ({ words: [file = ''] }: Pick<Program, 'words'>): string => basename(file);
