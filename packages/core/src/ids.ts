/** The short texts that name things in documents (doc/format.md §1), each a type of its own with one written form. */
import { type ErrorCode, SealiftError } from './errors.ts';

/** A text that was checked to be of a kind. */
export type Branded<Kind extends string> = string & { readonly kind: Kind };

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = Branded<'digest'>;
/** `hmac-sha256:` and 64 lower-case hexadecimal digits: HMAC-SHA-256 under a key. */
export type KeyedDigest = Branded<'keyed digest'>;
/** 52 base32 characters: SHA-256 over an identity's three public keys. */
export type Fingerprint = Branded<'fingerprint'>;
/** The name of a job: 3–64 of `a`–`z`, `0`–`9`, `-`; safe as a folder name on every system. */
export type JobId = Branded<'job'>;
/** The name of a dataset: 1–64 of `a`–`z`, `0`–`9`, `-`; safe as a file name on every system. */
export type DatasetName = Branded<'dataset'>;
/** `YYYY-MM-DDThh:mm:ssZ`: UTC, whole seconds, calendar-exact. */
export type UtcTime = Branded<'time'>;
/** `YYYY-MM-DD`, calendar-exact. */
export type CalendarDate = Branded<'date'>;

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const KEYED_DIGEST = /^hmac-sha256:[0-9a-f]{64}$/;
// 52 characters hold 260 bits; the last four are unused and zero.
const FINGERPRINT = /^[a-z2-7]{51}[aq]$/;
const JOB = /^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$/;
const DATASET = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
/** Names that Windows gives to devices, whatever the folder. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;
/** Names of other files beside the datasets' on the server (doc/format.md §15). */
const TAKEN: ReadonlySet<string> = new Set(['manifest', 'receipt', 'import']);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Whether a text is a {@link Digest}. */
export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** Whether a text is a {@link KeyedDigest}. */
export function isKeyedDigest(text: string): text is KeyedDigest {
  return KEYED_DIGEST.test(text);
}

/** Whether a text is a {@link Fingerprint}. */
export function isFingerprint(text: string): text is Fingerprint {
  return FINGERPRINT.test(text);
}

/** Whether a text is a {@link JobId}. */
export function isJobId(text: string): text is JobId {
  return JOB.test(text) && !DEVICE.test(text);
}

/** Whether a text is a {@link DatasetName}. */
export function isDatasetName(text: string): text is DatasetName {
  return DATASET.test(text) && !DEVICE.test(text) && !TAKEN.has(text);
}

/** Whether a text is a {@link UtcTime}; 30 February and second 60 are not. */
export function isUtcTime(text: string): text is UtcTime {
  return TIME.test(text) && isoText(text)?.replace('.000Z', 'Z') === text;
}

/** Whether a text is a {@link CalendarDate}. */
export function isCalendarDate(text: string): text is CalendarDate {
  return DATE.test(text) && isoText(text)?.slice(0, 10) === text;
}

/** What Date makes of a text: an impossible day becomes another day, or nothing. */
function isoText(text: string): string | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function checked<T extends string>(text: string, is: (text: string) => text is T, code: ErrorCode, rule: string): T {
  if (!is(text)) throw new SealiftError(code, rule);
  return text;
}

/** Reads a digest. Throws `E_ENCODING`. */
export function parseDigest(text: string): Digest {
  return checked(text, isDigest, 'E_ENCODING', 'a digest is sha256: and 64 lower-case hexadecimal digits');
}

/** Reads a keyed digest. Throws `E_ENCODING`. */
export function parseKeyedDigest(text: string): KeyedDigest {
  return checked(
    text,
    isKeyedDigest,
    'E_ENCODING',
    'a keyed digest is hmac-sha256: and 64 lower-case hexadecimal digits',
  );
}

/** Reads a fingerprint, without spaces. Throws `E_ENCODING`. */
export function parseFingerprint(text: string): Fingerprint {
  return checked(
    text,
    isFingerprint,
    'E_ENCODING',
    'a fingerprint is 52 characters of a–z and 2–7, the last one a or q',
  );
}

/** Reads the name of a job. Throws `E_SCHEMA`. */
export function parseJobId(text: string): JobId {
  const rule =
    'a job is named by 3 to 64 of a–z, 0–9 and -, begins and ends with a letter or digit, and is no Windows device';
  return checked(text, isJobId, 'E_SCHEMA', rule);
}

/** Reads the name of a dataset. Throws `E_SCHEMA`. */
export function parseDatasetName(text: string): DatasetName {
  const rule =
    'a dataset is named by 1 to 64 of a–z, 0–9 and -, begins and ends with a letter or digit, is no Windows device, and not manifest, receipt or import';
  return checked(text, isDatasetName, 'E_SCHEMA', rule);
}

/** Reads a time. Throws `E_SCHEMA`. */
export function parseUtcTime(text: string): UtcTime {
  return checked(text, isUtcTime, 'E_SCHEMA', 'a time is YYYY-MM-DDThh:mm:ssZ, in UTC, and exists');
}

/** Reads a date. Throws `E_SCHEMA`. */
export function parseCalendarDate(text: string): CalendarDate {
  return checked(text, isCalendarDate, 'E_SCHEMA', 'a date is YYYY-MM-DD and exists');
}

/** A moment as written in documents; the fraction of a second is cut off. Throws `E_SCHEMA` outside the years 0–9999. */
export function utcTime(date: Date): UtcTime {
  return parseUtcTime(Number.isNaN(date.getTime()) ? '' : date.toISOString().replace(/\.\d{3}Z$/, 'Z'));
}

/** A time as milliseconds since 1970-01-01T00:00:00Z, to compare and subtract. */
export function timeValue(time: UtcTime): number {
  return Date.parse(time);
}
