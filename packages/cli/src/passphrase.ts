/**
 * Passphrases: from a file that a variable names, or typed at the terminal; never from an argument, where every user of
 * the machine could read it (F45).
 */
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SealiftError } from '@sealift/core';
import type { Context } from './context.ts';

/** The variable that names the file with an identity's passphrase. */
export const PASSPHRASE_FILE = 'MIGRATE_PASSPHRASE_FILE';

/** The variables that name a file with a passphrase: an identity's, an SSH key's. */
export type PassphraseVariable = typeof PASSPHRASE_FILE | 'MIGRATE_SSH_PASSPHRASE_FILE';

/** A passphrase file is not longer than this, in bytes. */
const MAX_BYTES = 4096;

/**
 * The passphrase of something that exists; `what` says of what, for the prompt.
 * @throws E_PROMPT where nobody can type it, E_PERM, E_NOT_FOUND, E_PASS for an empty file or one that is no text
 */
export async function askPassphrase(context: Context, variable: PassphraseVariable, what: string): Promise<string> {
  const file = context.env[variable];
  if (file !== undefined && file !== '') return readPassphrase(resolve(context.cwd, file), variable, context);
  if (context.terminal === undefined) throw noTerminal(variable, `the passphrase of ${what} is needed`);
  return context.terminal.askHidden(`Passphrase of ${what}: `);
}

/**
 * A passphrase for a new identity, typed twice.
 * @throws as {@link askPassphrase}, and E_PASS when the two differ
 */
export async function chooseNewPassphrase(context: Context, what: string): Promise<string> {
  const file = context.env[PASSPHRASE_FILE];
  if ((file !== undefined && file !== '') || context.terminal === undefined) {
    return askPassphrase(context, PASSPHRASE_FILE, what);
  }
  const first = await context.terminal.askHidden(`New passphrase of ${what}: `);
  if ((await context.terminal.askHidden('The same again: ')) === first) return first;
  throw new SealiftError('E_PASS', 'the two passphrases differ', { hint: 'nothing was written; start again' });
}

function noTerminal(variable: PassphraseVariable, message: string): SealiftError {
  return new SealiftError('E_PROMPT', `${message}, and nobody can be asked: standard input is no terminal`, {
    hint: `name a file that holds it, with mode 0600, in ${variable}`,
  });
}

async function readPassphrase(file: string, variable: PassphraseVariable, context: Context): Promise<string> {
  const bytes = await readPrivateFile(file, variable, openTo(file, context));
  const text = passphraseText(bytes, variable).replace(/\r?\n$/, '');
  if (text === '') throw new SealiftError('E_PASS', `the file that ${variable} names is empty`);
  return text;
}

function passphraseText(bytes: Uint8Array, variable: PassphraseVariable): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SealiftError('E_PASS', `the file that ${variable} names is not UTF-8 text`);
  }
}

/**
 * The bits of a mode that no passphrase file may have. A credential of systemd (systemd.exec(5), LoadCredential=) is given to the
 * service's user by an access list, whose mask shows as the group's right; its folder is closed to everybody else.
 */
function openTo(file: string, { env, fileModes }: Context): number {
  if (!fileModes) return 0;
  const credentials = env['CREDENTIALS_DIRECTORY'];
  return credentials !== undefined && credentials !== '' && dirname(file) === credentials ? 0o037 : 0o077;
}

async function readPrivateFile(file: string, variable: PassphraseVariable, refused: number): Promise<Uint8Array> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new SealiftError('E_NOT_FOUND', `the file that ${variable} names can't be read`, { cause, place: { file } });
  });
  try {
    const { mode, size } = await handle.stat();
    if ((mode & refused) !== 0) {
      throw new SealiftError('E_PERM', `others may read the file that ${variable} names`, {
        hint: 'give it mode 0600: chmod 600',
        place: { file },
      });
    }
    if (size > MAX_BYTES)
      throw new SealiftError('E_PASS', `the file that ${variable} names is no passphrase: ${size} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
