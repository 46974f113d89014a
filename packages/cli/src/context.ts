/** What a command knows of the world around it. Nothing else reads `process`, so that commands can be run in tests. */
import type { Readable } from 'node:stream';
import { type UtcTime, utcTime } from '@sealift/core/ids';
import type { Environment } from './command-line.ts';
import type { Printer } from './print.ts';
import { hiddenProgress, type Progress, shownProgress } from './progress.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** The world of one run. */
export interface Context {
  /** The folder that relative paths begin in. */
  readonly cwd: string;
  readonly env: Environment;
  /** The release that runs. */
  readonly version: string;
  /** A person who can answer; absent when standard input or standard error is no terminal. */
  readonly terminal?: Terminal;
  /** Whether file modes mean something here: not on Windows. */
  readonly fileModes: boolean;
  now(): UtcTime;
  /** Standard input, for data. */
  stdin(): Readable;
  /** Says something that does not end the command. Never holds a cell's content. */
  warn(message: string): void;
  /** Says something beforehand to whoever reads along; where data are asked for, the data say it. */
  note(message: string): void;
  /** Shows how far a long task is, where somebody is looking; in bytes, `from` of them done by a former run. */
  progress(task: string, total?: number, from?: number): Progress;
}

/** The context of this process. */
export function processContext(printer: Printer, version: string): Context {
  const { stdin, stderr, env } = process;
  return {
    cwd: process.cwd(),
    env,
    version,
    ...(stdin.isTTY && stderr.isTTY ? { terminal: openTerminal(stdin, stderr) } : {}),
    fileModes: process.platform !== 'win32',
    now: () => utcTime(new Date()),
    stdin: () => stdin,
    warn: (message) => printer.warning(message),
    note: (message) => printer.note(message),
    progress: (task, total, from) =>
      stderr.isTTY
        ? shownProgress({ task, total, from, columns: stderr.columns, show: (text) => printer.progress(text) })
        : hiddenProgress,
  };
}
