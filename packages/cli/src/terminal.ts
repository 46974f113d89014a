/** Asks the person at the terminal. Questions go to standard error, so that standard output stays data. */
import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { SealiftError } from '@sealift/core';
import { visible } from './visible.ts';

/** Somebody who can answer. */
export interface Terminal {
  /** Tells the person something before a question. */
  tell(text: string): void;
  /** Asks for one line. Throws `E_PROMPT` when the person ends the input instead. */
  ask(question: string): Promise<string>;
  /** Asks for one line that is not shown while it is typed. Throws `E_PROMPT`. */
  askHidden(question: string): Promise<string>;
}

/** The person who types into `input` and reads `output`. */
export function openTerminal(input: Readable, output: Writable): Terminal {
  return {
    tell: (text) => output.write(`${visible(text)}\n`),
    ask: (question) => readLine(input, output, question, output),
    askHidden: async (question) => {
      try {
        return await readLine(input, output, question, nowhere());
      } finally {
        output.write('\n');
      }
    },
  };
}

/** Where the echo of a hidden answer goes. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

async function readLine(input: Readable, output: Writable, question: string, echo: Writable): Promise<string> {
  const reader = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  try {
    if (echo !== output) output.write(question);
    return await new Promise<string>((answered, refused) => {
      reader.once('line', answered);
      reader.once('close', () => refused(new SealiftError('E_PROMPT', 'the question was not answered')));
      reader.setPrompt(question);
      reader.prompt();
    });
  } finally {
    reader.close();
  }
}
