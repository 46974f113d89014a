/** `migrate trust add`: pins a laboratory's roster after its fingerprint was compared over a second channel. */
import { resolve } from 'node:path';
import { groupsOfFour, ready, SealiftError } from '@sealift/core';
import { type Fingerprint, isFingerprint } from '@sealift/core/ids';
import { readDocumentFile } from '@sealift/core/node';
import { type LabId, labKey, type VerifiedRoster, verifyRoster } from '@sealift/core/roster';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';
import { trustStore } from '../roster-source.ts';

/** What was pinned. */
export interface TrustAddResult {
  readonly lab: { readonly id: LabId; readonly name: string };
  readonly version: number;
  readonly fingerprint: Fingerprint;
  /** `pinned` on a compared fingerprint, `succeeded` the version pinned before, or `unchanged`. */
  readonly outcome: 'pinned' | 'succeeded' | 'unchanged';
}

/** How many characters are typed from each end of the fingerprint. */
const TYPED = 8;

/** Throws `E_TRUST` when the fingerprints differ, `E_PROMPT`, `E_ROLLBACK`, `E_MISMATCH`, and what verifying a roster throws. */
export async function run(input: Input, context: Context): Promise<TrustAddResult> {
  await ready();
  const { document } = await readDocumentFile(resolve(context.cwd, input.text('roster')), 'sealift.roster.v1');
  const roster = verifyRoster(document);
  const { lab, version } = document.signed;
  const store = trustStore(context);
  const before = (await store.list()).find((pinned) => labKey(pinned.document.signed.lab.id) === labKey(lab.id));

  const given = input.optional('fingerprint');
  if (given !== undefined) requireEqual(roster, given);
  // A successor is signed by the signers of the pinned roster: the store checks that, and no phone call adds to it.
  else if (before === undefined) await compareByTyping(roster, context);

  await store.pin(document);
  const outcome = before === undefined ? 'pinned' : before.digest === roster.digest ? 'unchanged' : 'succeeded';
  return { lab: { id: lab.id, name: lab.name }, version, fingerprint: roster.fingerprint, outcome };
}

function requireEqual(roster: VerifiedRoster, given: string): void {
  const typed = given.replace(/\s/g, '').toLowerCase();
  if (!isFingerprint(typed)) {
    throw new SealiftError(
      'E_USAGE',
      `--fingerprint has ${typed.length} characters that do not make a fingerprint: 52 of a–z and 2–7`,
      {
        hint: 'type it again as the laboratory reads it out; nothing was pinned',
      },
    );
  }
  if (typed !== roster.fingerprint) throw notTheSame();
}

/**
 * Asks for both ends of the fingerprint (80 bits, which nobody can aim at) and doesn't show it, so that it can't be copied from the
 * screen instead of heard.
 */
async function compareByTyping({ document, fingerprint }: VerifiedRoster, { terminal }: Context): Promise<void> {
  if (terminal === undefined) {
    throw new SealiftError(
      'E_PROMPT',
      'the fingerprint has to be compared, and nobody can be asked: standard input is no terminal',
      {
        hint: 'give what the laboratory read out: --fingerprint "abcd efgh …"',
      },
    );
  }
  const { lab, signers } = document.signed;
  terminal.tell(
    [
      `This file says that it is the roster of ${lab.name} (${lab.id.scheme.toUpperCase()} ${lab.id.value}),`,
      `signed for by ${signers.map(({ signed }) => signed.name).join(', ')}.`,
      'Call the laboratory on a number that you did not get together with the file,',
      'and let it read the fingerprint out from its own screen.',
    ].join('\n'),
  );
  const ends = [fingerprint.slice(0, TYPED), fingerprint.slice(-TYPED)];
  for (const [index, which] of ['first', 'last'].entries()) {
    const heard = await terminal.ask(`The ${which} ${TYPED} characters that you hear: `);
    if (heard.replace(/\s/g, '').toLowerCase() !== ends[index]) throw notTheSame();
  }
}

function notTheSame(): SealiftError {
  return new SealiftError('E_TRUST', 'this is not the fingerprint of this roster; nothing was pinned', {
    hint: 'compare it again on the phone; if it still differs, the file is not the one that the laboratory made',
  });
}

/** What is trusted now. */
export function present({ lab, version, fingerprint, outcome }: TrustAddResult): readonly Line[] {
  const sentences = {
    pinned: 'is pinned',
    succeeded: 'is pinned: the signers of the version before it signed it',
    unchanged: 'was pinned already',
  } as const;
  return [
    emphasised('good', `the roster of ${lab.name}, version ${version}, ${sentences[outcome]}`),
    `fingerprint:  ${groupsOfFour(fingerprint)}`,
  ];
}
