/** `migrate keygen`: a new identity for a person or a service. */
import { resolve } from 'node:path';
import { groupsOfFour } from '@sealift/core';
import type { Fingerprint, UtcTime } from '@sealift/core/ids';
import { paragraph } from '@sealift/report/wrap';
import type { Context } from '../context.ts';
import { requireFree } from '../free-name.ts';
import { newIdentity, writeIdentity } from '../identity-source.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';

/** The identity that was made. */
export interface KeygenResult {
  readonly file: string;
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly created: UtcTime;
  /** Whether a passphrase protects the file. */
  readonly passphrase: boolean;
}

/** Throws `E_EXISTS`, `E_PASS`, `E_PROMPT`, `E_SCHEMA`, `E_FILE`. */
export async function run(input: Input, context: Context): Promise<KeygenResult> {
  const file = input.text('output');
  await requireFree(resolve(context.cwd, file));
  const identity = await newIdentity(input.text('name'), context);
  await writeIdentity(identity, file, input, context);
  identity.secret.wipe();
  const { name, fingerprint, document } = identity.secret.identity;
  return { file, name, fingerprint, created: document.signed.created, passphrase: !input.flag('no-passphrase') };
}

/** The fingerprint, and what to do with the file. */
export function present({ file, name, fingerprint, passphrase }: KeygenResult): readonly Line[] {
  return [
    ...paragraph(`identity of ${name} written to ${file}`, ''),
    '',
    'fingerprint:',
    emphasised('heading', `  ${groupsOfFour(fingerprint)}`),
    '',
    ...paragraph(
      `Keep ${file} to yourself${passphrase ? '' : '; no passphrase protects it'}. Hand on the public identity:`,
      '',
    ),
    `  migrate identity show ${file} --export identity.public.json`,
    'and read the fingerprint out to whoever receives it, over another channel.',
  ];
}
