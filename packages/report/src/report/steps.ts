/** The timeline: every version of the instructions and every entry of the journal, with who said it, in order. */
import type { Digest, Fingerprint, UtcTime } from '@sealift/core/ids';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import type { EntryDocument, Story } from '@sealift/core/journal';
import type { Statement } from '@sealift/core/statement';
import { authorsOf, type Person, personsOf } from './persons.ts';

/** What happened: instructions were signed, or something was stated. */
export type StepContent =
  | { readonly kind: 'instructions'; readonly version: number; readonly digest: Digest }
  | { readonly kind: 'statement'; readonly statement: Statement };

/** One step. */
export interface Step {
  readonly content: StepContent;
  /** When it was signed, by its signer's clock. */
  readonly time: UtcTime;
  /** Who said it. */
  readonly by: readonly Person[];
  /** The operator who took it into the journal, and when, where that is another. */
  readonly takenIn?: { readonly by: Person; readonly time: UtcTime };
  /** The number of the entry. */
  readonly entry?: number;
  /** How many times in a row the same refusal or alert was recorded, and when last. */
  readonly times: number;
  readonly until?: UtcTime;
}

/** Every step of a story. */
export function stepsOf(story: Story): Step[] {
  const persons = new Map(personsOf(story).map((person) => [person.fingerprint, person]));
  const named = (keys: Iterable<Fingerprint>): Person[] => [...keys].flatMap((key) => persons.get(key) ?? []);
  const versions = [...story.versions];
  const steps: Step[] = [];
  for (const [index, entry] of story.entries.entries()) {
    while (versions[0] !== undefined && isAdopted(versions[0], entry, story)) {
      steps.push(instructionsStep(versions[0], named));
      versions.shift();
    }
    add(
      steps,
      entryStep(story, { entry, by: named([story.appendedBy[index]].filter((key) => key !== undefined)) }, named),
    );
  }
  return [...steps, ...versions.map((version) => instructionsStep(version, named))];
}

/** Whether an entry was made under a version or a later one. */
function isAdopted({ signed }: VerifiedInstructions, entry: EntryDocument, { versions }: Story): boolean {
  const under = versions.find(({ digest }) => digest === entry.signed.instructions);
  return under !== undefined && signed.version <= under.signed.version;
}

type Named = (keys: Iterable<Fingerprint>) => Person[];

function instructionsStep({ signed, digest, signedBy }: VerifiedInstructions, named: Named): Step {
  const content = { kind: 'instructions', version: signed.version, digest } as const;
  return { content, time: signed.issued, by: named(signedBy), times: 1 };
}

interface Appended {
  readonly entry: EntryDocument;
  readonly by: readonly Person[];
}

function entryStep(story: Story, { entry: { signed }, by }: Appended, named: Named): Step {
  const { statement, time, seq } = signed;
  const content = { kind: 'statement', statement } as const;
  const [taker] = by;
  if (!('document' in statement)) return { content, time, by, entry: seq, times: 1 };
  return {
    content,
    time: statement.document.signed.time,
    by: named(authorsOf(story, statement)),
    ...(taker === undefined ? {} : { takenIn: { by: taker, time } }),
    entry: seq,
    times: 1,
  };
}

/** The same refusal or alert again is counted, not repeated. */
function add(steps: Step[], step: Step): void {
  const last = steps.at(-1);
  if (last === undefined || !isSame(last.content, step.content)) steps.push(step);
  else steps.splice(-1, 1, { ...last, times: last.times + 1, until: step.time });
}

function isSame(one: StepContent, other: StepContent): boolean {
  if (one.kind !== 'statement' || other.kind !== 'statement') return false;
  const [a, b] = [one.statement, other.statement];
  if (a.kind === 'alert') return b.kind === 'alert' && a.code === b.code && a.message === b.message;
  if (a.kind !== 'refusal' || b.kind !== 'refusal') return false;
  return a.step === b.step && a.code === b.code && a.message === b.message;
}
