/** `migrate lab init`: one identity and the roster that names it, for a laboratory with one signer. */
import { mkdir, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { groupsOfFour, SealiftError } from '@sealift/core';
import { readableDocument, readDocument } from '@sealift/core/document';
import type { Fingerprint } from '@sealift/core/ids';
import { createFile, fileError } from '@sealift/core/node';
import {
  firstRoster,
  isPlausibleLabId,
  type LabId,
  type NewRoster,
  type VerifiedRoster,
  verifyRoster,
} from '@sealift/core/roster';
import { paragraph } from '@sealift/report/wrap';
import type { Context } from '../context.ts';
import { requireFree } from '../free-name.ts';
import { newIdentity, writeIdentity } from '../identity-source.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';

/** What was made. */
export interface LabInitResult {
  readonly lab: { readonly id: LabId; readonly name: string; readonly country: string };
  readonly identity: {
    readonly file: string;
    readonly name: string;
    readonly fingerprint: Fingerprint;
    readonly passphrase: boolean;
  };
  readonly roster: { readonly file: string; readonly fingerprint: Fingerprint; readonly version: number };
}

const IDENTITY_FILE = 'lab.key.json';
const ROSTER_FILE = 'lab.roster.json';
/** The roster is for everyone's eyes. */
const PUBLIC_MODE = 0o644;

/** Where the options end up in the roster. */
const OPTIONS: readonly (readonly [string, string])[] = [
  ['/signed/lab/id', '--siren or --finess'],
  ['/signed/lab/name', '--name'],
  ['/signed/lab/country', '--country'],
  ['/signed/contact/name', '--dpo'],
  ['/signed/contact/email', '--dpo-email'],
  ['/signed/contact/phone', '--dpo-phone'],
];

/** Throws `E_EXISTS`, `E_USAGE`, `E_PASS`, `E_PROMPT`, `E_FILE`; then neither file is left. */
export async function run(input: Input, context: Context): Promise<LabInitResult> {
  const lab = { id: labIdOf(input), name: input.text('name'), country: input.text('country') };
  const folder = input.text('folder');
  const [identityFile, rosterFile] = [join(folder, IDENTITY_FILE), join(folder, ROSTER_FILE)];
  for (const file of [identityFile, rosterFile]) await requireFree(resolve(context.cwd, file));

  const identity = await newIdentity(input.text('signer'), context);
  const { secret } = identity;
  try {
    const bytes = readableDocument(firstRoster(newRoster(lab, input, context), secret));
    const roster = verifiedRoster(bytes);
    await makeFolder(resolve(context.cwd, folder));
    await writeIdentity(identity, identityFile, input, context);
    await writeRoster(resolve(context.cwd, rosterFile), bytes, resolve(context.cwd, identityFile));
    const { name, fingerprint } = secret.identity;
    return {
      lab,
      identity: { file: identityFile, name, fingerprint, passphrase: !input.flag('no-passphrase') },
      roster: { file: rosterFile, fingerprint: roster.fingerprint, version: roster.document.signed.version },
    };
  } finally {
    secret.wipe();
  }
}

function labIdOf(input: Input): LabId {
  const [siren, finess] = [input.optional('siren'), input.optional('finess')];
  if ((siren === undefined) === (finess === undefined)) {
    throw new SealiftError('E_USAGE', 'the laboratory is identified by --siren or by --finess, one of both', {
      hint: 'the SIREN is that of the legal entity, the FINESS number that of the establishment',
    });
  }
  if (siren === undefined) return { scheme: 'finess', value: plain(finess) };
  const id: LabId = { scheme: 'siren', value: plain(siren) };
  if (/^\d{9}$/.test(id.value) && !isPlausibleLabId(id)) {
    throw new SealiftError('E_USAGE', `${id.value} is not a SIREN: its check digit is wrong`, {
      hint: 'type it again; it has nine digits',
    });
  }
  return id;
}

/** Numbers are often written in groups. */
function plain(number: string | undefined): string {
  return (number ?? '').replaceAll(' ', '').toUpperCase();
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) =>
    Promise.reject(fileError(cause, 'making', folder)),
  );
}

function newRoster(lab: LabInitResult['lab'], input: Input, context: Context): NewRoster {
  const phone = input.optional('dpo-phone');
  const contact = {
    name: input.text('dpo'),
    email: input.text('dpo-email'),
    ...(phone === undefined ? {} : { phone }),
  };
  return { lab, contact, issued: context.now() };
}

/** Reads and verifies the roster as everyone else will, before anything is written. */
function verifiedRoster(bytes: Uint8Array): VerifiedRoster {
  try {
    return verifyRoster(readDocument(bytes, 'sealift.roster.v1').document);
  } catch (error) {
    if (!(error instanceof SealiftError)) throw error;
    const option = OPTIONS.find(([place]) => error.place?.path?.startsWith(place))?.[1];
    if (option === undefined) throw error;
    throw new SealiftError('E_USAGE', `the value of ${option} is not one that a roster can hold`, {
      hint: 'see "migrate lab init --help"',
      cause: error,
    });
  }
}

/** An identity without its roster would stand in the way of the next try. */
async function writeRoster(file: string, bytes: Uint8Array, identityFile: string): Promise<void> {
  try {
    await createFile(file, bytes, PUBLIC_MODE);
  } catch (error) {
    await unlink(identityFile);
    throw error;
  }
}

/** The roster's fingerprint, and what to do with it. */
export function present({ lab, identity, roster }: LabInitResult): readonly Line[] {
  return [
    ...paragraph(`identity of ${identity.name} written to ${identity.file}`, ''),
    ...paragraph(`roster of ${lab.name} written to ${roster.file}`, ''),
    '',
    "the roster's fingerprint:",
    emphasised('heading', `  ${groupsOfFour(roster.fingerprint)}`),
    '',
    'What to do with it:',
    ...paragraph(
      `Keep ${identity.file} to yourself${identity.passphrase ? '' : '; no passphrase protects it'}.`,
      '  1. ',
    ),
    ...paragraph(`Send ${roster.file} to the vendor and to the recipient; nothing in it is secret.`, '  2. '),
    ...paragraph(
      `Read the fingerprint out to each of them on the phone. They type what they hear into "migrate trust add ${ROSTER_FILE}".`,
      '  3. ',
    ),
    ...paragraph('Pin it yourself with the same command, to leave --lab out.', '  4. '),
  ];
}
