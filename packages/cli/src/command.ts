/** What a command is: its line in the table, and the module that does it. */
import type { Context } from './context.ts';
import type { Input } from './input.ts';
import type { Line } from './line.ts';

/** Whose command it is; help groups by it (design: lab, vendor, recipient). */
export type Role = 'lab' | 'vendor' | 'recipient' | 'everyone';

/** A positional argument. */
export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  /** All words after `--`, which may be missing; the last argument only. */
  readonly rest?: boolean;
}

/** An argument as help and manual show it. */
export function placeholder({ name, optional, rest }: ArgumentSpec): string {
  if (rest === true) return `[-- ${name}...]`;
  return optional === true ? `[${name}]` : `<${name}>`;
}

/** An option. Without `value` it is a flag. */
export interface OptionSpec {
  /** `--name`; also the name under which the command reads it, without the dashes. */
  readonly flag: `--${string}`;
  readonly short?: `-${string}`;
  /** What the value is, as help shows it: `file`. */
  readonly value?: string;
  readonly summary: string;
  /** The environment variable that is read when the option is absent. */
  readonly env?: string;
  /** The value when neither is given. */
  readonly fallback?: string;
  readonly required?: boolean;
  /** It may be given several times. */
  readonly repeated?: boolean;
}

/** One command of the table: everything that parsing, help and the documentation need. */
export interface CommandSpec {
  /** One or two words: `keygen`, `lab init`. */
  readonly name: string;
  readonly role: Role;
  readonly summary: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** Imports the command, so that help and other commands do not pay for it. */
  load(): Promise<Runnable>;
}

/**
 * The module of a command: it does the work and returns data; the words for people are made from the data alone.
 * The data is what `--json` prints: plain JSON, described by `schemas/output/<command>.schema.json`.
 */
export interface CommandModule<Result extends object> {
  run(input: Input, context: Context): Promise<Result>;
  present(result: Result): readonly Line[];
  /** The exit code of a run that ended without an error; 0 when the command has no other. */
  exitCode?(result: Result): number;
}

/** What a command hands to print.ts. */
export interface Outcome {
  readonly data: object;
  readonly exitCode: number;
  lines(): readonly Line[];
}

/** A command with the type of its data forgotten. */
export type Runnable = (input: Input, context: Context) => Promise<Outcome>;

/** Makes a command's module runnable. */
export function runnable<Result extends object>(module: CommandModule<Result>): Runnable {
  return async (input, context) => {
    const data = await module.run(input, context);
    return { data, exitCode: module.exitCode?.(data) ?? 0, lines: () => module.present(data) };
  };
}
