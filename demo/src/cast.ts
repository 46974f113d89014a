/** The cast of a migration: laboratory, operator, purge service, recipient, each with their own folder, identity and SSH key. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ready } from '@sealift/core';
import { readDocument } from '@sealift/core/document';
import { rosterFingerprint } from '@sealift/core/roster';
import { Actor, type CommandResult } from './actor.ts';
import { type OutlineOptions, outline } from './outline.ts';
import { writeSshKeyPair } from './ssh-keygen.ts';

/** Everyone in the story. */
export interface Cast {
  readonly lab: Actor;
  readonly vendor: Actor;
  readonly recipient: Actor;
  /** OpenSSH public key lines. */
  readonly sshKeys: { readonly operator: string; readonly service: string; readonly recipient: string };
}

/** Accounts on the server. */
export const ACCOUNTS = { operator: 'jean', service: 'purge', recipient: 'novalis' } as const;

/** The passphrase of the laboratory's identity in the demo; everyone else's identity has none here. */
const LAB_PASSPHRASE = 'five calm herons cross rivers';

/** Makes folders and SSH keys below `folder`; identities come later, by `migrate keygen`. */
export async function gather(folder: string): Promise<Cast> {
  const passphraseFile = join(folder, 'laboratory', 'passphrase.txt');
  const lab = await Actor.create(join(folder, 'laboratory'), { MIGRATE_PASSPHRASE_FILE: passphraseFile });
  await writeFile(passphraseFile, `${LAB_PASSPHRASE}\n`, { mode: 0o600, flag: 'wx' });
  await writeFile(lab.path('contract.txt'), 'Avenant Art. 28 n° 2026-014 (a stand-in for the signed contract)\n');
  const vendor = await Actor.create(join(folder, 'vendor'));
  const recipient = await Actor.create(join(folder, 'recipient'));
  const sshKeys = {
    operator: await writeSshKeyPair(vendor.path('jean.ssh')),
    service: await writeSshKeyPair(vendor.path('purge.ssh')),
    recipient: await writeSshKeyPair(recipient.path('novalis.ssh')),
  };
  return { lab, vendor, recipient, sshKeys };
}

/** Writes the laboratory's outline, for this cast and a server. */
export async function writeOutline(
  { lab }: Cast,
  scene: Pick<OutlineOptions, 'job' | 'endpoint'> &
    Pick<Partial<OutlineOptions>, 'dialect' | 'datasets' | 'members' | 'recipients'>,
): Promise<void> {
  const named = (name: string, files: string, account: string) => ({
    name,
    account,
    identity: `${files}.identity.json`,
    sshKey: `${files}.ssh.pub`,
  });
  const text = outline({
    ...scene,
    now: new Date(),
    operators: [
      { ...named('Jean Petit', 'jean', ACCOUNTS.operator), unattended: false },
      { ...named('purge service', 'purge', ACCOUNTS.service), unattended: true },
    ],
    recipients: [named('Novalis SIL', 'novalis', ACCOUNTS.recipient), ...(scene.recipients ?? [])],
  });
  await writeFile(lab.path('outline.json'), `${JSON.stringify(text, null, 2)}\n`);
}

/** One step of the story: who does what. `do` is a `migrate` command; `hand` passes a file on, as people do by mail or on a USB stick. */
export type Step =
  | { readonly do: 'lab' | 'vendor' | 'recipient'; readonly words: readonly string[]; readonly title?: string }
  | {
      readonly hand: readonly [from: 'lab' | 'vendor' | 'recipient', file: string, to: 'lab' | 'vendor' | 'recipient'];
    };

/** Identities and roster, up to the point where the laboratory can write its instructions. */
export const PREPARATION: readonly Step[] = [
  {
    do: 'lab',
    title: 'The laboratory makes its identity and its roster',
    words: [
      ...['lab', 'init', '--name', 'Laboratoire du Port', '--siren', '732829320', '--signer', 'Dr Claire Moreau'],
      ...['--dpo', 'Anne Leroy', '--dpo-email', 'dpo@labo-du-port.example'],
    ],
  },
  {
    do: 'vendor',
    title: 'Each person and service makes an identity',
    words: ['keygen', '--name', 'Jean Petit', '-o', 'jean.key.json', '--no-passphrase'],
  },
  { do: 'vendor', words: ['identity', 'show', 'jean.key.json', '--export', 'jean.identity.json'] },
  { do: 'vendor', words: ['keygen', '--name', 'purge service', '-o', 'purge.key.json', '--no-passphrase'] },
  { do: 'vendor', words: ['identity', 'show', 'purge.key.json', '--export', 'purge.identity.json'] },
  { do: 'recipient', words: ['keygen', '--name', 'Novalis SIL', '-o', 'novalis.key.json', '--no-passphrase'] },
  { do: 'recipient', words: ['identity', 'show', 'novalis.key.json', '--export', 'novalis.identity.json'] },
  { hand: ['vendor', 'jean.identity.json', 'lab'] },
  { hand: ['vendor', 'jean.ssh.pub', 'lab'] },
  { hand: ['vendor', 'purge.identity.json', 'lab'] },
  { hand: ['vendor', 'purge.ssh.pub', 'lab'] },
  { hand: ['recipient', 'novalis.identity.json', 'lab'] },
  { hand: ['recipient', 'novalis.ssh.pub', 'lab'] },
];

