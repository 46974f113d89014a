/** `migrate completion`: the script by which a shell completes commands and options. */
import { SealiftError } from '@sealift/core';
import { COMMANDS } from '../command-table.ts';
import type { Input } from '../input.ts';
import type { Line } from '../line.ts';
import { completionScript, SHELLS, type Shell } from '../shell/completion.ts';

/** The script. */
export interface CompletionResult {
  readonly shell: Shell;
  readonly script: string;
}

/** Throws E_USAGE for another shell. */
export async function run(input: Input): Promise<CompletionResult> {
  const asked = input.text('shell');
  const shell = SHELLS.find((known) => known === asked);
  if (shell === undefined) {
    throw new SealiftError('E_USAGE', `there is no completion for "${asked}"`, { hint: `choose ${SHELLS.join(', ')}` });
  }
  return { shell, script: completionScript(shell, COMMANDS) };
}

/** The script alone, for the shell to read. */
export function present({ script }: CompletionResult): readonly Line[] {
  return script.trimEnd().split('\n');
}
