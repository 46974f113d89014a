/** The program as it is installed: `dist/migrate.mjs`, which `npm test` builds before the tests. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requireSchema, temporaryFolder } from './harness.ts';

const program = fileURLToPath(new URL('../dist/migrate.mjs', import.meta.url));
const chunks = join(dirname(program), 'chunks');
/** The package that core's libsodium-wrappers is made of. */
const libsodium = createRequire(createRequire(import.meta.resolve('@sealift/core')).resolve('libsodium-wrappers'))
  .resolve('libsodium')
  .replace(/modules\/libsodium\.js$/, 'modules-esm/libsodium.mjs');
const folder = temporaryFolder();
const env = { PATH: process.env['PATH'] ?? '', HOME: folder, XDG_STATE_HOME: join(folder, 'state') };

function migrate(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function readFolder(path: string, ending: string): string {
  const names = readdirSync(path).filter((name) => name.endsWith(ending));
  return names.map((name) => readFileSync(join(path, name), 'utf8')).join('');
}

/** The files that an ES module imports as it starts, itself included; what it imports later is not among them. */
function startsWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/\b(?:from|import) ?["'](\.[^"']+\.mjs)["']/g)) {
    startsWith(join(dirname(file), path ?? ''), seen);
  }
  return seen;
}

describe('migrate', () => {
  it('starts without core, libsodium, the schemas or ssh2', () => {
    const files = [...startsWith(program)];
    const text = files.map((file) => readFileSync(file, 'utf8')).join('');
    const rest = readFolder(chunks, '.mjs');
    for (const heavy of ['libsodium', 'validateInstructions', 'scrypt', 'SealiftError=class', 'ssh2']) {
      expect([heavy, text.includes(heavy), rest.includes(heavy)]).toEqual([heavy, false, true]);
    }
    expect(files.length).toBeGreaterThan(1);
  });

  it('reads a dozen files for a command, not a file for every few lines', () => {
    const commands = readdirSync(chunks).filter((name) => /^(extract|context)-\w+\.mjs$/.test(name));
    const files = new Set(
      [program, ...commands.map((name) => join(chunks, name))].flatMap((file) => [...startsWith(file)]),
    );
    expect(commands).toHaveLength(2);
    expect(files.size).toBeLessThanOrEqual(12);
  });

  it("has libsodium's WebAssembly beside it, byte for byte what the package holds as a text", () => {
    const [text] = /AGFzbQE[A-Za-z0-9+/]{100000,}=*/.exec(readFileSync(libsodium, 'utf8')) ?? [];
    const bytes = readFileSync(join(chunks, 'libsodium.wasm'));
    expect(bytes.toString('base64')).toBe(text);
    expect(readFolder(chunks, '.mjs')).not.toContain(text?.slice(0, 1000));
  });

  it('prints help on standard error and exits with 0', () => {
    const { status, stdout, stderr } = migrate('--help');
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Usage: migrate <command>');
    expect(stderr.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('prints its version on standard output', () => {
    expect(migrate('--version')).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
      stderr: '',
    });
  });

  it('prints data on standard output, as text or as one JSON object', () => {
    const made = migrate('keygen', '--name', 'Alice', '--no-passphrase', '--json');
    expect([made.status, made.stderr]).toEqual([0, '']);
    requireSchema('keygen', JSON.parse(made.stdout));
    expect(made.stdout.trim().split('\n')).toHaveLength(1);
    const shown = migrate('identity', 'show', 'identity.key.json');
    expect([shown.status, shown.stderr]).toEqual([0, '']);
    expect(shown.stdout).toContain('name:         Alice\n');
  });

  it('prints an error with its code, place and hint, without colours where there is no terminal', () => {
    expect(migrate('keygen', '--nam', 'x')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: unknown option "--nam" (E_USAGE)\nhint: did you mean --name?\n',
    });
  });

  it('finds a word that no option takes before it reads a file', () => {
    const words = ['extract', '--instructions', 'absent.json', '--identity', 'absent.key.json'];
    const { status, stderr } = migrate(...words, '--on-malformed', 'skip');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: --on-malformed is refuse or withhold \(E_USAGE\)\n/),
    ]);
  });

  it('prints an error as one JSON object when JSON was asked for', () => {
    const { status, stdout, stderr } = migrate('--json', 'identity', 'show', 'absent.json');
    expect([status, stdout]).toEqual([9, '']);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'E_NOT_FOUND', message: expect.any(String), hint: 'check the path' },
    });
  });

  it('names the place of an error', () => {
    const file = join(folder, 'bad.json');
    spawnSync('sh', ['-c', `printf '{\n  "a": 1.5\n}' > "${file}"`]);
    const { status, stderr } = migrate('identity', 'show', 'bad.json');
    expect([status, stderr]).toEqual([5, expect.stringMatching(/\(E_NUMBER\)\nplace: .*bad\.json:2:8 \/a\n/)]);
  });

  it('shows control characters of a name instead of obeying them', () => {
    const name = 'A\u001b[31m\u202eB\u009b';
    const { stdout } = migrate('keygen', '--name', name, '--no-passphrase', '-o', 'odd.json');
    expect(stdout).toContain('A\\u001b[31m\\u202eB\\u009b');
    const json = migrate('identity', 'show', 'odd.json', '--json').stdout;
    expect(json).not.toContain('\u202e');
    expect(JSON.parse(json).name).toBe(name);
  });

  it('asks for no passphrase when standard input is no terminal', () => {
    const { status, stderr } = migrate('keygen', '--name', 'x', '-o', 'asked.json');
    expect([status, stderr]).toEqual([2, expect.stringContaining('MIGRATE_PASSPHRASE_FILE')]);
  });

  it('is content with a reader that has gone', async () => {
    const child = spawn(process.execPath, [program, 'trust', 'list'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += String(chunk);
    });
    const status = await new Promise((ended) => {
      child.on('close', ended);
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});
