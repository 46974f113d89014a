/** What the journal says of a step that was refused. */
import { FAILURES, type SealiftError } from '../errors.ts';
import type { Story } from '../journal/replay.ts';
import type { Refusal } from '../statement.ts';

/** Characters of a refusal's message. */
const MAX_MESSAGE = 500;
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

/** The statement of an error, no longer than a statement may be. */
export function refusalOf(step: string, { code, message }: SealiftError): Refusal {
  const said = LOCAL_CODES.has(code) || message === '' ? 'the step failed on this machine' : message;
  return { kind: 'refusal', step, code, message: Array.from(said).slice(0, MAX_MESSAGE).join('') };
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
