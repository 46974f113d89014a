/**
 * `npm run bench`: Sealift beside other programs on this machine, in one run. `--json` prints one line a comparison;
 * names (`start`, `scan`, `extract`, `core`, `transfer`) choose among the benches; `extract-large` has to be named.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Comparison } from './comparison.ts';
import { compareSealing } from './core.ts';
import { compareDocuments } from './core-documents.ts';
import { compareExtraction, compareLargeExtraction } from './extract.ts';
import { compareScanning } from './scan.ts';
import { prepare } from './stage.ts';
import { compareStart } from './start.ts';
import { compareTransfer } from './transfer.ts';

const START_ROUNDS = 21;
const MIN_ROUNDS = 5;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: String(MIN_ROUNDS) } },
  });
  const rounds = Math.max(MIN_ROUNDS, Number(values.rounds) || MIN_ROUNDS);
  const print = values.json ? printJson : printLine;
  say(
    `Node ${process.version}, ${cpus().length} processors; medians of ${rounds} runs of each by turns (start: ${START_ROUNDS})`,
  );
  const isNamed = (bench: string): boolean => positionals.includes(bench);
  const wanted = (bench: string): boolean => positionals.length === 0 || isNamed(bench);
  if (wanted('start')) print(await compareStart(START_ROUNDS));
  const folder = await mkdtemp(join(tmpdir(), 'sealift-bench-'));
  try {
    if (wanted('transfer')) await compareTransfer(folder, rounds, { say, print });
    if ([...ON_DUMP, LARGE].some(wanted)) await compareOnDump(folder, rounds, { wanted, isNamed, print });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Those that need the dump or a job. */
const ON_DUMP = ['scan', 'extract', 'core'];
/** It takes half an hour, and is made only where it is asked for. */
const LARGE = 'extract-large';

/** Which benches are made, and where their results go. */
interface Choice {
  readonly wanted: (bench: string) => boolean;
  readonly isNamed: (bench: string) => boolean;
  readonly print: (comparison: Comparison) => void;
}

async function compareOnDump(folder: string, rounds: number, { wanted, isNamed, print }: Choice): Promise<void> {
  say('writing the dump and preparing a job');
  const stage = await prepare(folder);
  const leftOut = (peer: string): void => say(`left out, not installed here: ${peer}`);
  if (wanted('scan')) {
    for (const comparison of await compareScanning(stage, rounds, leftOut)) print(comparison);
  }
  if (wanted('extract')) {
    for (const comparison of await compareExtraction(stage, rounds, leftOut)) print(comparison);
  }
  if (isNamed(LARGE)) {
    for (const comparison of await compareLargeExtraction(stage, rounds, leftOut)) print(comparison);
  }
  if (wanted('core')) {
    for (const comparison of await compareDocuments(folder, rounds)) print(comparison);
    for (const comparison of await compareSealing(folder, rounds, say)) print(comparison);
  }
}

function printLine({ bench, peer, ours, theirs, ratio, unit }: Comparison): void {
  const figures = `${ours.toFixed(1)} ${unit} against ${theirs.toFixed(1)} ${unit}`;
  console.log(`${bench}: ${figures} of ${peer}: ${ratio.toFixed(2)} times as fast`);
}

function printJson(comparison: Comparison): void {
  console.log(JSON.stringify(comparison));
}

/** What is no result goes to standard error. */
function say(text: string): void {
  console.error(text);
}

await main();
