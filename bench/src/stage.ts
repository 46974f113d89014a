/** What is there before anything is timed: the dump, identities, signed instructions, a pinned roster. */
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { numberAt, valueAt } from './json.ts';
import { outline } from './outline.ts';
import { runMigrate, runProgram } from './program.ts';

const MAKE_DUMP = fileURLToPath(new URL('../../demo/make-dump.mjs', import.meta.url));

/** The rows of the decision's patients, of which a tenth was last seen before the window. */
const ROWS = 491_840;
const BEFORE = ROWS / 10;

/** A folder with everything that the contenders read. */
export interface Stage {
  readonly folder: string;
  /** The dump that is read. */
  readonly patients: string;
  /** Its size in bytes. */
  readonly bytes: number;
  /** Its rows, the header not counted. */
  readonly rows: number;
  /** Rows that a correct extraction keeps, as the generator of the dump counted them. */
  readonly kept: number;
}

/** Writes a dump of 491,840 rows (187 MB) with `demo/make-dump.mjs`, and prepares a job on it. */
export async function prepare(folder: string): Promise<Stage> {
  const size = ['--patients', String(ROWS), '--before', String(BEFORE), '--results-per-patient', '0'];
  await runProgram(process.execPath, [MAKE_DUMP, '--out', folder, ...size]);
  await prepareJob(folder);
  const patients = join(folder, 'patients.csv');
  const kept = numberAt(await readFile(join(folder, 'truth.json'), 'utf8'), 'patients', 'onOrAfterCutoff');
  return { folder, patients, bytes: (await stat(patients)).size, rows: ROWS, kept };
}

/** The same dump with its rows so many times, one after the other. */
export async function repeat(stage: Stage, times: number): Promise<Stage> {
  const patients = join(stage.folder, `patients-${times}.csv`);
  const dump = await readFile(stage.patients);
  const rows = dump.subarray(dump.indexOf('\n') + 1);
  const file = await open(patients, 'w');
  await file.writeFile(dump);
  for (let time = 1; time < times; time++) await file.writeFile(rows);
  await file.close();
  const bytes = dump.length + (times - 1) * rows.length;
  return { ...stage, patients, bytes, rows: stage.rows * times, kept: stage.kept * times };
}

async function prepareJob(folder: string): Promise<void> {
  const migrate = async (...words: string[]): Promise<string> => (await runMigrate(words, surroundings(folder))).stdout;
  const lab = ['--name', 'Bench', '--siren', '732829320', '--signer', 'signer', '--dpo', 'dpo'];
  const made = await migrate('lab', 'init', ...lab, '--dpo-email', 'dpo@bench.example', '--no-passphrase', '--json');
  for (const who of ['operator', 'recipient']) {
    await migrate('keygen', '--name', who, '-o', `${who}.key.json`, '--no-passphrase');
    await migrate('identity', 'show', `${who}.key.json`, '--export', `${who}.identity.json`);
  }
  await writeFile(join(folder, 'contract.txt'), 'a stand-in\n');
  await writeFile(join(folder, 'outline.json'), JSON.stringify(outline()));
  await migrate('trust', 'add', 'lab.roster.json', '--fingerprint', String(valueAt(made, 'roster', 'fingerprint')));
  await migrate('instructions', 'draft', 'outline.json', '-o', 'lab.json');
  await migrate('instructions', 'sign', 'lab.json', '--identity', 'lab.key.json');
}

/** A user of their own, so that nothing of the real user's trust or ledger is read or written. */
export function surroundings(folder: string): { cwd: string; env: Record<string, string> } {
  return { cwd: folder, env: { HOME: folder, XDG_STATE_HOME: join(folder, 'state') } };
}

/** A new workspace and an empty replay ledger: a job is extracted only once. */
export async function freshWorkspace({ folder }: Stage): Promise<string> {
  const workspace = join(folder, 'workspace');
  await rm(workspace, { recursive: true, force: true });
  await rm(join(folder, 'state', 'sealift', 'ledger'), { recursive: true, force: true });
  await mkdir(workspace);
  return workspace;
}
