/** Completion scripts for shells, made from the table of commands. */
import type { CommandSpec } from '../command.ts';

/** The shells that there are scripts for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** One of them. */
export type Shell = (typeof SHELLS)[number];

/** The script of a shell. */
export function completionScript(shell: Shell, table: readonly CommandSpec[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(table);
    case 'zsh':
      // zsh runs completions that were written for bash.
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(table)}`;
    case 'fish':
      return fishScript(table);
  }
}

/** A first word, with the second words that follow it; none where the first is a command by itself. */
interface FirstWord {
  readonly word: string;
  readonly commands: readonly CommandSpec[];
}

function firstWords(table: readonly CommandSpec[]): FirstWord[] {
  const words = [...new Set(table.map(({ name }) => name.split(' ')[0] ?? name))];
  return words.map((word) => ({ word, commands: table.filter(({ name }) => name.split(' ')[0] === word) }));
}

const secondWord = ({ name }: CommandSpec): string | undefined => name.split(' ')[1];

function optionsOf({ options }: CommandSpec): string {
  return [
    ...options.flatMap(({ flag, short }) => (short === undefined ? [flag] : [flag, short])),
    '--json',
    '--help',
  ].join(' ');
}

/** The flags that a value follows, for which files are offered. */
function valuedFlags(table: readonly CommandSpec[]): string[] {
  const valued = table.flatMap(({ options }) => options.filter(({ value }) => value !== undefined));
  return [...new Set(valued.flatMap(({ flag, short }) => (short === undefined ? [flag] : [flag, short])))].sort();
}

function bashScript(table: readonly CommandSpec[]): string {
  const first = firstWords(table);
  const cases = first.flatMap(({ word, commands }) => bashCase(word, commands));
  return `# completion of migrate
_migrate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  case "$previous" in
    ${valuedFlags(table).join('|')}) return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${[...first.map(({ word }) => word), 'help', '--help', '--version'].join(' ')}"
  else
    case "\${COMP_WORDS[1]}" in
${cases.map((line) => `      ${line}`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _migrate migrate
`;
}

function bashCase(word: string, commands: readonly CommandSpec[]): string[] {
  const [only] = commands;
  if (only !== undefined && secondWord(only) === undefined) return [`${word}) words="${optionsOf(only)}" ;;`];
  return [
    `${word})`,
    `  if [ "$COMP_CWORD" -eq 2 ]; then words="${commands.map((command) => secondWord(command) ?? '').join(' ')}"; else`,
    `    case "\${COMP_WORDS[2]}" in`,
    ...commands.map((command) => `      ${secondWord(command) ?? ''}) words="${optionsOf(command)}" ;;`),
    '    esac',
    '  fi ;;',
  ];
}

function fishScript(table: readonly CommandSpec[]): string {
  const first = firstWords(table);
  const lines = first.flatMap(({ word, commands }) => [
    fishLine('__fish_use_subcommand', `-f -a ${word}`, commands[0]?.summary ?? ''),
    ...commands.flatMap((command) => fishCommand(word, command, commands)),
  ]);
  return `# completion of migrate\n${lines.join('\n')}\n`;
}

function fishCommand(word: string, command: CommandSpec, siblings: readonly CommandSpec[]): string[] {
  const second = secondWord(command);
  const seconds = siblings.map((sibling) => secondWord(sibling) ?? '').join(' ');
  const seen = second === undefined ? '' : `; and __fish_seen_subcommand_from ${second}`;
  const condition = `__fish_seen_subcommand_from ${word}${seen}`;
  const choice =
    second === undefined
      ? []
      : [
          fishLine(
            `__fish_seen_subcommand_from ${word}; and not __fish_seen_subcommand_from ${seconds}`,
            `-f -a ${second}`,
            command.summary,
          ),
        ];
  const options = command.options.map(({ flag, short, value, summary }) => {
    const names = `-l ${flag.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
    return fishLine(condition, value === undefined ? names : `${names} -r`, summary);
  });
  return [...choice, ...options];
}

function fishLine(condition: string, what: string, summary: string): string {
  return `complete -c migrate -n '${condition}' ${what} -d '${summary.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
