/** The manual page, made from the table of commands when the package is built (man(7)). */
import { type CommandSpec, placeholder } from '../command.ts';
import { COMMON, ENVIRONMENT, optionRow } from '../help.ts';

/** `migrate.1` of a release. */
export function manPage(table: readonly CommandSpec[], version: string): string {
  return [
    `.TH MIGRATE 1 "" "Sealift ${escaped(version)}" "Sealift"`,
    '.SH NAME',
    "migrate \\- moves a medical laboratory's data to a new system under the laboratory's signed instructions",
    '.SH SYNOPSIS',
    '.B migrate',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    'The laboratory (the controller) signs what may leave; the vendor (the processor) can extract nothing else;',
    'only the recipient can read it; everything is deleted once its arrival is acknowledged;',
    'and one signed file, the manifest, tells the whole story to anyone, offline.',
    '.PP',
    '.B migrate plan',
    'prints the procedure of one job: who, with which command, by when.',
    '.SH COMMANDS',
    ...table.flatMap(commandSection),
    '.SH COMMON OPTIONS',
    ...COMMON.flatMap(([names, summary]) => paragraph(names, summary)),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, summary]) => paragraph(name, summary)),
    '.SH EXIT STATUS',
    '0 when everything was done; any other status names its kind of failure. The last brackets of an error line hold a code that',
    'stays the same across releases; doc/exit\\-codes.md explains each.',
    '',
  ].join('\n');
}

function commandSection(command: CommandSpec): string[] {
  const { name, summary, options } = command;
  const placeholders = command.arguments.map(placeholder);
  return [
    `.SS "${escaped(['migrate', name, ...placeholders].join(' '))}"`,
    text(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    ...command.arguments.flatMap(({ name: argument, summary: about }) => paragraph(argument, about)),
    ...options.flatMap((option) => paragraph(...optionRow(option))),
  ];
}

function paragraph(label: string, about: string): string[] {
  return ['.TP', `.B ${escaped(label)}`, text(about)];
}

/** A line of text that begins with a dot or an apostrophe would be a request. */
function text(line: string): string {
  return /^[.']/.test(line) ? `\\&${escaped(line)}` : escaped(line);
}

function escaped(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replace(/[^\p{ASCII}]/gu, (character) => `\\[u${hex(character)}]`);
}

/** As groff names a character of Unicode. */
function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
