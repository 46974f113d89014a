/** Runs commands as `migrate` does, in this process: real command line, real files, a clock and a person of the test's own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { readDocument } from '@sealift/core/document';
import { parseUtcTime } from '@sealift/core/ids';
import { rosterFingerprint } from '@sealift/core/roster';
import { afterAll } from 'vitest';
import type { Outcome } from '../src/command.ts';
import { readCommandLine } from '../src/command-line.ts';
import { COMMANDS } from '../src/command-table.ts';
import type { Context } from '../src/context.ts';
import { hiddenProgress } from '../src/progress.ts';
import type { Terminal } from '../src/terminal.ts';

export const schemasFolder: string = fileURLToPath(new URL('../../../schemas/', import.meta.url));
const requireOfSchemas = createRequire(join(schemasFolder, 'package.json'));

/** As much of ajv as is used here; it is a development dependency of the schemas' package. */
interface Ajv {
  addSchema(schema: object): unknown;
  getSchema(id: string): { (value: unknown): unknown; readonly errors?: readonly object[] | null } | undefined;
  errorsText(errors: readonly object[] | null | undefined): string;
}

/** All schemas, documents and outputs, by their `$id`. */
function loadSchemas(): Ajv {
  const { Ajv2020 } = requireOfSchemas('ajv/dist/2020.js') as { Ajv2020: new (options: object) => Ajv };
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, discriminator: true });
  for (const folder of [schemasFolder, join(schemasFolder, 'output')]) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.schema.json'))) {
      ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    }
  }
  return ajv;
}

const ajv = loadSchemas();

/** Requires that data are what the command's published schema says; throws with the reasons otherwise. */
export function requireSchema(command: string, data: unknown): void {
  const id = `https://sealift.example/schemas/output/${command.replace(' ', '-')}.schema.json`;
  const validate = ajv.getSchema(id);
  if (validate === undefined) throw new Error(`${command} has no schema in schemas/output`);
  if (validate(JSON.parse(JSON.stringify(data))) !== true) {
    throw new Error(`${command}: ${ajv.errorsText(validate.errors)}`);
  }
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that goes when the tests of the file end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealift-cli-'));
  folders.push(folder);
  return folder;
}

/** What JSON held; the test knows its members. */
export type Parsed = ReturnType<typeof JSON.parse>;

/** What a run of a command left behind. */
export interface Ran {
  readonly data: Parsed;
  readonly text: string;
  readonly exitCode: number;
  readonly warnings: readonly string[];
  /** What was said beforehand. */
  readonly notes: readonly string[];
}

/** One user's machine: a folder to work in, a state folder, a clock. */
export class Machine {
  readonly folder: string = temporaryFolder();
  now = '2026-11-22T10:00:00Z';
  env: Record<string, string> = { XDG_STATE_HOME: join(this.folder, 'state'), LANG: 'C' };
  terminal: Terminal | undefined;

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  json(name: string): Parsed {
    return JSON.parse(this.read(name));
  }

  write(name: string, content: unknown): void {
    const plain = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(this.path(name), plain ? content : JSON.stringify(content), { mode: 0o600 });
  }

  files(): string[] {
    return readdirSync(this.folder).sort();
  }

  /** Runs `migrate` with these words; its data must match the published schema. */
  async migrate(...words: string[]): Promise<Ran> {
    const request = readCommandLine(COMMANDS, words, this.env);
    if (request.kind !== 'run') throw new Error(`"${words.join(' ')}" runs no command`);
    const warnings: string[] = [];
    const notes: string[] = [];
    const run = await request.command.load();
    const outcome: Outcome = await run(request.input, this.context(warnings, notes));
    requireSchema(request.command.name, outcome.data);
    const text = outcome
      .lines()
      .map((line) => (typeof line === 'string' ? line : line.text))
      .join('\n');
    return { data: outcome.data, text, exitCode: outcome.exitCode, warnings, notes };
  }

  /** Pins a roster, its fingerprint compared. */
  async pin(roster: string): Promise<void> {
    const { document } = readDocument(new TextEncoder().encode(this.read(roster)), 'sealift.roster.v1');
    await this.migrate('trust', 'add', roster, '--fingerprint', rosterFingerprint(document));
  }

  /** What a command is told of this machine. */
  context(warnings: string[] = [], notes: string[] = []): Context {
    return {
      cwd: this.folder,
      env: this.env,
      version: '0.0.0-test',
      ...(this.terminal === undefined ? {} : { terminal: this.terminal }),
      fileModes: true,
      now: () => parseUtcTime(this.now),
      stdin: () => Readable.from([]),
      warn: (message) => warnings.push(message),
      note: (message) => notes.push(message),
      progress: () => hiddenProgress,
    };
  }
}

/** Somebody at the terminal who answers in this order, and what they were shown. */
export function personTyping(...answers: string[]): Terminal & { readonly seen: string[] } {
  const seen: string[] = [];
  const answer = (question: string): Promise<string> => {
    seen.push(question);
    const next = answers.shift();
    return next === undefined ? Promise.reject(new Error(`nobody answers "${question}"`)) : Promise.resolve(next);
  };
  return { seen, tell: (text) => seen.push(text), ask: answer, askHidden: answer };
}
