/** What the deadlines of the instructions ask of the processor: warnings, alerts, and the purge (design §7, fault 63). */
import { SealiftError } from '@sealift/core';
import type { UtcTime } from '@sealift/core/ids';
import { procedureOf, type Story, waitingFor } from '@sealift/core/journal';
import { type Deadline, deadlinesOf } from '@sealift/core/manifest';
import { isAlerted } from '@sealift/core/node/attention';
import type { Job } from '@sealift/core/node/workspace';
import { requireServerClock } from './clock.ts';
import type { Remote } from './remote.ts';

/** That the delivery came late; it stays so. */
export function lateDelivery(story: Story, now: UtcTime): SealiftError | undefined {
  const { delivery } = deadlinesOf(story, now);
  if (delivery.standing !== 'missed') return undefined;
  return alert(`the delivery was due by ${delivery.due} and came at ${delivery.entry?.signed.time ?? now}`);
}

/**
 * The deadlines that are near or have passed while their step is still to come, of a job that was extracted and did not end. The
 * words depend on the journal and the instructions alone, so that each is said once.
 */
export function pendingDeadlines(story: Story, now: UtcTime): SealiftError[] {
  const { extraction, ended } = story.progress;
  if (extraction === undefined || ended !== undefined) return [];
  const { delivery, purge } = deadlinesOf(story, now);
  return [...pending('delivery', delivery, story), ...pending('purge', purge, story)];
}

function pending(step: 'delivery' | 'purge', { due, standing }: Deadline, story: Story): SealiftError[] {
  if (standing !== 'near' && standing !== 'passed') return [];
  const said = `the ${step} ${standing === 'near' ? 'is' : 'was'} due by ${due}`;
  const { versions, progress } = story;
  const instructions = versions.at(-1);
  if (instructions === undefined) return [];
  const missing = new Set(waitingFor(progress, procedureOf(instructions)).map(({ kind }) => kind));
  return [alert(`${said}, and the job still waits for: ${[...missing].join(', ')}`)];
}

function alert(message: string): SealiftError {
  return new SealiftError('E_DEADLINE', message, {
    hint: 'ask whoever the job waits for, or the laboratory for a newer version of the instructions with another deadline',
  });
}

/**
 * Records what {@link pendingDeadlines} finds, each once a day, when the clocks may be believed.
 * @returns those that people must be told, now or again
 * @throws E_CLOCK, E_REMOTE
 */
export async function recordDeadlines(job: Job, remote: Remote, now: UtcTime): Promise<SealiftError[]> {
  const unknown = pendingDeadlines(job.story, now).filter((error) => !isAlerted(job.story, error, now));
  if (unknown.length > 0) await requireServerClock(job, remote, now);
  for (const error of unknown) await job.alert(error, now);
  return unknown;
}
