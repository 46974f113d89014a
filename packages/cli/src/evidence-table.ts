/** The commands on a manifest: the laboratory's statements, and everyone's verification. */
import { type ArgumentSpec, type CommandSpec, type OptionSpec, runnable } from './command.ts';
import { IDENTITY, JOB, LAB, LANG, output, sourceOption, WORKSPACE } from './shared-options.ts';

const MANIFEST: ArgumentSpec = { name: 'manifest', summary: "the job's manifest.json" };

const WITNESS: OptionSpec = {
  flag: '--witness',
  value: 'file',
  summary: 'a manifest of the job that you kept from before: this one must continue it',
};

const RECOMPUTED: OptionSpec = {
  flag: '--recomputed',
  value: 'file',
  summary: 'what "migrate recompute --json" printed: the counts of your own copy beside the others',
};

/** In the order of a job. */
export const EVIDENCE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'approve',
    role: 'lab',
    summary: 'approve an extraction: its rows and its columns',
    arguments: [MANIFEST],
    options: [IDENTITY, LAB, output('approval.json')],
    load: async () => runnable(await import('./commands/approve.ts')),
  },
  {
    name: 'validate',
    role: 'lab',
    summary: 'validate what the new system holds',
    arguments: [MANIFEST],
    options: [IDENTITY, LAB, output('validation.json')],
    load: async () => runnable(await import('./commands/validate.ts')),
  },
  {
    name: 'revoke',
    role: 'lab',
    summary: 'end a job',
    arguments: [MANIFEST],
    options: [
      { flag: '--reason', value: 'text', summary: 'why, for the record', required: true },
      IDENTITY,
      LAB,
      output('revocation.json'),
    ],
    load: async () => runnable(await import('./commands/revoke.ts')),
  },
  {
    name: 'recompute',
    role: 'lab',
    summary: 'extract again from a copy of your own, and compare',
    arguments: [MANIFEST],
    options: [sourceOption('current folder'), IDENTITY, LAB],
    load: async () => runnable(await import('./commands/recompute.ts')),
  },
  {
    name: 'verify',
    role: 'everyone',
    summary: 'verify a manifest and see what it proves',
    arguments: [MANIFEST],
    options: [
      { flag: '--bundle', value: 'folder', summary: 'also check the sealed files there against their digests' },
      LAB,
      WITNESS,
      RECOMPUTED,
    ],
    load: async () => runnable(await import('./commands/verify.ts')),
  },
  {
    name: 'report',
    role: 'everyone',
    summary: 'a page to read and to print of what a manifest says',
    arguments: [MANIFEST],
    options: [
      LANG,
      { ...output('report.html'), summary: 'where it is written; .pdf is printed by an installed Chromium' },
      { flag: '--csv', value: 'folder', summary: 'also write its tables there, for a spreadsheet' },
      LAB,
      WITNESS,
      RECOMPUTED,
    ],
    load: async () => runnable(await import('./commands/report.ts')),
  },
  {
    name: 'evidence export',
    role: 'everyone',
    summary: 'one archive for an auditor, without patient data',
    arguments: [{ ...MANIFEST, optional: true }],
    options: [JOB, WORKSPACE, LAB, output('evidence.zip')],
    load: async () => runnable(await import('./commands/evidence-export.ts')),
  },
];
