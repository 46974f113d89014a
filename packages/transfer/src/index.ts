/** Transfer: remote, delivery, receipt and purge. */

export { type Collected, collectStatements, isPurgeable } from './collection.ts';
export { connect, type Endpoint } from './connect.ts';
export { type DeliveryOptions, deliver, requireDeliverable } from './delivery.ts';
export { sendImport, stateImport } from './import.ts';
export { purge } from './purge.ts';
export { MANIFEST_FILE, type Reception, type ReceptionOptions, receive } from './reception.ts';
export type { FileDigest, Remote, RemoteSession } from './remote.ts';
export { jobPaths } from './remote-path.ts';
export { loadSshKey, type SshKey, type SshKeySource } from './ssh-key.ts';
