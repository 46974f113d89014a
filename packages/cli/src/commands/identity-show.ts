/** `migrate identity show`: whose identity a file holds, and its public half. */
import { resolve } from 'node:path';
import { groupsOfFour, ready } from '@sealift/core';
import { readableDocument } from '@sealift/core/document';
import { readIdentity } from '@sealift/core/identity';
import type { Fingerprint, UtcTime } from '@sealift/core/ids';
import { createFile, readDocumentFile, requirePrivateFile } from '@sealift/core/node';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';

/** What a file says of an identity. */
export interface IdentityShowResult {
  readonly file: string;
  /** Whether the file holds the secret half too. */
  readonly kind: 'secret' | 'public';
  /** Whether a passphrase protects the secret half. */
  readonly passphrase?: boolean;
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly created: UtcTime;
  /** Where the public identity was written. */
  readonly exported?: string;
}

/** Needs no passphrase. Throws `E_PERM`, `E_KEY`, `E_KEY_WEAK`, `E_EXISTS`, and what reading a document throws. */
export async function run(input: Input, context: Context): Promise<IdentityShowResult> {
  await ready();
  const file = input.text('file');
  const path = resolve(context.cwd, file);
  const { document: read } = await readDocumentFile(path, ['sealift.identity.v1', 'sealift.secret-identity.v1']);
  const secret = 'secret' in read ? read.secret : undefined;
  if (secret !== undefined) await requirePrivateFile(path);
  const { document, name, fingerprint } = readIdentity('secret' in read ? read.identity : read);

  const exported = input.optional('export');
  if (exported !== undefined) await createFile(resolve(context.cwd, exported), readableDocument(document), 0o644);
  return {
    file,
    kind: secret === undefined ? 'public' : 'secret',
    ...(secret === undefined ? {} : { passphrase: secret.kdf !== 'none' }),
    name,
    fingerprint,
    created: document.signed.created,
    ...(exported === undefined ? {} : { exported }),
  };
}

/** Name, fingerprint and time of creation. */
export function present({
  kind,
  passphrase,
  name,
  fingerprint,
  created,
  exported,
}: IdentityShowResult): readonly Line[] {
  const protection = passphrase === true ? 'protected by a passphrase' : 'without a passphrase';
  return [
    `name:         ${name}`,
    emphasised('heading', `fingerprint:  ${groupsOfFour(fingerprint)}`),
    `created:      ${created}`,
    `file:         ${kind === 'secret' ? `secret identity, ${protection}` : 'public identity'}`,
    ...(exported === undefined ? [] : ['', `public identity written to ${exported}`]),
  ];
}
