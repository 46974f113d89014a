/** Whether the clocks may be believed where a deadline is: this machine's, the server's and the journal's (design §7, fault 65). */
import { SealiftError } from '@sealift/core';
import { timeValue, type UtcTime, utcTime } from '@sealift/core/ids';
import type { Job } from '@sealift/core/node/workspace';
import type { Remote } from './remote.ts';
import { pathsOf } from './sealed-statement.ts';

/** How far apart two clocks may be. */
const TOLERANCE_MS = 3_600_000;

/**
 * Requires that this machine's clock is not before the journal's last entry; otherwise that is an alert in the journal.
 * @throws E_CLOCK
 */
export async function requireClockAfterJournal(job: Job, now: UtcTime): Promise<void> {
  const last = job.story.chain.time;
  if (last !== undefined && now < last) {
    throw await alerted(job, "this machine's clock is before the journal's last entry", last);
  }
}

/**
 * Requires, besides, that the server's clock and this machine's are at most an hour apart. Folders of the job that are not there yet
 * are made.
 * @throws E_CLOCK, E_EXISTS, E_REMOTE
 */
export async function requireServerClock(job: Job, remote: Remote, now: UtcTime): Promise<void> {
  await requireClockAfterJournal(job, now);
  const paths = pathsOf(job.instructions);
  for (const folder of [paths.job, paths.out]) await remote.makeFolder(folder);
  const server = await remote.clock(paths.out);
  if (Math.abs(server.getTime() - timeValue(now)) <= TOLERANCE_MS) return;
  // An entry from the future would keep the journal from growing until then: of two clocks, the earlier one dates it.
  const times = [now, utcTime(server)].sort();
  const last = job.story.chain.time;
  const earlier = times[0] ?? now;
  const time = last !== undefined && earlier < last ? last : earlier;
  throw await alerted(job, "this machine's clock and the server's are more than an hour apart", time);
}

async function alerted(job: Job, message: string, time: UtcTime): Promise<SealiftError> {
  const error = new SealiftError('E_CLOCK', message, {
    hint: 'nothing was purged; set the clock that is wrong, then run the purge again',
  });
  await job.alert(error, time);
  return error;
}
