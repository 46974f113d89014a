/** The steps of a job that crash, in their order, each with what leads to it and what comes after it. */

import type { ErrorCode } from '@sealift/core';
import { APPROVAL, DELIVERY, extraction, importation, RECEPTION, type Step } from '@sealift/demo/cast';

/** The steps, in their order. */
export const STEPS = [
  'trust',
  'extract',
  'approve',
  'accept',
  'send',
  'receive-piped',
  'receive',
  'imported',
  'collect',
  'validate',
  'accept-validation',
  'purge',
] as const;

/** One command of the story. */
export interface CrashStep {
  readonly name: (typeof STEPS)[number];
  readonly who: 'lab' | 'vendor' | 'recipient';
  readonly words: readonly string[];
  /** What people do between the former step and this one. */
  readonly before: readonly Step[];
  /** What comes next, and must work after every crash. */
  readonly next: readonly Step[];
  /** How the same command says, run again, that it was done. */
  readonly done?: ErrorCode;
  /** Another way of the step that follows, which begins where this one begins. */
  readonly isAside?: boolean;
}

/** What a story depends on. */
export interface StoryOptions {
  readonly job: string;
  /** The roster's fingerprint. */
  readonly fingerprint: string;
  /** Rows that leave, by dataset. */
  readonly kept: Readonly<Record<string, number>>;
}

type Command = Extract<Step, { do: string }>;
const PURGE: Command = {
  do: 'vendor',
  words: ['purge', '--all', '--identity', 'purge.key.json', '--ssh-key', 'purge.ssh'],
};
const VALIDATE: Command = {
  do: 'lab',
  words: [
    ...['validate', 'manifest.json', '--lab', 'lab.roster.json', '--identity', 'lab.key.json'],
    ...['-o', 'validation.json'],
  ],
};
const ACCEPT_VALIDATION: Command = {
  do: 'vendor',
  words: ['accept', 'validation.json', '--identity', 'jean.key.json'],
};

/** Stands for a database: loading a dataset again replaces what was there of it. */
const LOADER = 'mkdir -p loaded && cat > "loaded/$SEALIFT_DATASET.csv"';

/** The story of one job. */
export function storyOf({ job, fingerprint, kept }: StoryOptions): readonly CrashStep[] {
  const trust: Command = { do: 'vendor', words: ['trust', 'add', 'lab.roster.json', '--fingerprint', fingerprint] };
  const extract = only(extraction(job));
  const [approve, accept] = commands(APPROVAL);
  const send = only(DELIVERY);
  const receive = only(RECEPTION);
  const piped: Command = { ...receive, words: [...receive.words, '--', 'sh', '-c', LOADER] };
  const imported = only(
    importation(Object.entries(kept).flatMap(([dataset, rows]) => ['--rows', `${dataset}=${rows}`])),
  );
  const handManifest: Step = { hand: ['vendor', `jobs/${job}/manifest.json`, 'lab'] };
  const handApproval: Step = { hand: ['lab', 'approval.json', 'vendor'] };
  const handValidation: Step = { hand: ['lab', 'validation.json', 'vendor'] };
  const verify: Step = { do: 'vendor', words: ['verify', `jobs/${job}/manifest.json`, '--lab', 'lab.roster.json'] };
  const step = (
    name: CrashStep['name'],
    command: Command,
    before: readonly Step[],
    next: readonly Step[],
    done?: ErrorCode,
  ): CrashStep => ({
    name,
    who: command.do,
    words: command.words,
    before,
    next,
    ...(done === undefined ? {} : { done }),
  });
  return [
    step('trust', trust, [], [extract]),
    step('extract', extract, [], [handManifest, approve, handApproval, accept], 'E_STATE'),
    step('approve', approve, [handManifest], [handApproval, accept]),
    step('accept', accept, [handApproval], [send], 'E_REPLAY'),
    step('send', send, [], [receive], 'E_STATE'),
    { ...step('receive-piped', piped, [], [imported]), isAside: true },
    step('receive', receive, [], [imported]),
    step('imported', imported, [], [PURGE]),
    step('collect', PURGE, [], [handManifest, VALIDATE, handValidation, ACCEPT_VALIDATION]),
    step('validate', VALIDATE, [handManifest], [handValidation, ACCEPT_VALIDATION]),
    step('accept-validation', ACCEPT_VALIDATION, [handValidation], [PURGE], 'E_REPLAY'),
    step('purge', PURGE, [], [verify]),
  ];
}

const commands = (steps: readonly Step[]): [Command, Command] => {
  const [first, second] = steps.filter((step): step is Command => 'do' in step);
  if (first === undefined) throw new Error('the story has no such step');
  return [first, second ?? first];
};
const only = (steps: readonly Step[]): Command => commands(steps)[0];
