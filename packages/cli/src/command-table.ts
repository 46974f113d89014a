/**
 * Every command of `migrate`, in the order in which help shows them: the one place that knows names, options and help texts.
 * A command's module is imported when it is run.
 */
import { type CommandSpec, runnable } from './command.ts';
import { EVIDENCE_COMMANDS } from './evidence-table.ts';
import { RECIPIENT_COMMANDS } from './recipient-table.ts';
import { IDENTITY, LAB, LANG, NO_PASSPHRASE } from './shared-options.ts';
import { VENDOR_COMMANDS } from './vendor-table.ts';

const INSTRUCTIONS_FILE = { name: 'file', summary: 'the instructions' } as const;

/** Commands that need neither source nor server. */
const DOCUMENT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'lab init',
    role: 'lab',
    summary: "make the laboratory's identity and its roster",
    arguments: [],
    options: [
      { flag: '--name', value: 'laboratory', summary: 'name of the laboratory', required: true },
      { flag: '--siren', value: 'number', summary: 'its SIREN, 9 digits' },
      { flag: '--finess', value: 'number', summary: 'or its FINESS number, 9 characters' },
      { flag: '--country', value: 'code', summary: 'its country, two letters', fallback: 'FR' },
      { flag: '--signer', value: 'person', summary: 'who signs for it', required: true },
      { flag: '--dpo', value: 'person', summary: 'its data protection officer', required: true },
      { flag: '--dpo-email', value: 'address', summary: "the officer's e-mail address", required: true },
      { flag: '--dpo-phone', value: 'number', summary: "the officer's phone number" },
      { flag: '--folder', value: 'folder', summary: 'where the two files are written', fallback: '.' },
      NO_PASSPHRASE,
    ],
    load: async () => runnable(await import('./commands/lab-init.ts')),
  },
  {
    name: 'inspect',
    role: 'lab',
    summary: 'profile a dump, column by column, without printing a value',
    arguments: [{ name: 'file', summary: 'the dump; - is standard input' }],
    options: [
      { flag: '--rows', value: 'number', summary: 'read so many rows after the first; otherwise the whole file' },
      { flag: '--header', summary: 'the first row holds the column names, whatever it looks like' },
      { flag: '--output', short: '-o', value: 'file', summary: 'write an outline of the dataset, no field listed' },
    ],
    load: async () => runnable(await import('./commands/inspect.ts')),
  },
  {
    name: 'instructions draft',
    role: 'lab',
    summary: 'complete an outline into instructions that can be signed',
    arguments: [{ name: 'outline', summary: 'what may leave, by whom, to whom, until when: a JSON file' }],
    options: [
      LAB,
      { flag: '--output', short: '-o', value: 'file', summary: 'where the draft is written', required: true },
    ],
    load: async () => runnable(await import('./commands/instructions-draft.ts')),
  },
  {
    name: 'instructions show',
    role: 'lab',
    summary: 'read instructions in plain language',
    arguments: [INSTRUCTIONS_FILE],
    options: [LANG, LAB],
    load: async () => runnable(await import('./commands/instructions-show.ts')),
  },
  {
    name: 'instructions sign',
    role: 'lab',
    summary: 'sign instructions for the laboratory',
    arguments: [INSTRUCTIONS_FILE],
    options: [
      IDENTITY,
      LAB,
      { flag: '--output', short: '-o', value: 'file', summary: 'a new file, instead of the same one' },
    ],
    load: async () => runnable(await import('./commands/instructions-sign.ts')),
  },
  {
    name: 'instructions check',
    role: 'lab',
    summary: 'verify that instructions are signed and in force',
    arguments: [INSTRUCTIONS_FILE],
    options: [LAB],
    load: async () => runnable(await import('./commands/instructions-check.ts')),
  },
  {
    name: 'plan',
    role: 'everyone',
    summary: "a job's procedure: who, with which command, by when",
    arguments: [INSTRUCTIONS_FILE],
    options: [LANG, LAB],
    load: async () => runnable(await import('./commands/plan.ts')),
  },
  {
    name: 'keygen',
    role: 'everyone',
    summary: 'make an identity for a person or a service',
    arguments: [],
    options: [
      { flag: '--name', value: 'who', summary: 'the person or service', required: true },
      { flag: '--output', short: '-o', value: 'file', summary: 'where it is written', fallback: 'identity.key.json' },
      NO_PASSPHRASE,
    ],
    load: async () => runnable(await import('./commands/keygen.ts')),
  },
  {
    name: 'identity show',
    role: 'everyone',
    summary: "show an identity's name and fingerprint",
    arguments: [{ name: 'file', summary: 'a secret or public identity; no passphrase is needed' }],
    options: [{ flag: '--export', value: 'file', summary: 'write the public identity there' }],
    load: async () => runnable(await import('./commands/identity-show.ts')),
  },
  {
    name: 'trust add',
    role: 'everyone',
    summary: "pin a laboratory's roster after comparing its fingerprint",
    arguments: [{ name: 'roster', summary: 'the roster file' }],
    options: [
      { flag: '--fingerprint', value: 'text', summary: 'what the laboratory read out, 52 characters, spaces allowed' },
    ],
    load: async () => runnable(await import('./commands/trust-add.ts')),
  },
  {
    name: 'trust list',
    role: 'everyone',
    summary: 'list the laboratories whose rosters are pinned',
    arguments: [],
    options: [],
    load: async () => runnable(await import('./commands/trust-list.ts')),
  },
];

/** What helps with the program itself. */
const PROGRAM_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'completion',
    role: 'everyone',
    summary: 'print the script that completes commands in a shell',
    arguments: [{ name: 'shell', summary: 'bash, zsh or fish; for example: source <(migrate completion bash)' }],
    options: [],
    load: async () => runnable(await import('./commands/completion.ts')),
  },
];

/** The table. */
export const COMMANDS: readonly CommandSpec[] = [
  ...DOCUMENT_COMMANDS,
  ...EVIDENCE_COMMANDS,
  ...VENDOR_COMMANDS,
  ...RECIPIENT_COMMANDS,
  ...PROGRAM_COMMANDS,
];
