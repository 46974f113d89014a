/** The only file that prints: data on standard output; help, errors, warnings and progress on standard error. */
import type { Outcome } from './command.ts';
import type { Failure } from './failure.ts';
import type { Emphasis, Line } from './line.ts';
import { visible } from './visible.ts';

/** How this run prints. */
export interface PrintOptions {
  readonly json: boolean;
  /** Whether `NO_COLOR` and the terminal's kind let colours be used where the stream is a terminal. */
  readonly colours: boolean;
}

const RESET = '\u001b[0m';
const CODES: { readonly [emphasis in Emphasis]: string } = {
  heading: '\u001b[1m',
  good: '\u001b[32m',
  caution: '\u001b[33m',
  bad: '\u001b[31m',
};
const CLEAR_LINE = '\r\u001b[K';

/** Prints for one run of the program. */
export class Printer {
  readonly #options: PrintOptions;
  #progressShown = false;

  constructor(options: PrintOptions) {
    this.#options = options;
    tolerateClosedPipe(process.stdout);
    tolerateClosedPipe(process.stderr);
  }

  /** A command's result, on standard output. */
  outcome(outcome: Outcome): void {
    this.progress('');
    if (this.#options.json) process.stdout.write(`${jsonText(outcome.data)}\n`);
    else
      process.stdout.write(
        outcome
          .lines()
          .map((line) => `${this.#styled(line, process.stdout)}\n`)
          .join(''),
      );
  }

  /** The version, on standard output. */
  version(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Help, on standard error. */
  help(text: string): void {
    process.stderr.write(text);
  }

  /** An error, on standard error; `stack` only when it was asked for. */
  failure({ code, message, hint, place, stack }: Failure): void {
    this.progress('');
    if (this.#options.json) {
      process.stderr.write(`${jsonText({ error: { code, message, hint, place } })}\n`);
    } else {
      this.#note('error', 'bad', `${message} (${code})`);
      if (place !== undefined) this.#note('place', 'heading', placeText(place));
      if (hint !== undefined) this.#note('hint', 'heading', hint);
    }
    if (stack !== undefined) process.stderr.write(`${visible(stack)}\n`);
  }

  /** Something to look at that does not end the command, on standard error. */
  warning(message: string): void {
    this.progress('');
    if (this.#options.json) process.stderr.write(`${jsonText({ warning: message })}\n`);
    else this.#note('warning', 'caution', message);
  }

  /** Something to know beforehand, on standard error; with `--json` it is among the data. */
  note(message: string): void {
    if (!this.#options.json) this.#note('note', 'heading', message);
  }

  /** Replaces the line of progress; an empty text takes it away. Callers have made sure of the terminal. */
  progress(text: string): void {
    if (this.#progressShown || text !== '') process.stderr.write(CLEAR_LINE + visible(text));
    this.#progressShown = text !== '';
  }

  #note(word: string, emphasis: Emphasis, text: string): void {
    process.stderr.write(`${this.#coloured(`${word}:`, emphasis, process.stderr)} ${visible(text)}\n`);
  }

  #styled(line: Line, stream: NodeJS.WriteStream): string {
    return typeof line === 'string' ? visible(line) : this.#coloured(visible(line.text), line.emphasis, stream);
  }

  #coloured(text: string, emphasis: Emphasis, stream: NodeJS.WriteStream): string {
    return this.#options.colours && stream.isTTY ? `${CODES[emphasis]}${text}${RESET}` : text;
  }
}

/** A reader that closes the pipe early (`migrate … | head`) is no error. */
function tolerateClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

function placeText({ file, line, column, path }: NonNullable<Failure['place']>): string {
  const position = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
  return [position, path].filter((part) => part !== undefined && part !== '').join(' ');
}

/** JSON with the same characters escaped, which changes its text and not its value. */
function jsonText(value: object): string {
  return visible(JSON.stringify(value));
}