/** From the outline to signed instructions in everyone's hands. `fingerprint` is the roster's, as heard on the phone. */
export function authorisation(fingerprint: string): readonly Step[] {
  const trust = ['trust', 'add', 'lab.roster.json', '--fingerprint', fingerprint];
  return [
    {
      do: 'lab',
      title: 'The laboratory drafts, reads and signs its instructions',
      words: ['instructions', 'draft', 'outline.json', '--lab', 'lab.roster.json', '-o', 'lab.json'],
    },
    { do: 'lab', words: ['instructions', 'show', 'lab.json', '--lab', 'lab.roster.json'] },
    {
      do: 'lab',
      words: ['instructions', 'sign', 'lab.json', '--lab', 'lab.roster.json', '--identity', 'lab.key.json'],
    },
    { hand: ['lab', 'lab.roster.json', 'vendor'] },
    { hand: ['lab', 'lab.roster.json', 'recipient'] },
    { hand: ['lab', 'lab.json', 'vendor'] },
    { hand: ['lab', 'lab.json', 'recipient'] },
    { do: 'vendor', title: 'Vendor and recipient pin the roster, its fingerprint compared on the phone', words: trust },
    { do: 'recipient', words: trust },
  ];
}

const OPERATOR: readonly string[] = ['--identity', 'jean.key.json'];
const RECIPIENT: readonly string[] = ['--identity', 'novalis.key.json', '--ssh-key', 'novalis.ssh'];

/** The engineer's extraction; `sources` are words such as `--source patients=dump.csv`. */
export function extraction(job: string, sources: readonly string[] = []): readonly Step[] {
  return [
    {
      do: 'vendor',
      title: 'The engineer extracts: nothing off the list leaves',
      words: ['extract', '--instructions', 'lab.json', ...sources, ...OPERATOR],
    },
    { hand: ['vendor', `jobs/${job}/manifest.json`, 'lab'] },
  ];
}

/** The laboratory's approval, and how the vendor takes it in. */
export const APPROVAL: readonly Step[] = [
  {
    do: 'lab',
    title: 'The laboratory approves rows and columns',
    words: [
      ...['approve', 'manifest.json', '--lab', 'lab.roster.json', '--identity', 'lab.key.json'],
      ...['-o', 'approval.json'],
    ],
  },
  { hand: ['lab', 'approval.json', 'vendor'] },
  { do: 'vendor', words: ['accept', 'approval.json', ...OPERATOR] },
];

/** The delivery. */
export const DELIVERY: readonly Step[] = [
  { do: 'vendor', title: 'The engineer sends', words: ['send', ...OPERATOR, '--ssh-key', 'jean.ssh'] },
];

/** The receipt. */
export const RECEPTION: readonly Step[] = [
  {
    do: 'recipient',
    title: 'The recipient receives, checks and acknowledges',
    words: ['receive', '--instructions', 'lab.json', ...RECIPIENT, '--into', 'received'],
  },
];

/** The import; `rows` are words such as `--rows patients=1118`. */
export function importation(rows: readonly string[]): readonly Step[] {
  return [
    {
      do: 'recipient',
      title: 'The recipient states what was loaded',
      words: ['imported', '--from', 'received', ...rows, ...RECIPIENT],
    },
  ];
}

/** The purge, and what is left to see. */
export function ending(job: string): readonly Step[] {
  return [
    {
      do: 'vendor',
      title: 'The purge that cron runs',
      words: ['purge', '--all', '--identity', 'purge.key.json', '--ssh-key', 'purge.ssh'],
    },
    { do: 'vendor', words: ['status'] },
    { hand: ['vendor', `jobs/${job}/manifest.json`, 'lab'] },
    {
      do: 'lab',
      title: 'Anyone verifies the manifest, offline',
      words: ['verify', 'manifest.json', '--lab', 'lab.roster.json'],
    },
  ];
}

/** The steps of the job itself, from the extraction to the verification. */
export function migration(job: string, rows: readonly string[]): readonly Step[] {
  return [...extraction(job), ...APPROVAL, ...DELIVERY, ...RECEPTION, ...importation(rows), ...ending(job)];
}

/** Does one step. A command's exit code is the caller's to judge. */
export async function play(cast: Cast, step: Step): Promise<CommandResult | undefined> {
  if ('do' in step) return cast[step.do].migrate(step.words);
  const [from, file, to] = step.hand;
  await copyFile(cast[from].path(file), cast[to].path(file.split('/').at(-1) ?? file));
  return undefined;
}

/** The fingerprint of a party's identity, from its public file. */
export async function fingerprintOf(actor: Actor, keyFile: string): Promise<string> {
  const shown = await actor.migrate(['identity', 'show', keyFile, '--json']);
  return textMember(shown.stdout, 'fingerprint');
}

/** The fingerprint of the laboratory's roster, as its own screen shows it. */
export async function rosterFingerprintOf(lab: Actor): Promise<string> {
  await ready();
  return rosterFingerprint(readDocument(await readFile(lab.path('lab.roster.json')), 'sealift.roster.v1').document);
}

function textMember(json: string, name: string): string {
  const value: unknown = JSON.parse(json);
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof member !== 'string') throw new Error(`the answer has no ${name}`);
  return member;
}
