/**
 * A second reader of manifests, in plain Python, written from doc/format.md alone: it accepts what the built command makes,
 * refuses every altered copy, and agrees with the vectors.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingStockTool } from './rig/stock-tools.ts';

const root = join(import.meta.dirname, '..');
const verifier = join(import.meta.dirname, 'interop', 'verify_manifest.py');
const command = join(root, 'packages', 'cli', 'dist', 'migrate.mjs');
const demo = join(root, 'demo', 'dist', 'main.js');
const vectors = join(import.meta.dirname, 'vectors');

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The parts of a manifest that the altered copies touch. */
interface Manifest {
  roster: { signed: { threshold: number } };
  instructions: { signed: { expires: string } }[];
  entries: { signed: { time: string }; signatures: { sig: string }[] }[];
}

function run(program: string, args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

const lacks = missingStockTool();
const unavailable = lacks ?? (existsSync(command) && existsSync(demo) ? undefined : 'the built command');
const because = (what: string | undefined): string => (what === undefined ? '' : ` (skipped: needs ${what})`);

let folder = '';
let laboratory = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealift-interop-'));
  if (unavailable !== undefined) return;
  laboratory = join(folder, 'run', 'laboratory');
  const made = run(process.execPath, [demo, '--folder', join(folder, 'run')]);
  if (made.status !== 0) throw new Error(made.stderr);
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const verify = (manifest: string, lab = join(laboratory, 'lab.roster.json'), ...more: string[]): Outcome =>
  run('python3', [verifier, manifest, '--lab', lab, ...more]);

/** Verifies a copy of the manifest after `alter` changed it. */
function verifyAltered(alter: (manifest: Manifest) => void): Outcome {
  const manifest = JSON.parse(readFileSync(join(laboratory, 'manifest.json'), 'utf8')) as Manifest;
  alter(manifest);
  const file = join(folder, 'altered.json');
  writeFileSync(file, JSON.stringify(manifest));
  return verify(file);
}

describe.skipIf(unavailable !== undefined)(`an independent verifier of manifests${because(unavailable)}`, () => {
  it('accepts the manifest of a whole job, and names every entry and who signed it', () => {
    const { status, stdout, stderr } = verify(join(laboratory, 'manifest.json'));
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const steps = stdout.split('\n').map((line) => line.split(' ')[2]);
    expect(steps.slice(0, 6)).toEqual(['extraction', 'approval', 'delivery', 'receipt', 'import', 'purge']);
    expect(stdout).toContain('Jean Petit');
    expect(stdout).toContain('is purged: 6 entries hold');
  });

  it('accepts an untouched copy that is laid out in another way', () => {
    expect(verifyAltered(() => undefined)).toMatchObject({ status: 0, stderr: '' });
  });

  it.each<[string, string, (manifest: Manifest) => void]>([
    ['one byte of an entry', 'E_SIG', ({ entries }) => entries.splice(2, 1, edited(entries[2]))],
    ['one byte of the last entry', 'E_SIG', ({ entries }) => entries.splice(5, 1, edited(entries[5]))],
    ['a signature of another entry', 'E_SIG', ({ entries }) => swapSignatures(entries)],
    ['an entry removed', 'E_CHAIN', ({ entries }) => entries.splice(2, 1)],
    ['an entry twice', 'E_CHAIN', ({ entries }) => entries.splice(3, 0, ...entries.slice(3, 4))],
    [
      'two entries in another order',
      'E_CHAIN',
      ({ entries }) => entries.splice(3, 2, ...entries.slice(3, 5).reverse()),
    ],
    ['its tail cut', 'E_CHAIN', ({ entries }) => entries.pop()],
    ['every entry cut', 'E_CHAIN', ({ entries }) => entries.splice(0)],
    ['a later end of the instructions', 'E_SIG', ({ instructions }) => prolong(instructions)],
    ['another roster inside', 'E_LAB', ({ roster }) => Object.assign(roster.signed, { version: 2 })],
    ['an unknown member', 'E_SCHEMA', (manifest) => Object.assign(manifest, { remark: 'none' })],
  ])('refuses %s (%s)', (_what, code, alter) => {
    const { status, stderr } = verifyAltered(alter);
    expect(stderr).toContain(`(${code})`);
    expect(status).toBe(1);
  });

  it('refuses a member that is there twice', () => {
    const text = readFileSync(join(laboratory, 'manifest.json'), 'utf8');
    const file = join(folder, 'twice.json');
    writeFileSync(file, text.replace('{', '{"type":"sealift.manifest.v1",'));
    expect(verify(file)).toMatchObject({ status: 1, stderr: expect.stringContaining('(E_JSON_DUP)') as string });
  });

  it('refuses the manifest under the roster of another laboratory', () => {
    const other = join(folder, 'other.roster.json');
    const args = ['lab', 'init', '--name', 'Laboratoire du Parc', '--siren', '404833048', '--signer', 'Dr Paul Roux'];
    const keys = ['--dpo', 'Eva Blanc', '--dpo-email', 'dpo@labo-du-parc.example', '--no-passphrase'];
    const made = spawnSync(process.execPath, [command, ...args, ...keys], { cwd: folder, encoding: 'utf8' });
    expect(made.stderr).toBe('');
    writeFileSync(other, readFileSync(join(folder, 'lab.roster.json')));
    expect(verify(join(laboratory, 'manifest.json'), other)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('(E_LAB)') as string,
    });
  });

  it('refuses a chain that lacks the head which a witness kept', () => {
    const manifest = join(laboratory, 'manifest.json');
    const lab = join(laboratory, 'lab.roster.json');
    const { checkpoint } = JSON.parse(readFileSync(manifest, 'utf8')) as { checkpoint: { signed: { head: string } } };
    expect(verify(manifest, lab, '--witness', checkpoint.signed.head).status).toBe(0);
    const { status, stderr } = verify(manifest, lab, '--witness', `sha256:${'0'.repeat(64)}`);
    expect(stderr).toContain('(E_CHAIN)');
    expect(status).toBe(1);
  });
});

describe.skipIf(lacks !== undefined || !existsSync(vectors))(`the same verifier${because(lacks)}`, () => {
  it('accepts and refuses the vectors as their indexes say, under the same codes', () => {
    const { status, stdout } = run('python3', [verifier, '--vectors', vectors]);
    const lines = stdout.trim().split('\n');
    expect(lines.slice(0, -1)).toEqual([]);
    expect(lines.at(-1)).toMatch(/^[4-9]\d\d as they say, 0 wrong, 0 under another code, /);
    expect(status).toBe(0);
  }, 120_000);
});

function edited(entry: Manifest['entries'][number] | undefined): Manifest['entries'][number] {
  if (entry === undefined) throw new Error('the manifest has too few entries');
  const { time } = entry.signed;
  // One byte: a thousand years later, so that the times still don't decrease.
  return { ...entry, signed: { ...entry.signed, time: `3${time.slice(1)}` } };
}

function swapSignatures(entries: Manifest['entries']): void {
  const [first, second] = entries;
  if (first === undefined || second === undefined) throw new Error('the manifest has too few entries');
  first.signatures = second.signatures;
}

function prolong(instructions: Manifest['instructions']): void {
  for (const { signed } of instructions) signed.expires = '2099-12-31T00:00:00Z';
}
