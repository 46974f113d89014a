/** Whether other processes of this machine still run. */
import { readFile } from 'node:fs/promises';
import { isCode } from './file-error.ts';

/** Whether a process has this number now, whoever it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return !isCode(cause, 'ESRCH');
  }
}

/** What {@link startOf} says where a process's start can't be read. */
export const UNKNOWN_START = '-';

/** When a process started, in the kernel's ticks (proc(5), fields 3 and 22), or {@link UNKNOWN_START}. */
export async function startOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? UNKNOWN_START);
}

/** How long a mark of a process is. */
export const MARK_DIGITS = 12;
const hexadecimal = (value: number): string => (value & 0xffffff).toString(16).padStart(6, '0');
const markOf = (pid: number, start: string): string =>
  `${hexadecimal(pid)}${start === UNKNOWN_START ? 'ffffff' : hexadecimal(Number(start))}`;

let own: Promise<string> | undefined;

/** The mark of this process for names of files: its number and its start, of each the low 24 bits. */
export function ownMark(): Promise<string> {
  own ??= startOf(process.pid).then((start) => markOf(process.pid, start));
  return own;
}

/** Whether a mark is that of a process of this machine which runs no more; one that can't be told from a living one's is not. */
export async function isMarkOfTheDead(mark: string): Promise<boolean> {
  const pid = Number.parseInt(mark.slice(0, 6), 16);
  if (!isRunning(pid)) return true;
  const start = await startOf(pid);
  return start !== UNKNOWN_START && !mark.endsWith('ffffff') && markOf(pid, start) !== mark;
}
