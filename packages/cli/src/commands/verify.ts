/** `migrate verify`: walks the whole manifest again, and says of each claim how far it goes. */
import { groupsOfFour } from '@sealift/core';
import { currentInstructions, type JobState, procedureOf, stateOf, waitingFor } from '@sealift/core/journal';
import { type Claim, type ClaimGroup, claimsOf } from '@sealift/core/manifest';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';
import { requireKept, verifiedManifest } from '../manifest-source.ts';

/** What holds. */
export interface VerifyResult {
  readonly job: string;
  readonly lab: string;
  readonly roster: string;
  readonly state: JobState;
  readonly entries: number;
  readonly head: string;
  readonly claims: readonly Claim[];
  readonly waitingFor: readonly string[];
  /** How many entries the kept manifest has that this one continues. */
  readonly witness?: number;
}

/** Throws the first thing that does not hold. */
export async function run(input: Input, context: Context): Promise<VerifyResult> {
  const verified = await verifiedManifest(input, context);
  const witness = await requireKept(verified, input, context);
  const { story, roster } = verified;
  const instructions = currentInstructions(story);
  const procedure = procedureOf(instructions);
  return {
    job: instructions.signed.job,
    lab: instructions.signed.lab.name,
    roster: roster.fingerprint,
    state: stateOf(story.progress, procedure),
    entries: story.chain.seq,
    head: story.chain.head,
    claims: claimsOf(story),
    waitingFor: waitingFor(story.progress, procedure).map(({ kind }) => kind),
    ...(witness === undefined ? {} : { witness }),
  };
}

const TITLES: Readonly<Record<ClaimGroup, string>> = {
  authority: 'Who authorised it',
  extraction: 'What left, and what stayed',
  transfer: 'Where it went',
  acknowledgement: 'Who acknowledged it',
  deletion: 'What was deleted',
};

/** The claims, grouped. */
export function present({ job, lab, roster, state, entries, claims, witness }: VerifyResult): readonly Line[] {
  const groups = [...new Set(claims.map(({ group }) => group))];
  return [
    emphasised('good', `the manifest of job ${job} holds: ${entries} entries, every signature and count`),
    `laboratory:  ${lab}`,
    `roster:      ${groupsOfFour(roster)}`,
    `state:       ${state}`,
    ...(witness === undefined ? [] : [`continues:   the manifest that you kept, of ${witness} entries`]),
    ...groups.flatMap((group): Line[] => [
      '',
      emphasised('heading', TITLES[group]),
      ...claims.filter((claim) => claim.group === group).map(presentClaim),
    ]),
    '',
    'proven: follows from signatures and digests. attested: one party says so. unknown: nobody can say.',
  ];
}

function presentClaim({ standing, claim, entry }: Claim): Line {
  return `  ${standing.padEnd(8)}  ${claim}${entry === undefined ? '' : ` [entry ${entry}]`}`;
}
