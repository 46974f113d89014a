/** Opens the identity that a command acts with, and makes new ones. */
import { resolve } from 'node:path';
import { memzero, ready, SealiftError } from '@sealift/core';
import {
  createIdentity,
  type Identity,
  isLocked,
  type NewIdentity,
  readIdentity,
  type SecretIdentity,
  unlockIdentity,
} from '@sealift/core/identity';
import type { Fingerprint } from '@sealift/core/ids';
import { createIdentityFile, readIdentityFile } from '@sealift/core/node';
import type { Context } from './context.ts';
import type { Input } from './input.ts';
import { askPassphrase, chooseNewPassphrase, PASSPHRASE_FILE } from './passphrase.ts';

/** The most characters of a name (schemas/identity.schema.json). */
const MAX_NAME = 200;

/** An identity file that was read and not opened yet. */
export interface ClosedIdentity {
  /** The public half, as the file shows it; opening makes sure that it belongs to the secret. */
  readonly identity: Identity;
  readonly fingerprint: Fingerprint;
  /** Asks for the passphrase where there is one. Throws `E_PASS`, `E_PROMPT`, `E_KEY`. */
  open(): Promise<SecretIdentity>;
}

/**
 * Reads the file of `--identity` (or `MIGRATE_IDENTITY`). The secret stays closed, so that everything else is checked first.
 * @throws E_NOT_FOUND, E_PERM, and what reading a document throws
 */
export async function closedIdentity(input: Input, context: Context): Promise<ClosedIdentity> {
  const path = input.text('identity');
  const file = await readIdentityFile(resolve(context.cwd, path));
  await ready();
  const open = async (): Promise<SecretIdentity> => {
    const passphrase = isLocked(file) ? await askPassphrase(context, PASSPHRASE_FILE, path) : undefined;
    return unlockIdentity(file, passphrase);
  };
  const identity = readIdentity(file.identity);
  return { identity, fingerprint: identity.fingerprint, open };
}

/** Makes an identity, not written anywhere yet. Throws `E_USAGE` for a name that no identity can have. */
export async function newIdentity(name: string, context: Context): Promise<NewIdentity> {
  await ready();
  const length = Array.from(name).length;
  if (length < 1 || length > MAX_NAME) {
    throw new SealiftError('E_USAGE', `the name of an identity has 1 to ${MAX_NAME} characters`);
  }
  return createIdentity(name, context.now());
}

/**
 * Writes an identity into a new file, under a passphrase unless `--no-passphrase` says otherwise, and wipes its seed.
 * @throws E_EXISTS, E_PASS, E_PROMPT, E_FILE
 */
export async function writeIdentity(
  identity: NewIdentity,
  file: string,
  input: Input,
  context: Context,
): Promise<void> {
  try {
    const passphrase = input.flag('no-passphrase') ? undefined : await chooseNewPassphrase(context, file);
    await createIdentityFile(resolve(context.cwd, file), identity, passphrase);
  } finally {
    memzero(identity.seed);
  }
}
