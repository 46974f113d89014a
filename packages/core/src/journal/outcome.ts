/** How a job came out: what is missing of it, what came late, what was refused, what needed a person. */
import type { Fingerprint, UtcTime } from '../ids.ts';
import type { Refusal, Statement } from '../statement.ts';
import { deadlinesOf } from './deadline.ts';
import type { EntryDocument } from './entry.ts';
import { currentInstructions, procedureOf, type Story } from './replay.ts';
import { type Missing, missingForPurge, waitingFor } from './state.ts';

/**
 * `complete`: every step that the instructions ask for is there. `ended`: the laboratory revoked the job, or the processor gave it up,
 * and nothing more is to come. `incomplete`: something is still to come, or will never come.
 */
export type Outcome = 'complete' | 'incomplete' | 'ended';

/** Something of a job that a reader must know of. */
export type Trouble =
  | { readonly trouble: 'missing'; readonly step: Missing['kind']; readonly recipient?: string }
  | {
      readonly trouble: 'late';
      readonly step: 'delivery' | 'purge';
      readonly due: UtcTime;
      /** When it was done, if it was. */
      readonly done?: UtcTime;
      readonly entry?: number;
    }
  /** Copies were deleted on the deadline, before every statement that they were kept for. */
  | { readonly trouble: 'unacknowledged'; readonly due: UtcTime; readonly entry: number }
  | {
      readonly trouble: 'refused' | 'alert';
      /** The command that was refused. */
      readonly step?: string;
      readonly code: string;
      readonly message: string;
      /** When first, and how often. */
      readonly time: UtcTime;
      readonly times: number;
      readonly entry: number;
    }
  | { readonly trouble: 'repaired'; readonly bytes: number; readonly time: UtcTime; readonly entry: number };

/** The steps that the instructions ask for and the journal does not hold. */
export function missingSteps(story: Story): Missing[] {
  const { progress } = story;
  const procedure = procedureOf(currentInstructions(story));
  if (progress.ended !== undefined) return waitingFor(progress, procedure);
  const step = (kind: Missing['kind'], isThere: boolean): Missing[] => (isThere ? [] : [{ kind }]);
  const receipts = procedure.recipients.filter((recipient) => !progress.receipts.has(recipient));
  return [
    ...step('extraction', progress.extraction !== undefined),
    ...step('approval', progress.approved || !procedure.gates.delivery.includes('approval')),
    ...step('delivery', progress.delivery !== undefined),
    ...receipts.map((recipient) => ({ kind: 'receipt', recipient }) as const),
    ...missingForPurge(progress, procedure).filter(({ kind }) => kind !== 'receipt'),
    ...step('purge', progress.purge !== undefined),
  ];
}

/** How a job came out. */
export function outcomeOf(story: Story): Outcome {
  if (missingSteps(story).length > 0) return 'incomplete';
  return story.progress.ended === undefined ? 'complete' : 'ended';
}

/**
 * What a reader must know of a job.
 * @param now against which deadlines of steps that have not come are held
 */
export function troublesOf(story: Story, now: UtcTime): Trouble[] {
  const { recipients } = currentInstructions(story);
  const name = (key: Fingerprint): string => recipients.get(key)?.entry.name ?? key;
  const missing = missingSteps(story).map(
    ({ kind, recipient }): Trouble => ({
      trouble: 'missing',
      step: kind,
      ...(recipient === undefined ? {} : { recipient: name(recipient) }),
    }),
  );
  return [...missing, ...late(story, now), ...unacknowledged(story), ...remarks(story)];
}

function late(story: Story, now: UtcTime): Trouble[] {
  const deadlines = deadlinesOf(story, now);
  return (['delivery', 'purge'] as const).flatMap((step): Trouble[] => {
    const { due, standing, entry } = deadlines[step];
    if (standing !== 'missed' && standing !== 'passed') return [];
    return [{ trouble: 'late', step, due, ...(entry && { done: entry.signed.time, entry: entry.signed.seq }) }];
  });
}

function unacknowledged(story: Story): Trouble[] {
  const { due, entry } = deadlinesOf(story, currentInstructions(story).signed.issued).purge;
  const statement = entry?.signed.statement;
  if (entry === undefined || statement?.kind !== 'purge' || statement.basis !== 'deadline') return [];
  return [{ trouble: 'unacknowledged', due, entry: entry.signed.seq }];
}

/** Refusals, alerts and repairs; the same one said again is counted, not repeated. */
function remarks({ entries }: Story): Trouble[] {
  const found = new Map<string, Trouble>();
  for (const [index, { signed }] of entries.entries()) {
    const trouble = remark(signed, entries.slice(0, index));
    if (trouble === undefined) continue;
    const key = 'code' in trouble ? [trouble.trouble, trouble.step, trouble.code, trouble.message].join('\n') : index;
    const before = found.get(String(key));
    const again = before !== undefined && 'times' in before ? { ...before, times: before.times + 1 } : trouble;
    found.set(String(key), again);
  }
  return [...found.values()];
}

function remark(
  { seq, time, statement }: EntryDocument['signed'],
  before: readonly EntryDocument[],
): Trouble | undefined {
  if (statement.kind === 'repair') return { trouble: 'repaired', bytes: statement.removedBytes, time, entry: seq };
  if (statement.kind === 'alert') {
    return { trouble: 'alert', code: statement.code, message: statement.message, time, times: 1, entry: seq };
  }
  if (statement.kind !== 'refusal' || isRepeat(statement, before)) return undefined;
  const { step, code, message } = statement;
  return { trouble: 'refused', step, code, message, time, times: 1, entry: seq };
}

/** What each command leads to. */
const STEP_OF: Readonly<Record<string, Statement['kind']>> = {
  extract: 'extraction',
  send: 'delivery',
  purge: 'purge',
  abort: 'abort',
};

/** Whether a refusal is of a step that was done already: somebody ran a command again, and nothing came of it. */
export function isRepeat({ step, code }: Refusal, before: readonly EntryDocument[]): boolean {
  if (code === 'E_REPLAY') return true;
  const done = STEP_OF[step];
  return code === 'E_STATE' && before.some(({ signed }) => signed.statement.kind === done);
}
