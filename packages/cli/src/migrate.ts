#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { readCommandLine } from './command-line.ts';
import { COMMANDS } from './command-table.ts';
import { Printer } from './print.ts';

const words: readonly string[] = process.argv.slice(2);
/** What follows `--` is for another program. */
const own: readonly string[] = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
const printer: Printer = new Printer({
  json: own.includes('--json'),
  colours: !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
});

/** The release, from the package beside the bundle. */
function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const found =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  return String(found);
}

async function main(): Promise<number> {
  const request = readCommandLine(COMMANDS, words, process.env);
  if (request.kind === 'help') {
    printer.help(request.text);
    return 0;
  }
  if (request.kind === 'version') {
    printer.version(readVersion());
    return 0;
  }
  const [run, { processContext }] = await Promise.all([request.command.load(), import('./context.ts')]);
  const outcome = await run(request.input, processContext(printer, readVersion()));
  printer.outcome(outcome);
  return outcome.exitCode;
}

/** What only a command or an error needs is imported when there is one: help has to be quick. */
async function fail(error: unknown): Promise<void> {
  const failure = await import('./failure.ts').then(
    ({ describeFailure }) => describeFailure(error, process.env['MIGRATE_DEBUG'] === '1'),
    () => UNREADABLE_PROGRAM,
  );
  process.exitCode = failure.exitCode;
  printer.failure(failure);
}

/** Not even the words for errors can be read. */
const UNREADABLE_PROGRAM = {
  code: 'E_FILE',
  message: 'the program can not read its own files',
  hint: 'raise the limit of open files (ulimit -n), or install it again',
  exitCode: 9,
};

let isFailing = false;
process.on('uncaughtException', (error) => {
  // Where what went wrong can't be printed either, nothing is left to say.
  if (isFailing) process.exit(process.exitCode ?? 1);
  isFailing = true;
  void fail(error).then(() => process.exit());
});
await main().then((exitCode) => {
  process.exitCode = exitCode;
}, fail);
