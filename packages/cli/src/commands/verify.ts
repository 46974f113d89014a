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
import { type ClaimWords, countSentences, countTable, wordsOf } from '@sealift/report';
import { paragraph } from '@sealift/report/wrap';
import { type BundleFile, checkBundle } from '../bundle.ts';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';
import { requireKept, verifiedManifest } from '../manifest-source.ts';
import { readRecounts } from '../recount-file.ts';

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
  const recomputed = input.optional('recomputed');
  const recounts =
    recomputed === undefined ? [] : await readRecounts(resolve(context.cwd, recomputed), story.chain.job);
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
    reconciliation: reconcile(story, recounts),
    waitingFor: waitingFor(story.progress, procedure).map(({ kind }) => kind),
    ...(witness === undefined ? {} : { witness }),
    ...(files === undefined ? {} : { files }),
  };
  const error = errorOf(result);
  if (error !== undefined) context.warn(`${error.message} (${error.code})`);
  return result;
}

/** What keeps the exit code from 0 though the manifest holds. */
function errorOf({ outcome, files = [], reconciliation }: VerifyResult): SealiftError | undefined {
  const wrong = files.filter(({ found }) => found === 'altered' || found === 'extra');
  if (wrong[0] !== undefined) {
    return new SealiftError('E_MISMATCH', `${wrong[0].name} is not a file of this manifest as it names it`);
  }
  const recounted = reconciliation.find(({ differences }) => differences.some(({ by }) => by === 'recomputed'));
  if (recounted !== undefined) {
    return new SealiftError('E_MISMATCH', `the copy that was recounted has other rows of ${recounted.dataset}`);
  }
  const missing = files.find(({ found }) => found === 'missing');
  if (missing !== undefined) return new SealiftError('E_INCOMPLETE', `${missing.name} is not in the folder`);
  if (outcome === 'complete') return undefined;
  return new SealiftError('E_INCOMPLETE', `the manifest holds; the job is ${words.outcomes[outcome]}`);
}

/** 0 for a job that is complete, 10 for one that is not, 5 for sealed files or a recount that are not what the manifest says. */
export function exitCode(result: VerifyResult): number {
  return errorOf(result)?.exitCode ?? 0;
}

/** The claims, grouped, with what is missing, late or refused. */
export function present(result: VerifyResult): readonly Line[] {
  const { claims } = result;
  const groups = [...new Set(claims.map(({ group }) => group))];
  return [
    ...presentHeading(result),
    ...groups.flatMap((group): Line[] => [
      '',
      emphasised('heading', words.groups[group]),
      ...claims.filter((claim) => claim.group === group).flatMap(presentClaim),
    ]),
    ...presentTroubles(result),
    ...presentCounts(result),
    ...presentFiles(result),
    '',
    ...(['proven', 'attested', 'unknown'] as const).flatMap((standing) => labelled(standing, words.meanings[standing])),
  ];
}

function presentHeading({ job, lab, roster, state, outcome, entries, witness }: VerifyResult): Line[] {
  const tone = outcome === 'complete' ? 'good' : 'caution';
  return [
    ...paragraph(`the manifest of job ${job} holds: ${entries} entries, every signature and count`, '').map((line) =>
      emphasised('good', line),
    ),
    ...labelled('laboratory', lab),
    ...labelled('roster', groupsOfFour(roster)),
    ...labelled('state', state),
    ...labelled('outcome', words.outcomes[outcome]).map((line) => emphasised(tone, line)),
    ...(witness === undefined ? [] : labelled('continues', `the manifest that you kept, of ${witness} entries`)),
  ];
}

/** A text beside its label. */
function labelled(label: string, text: string): string[] {
  return paragraph(text, `${label}:`.padEnd(13));
}

function item(mark: string, text: string, entry?: number): string[] {
  return paragraph(entry === undefined ? text : `${text} [entry ${entry}]`, `  ${mark}`.padEnd(12));
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
  return [
    '',
    emphasised('heading', words.counts.title),
    ...countTable(reconciliation, 'en'),
    ...countSentences(reconciliation, 'en').flatMap((sentence) => paragraph(sentence, '  ')),
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
