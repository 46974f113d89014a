/** The deadlines of the instructions: open ones ahead, near or passed, and those of steps that were done, kept or missed. */
import { timeValue, type UtcTime } from '../ids.ts';
import type { EntryDocument } from './entry.ts';
import { currentInstructions, type Story } from './replay.ts';

/**
 * `ahead`, `near` (within the days of warning) and `passed` are of a step that is still to come; `kept` and `missed` of one that is
 * done; `void`: the job ended, and the step comes no more. Times are those that the processor's clock gave.
 */
export type DeadlineStanding = 'ahead' | 'near' | 'passed' | 'kept' | 'missed' | 'void';

/** One deadline. */
export interface Deadline {
  readonly due: UtcTime;
  readonly standing: DeadlineStanding;
  /** The step's entry, once it is done. */
  readonly entry?: EntryDocument;
}

/** Both deadlines of a job. */
export interface Deadlines {
  readonly delivery: Deadline;
  readonly purge: Deadline;
}

const DAY_MS = 86_400_000;

/** Where a job stands against its deadlines at a time. A step that is done is measured by the instructions that it was done under. */
export function deadlinesOf(story: Story, now: UtcTime): Deadlines {
  const delivery = deadlineOf(story, 'delivery', now);
  const isVoid = story.progress.ended !== undefined && delivery.entry === undefined;
  return {
    delivery: isVoid ? { ...delivery, standing: 'void' } : delivery,
    purge: deadlineOf(story, 'purge', now),
  };
}

function deadlineOf(story: Story, step: 'delivery' | 'purge', now: UtcTime): Deadline {
  const current = currentInstructions(story);
  const entry = story.entries.find(({ signed }) => signed.statement.kind === step);
  if (entry === undefined) {
    const due = current.signed.deadlines[step];
    return { due, standing: openStanding(due, current.signed.deadlines.warnDays, now) };
  }
  const version = story.versions.find(({ digest }) => digest === entry.signed.instructions) ?? current;
  const due = version.signed.deadlines[step];
  return { due, standing: isInTime(entry, due) ? 'kept' : 'missed', entry };
}

function openStanding(due: UtcTime, warnDays: number, now: UtcTime): DeadlineStanding {
  if (now >= due) return 'passed';
  return timeValue(now) >= timeValue(due) - warnDays * DAY_MS ? 'near' : 'ahead';
}

/** A purge on the deadline can't come before it: within a day of it, it is in time. */
function isInTime({ signed: { statement, time } }: EntryDocument, due: UtcTime): boolean {
  const isOnDeadline = statement.kind === 'purge' && statement.basis === 'deadline';
  return timeValue(time) <= timeValue(due) + (isOnDeadline ? DAY_MS : 0);
}
