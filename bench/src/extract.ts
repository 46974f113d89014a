/**
 * Extraction and sealing as whole processes, from `patients.csv` to a sealed file. The peers do less, each in its own way;
 * bench/README.md says what.
 */
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Comparison,
  type Contender,
  compareMemory,
  compareThroughput,
  compareTimes,
  medians,
} from './comparison.ts';
import { numberAt } from './json.ts';
import { PATIENT_FIELDS } from './outline.ts';
import { csvParse, hereOf, PEERS, type Peer, requireRows } from './peer.ts';
import { type Ended, isInstalled, MIGRATE, runMigrate, runProgram } from './program.ts';
import { duckdb } from './scan.ts';
import { freshWorkspace, repeat, type Stage, surroundings } from './stage.ts';

const OURS = 'migrate extract';
const AGE = ['age', 'age-keygen'];
const TIMES = 10;

/** Compares with every peer that is installed on the dump, and with the fastest on ten times its rows; `leftOut` is called with each that is not. */
export async function compareExtraction(
  stage: Stage,
  rounds: number,
  leftOut: (peer: string) => void,
): Promise<Comparison[]> {
  const { fast, slow } = await peersOn(stage);
  const large = await repeat(stage, TIMES);
  return [
    ...(await compare('extract', stage, rounds, hereOf([...fast, ...slow], leftOut))),
    ...(await compare('extract-large', large, rounds, hereOf(fast, leftOut))),
    await compareMemoryOf(stage, large),
    ...(await compareProgress(large, rounds, leftOut)),
  ];
}

/** Compares with every peer that is installed on ten times the dump's rows: more than half an hour, for some take minutes. */
export async function compareLargeExtraction(
  stage: Stage,
  rounds: number,
  leftOut: (peer: string) => void,
): Promise<Comparison[]> {
  const { fast, slow } = await peersOn(stage);
  return compare('extract-large', await repeat(stage, TIMES), rounds, hereOf([...fast, ...slow], leftOut));
}

/** The peers, for whom the stage gets a recipient's key of age. */
async function peersOn(stage: Stage): Promise<{ readonly fast: readonly Peer[]; readonly slow: readonly Peer[] }> {
  const seal = `age -r ${await ageRecipient(stage)} -o out/patients.age`;
  const pipe = (name: string, command: string, needs: readonly string[]): Peer =>
    sealing(name, `${command} | ${seal}`, needs);
  const awk = (program: string): Peer =>
    pipe(`${program} | age`, `${program} -f ${PEERS}keep.awk "$0" | iconv -f WINDOWS-1252 -t UTF-8`, [
      program,
      'iconv',
    ]);
  return {
    fast: [pipe('cat | age', 'cat "$0"', []), awk('mawk')],
    slow: [
      ...[awk('gawk'), pipe('mlr | age', MILLER, ['mlr', 'iconv'])],
      { ...pipe('duckdb | age', duckdb('/dev/stdout'), ['iconv']), packages: ['@duckdb/node-api'] },
      csvParse,
    ],
  };
}

async function compare(bench: string, stage: Stage, rounds: number, peers: readonly Peer[]): Promise<Comparison[]> {
  const contenders: Contender[] = peers.map(({ name, run }) => ({
    name,
    run: async () => {
      await emptyFolder(stage);
      return run(stage);
    },
  }));
  const ours = { name: OURS, run: async () => (await extract(stage)).milliseconds };
  const times = await medians([ours, ...contenders], rounds);
  const timeOf = (name: string): number => times.get(name) ?? Number.NaN;
  return peers.map(({ name }) => compareThroughput(bench, name, timeOf(OURS), timeOf(name), stage.bytes));
}

/** The most memory with the dump's rows (as theirs) and with ten times as many (as ours). */
async function compareMemoryOf(stage: Stage, large: Stage): Promise<Comparison> {
  const peak = async (one: Stage): Promise<number> => (await extract(one, true)).peakBytes;
  return compareMemory('memory', `${OURS} of a tenth of the rows`, await peak(large), await peak(stage));
}

/** The same extraction on a terminal, with its progress shown (as ours) and not (as theirs). */
async function compareProgress(stage: Stage, rounds: number, leftOut: (peer: string) => void): Promise<Comparison[]> {
  const peer = 'migrate extract without a bar';
  if (!isInstalled('script')) {
    leftOut(`${peer} (script)`);
    return [];
  }
  const { cwd, env } = surroundings(stage.folder);
  const run = async (rest: string): Promise<number> => {
    const words = [process.execPath, MIGRATE, ...extractArguments(stage, await freshWorkspace(stage))];
    const command = `${words.map((word) => `'${word}'`).join(' ')} ${rest}`;
    return (await runProgram('script', ['-qec', command, '/dev/null'], { cwd, env })).milliseconds;
  };
  const contenders = [
    { name: OURS, run: () => run('> /dev/null') },
    { name: peer, run: () => run('> /dev/null 2>&1') },
  ];
  const times = await medians(contenders, rounds);
  return [compareTimes('progress', peer, times.get(OURS) ?? Number.NaN, times.get(peer) ?? Number.NaN)];
}

function extractArguments({ patients }: Stage, workspace: string): string[] {
  const job = ['--instructions', 'lab.json', '--identity', 'operator.key.json', '--workspace', workspace];
  return ['extract', ...job, '--source', `patients=${patients}`, '--json'];
}

/** `migrate extract`: reads, filters, re-encodes, seals for one recipient, accounts, signs, journals. */
async function extract(stage: Stage, watchMemory = false): Promise<Ended> {
  const workspace = await freshWorkspace(stage);
  const ended = await runMigrate(extractArguments(stage, workspace), { ...surroundings(stage.folder), watchMemory });
  requireRows(OURS, numberAt(ended.stdout, 'datasets', 0, 'counts', 'kept'), stage);
  return ended;
}

const quotedFields = PATIENT_FIELDS.map((name) => name.replaceAll(' ', '\\ ')).join(',');
const MILLER = `iconv -f WINDOWS-1252 -t UTF-8 "$0" | mlr --icsv --ifs ';' --ocsv filter 'strptime($DATE_DERNIERE_VISITE, "%d/%m/%Y") >= strptime("07/05/2017", "%d/%m/%Y")' then cut -o -f ${quotedFields}`;

/** A pipeline of the shell that ends in `out/patients.age`; `$0` is the dump. */
function sealing(name: string, script: string, needs: readonly string[]): Peer {
  const run = async ({ folder, patients, bytes }: Stage): Promise<number> => {
    const { milliseconds } = await runProgram('sh', ['-c', script, patients], { cwd: folder });
    // Half of the columns leave: what is much smaller is the output of a pipeline that broke.
    if ((await stat(join(folder, 'out', 'patients.age'))).size < bytes / 4) throw new Error(`${name} wrote too little`);
    return milliseconds;
  };
  return { name, needs: [...AGE, ...needs], packages: [], run };
}

async function emptyFolder({ folder }: Stage): Promise<void> {
  const into = join(folder, 'out');
  await rm(into, { recursive: true, force: true });
  await mkdir(into);
}

async function ageRecipient({ folder }: Stage): Promise<string> {
  const file = join(folder, 'age.key');
  // age-keygen overwrites none; another bench of this run may have made one.
  await rm(file, { force: true });
  const made = await runProgram('age-keygen', ['-o', file]).catch(() => undefined);
  const [, recipient] = made === undefined ? [] : (/public key: (age1\w+)/.exec(await readFile(file, 'utf8')) ?? []);
  return recipient ?? 'none';
}
