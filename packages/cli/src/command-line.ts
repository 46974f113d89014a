/** Reads the command line by the table of commands. commander does the reading; the words of help are help.ts's. */
import { Argument, Command, CommanderError, Option } from 'commander';
import type { CommandSpec, OptionSpec } from './command.ts';
import { commandHelp, groupHelp, programHelp } from './help.ts';
import { Input } from './input.ts';
import { UsageError } from './usage-error.ts';

/** What the command line asks for. */
export type Request =
  | { readonly kind: 'run'; readonly command: CommandSpec; readonly input: Input }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' };

/** The variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the arguments after `migrate`.
 * @throws UsageError for whatever the table does not know, with the nearest spelling as hint
 */
export function readCommandLine(
  table: readonly CommandSpec[],
  words: readonly string[],
  environment: Environment,
): Request {
  let request: Request | undefined;
  let help = '';
  const chosen: Chosen = (command, values) => {
    request = { kind: 'run', command, input: new Input(withDefaults(command, values, environment)) };
  };
  const writeOut = (text: string): void => {
    help += text;
  };
  const program = buildProgram(table, words, { chosen, writeOut });
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.version') return { kind: 'version' };
    // Help that was asked for goes to `writeOut`; help instead of an error does not.
    if (help !== '') return { kind: 'help', text: help };
    throw usageError(error, table, words);
  }
  if (request === undefined) throw new UsageError('no command was given', SEE_HELP);
  if (request.kind === 'run') requireDashes(request, words);
  return request;
}

/** A program is run only when it was set apart: a word too many is a mistake. */
function requireDashes({ command, input }: Extract<Request, { kind: 'run' }>, words: readonly string[]): void {
  const rest = command.arguments.find((argument) => argument.rest === true);
  if (rest === undefined) return;
  const at = words.indexOf('--');
  const apart = at < 0 ? 0 : words.length - at - 1;
  const given = input.list(rest.name);
  if (given.length === apart) return;
  throw new UsageError(`unexpected word "${given[0] ?? ''}"`, `a ${rest.name} and its arguments come after "--"`);
}

const SEE_HELP = 'see "migrate --help"';

type Chosen = (command: CommandSpec, values: Map<string, readonly string[]>) => void;

/** What is done with what was read. */
interface Readers {
  readonly chosen: Chosen;
  readonly writeOut: (text: string) => void;
}

/** Of a command that was not typed commander learns the name alone, to guess at spellings: all their options take as long as reading a file. */
function buildProgram(table: readonly CommandSpec[], words: readonly string[], { chosen, writeOut }: Readers): Command {
  const isTyped = ({ name }: CommandSpec): boolean => name.split(' ').every((word) => words.includes(word));
  const program = new Command('migrate')
    .exitOverride()
    .configureOutput({ writeOut, writeErr: () => undefined })
    .option('--json')
    .version('', '-V, --version')
    .helpOption('-h, --help')
    .helpCommand('help [command]')
    .configureHelp({ formatHelp: () => programHelp(table) });
  const groups = new Map<string, Command>();
  for (const command of table) {
    const [first = '', second] = command.name.split(' ');
    const group =
      groups.get(first) ?? program.command(first).configureHelp({ formatHelp: () => groupHelp(table, first) });
    if (second !== undefined) groups.set(first, group);
    const parser = second === undefined ? group : group.command(second);
    if (isTyped(command)) teach(parser, command, chosen);
  }
  return program;
}

/** Tells commander what a command takes. */
function teach(parser: Command, command: CommandSpec, chosen: Chosen): void {
  parser.configureHelp({ formatHelp: () => commandHelp(command) });
  for (const { name, optional, rest } of command.arguments) {
    parser.addArgument(new Argument(rest === true ? `[${name}...]` : optional === true ? `[${name}]` : `<${name}>`));
  }
  for (const option of command.options) parser.addOption(optionOf(option));
  parser.action(() => chosen(command, valuesOf(command, parser)));
}

function optionOf({ flag, short, value, repeated }: OptionSpec): Option {
  const names = short === undefined ? flag : `${short}, ${flag}`;
  const option = new Option(value === undefined ? names : `${names} <${value}>`);
  return repeated === true ? option.argParser(collect) : option;
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** The name of an option without its dashes, by which a command reads it. */
function nameOf({ flag }: OptionSpec): string {
  return flag.slice(2);
}

function valuesOf(command: CommandSpec, parser: Command): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const [index, { name, rest }] of command.arguments.entries()) {
    const given = parser.args.slice(index, rest === true ? undefined : index + 1);
    if (given.length > 0) values.set(name, given);
  }
  for (const option of command.options) {
    // commander writes `--no-passphrase` as `passphrase: false`.
    const given: unknown = parser.getOptionValue(new Option(option.flag).attributeName());
    if (typeof given === 'string') values.set(nameOf(option), [given]);
    else if (Array.isArray(given)) values.set(nameOf(option), given.map(String));
    else if (given === !option.flag.startsWith('--no-')) values.set(nameOf(option), []);
  }
  return values;
}

function withDefaults(
  command: CommandSpec,
  values: Map<string, readonly string[]>,
  environment: Environment,
): ReadonlyMap<string, readonly string[]> {
  for (const option of command.options) {
    if (values.has(nameOf(option))) continue;
    const value = (option.env === undefined ? undefined : environment[option.env] || undefined) ?? option.fallback;
    if (value !== undefined) values.set(nameOf(option), [value]);
    else if (option.required === true) throw missingOption(command, option);
  }
  return values;
}

function missingOption(command: CommandSpec, { flag, value, env }: OptionSpec): UsageError {
  return new UsageError(
    `the option ${flag} <${value ?? ''}> is missing`,
    env === undefined ? `see "migrate ${command.name} --help"` : `give it, or set ${env}`,
  );
}

/** commander's message, and its guess at the right spelling as the hint. */
function usageError(
  { code, message }: CommanderError,
  table: readonly CommandSpec[],
  words: readonly string[],
): UsageError {
  if (code === 'commander.help') return incomplete(table, words);
  const [first = '', guess] = message.split('\n');
  const sentence = first.replace(/^error: /, '').replace(/\. Expected .*$/, '');
  const hint = guess === undefined ? helpOf(table, words) : guess.replace(/^\(D/, 'd').replace(/\)$/, '');
  return new UsageError(sentence.replaceAll("'", '"'), hint);
}

/** The help of the command that was typed, or of all where it is none. */
function helpOf(table: readonly CommandSpec[], [first = '', second = '']: readonly string[]): string {
  const typed = [`${first} ${second}`, first].find((name) => table.some((command) => command.name === name));
  return typed === undefined ? SEE_HELP : `see "migrate ${typed} --help"`;
}

/** Nothing typed, or the first word of a two-word command alone. */
function incomplete(table: readonly CommandSpec[], words: readonly string[]): UsageError {
  const group = words.find((word) => table.some(({ name }) => name.startsWith(`${word} `)));
  if (group === undefined) return new UsageError('no command was given', SEE_HELP);
  return new UsageError(`"migrate ${group}" needs a second word`, `see "migrate ${group} --help"`);
}
