/** What shells and `man` know of the program is made from the table of commands. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/command-table.ts';
import { completionScript, SHELLS } from '../src/shell/completion.ts';
import { Machine } from './harness.ts';

const MAN_PAGE = fileURLToPath(new URL('../man/migrate.1', import.meta.url));
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): string[] {
  const script = `${completionScript('bash', COMMANDS)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _migrate; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', 'migrate', ...words], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe.skipIf(!has('bash'))('completion in bash', () => {
  it('offers every first word, and then the second', () => {
    const first = new Set(COMMANDS.map(({ name }) => name.split(' ')[0]));
    expect(new Set(offered(''))).toEqual(new Set([...first, 'help', '--help', '--version']));
    expect(offered('instr')).toEqual(['instructions']);
    expect(offered('instructions', 's').sort()).toEqual(['show', 'sign']);
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))('offers the options of %s', (name, command) => {
    const flags = offered(...name.split(' '), '--');
    expect(flags.sort()).toEqual([...command.options.map(({ flag }) => flag), '--json', '--help'].sort());
  });

  it('leaves the value of an option to the names of files', () => {
    expect(offered('verify', '--lab', '')).toEqual([]);
  });
});

describe('migrate completion', () => {
  it.each(SHELLS)('prints the script for %s, with every command and option', async (shell) => {
    const { text } = await new Machine().migrate('completion', shell);
    for (const { name, options } of COMMANDS) {
      for (const word of name.split(' ')) expect(text).toContain(word);
      for (const { flag } of options) expect(text).toContain(shell === 'fish' ? `-l ${flag.slice(2)}` : flag);
    }
  });

  it('knows no other shell', async () => {
    await expect(new Machine().migrate('completion', 'tcsh')).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});

describe('the manual page', () => {
  const page = existsSync(MAN_PAGE) ? readFileSync(MAN_PAGE, 'utf8') : '';

  it('is built, and names every command and option', () => {
    const plain = page.replaceAll('\\-', '-');
    for (const { name, options } of COMMANDS) {
      expect(plain).toContain(`.SS "migrate ${name}`);
      for (const { flag } of options) expect(plain).toContain(flag);
    }
  });

  it.skipIf(!has('groff'))('is set by groff without a warning', () => {
    const { stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww', MAN_PAGE], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toContain('migrate');
  });
});
