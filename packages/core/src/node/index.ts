/** What needs Node: files, secret files, the workspace's jobs, pinned trust and the replay ledger. */
export { isAlerted } from './alert.ts';
export { canonicalLine, readableDocument, readDocumentFile } from './document-file.ts';
export {
  createFile,
  fileError,
  lookAt,
  readBounded,
  replaceFile,
  sweepTemporaries,
  syncFolder,
  TemporaryFile,
} from './file.ts';
export { createIdentityFile, readIdentityFile, requirePrivateFile } from './identity-file.ts';
export { type Acting, Job, type Trust } from './job.ts';
export { jobFolder, listJobs, type OpenedJob, outFolder, readJob } from './job-folder.ts';
export { Ledger, type LedgerRecord } from './ledger.ts';
export { readAhead } from './read-ahead.ts';
export { streamCipher } from './secretstream-self-test.ts';
export { makePrivateFolder, stateFolder } from './state-folder.ts';
export { TrustStore } from './trust-store.ts';
