/** `migrate verify`: walks the whole manifest again, and says of each claim how far it goes and what it rests on. */
import { resolve } from 'node:path';
import { groupsOfFour, SealiftError } from '@sealift/core';
import {
  type Claim,
  claimsOf,
  type Outcome,
  outcomeOf,
  type Reconciled,
  reconcile,
  type Trouble,
  troublesOf,
} from '@sealift/core/claims';
import { currentInstructions, type JobState, procedureOf, stateOf, waitingFor } from '@sealift/core/journal';
import { type ClaimWords, wordsOf } from '@sealift/report';
import { type BundleFile, checkBundle } from '../bundle.ts';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';
import { requireKept, verifiedManifest } from '../manifest-source.ts';
import { WIDTH, wrap } from '../wrap.ts';

/** What holds. */
export interface VerifyResult {
  readonly job: string;
  readonly lab: string;
  readonly roster: string;
  readonly state: JobState;
  readonly outcome: Outcome;
  readonly entries: number;
  readonly head: string;
  readonly claims: readonly (Claim & ClaimWords)[];
  readonly troubles: readonly (Trouble & { readonly says: string })[];
  readonly reconciliation: readonly Reconciled[];
  readonly waitingFor: readonly string[];
  /** How many entries the kept manifest has that this one continues. */
  readonly witness?: number;
  /** With `--bundle`. */
  readonly files?: readonly BundleFile[];
}

const words = wordsOf('en');

/** Throws the first thing that does not hold. */
export async function run(input: Input, context: Context): Promise<VerifyResult> {
  const verified = await verifiedManifest(input, context);
  const witness = await requireKept(verified, input, context);
  const { story, roster } = verified;
  const instructions = currentInstructions(story);
  const procedure = procedureOf(instructions);
  const bundle = input.optional('bundle');
  const files = bundle === undefined ? undefined : await checkBundle(resolve(context.cwd, bundle), story);
  const result: VerifyResult = {
    job: instructions.signed.job,
    lab: instructions.signed.lab.name,
    roster: roster.fingerprint,
    state: stateOf(story.progress, procedure),
    outcome: outcomeOf(story),
    entries: story.chain.seq,
    head: story.chain.head,
    claims: claimsOf(story).map((claim) => ({ ...claim, ...words.claim(claim) })),
    troubles: troublesOf(story, context.now()).map((trouble) => ({ ...trouble, says: words.trouble(trouble) })),
    reconciliation: reconcile(story),
    waitingFor: waitingFor(story.progress, procedure).map(({ kind }) => kind),
    ...(witness === undefined ? {} : { witness }),
    ...(files === undefined ? {} : { files }),
  };
  const error = errorOf(result);
  if (error !== undefined) context.warn(`${error.message} (${error.code})`);
  return result;
}

/** What keeps the exit code from 0 though the manifest holds. */
function errorOf({ outcome, files = [] }: VerifyResult): SealiftError | undefined {
  const wrong = files.filter(({ found }) => found === 'altered' || found === 'extra');
  if (wrong[0] !== undefined) {
    return new SealiftError('E_MISMATCH', `${wrong[0].name} is not a file of this manifest as it names it`);
  }
  const missing = files.find(({ found }) => found === 'missing');
  if (missing !== undefined) return new SealiftError('E_INCOMPLETE', `${missing.name} is not in the folder`);
  if (outcome === 'complete') return undefined;
  return new SealiftError('E_INCOMPLETE', `the manifest holds; the job is ${words.outcomes[outcome]}`);
}

/** 0 for a job that is complete, 10 for one that is not, 5 for sealed files that are others than the manifest names. */
export function exitCode(result: VerifyResult): number {
  return errorOf(result)?.exitCode ?? 0;
}

/** The claims, grouped, with what is missing, late or refused. */
export function present(result: VerifyResult): readonly Line[] {
  const { job, lab, roster, state, outcome, entries, claims, witness } = result;
  const groups = [...new Set(claims.map(({ group }) => group))];
  return [
    emphasised('good', `the manifest of job ${job} holds: ${entries} entries, every signature and count`),
    `laboratory:  ${lab}`,
    `roster:      ${groupsOfFour(roster)}`,
    `state:       ${state}`,
    emphasised(outcome === 'complete' ? 'good' : 'caution', `outcome:     ${words.outcomes[outcome]}`),
    ...(witness === undefined ? [] : [`continues:   the manifest that you kept, of ${witness} entries`]),
    ...groups.flatMap((group): Line[] => [
      '',
      emphasised('heading', words.groups[group]),
      ...claims.filter((claim) => claim.group === group).flatMap(presentClaim),
    ]),
    ...presentTroubles(result),
    ...presentCounts(result),
    ...presentFiles(result),
    '',
    ...(['proven', 'attested', 'unknown'] as const).map((standing) => `${standing}: ${words.meanings[standing]}`),
  ];
}

const MARGIN = 12;

function item(mark: string, text: string, entry?: number): string[] {
  const said = entry === undefined ? text : `${text} [entry ${entry}]`;
  return wrap(said, WIDTH - MARGIN).map((line, index) => `  ${(index === 0 ? mark : '').padEnd(MARGIN - 2)}${line}`);
}

function presentClaim({ standing, claim, reason, entry }: VerifyResult['claims'][number]): Line[] {
  return [...item(standing, claim, entry), ...item('', `– ${reason}`)];
}

function presentTroubles({ troubles }: VerifyResult): Line[] {
  if (troubles.length === 0) return [];
  return [
    '',
    emphasised('heading', words.troubles),
    ...troubles.flatMap((trouble) =>
      item(words.marks[trouble.trouble], trouble.says, 'entry' in trouble ? trouble.entry : undefined),
    ),
  ];
}

function presentCounts({ reconciliation }: VerifyResult): Line[] {
  const differences = reconciliation.flatMap(({ dataset, differences: found }) =>
    found.flatMap((difference) => item('differs', words.difference(dataset, difference))),
  );
  return [
    '',
    emphasised('heading', 'Whether the counts agree'),
    ...(differences.length > 0 ? differences : item('', words.agreement)),
  ];
}

function presentFiles({ files }: VerifyResult): Line[] {
  if (files === undefined) return [];
  return [
    '',
    emphasised('heading', 'The sealed files in the folder'),
    ...files.map(({ name, found }) => emphasised(found === 'same' ? 'good' : 'bad', `  ${found.padEnd(10)}${name}`)),
  ];
}
