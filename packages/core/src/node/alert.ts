/** The statement that something needs a person. */
import type { SealiftError } from '../errors.ts';
import type { Story } from '../journal/replay.ts';
import type { Alert } from '../statement.ts';

/** The alert of an error. Its message names no moment of the run, so that the next run says the same. */
export function alertOf({ code, message }: SealiftError): Alert {
  return { kind: 'alert', code, message };
}

/** Whether the journal holds the same alert already: a cron job that meets it every minute adds nothing. */
export function isAlerted({ entries }: Story, { code, message }: SealiftError): boolean {
  return entries.some(
    ({ signed: { statement } }) =>
      statement.kind === 'alert' && statement.code === code && statement.message === message,
  );
}
