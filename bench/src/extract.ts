/**
 * Extraction and sealing as whole processes, from `patients.csv` and `results.csv` to sealed files. The peers do less, each in
 * its own way; bench/README.md says what.
 */
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Comparison, type Contender, compareThroughput, medians } from './comparison.ts';
import { numberAt } from './json.ts';
import { PATIENT_FIELDS, RESULT_FIELDS } from './outline.ts';
import { isInstalled, runMigrate, runProgram } from './program.ts';
import { type ExpectedRows, freshWorkspace, type Stage, surroundings } from './stage.ts';

const OURS = 'migrate extract';
const PEERS = fileURLToPath(new URL('../peers/', import.meta.url));

/** Compares with every peer that is installed; calls `leftOut` with the name of each that is not. */
export async function compareExtraction(
  stage: Stage,
  rounds: number,
  leftOut: (peer: string) => void,
): Promise<Comparison[]> {
  const wanted = [
    { peer: encryptWhole(stage), needs: ['age', 'age-keygen'] },
    ...['mawk', 'gawk'].map((awk) => ({ peer: filterWithAwk(awk, stage), needs: [awk, 'iconv', 'age', 'age-keygen'] })),
    { peer: parseWithCsvParse(stage), needs: [] },
  ];
  const here = wanted.filter(({ peer, needs }) => {
    const missing = needs.filter((program) => !isInstalled(program));
    if (missing.length > 0) leftOut(`${peer.name} (${missing.join(', ')})`);
    return missing.length === 0;
  });
  const times = await medians([extraction(stage), ...here.map(({ peer }) => peer)], rounds);
  const timeOf = (name: string): number => times.get(name) ?? Number.NaN;
  return here.map(({ peer }) => compareThroughput('extract', peer.name, timeOf(OURS), timeOf(peer.name), stage.bytes));
}

/** `migrate extract`: reads, filters, links, re-encodes, seals for one recipient, accounts, signs, journals. */
function extraction(stage: Stage): Contender {
  const sources = ['--source', `patients=${stage.patients}`, '--source', `results=${stage.results}`];
  const run = async (): Promise<number> => {
    const workspace = await freshWorkspace(stage);
    const { stdout, milliseconds } = await runMigrate(
      [
        'extract',
        '--instructions',
        'lab.json',
        '--identity',
        'operator.key.json',
        '--workspace',
        workspace,
        ...sources,
        '--json',
      ],
      surroundings(stage.folder),
    );
    const kept = (index: number): number => numberAt(stdout, 'datasets', index, 'counts', 'kept');
    requireRows(OURS, { patients: kept(0), results: kept(1) }, stage);
    return milliseconds;
  };
  return { name: OURS, run };
}

/** `cat file | age -r key`: everything is encrypted, nothing is filtered. */
function encryptWhole(stage: Stage): Contender {
  const run = async (): Promise<number> => {
    const into = await emptyFolder(stage);
    const age = `age -r ${await ageRecipient(stage)}`;
    const script = ['patients', 'results'].map((name) => `cat ${name}.csv | ${age} > out/${name}.age`).join(' && ');
    const { milliseconds } = await runProgram('sh', ['-c', script], { cwd: stage.folder });
    if ((await stat(join(into, 'patients.age'))).size < (await stat(stage.patients)).size) {
      throw new Error('age wrote less than it read');
    }
    return milliseconds;
  };
  return { name: 'cat | age', run };
}

/** The same rows and columns by awk, re-encoded by iconv, encrypted by age; wrong on newlines inside quotes, of which there are none. */
function filterWithAwk(awk: string, stage: Stage): Contender {
  const name = `${awk} | iconv | age`;
  const program = [join(PEERS, 'keep.awk'), 'patients.csv', 'results.csv'];
  const filter = (commands: Readonly<Record<'patients' | 'results', string>>): Promise<{ milliseconds: number }> =>
    runProgram(
      awk,
      [...Object.entries(commands).flatMap(([file, command]) => ['-v', `${file}=${command}`]), '-f', ...program],
      { cwd: stage.folder },
    );
  let checked = false;
  const check = async (): Promise<void> => {
    const into = await emptyFolder(stage);
    await filter({ patients: 'wc -l > out/patients', results: 'wc -l > out/results' });
    const rows = async (file: string): Promise<number> => Number(await readFile(join(into, file), 'utf8')) - 1;
    requireRows(name, { patients: await rows('patients'), results: await rows('results') }, stage);
    checked = true;
  };
  const run = async (): Promise<number> => {
    if (!checked) await check();
    await emptyFolder(stage);
    const seal = `iconv -f WINDOWS-1252 -t UTF-8 | age -r ${await ageRecipient(stage)}`;
    const ended = await filter({ patients: `${seal} > out/patients.age`, results: `${seal} > out/results.age` });
    return ended.milliseconds;
  };
  return { name, run };
}

/** The same rows and columns by csv-parse and csv-stringify, in clear. */
function parseWithCsvParse(stage: Stage): Contender {
  const name = 'csv-parse + csv-stringify (no sealing)';
  const fields = JSON.stringify({ patients: PATIENT_FIELDS, results: RESULT_FIELDS });
  const run = async (): Promise<number> => {
    const into = await emptyFolder(stage);
    const args = [join(PEERS, 'csv-parse.mjs'), stage.folder, into, fields];
    const { stdout, milliseconds } = await runProgram(process.execPath, args);
    requireRows(name, { patients: numberAt(stdout, 'patients'), results: numberAt(stdout, 'results') }, stage);
    return milliseconds;
  };
  return { name, run };
}

/** A contender that keeps other rows than it should is not measured, but an error. */
function requireRows(who: string, rows: ExpectedRows, { expected }: Stage): void {
  if (rows.patients === expected.patients && rows.results === expected.results) return;
  throw new Error(
    `${who} kept ${rows.patients} patients and ${rows.results} results instead of ${expected.patients} and ${expected.results}`,
  );
}

async function emptyFolder({ folder }: Stage): Promise<string> {
  const into = join(folder, 'out');
  await rm(into, { recursive: true, force: true });
  await mkdir(into);
  return into;
}

async function ageRecipient({ folder }: Stage): Promise<string> {
  const file = join(folder, 'age.key');
  const read = (): Promise<string> => readFile(file, 'utf8');
  const text = await read().catch(async () => {
    await runProgram('age-keygen', ['-o', file]);
    return read();
  });
  const [, recipient] = /public key: (age1\w+)/.exec(text) ?? [];
  if (recipient === undefined) throw new Error('age-keygen wrote no public key');
  return recipient;
}
