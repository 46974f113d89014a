/** The statement that something needs a person, and how long it counts as said. */
import type { SealiftError } from '../errors.ts';
import { type JobId, timeValue, type UtcTime } from '../ids.ts';
import type { Story } from '../journal/replay.ts';
import type { Alert } from '../statement.ts';
import { saidOf } from './refusal.ts';

/** An alert that nobody has answered is given again after a day. */
const REPEAT_MS = 86_400_000;

/** An alert that people must be told of. */
export interface ToldAlert extends Pick<Alert, 'code' | 'message'> {
  readonly job: JobId;
  /** Of its entry in the journal. */
  readonly time: UtcTime;
  /** `repeated`: it was said before, and nobody has answered it for a day. */
  readonly occasion: 'new' | 'repeated';
}

/** The alert of an error. Its message names no moment of the run and no path, so that the next run says the same. */
export function alertOf(error: SealiftError): Alert {
  return { kind: 'alert', code: error.code, message: saidOf(error) };
}

/**
 * Whether the journal holds the same alert already: a cron job that meets it every minute adds nothing.
 * @param now counts only what was said in the day before; without it, whatever was ever said
 */
export function isAlerted({ entries }: Story, error: SealiftError, now?: UtcTime): boolean {
  const { code, message } = alertOf(error);
  const since = now === undefined ? Number.NEGATIVE_INFINITY : timeValue(now) - REPEAT_MS;
  return entries.some(
    ({ signed: { statement, time } }) =>
      statement.kind === 'alert' && statement.code === code && statement.message === message && timeValue(time) > since,
  );
}
