/** A person of the story: a folder of their own, a state folder of their own, and the `migrate` command. */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const MIGRATE: string = fileURLToPath(new URL('../../packages/cli/dist/migrate.mjs', import.meta.url));

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody with a terminal. */
export class Actor {
  /** The folder that the person works in. */
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#env = env;
  }

  /** Makes the person's folder; `env` is added to an environment that knows nothing of the real user. */
  static async create(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Actor> {
    await mkdir(folder, { recursive: true });
    const home = join(folder, '.home');
    await mkdir(home, { recursive: true, mode: 0o700 });
    return new Actor(folder, { HOME: home, XDG_STATE_HOME: join(home, 'state'), ...env });
  }

  /** A path in the person's folder. */
  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** The variables by which the same commands can be run by hand. */
  get environment(): Readonly<Record<string, string>> {
    return this.#env;
  }

  /** Runs `migrate` with these words, and `input` on standard input; never throws for an exit code. */
  migrate(
    words: readonly string[],
    options: { readonly input?: AsyncIterable<Uint8Array>; readonly env?: Record<string, string> } = {},
  ): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [MIGRATE, ...words], {
        cwd: this.folder,
        env: { PATH: process.env['PATH'], ...this.#env, ...options.env },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const output = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
      child.once('error', reject);
      child.once('close', (code) => resolve({ exitCode: code ?? -1, ...output }));
      void feed(child.stdin, options.input);
    });
  }
}

async function feed(stdin: Writable, input: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  // A command that fails early closes the pipe; that is its answer, not an error of the writer.
  stdin.on('error', () => undefined);
  if (input === undefined) stdin.end();
  else await pipeline(input, stdin).catch(() => undefined);
}
