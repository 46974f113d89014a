/** What the journal says of a step that was refused. */
import { FAILURES, type SealiftError } from '../errors.ts';
import { timeValue, type UtcTime } from '../ids.ts';
import type { VerifiedInstructions } from '../instructions.ts';
import type { Story } from '../journal/replay.ts';
import type { Refusal } from '../statement.ts';

/** Characters of a refusal's message. */
const MAX_MESSAGE = 500;
/** How long after the last date of the instructions a clock is still believed: a purge on its deadline comes after it. */
const GRACE_MS = 7 * 86_400_000;
/** Statements that a job does not go on by. */
const REMARKS: ReadonlySet<string> = new Set(['refusal', 'alert', 'repair']);

/** Codes of the local machine: their messages name its paths, which concern nobody else. */
const LOCAL_CODES: ReadonlySet<string> = new Set([
  ...FAILURES.file.codes,
  ...FAILURES.internal.codes,
  'E_SOURCE',
  'E_SOURCE_CHANGED',
  'E_PERM',
  'E_PURGE',
]);

/** What an error may say in a statement: no path of this machine, and no more than a statement may hold. */
export function saidOf({ code, message }: SealiftError): string {
  const said = LOCAL_CODES.has(code) || message === '' ? 'the step failed on this machine' : message;
  return Array.from(said).slice(0, MAX_MESSAGE).join('');
}

/** The statement of an error. */
export function refusalOf(step: string, error: SealiftError): Refusal {
  return { kind: 'refusal', step, code: error.code, message: saidOf(error) };
}

/**
 * When a refusal or an alert is dated: by this machine's clock, unless that is past everything that the instructions foresee. Then the
 * clock is as likely wrong as the job is late, and an entry from the future would keep the journal from growing until then: it takes
 * the time of the entry before it (doc/adr/0017).
 */
export function remarkTime({ chain }: Story, { signed }: VerifiedInstructions, now: UtcTime): UtcTime {
  const horizon = Math.max(timeValue(signed.expires), timeValue(signed.deadlines.purge));
  return timeValue(now) > horizon + GRACE_MS ? (chain.time ?? signed.issued) : now;
}

/** Whether the same refusal was recorded since the job last went on; the moment that it names makes no difference. */
export function repeats({ entries }: Story, refusal: Refusal): boolean {
  const lastStep = entries.findLastIndex(({ signed }) => !REMARKS.has(signed.statement.kind));
  return entries
    .slice(lastStep + 1)
    .some(({ signed: { statement } }) => statement.kind === 'refusal' && reasonOf(statement) === reasonOf(refusal));
}

const reasonOf = ({ step, code, message }: Refusal): string =>
  [step, code, message.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'then')].join('\n');
