import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/command-table.ts';
import { commandHelp, groupHelp, programHelp } from '../src/help.ts';
import { schemasFolder } from './harness.ts';

const GROUPS = [
  ...new Set(COMMANDS.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0] ?? '')),
];
const PAGES: [string, string][] = [
  ['migrate', programHelp(COMMANDS)],
  ...GROUPS.map((word): [string, string] => [`migrate ${word}`, groupHelp(COMMANDS, word)]),
  ...COMMANDS.map((command): [string, string] => [`migrate ${command.name}`, commandHelp(command)]),
];

describe('help', () => {
  it.each(PAGES)('of %s fits 80 columns', (_, text) => {
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('names every command once, under its role', () => {
    const text = programHelp(COMMANDS);
    for (const { name } of COMMANDS) expect(text.match(new RegExp(`^  ${name} `, 'gm'))).toHaveLength(1);
    const titles = ['Laboratory:', 'Everyone:'];
    expect(titles.map((title) => text.indexOf(title))).toEqual(
      titles.map((title) => text.indexOf(title)).sort((a, b) => a - b),
    );
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'of %s names its arguments and options',
    (_, command) => {
      const text = commandHelp(command);
      for (const { name } of command.arguments) expect(text).toContain(name);
      for (const { flag, env } of command.options) expect(text).toContain(env === undefined ? flag : env);
    },
  );
});

describe('the table', () => {
  it('has each command and each option of a command once', () => {
    expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
    for (const { options } of COMMANDS) expect(new Set(options.map(({ flag }) => flag)).size).toBe(options.length);
  });

  it('has no option that takes a passphrase', () => {
    for (const { options } of COMMANDS) {
      for (const { flag, value } of options) if (flag.includes('pass')) expect(value).toBeUndefined();
    }
  });

  it.each(COMMANDS.map(({ name }) => [name]))('%s has a published schema of its output', (name) => {
    expect(existsSync(join(schemasFolder, 'output', `${name.replace(' ', '-')}.schema.json`))).toBe(true);
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))('%s can be loaded', async (_, command) => {
    expect(await command.load()).toBeTypeOf('function');
  });
});
