/** Secret identity files: mode 0600, never behind a symlink, never overwritten. */
import { chmod } from 'node:fs/promises';
import { SealiftError } from '../errors.ts';
import type { NewIdentity } from '../identity.ts';
import { readableDocument } from '../readable-document.ts';
import { lockIdentity, type SecretIdentityFile } from '../secret-identity.ts';
import { readDocumentFile } from './document-file.ts';
import { lookAt } from './file.ts';
import { createFile } from './temporary-file.ts';

/** The bits that let a group or everybody in. */
const OTHERS = 0o077;

/**
 * Requires that a file holds a secret safely: a regular file, not a symlink, closed to group and others.
 * (Windows has no such bits; there the profile folder's access list protects it.)
 * @throws E_NOT_FOUND, E_PERM
 */
export async function requirePrivateFile(path: string): Promise<void> {
  requireClosed(path, await modeOfRegularFile(path));
}

async function modeOfRegularFile(path: string): Promise<number> {
  const found = await lookAt(path);
  if (found === undefined) throw new SealiftError('E_NOT_FOUND', `there is no ${path}`, { hint: 'check the path' });
  if (!found.isFile()) {
    throw new SealiftError('E_PERM', `${path} is not a regular file`, {
      hint: 'name the file itself, not a link to it',
    });
  }
  return Number(found.mode);
}

function requireClosed(path: string, mode: number): void {
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    throw new SealiftError('E_PERM', `${path} is open to others than its owner`, { hint: `run: chmod 600 ${path}` });
  }
}

/**
 * Reads a secret identity's file; its secret stays locked. What the file is comes first: a public identity is for everyone's eyes, and
 * closing it to others would not make it a secret one.
 * @throws E_NOT_FOUND, E_PERM, E_KEY for a public identity, and what `readDocument` throws
 */
export async function readIdentityFile(path: string): Promise<SecretIdentityFile> {
  const mode = await modeOfRegularFile(path);
  const { document } = await readDocumentFile(path, ['sealift.secret-identity.v1', 'sealift.identity.v1']);
  if (!('secret' in document)) {
    throw new SealiftError('E_KEY', `${path} is a public identity, and only the secret one signs and opens`, {
      hint: 'name the file that "migrate keygen" or "migrate lab init" made',
    });
  }
  requireClosed(path, mode);
  return document;
}

/** Writes a new identity into a new file. @throws E_EXISTS, E_PASS, E_FILE */
export async function createIdentityFile(
  path: string,
  identity: NewIdentity,
  passphrase: string | undefined,
): Promise<void> {
  if ((await lookAt(path)) !== undefined) {
    throw new SealiftError('E_EXISTS', `${path} exists already, and an identity is never overwritten`, {
      hint: 'choose another name with -o',
    });
  }
  await createFile(path, readableDocument(await lockIdentity(identity, passphrase)));
  await chmod(path, 0o600); // whatever the umask took away, the owner can read it
}
