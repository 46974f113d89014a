/** What is there before anything is timed: the dump, identities, signed instructions, a pinned roster. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { numberAt, valueAt } from './json.ts';
import { outline } from './outline.ts';
import { runMigrate, runProgram } from './program.ts';

const MAKE_DUMP = fileURLToPath(new URL('../../demo/make-dump.mjs', import.meta.url));

/** Rows that a correct extraction keeps, as the generator of the dump counted them. */
export interface ExpectedRows {
  readonly patients: number;
  readonly results: number;
}

/** A folder with everything that the contenders read. */
export interface Stage {
  readonly folder: string;
  readonly patients: string;
  readonly results: string;
  /** Size of both files together. */
  readonly bytes: number;
  readonly expected: ExpectedRows;
}

/** Writes the dump of `demo/make-dump.mjs` with its defaults (66 MB), and prepares a job on it. */
export async function prepare(folder: string): Promise<Stage> {
  await runProgram(process.execPath, [MAKE_DUMP, '--out', folder]);
  await prepareJob(folder);
  const patients = join(folder, 'patients.csv');
  const results = join(folder, 'results.csv');
  const bytes = (await stat(patients)).size + (await stat(results)).size;
  return { folder, patients, results, bytes, expected: await expectedRows(folder) };
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

async function expectedRows(folder: string): Promise<ExpectedRows> {
  const truth = await readFile(join(folder, 'truth.json'), 'utf8');
  return {
    patients: numberAt(truth, 'patients', 'onOrAfterCutoff'),
    results: numberAt(truth, 'results', 'ofKeptPatients'),
  };
}
