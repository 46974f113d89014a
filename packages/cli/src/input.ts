/** The arguments and options that a command was given, by their names in the table. */
import { UsageError } from './usage-error.ts';

/** What was typed, with environment variables and fallbacks filled in. */
export class Input {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  /** A flag that was given has an empty list. */
  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  /** The value of an argument or option that has to be there. Throws `E_USAGE`. */
  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw new UsageError(`"${name}" is missing`, 'see the help of the command');
    return value;
  }

  /** The value of an argument or option, if it was given. */
  optional(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** Whether a flag was given. */
  flag(name: string): boolean {
    return this.#values.has(name);
  }

  /** All values of an option that may be given several times, in their order. */
  list(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}
