/** The recipient's commands. */
import { type CommandSpec, runnable } from './command.ts';
import { IDENTITY, INSTRUCTIONS, SSH_KEY } from './shared-options.ts';

/** In the order of a job. */
export const RECIPIENT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'receive',
    role: 'recipient',
    summary: 'fetch, verify, open and check a delivery, and sign the receipt',
    arguments: [
      {
        name: 'program',
        summary:
          'instead of writing files, run this program once for each dataset, without a shell: the CSV is its standard input, and SEALIFT_DATASET, SEALIFT_JOB, SEALIFT_ROWS and SEALIFT_BYTES say what it is',
        rest: true,
      },
    ],
    options: [
      INSTRUCTIONS,
      {
        flag: '--into',
        value: 'folder',
        summary: 'where data and receipt are written (default: a folder named like the job)',
      },
      IDENTITY,
      SSH_KEY,
    ],
    load: async () => runnable(await import('./commands/receive.ts')),
  },
  {
    name: 'imported',
    role: 'recipient',
    summary: 'state how many rows were loaded into the new system',
    arguments: [],
    options: [
      {
        flag: '--rows',
        value: 'dataset=number',
        summary: 'rows loaded, for each dataset',
        repeated: true,
        required: true,
      },
      { flag: '--from', value: 'folder', summary: 'the folder that "migrate receive" filled', fallback: '.' },
      { flag: '--offline', summary: "write the statement only; the processor takes it in with 'migrate accept'" },
      IDENTITY,
      SSH_KEY,
    ],
    load: async () => runnable(await import('./commands/imported.ts')),
  },
];
