/** What must hold after every crash and every refusal, whatever comes next. */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAILURES } from '@sealift/core';
import { filesBelow } from '../rig/files.ts';
import { spellings } from './dump.ts';
import { journalLines, manifestEntries, sha256 } from './outcome.ts';
import type { Ended, Scene } from './scene.ts';

const SOURCES = ['patients.csv', 'results.csv'];
/** What stands on the processor's side: its workspace with state folder and TMPDIR, and the server. */
const PROCESSOR = ['vendor', 'server'];
/** Where patients are in clear by purpose, in the recipient's folder. */
const CLEAR = /^recipient\/(?:received\/\.?|loaded\/)(?:patients|results)\.csv/;

const EXIT_CODES: ReadonlyMap<string, number> = new Map(
  Object.values(FAILURES).flatMap(({ exit, codes }) => codes.map((code): [string, number] => [code, exit])),
);
/** Codes that a fault of the machine or of the network may have: none of them blames somebody. */
const BLAMELESS: ReadonlySet<string> = new Set(['E_FILE', 'E_SOURCE', 'E_REMOTE', 'E_PURGE']);

/** Everybody's files, each by its digest and what else a rerun can see of it. */
export type Disk = ReadonlyMap<string, { readonly digest: string; readonly mode: number; readonly bytes: number }>;

/** Reads everything. */
export async function diskOf({ migration }: Scene): Promise<Disk> {
  const disk = new Map<string, { digest: string; mode: number; bytes: number }>();
  for (const [who, folder] of migration.folders()) {
    for (const file of await filesBelow(folder)) {
      const [content, { mode, size }] = await Promise.all([readFile(join(folder, file)), lstat(join(folder, file))]);
      disk.set(`${who}/${file}`, { digest: sha256(content), mode, bytes: size });
    }
  }
  return disk;
}

/** A name for the state of a disk in which two crashes are alike: random parts of names and what is signed anew count by their size. */
export function likenessOf(before: Disk, after: Disk): string {
  const lines = [...after].map(([path, { digest, mode, bytes }]) => {
    const name = path.replace(/\.lock-\d+-[0-9a-f-]+$/, '.lock-').replace(/\.tmp-[0-9a-f]{18}$/, '.tmp-');
    const same = before.get(path)?.digest === digest;
    return `${name.replace(/\.fetch-\w{6}/, '.fetch-')} ${mode} ${same ? 'same' : name.endsWith('/lock') ? 'lock' : bytes}`;
  });
  return sha256(Buffer.from(lines.sort().join('\n')));
}

/** What is wrong after a command ended in whatever way; nothing where all is well. */
export async function wrongAfter(scene: Scene, before: Disk, after: Disk, ended: Ended): Promise<string[]> {
  return [...wrongAnswer(ended), ...wrongSources(before, after), ...(await seenPatients(scene, before, after, ended))];
}

/** A command that was not killed has succeeded, or says what went wrong, by which code, and what to do. */
function wrongAnswer({ exitCode, hung, stdout, stderr }: Ended): string[] {
  if (hung) return ['it hangs'];
  if (exitCode === undefined || exitCode === 0) return [];
  const [, code] = /^(?:error|warning): [^A-Z\n].*[^.\n] \((E_[A-Z_]+)\)$/m.exec(stderr) ?? [];
  if (code === undefined) return [`it ends with ${exitCode} and no sentence: ${stderr}`];
  const wrong = BLAMELESS.has(code) ? [] : [`it blames somebody for a fault of the machine: ${stderr}`];
  if (EXIT_CODES.get(code) !== exitCode) wrong.push(`it ends with ${exitCode} for ${code}`);
  if (!/^ *hint: \S.*$/m.test(stderr + stdout)) wrong.push(`it gives no hint: ${stderr}`);
  return wrong;
}

function wrongSources(before: Disk, after: Disk): string[] {
  return SOURCES.map((name) => `vendor/${name}`)
    .filter((path) => before.get(path)?.digest !== after.get(path)?.digest)
    .map((path) => `${path} is not what it was`);
}

/** Looks for patients in everything that was written on the processor's side, in names, and in what was printed. */
async function seenPatients(scene: Scene, before: Disk, after: Disk, { stdout, stderr }: Ended): Promise<string[]> {
  const needles = scene.dump.canaries.flatMap(spellings);
  const holds = (bytes: Buffer): boolean => needles.some((needle) => bytes.includes(needle));
  const wrong = [stdout, stderr].some((text) => holds(Buffer.from(text))) ? ['a patient is printed'] : [];
  const folders = new Map(scene.migration.folders());
  for (const [path, { digest }] of after) {
    if (before.get(path)?.digest === digest) continue;
    const [who = '', ...rest] = path.split('/');
    const content = await readFile(join(folders.get(who) ?? '', ...rest));
    const isClear = CLEAR.test(path) && !PROCESSOR.includes(who);
    if (holds(Buffer.from(path)) || (!isClear && holds(content))) wrong.push(`a patient stands in ${path}`);
  }
  return wrong;
}

/** Entries that the journal had, or a manifest handed out, before: everything after must go on from them. */
export interface Known {
  readonly lines: readonly string[];
  readonly manifest: readonly string[];
}

/** What is known of the journal now. */
export async function knownOf({ migration }: Scene): Promise<Known> {
  const manifest = (await manifestEntries(migration)).map(({ signed }) => JSON.stringify(signed.prev) + signed.time);
  return { lines: await journalLines(migration), manifest };
}

/** Whether the journal forked: two entries of one number, or one of those known before that is gone or another. */
export async function wrongJournal(scene: Scene, known: readonly Known[]): Promise<string[]> {
  const now = await knownOf(scene);
  const wrong: string[] = [];
  for (const { lines, manifest } of known) {
    if (lines.some((line, index) => now.lines[index] !== line)) wrong.push('the journal forked');
    if (manifest.some((entry, index) => now.manifest[index] !== entry)) wrong.push('the manifest forked');
  }
  const numbers = now.lines.map((line) => (JSON.parse(line) as { signed: { seq: number } }).signed.seq);
  if (numbers.some((seq, index) => seq !== index)) wrong.push(`the journal's numbers are ${numbers.join(', ')}`);
  return wrong;
}
