/** Programs as processes of their own, timed from outside. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const MIGRATE: string = fileURLToPath(new URL('../../packages/cli/dist/migrate.mjs', import.meta.url));

/** What a program is run with. */
export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Looks at the memory while it runs, which disturbs the time. */
  readonly watchMemory?: boolean;
}

/** How a program ended, and how long it took from start to exit. */
export interface Ended {
  readonly stdout: string;
  readonly milliseconds: number;
  /** The most memory that it held, in bytes; only where it was asked for. */
  readonly peakBytes: number;
}

/** A tick of the kernel's accounts, in seconds (USER_HZ, which is 100 on every Linux). */
const TICK = 0.01;

/**
 * Seconds of processor time, user and system, that all programs run so far took together; undefined where the system doesn't tell. The
 * difference of two shows whether a slow run worked or waited for others on the machine.
 */
export function processorSeconds(): number | undefined {
  try {
    // proc(5): the command's name in parentheses, then the fields from the third on; 16 and 17 are the children's times.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ');
    return fields === undefined ? undefined : (Number(fields[13]) + Number(fields[14])) * TICK;
  } catch {
    return undefined;
  }
}

const WATCH_MS = 5;

/** Runs a program to its end. Rejects, with its standard error, when it fails. */
export function runProgram(program: string, args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(program, [...args], {
      cwd: surroundings.cwd,
      env: { PATH: process.env['PATH'], LC_ALL: 'C', ...surroundings.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    let peakBytes = 0;
    const watch = (): void => {
      peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0));
    };
    const timer = surroundings.watchMemory === true ? setInterval(watch, WATCH_MS) : undefined;
    child.once('error', reject);
    child.once('close', (code) => {
      const milliseconds = performance.now() - begun;
      clearInterval(timer);
      if (code === 0) resolve({ stdout: output.stdout, milliseconds, peakBytes });
      else reject(new Error(`${program} ended with exit code ${code}:\n${output.stderr}`));
    });
  });
}

/** The most memory that a process has held so far, in bytes (proc(5), VmHWM); 0 when it has ended, or off Linux. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Runs `migrate`. */
export function runMigrate(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return runProgram(process.execPath, [MIGRATE, ...args], surroundings);
}

/** Whether a program is installed here. */
export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' }).status === 0;
}
