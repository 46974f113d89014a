/** The vendor's commands. */
import { type CommandSpec, runnable } from './command.ts';
import { IDENTITY, INSTRUCTIONS, JOB, SSH_KEY, sourceOption, WORKSPACE } from './shared-options.ts';

/** In the order of a job. */
export const VENDOR_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'extract',
    role: 'vendor',
    summary: 'extract and seal what the instructions list, and nothing else',
    arguments: [],
    options: [
      INSTRUCTIONS,
      sourceOption('workspace'),
      {
        flag: '--on-malformed',
        value: 'refuse|withhold',
        summary: 'stop at a malformed row, or leave it out where the instructions allow that',
        fallback: 'refuse',
      },
      {
        flag: '--dispose-source',
        value: 'dataset',
        summary: 'mark the source of a dataset: the purge deletes it too, after the statements that gate it',
        repeated: true,
      },
      { flag: '--dry-run', summary: 'read and count alone: nothing is sealed, written or recorded' },
      WORKSPACE,
      IDENTITY,
    ],
    load: async () => runnable(await import('./commands/extract.ts')),
  },
  {
    name: 'accept',
    role: 'vendor',
    summary: 'take in a signed statement, or newer instructions',
    arguments: [{ name: 'statement', summary: 'approval, receipt, import, validation, revocation or instructions' }],
    options: [WORKSPACE, IDENTITY],
    load: async () => runnable(await import('./commands/accept.ts')),
  },
  {
    name: 'doctor',
    role: 'vendor',
    summary: 'check the server and this machine before anything is sent',
    arguments: [],
    options: [
      { ...INSTRUCTIONS, summary: 'look at the server of these as well, not at this machine alone', required: false },
      WORKSPACE,
      { ...IDENTITY, summary: 'who logs in, to look from inside', required: false },
      SSH_KEY,
      { flag: '--print-sshd-config', summary: 'look at nothing; print how a server is set up for them' },
    ],
    load: async () => runnable(await import('./commands/doctor.ts')),
  },
  {
    name: 'send',
    role: 'vendor',
    summary: 'put the sealed files on the server of the instructions',
    arguments: [],
    options: [JOB, WORKSPACE, IDENTITY, SSH_KEY],
    load: async () => runnable(await import('./commands/send.ts')),
  },
  {
    name: 'status',
    role: 'vendor',
    summary: 'show every job of a workspace and what it waits for',
    arguments: [],
    options: [
      WORKSPACE,
      { flag: '--max-silence', value: 'time', summary: 'fail if no purge --all ended within 90m, 24h, 2d …' },
    ],
    load: async () => runnable(await import('./commands/status.ts')),
  },
  {
    name: 'abort',
    role: 'vendor',
    summary: 'give a job up, so that its copies may be purged',
    arguments: [],
    options: [
      JOB,
      { flag: '--reason', value: 'text', summary: 'why, for the laboratory to read', required: true },
      WORKSPACE,
      IDENTITY,
    ],
    load: async () => runnable(await import('./commands/abort.ts')),
  },
  {
    name: 'purge',
    role: 'vendor',
    summary: 'collect receipts, and delete every copy of the jobs that are done',
    arguments: [],
    options: [
      { flag: '--all', summary: 'every job of the workspace, as cron does' },
      JOB,
      WORKSPACE,
      IDENTITY,
      SSH_KEY,
    ],
    load: async () => runnable(await import('./commands/purge.ts')),
  },
];
