/** What needs Node: files, secret files, the workspace's jobs, pinned trust and the replay ledger. */
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
export { type Acting, Job, jobFolder, listJobs, type OpenedJob, outFolder, readJob, type Trust } from './job.ts';
export { Ledger, type LedgerRecord } from './ledger.ts';
export { makePrivateFolder, stateFolder } from './state-folder.ts';
export { TrustStore } from './trust-store.ts';
