/** The workspace's jobs, and what decides whether they may be believed: pinned rosters and the replay ledger. */
export { type Acting, isCaughtUp, Job, type Trust } from './job.ts';
export { jobFolder, listJobs, type OpenedJob, outFolder, readJob } from './job-folder.ts';
export { Ledger, type LedgerRecord } from './ledger.ts';
export { keepSourceMarks, readSourceMarks, type SourceMark } from './source-mark.ts';
export { TrustStore } from './trust-store.ts';
