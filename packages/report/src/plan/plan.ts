/**
 * The procedure of one job, step by step, out of its instructions (F20): who, in which role, with which command, by when.
 * doc/procedure.md is the same for a reader without a job; a test keeps the steps of both equal.
 */
import type { UtcTime } from '@sealift/core/ids';
import type { Instructions } from '@sealift/core/instructions';
import type { VerifiedRoster } from '@sealift/core/roster';

/** The steps by name, in their order. */
export type StepName =
  | 'trust'
  | 'sign'
  | 'extract'
  | 'approve'
  | 'send'
  | 'receive'
  | 'import'
  | 'validate'
  | 'purge'
  | 'verify';

/** Who acts. */
export type PlanRole = 'lab' | 'vendor' | 'recipient' | 'everyone';

/**
 * What is done in a step: a command that a role types, `…` standing for a number that only the person knows; or a file that goes from
 * one role to others, by mail or on a stick.
 */
export type PlanAction =
  | { readonly role: PlanRole; readonly command: readonly string[] }
  | { readonly role: PlanRole; readonly file: string; readonly to: readonly PlanRole[] };

/** One step. */
export interface PlannedStep {
  readonly step: StepName;
  readonly role: PlanRole;
  /** The persons and services that may take it; empty: anybody. */
  readonly who: readonly string[];
  readonly actions: readonly PlanAction[];
  /** Not before that time. */
  readonly from?: UtcTime;
  /** By that time. */
  readonly until?: UtcTime;
}

/** What every part of a plan is made from; `file` is what the commands call the instructions. */
interface Facts {
  readonly signed: Instructions;
  readonly signers: readonly string[];
  readonly file: string;
}

/** The plan of a job. */
export function planOf(signed: Instructions, roster: VerifiedRoster, file: string): PlannedStep[] {
  const facts = { signed, signers: [...roster.signers.values()].map(({ name }) => name), file };
  return [...authorisation(facts), ...departure(facts), ...arrival(facts), ...ending(facts)];
}

function migrate(role: PlanRole, ...words: readonly string[]): PlanAction {
  return { role, command: ['migrate', ...words] };
}

function hand(role: PlanRole, file: string, ...to: readonly PlanRole[]): PlanAction {
  return { role, file, to };
}

function handManifest({ job }: Instructions): PlanAction {
  return hand('vendor', `jobs/${job}/manifest.json`, 'lab');
}

function authorisation({ signed, signers, file }: Facts): PlannedStep[] {
  const { lab, processor, recipients } = signed;
  return [
    {
      step: 'trust',
      role: 'everyone',
      who: [lab.name, processor.name, ...recipients.map(({ name }) => name)],
      actions: [
        hand('lab', 'lab.roster.json', 'vendor', 'recipient'),
        migrate('everyone', 'trust', 'add', 'lab.roster.json'),
      ],
    },
    {
      step: 'sign',
      role: 'lab',
      who: signers,
      actions: [
        migrate('lab', 'instructions', 'show', file),
        migrate('lab', 'instructions', 'sign', file),
        hand('lab', file, 'vendor', 'recipient'),
      ],
    },
  ];
}

function departure({ signed, signers, file }: Facts): PlannedStep[] {
  const { job, gates, deadlines, notBefore, expires } = signed;
  const who = persons(signed);
  const approval: PlannedStep = {
    step: 'approve',
    role: 'lab',
    who: signers,
    actions: statement('approve', 'approval.json'),
    until: deadlines.delivery,
  };
  return [
    {
      step: 'extract',
      role: 'vendor',
      who,
      actions: [migrate('vendor', 'extract', '--instructions', file), handManifest(signed)],
      from: notBefore,
      until: expires,
    },
    ...(gates.delivery.includes('approval') ? [approval] : []),
    {
      step: 'send',
      role: 'vendor',
      who,
      actions: [migrate('vendor', 'send', '--job', job)],
      until: deadlines.delivery,
    },
  ];
}

function arrival({ signed, signers, file }: Facts): PlannedStep[] {
  const { job, recipients, gates, deadlines, expires, datasets } = signed;
  const who = recipients.map(({ name }) => name);
  const rows = datasets.flatMap(({ name }) => ['--rows', `${name}=…`]);
  // What the laboratory validates must stand in the manifest: receipts and imports are collected first.
  const validation: PlannedStep = {
    step: 'validate',
    role: 'lab',
    who: signers,
    actions: [migrate('vendor', 'purge', '--all'), handManifest(signed), ...statement('validate', 'validation.json')],
    until: deadlines.purge,
  };
  return [
    {
      step: 'receive',
      role: 'recipient',
      who,
      actions: [migrate('recipient', 'receive', '--instructions', file)],
      until: expires,
    },
    {
      step: 'import',
      role: 'recipient',
      who,
      actions: [migrate('recipient', 'imported', '--from', job, ...rows)],
      ...(gates.purge.includes('import') ? { until: deadlines.purge } : {}),
    },
    ...(gates.purge.includes('validation') ? [validation] : []),
  ];
}

function ending({ signed }: Facts): PlannedStep[] {
  const services = signed.processor.operators.filter(({ unattended }) => unattended);
  return [
    {
      step: 'purge',
      role: 'vendor',
      who: services.map(({ name }) => name),
      actions: [migrate('vendor', 'purge', '--all'), handManifest(signed)],
      until: signed.deadlines.purge,
    },
    { step: 'verify', role: 'everyone', who: [], actions: [migrate('lab', 'verify', 'manifest.json')] },
  ];
}

/** A statement that the laboratory signs and the vendor takes in. */
function statement(command: 'approve' | 'validate', file: string): PlanAction[] {
  return [migrate('lab', command, 'manifest.json'), hand('lab', file, 'vendor'), migrate('vendor', 'accept', file)];
}

/** Operators who are persons; where there are none, the services. */
function persons({ processor: { operators } }: Instructions): string[] {
  const found = operators.filter(({ unattended }) => !unattended);
  return (found.length > 0 ? found : operators).map(({ name }) => name);
}
