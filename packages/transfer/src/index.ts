/** Transfer: remote, delivery, receipt and purge. */

export { type Collected, collectStatements } from './collection.ts';
export { connect, type Endpoint } from './connect.ts';
export { lateDelivery, pendingDeadlines, recordDeadlines } from './deadline.ts';
export { type DeliveryOptions, deliver, requireDeliverable } from './delivery.ts';
export { type Disposal, disposeSources, pendingDisposals } from './disposal.ts';
export { fetchSealed } from './fetch-sealed.ts';
export { sendImport, stateImport } from './import.ts';
export type { DatasetTarget, DatasetToLoad } from './loading.ts';
export { purge, purgeBasis } from './purge.ts';
export { MANIFEST_FILE, RECEIPT_FILE, type Reception, type ReceptionOptions, receive } from './receipt.ts';
export type { FileDigest, Remote, RemoteSession } from './remote.ts';
export { jobPaths } from './remote-path.ts';
export type { ReceptionStep } from './sealed-dataset.ts';
export { loadSshKey, type SshKey, type SshKeySource } from './ssh-key.ts';
export { mayHoldStaleUpload, sweepStaleUpload } from './stale-upload.ts';
export { uploadFiles } from './upload-files.ts';
