/** The short texts that name things: digests, fingerprints, jobs, datasets, times (doc/format.md section 1). */
export {
  type CalendarDate,
  type DatasetName,
  type Digest,
  type Fingerprint,
  isCalendarDate,
  type JobId,
  type KeyedDigest,
  parseCalendarDate,
  parseDatasetName,
  parseDigest,
  parseFingerprint,
  parseJobId,
  parseUtcTime,
  timeValue,
  type UtcTime,
  utcTime,
} from '../ids.ts';
