/** Help, made from the table of commands; 80 columns wide. */

import { WIDTH, wrap } from '@sealift/report/wrap';
import { type CommandSpec, type OptionSpec, placeholder, type Role } from './command.ts';

const GAP = 2;
/** Names longer than this have their text on the next line. */
const NAME_COLUMN = 28;

const TITLES: readonly (readonly [Role, string])[] = [
  ['lab', 'Laboratory'],
  ['vendor', 'Vendor'],
  ['recipient', 'Recipient'],
  ['everyone', 'Everyone'],
];

/** Options of every command. */
export const COMMON: readonly (readonly [string, string])[] = [
  ['--json', 'print the result as one JSON object'],
  ['-h, --help', 'show this help'],
];

/** Variables of the environment that the program reads. */
export const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['MIGRATE_IDENTITY', 'your identity file, where --identity is absent'],
  ['MIGRATE_PASSPHRASE_FILE', 'the file with its passphrase, instead of a prompt'],
  ['MIGRATE_SSH_PASSPHRASE_FILE', "the file with the SSH key's passphrase"],
  ['MIGRATE_DEBUG', 'set to 1, shows where an internal error came from'],
  ['NO_COLOR', 'set to anything, leaves colours out'],
];

/** `migrate --help`: the commands by role. */
export function programHelp(table: readonly CommandSpec[]): string {
  const groups = TITLES.map(([role, title]) =>
    section(title, rowsOf(table.filter((command) => command.role === role))),
  );
  return page(
    'migrate <command> [options]',
    "Moves a medical laboratory's data to a new system under the laboratory's signed instructions.",
    ...groups,
    section('Options', [...COMMON, ['-V, --version', 'show the version']]),
    section('Environment', ENVIRONMENT),
  );
}

/** `migrate lab --help`: the commands that share a first word. */
export function groupHelp(table: readonly CommandSpec[], word: string): string {
  const commands = table.filter(({ name }) => name.startsWith(`${word} `));
  return page(
    `migrate ${word} <command> [options]`,
    undefined,
    section('Commands', rowsOf(commands)),
    section('Options', COMMON),
  );
}

/** `migrate lab init --help`: one command's arguments and options. */
export function commandHelp(command: CommandSpec): string {
  const { name, summary, options } = command;
  const placeholders = (rest: boolean): string[] =>
    command.arguments.filter((one) => (one.rest === true) === rest).map(placeholder);
  return page(
    ['migrate', name, ...placeholders(false), '[options]', ...placeholders(true)].join(' '),
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    section(
      'Arguments',
      command.arguments.map(({ name: argument, summary: text }) => [argument, text]),
    ),
    section('Options', [...options.map(optionRow), ...COMMON]),
  );
}

/** An option's names, and what is said of it. */
export function optionRow(option: OptionSpec): readonly [string, string] {
  const { flag, short, value, summary, env, fallback, required, repeated } = option;
  const remarks = [
    required === true ? 'required' : undefined,
    repeated === true ? 'may be repeated' : undefined,
    env === undefined ? undefined : `or ${env}`,
    fallback === undefined ? undefined : `default: ${fallback}`,
  ].filter((remark) => remark !== undefined);
  const names = short === undefined ? flag : `${short}, ${flag}`;
  return [
    value === undefined ? names : `${names} <${value}>`,
    remarks.length === 0 ? summary : `${summary} (${remarks.join('; ')})`,
  ];
}

function rowsOf(commands: readonly CommandSpec[]): [string, string][] {
  return commands.map(({ name, summary }) => [name, summary]);
}

function page(usage: string, about: string | undefined, ...sections: readonly string[]): string {
  const intro = about === undefined ? [] : [wrap(about, WIDTH).join('\n')];
  return `${[`Usage: ${usage}`, ...intro, ...sections.filter((text) => text !== '')].join('\n\n')}\n`;
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const longest = Math.max(...rows.map(([name]) => name.length).filter((length) => length <= NAME_COLUMN), 0);
  const indent = GAP + longest + GAP;
  const lines = rows.flatMap(([name, text]) => {
    const [first = '', ...others] = wrap(text, WIDTH - indent).map((line) => ' '.repeat(indent) + line);
    const head = ' '.repeat(GAP) + name;
    return name.length > longest ? [head, first, ...others] : [head + first.slice(head.length), ...others];
  });
  return [`${title}:`, ...lines].join('\n');
}
