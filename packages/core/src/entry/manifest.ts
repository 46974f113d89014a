/** The manifest, its deadlines, and the statements that other parties make of it (doc/format.md sections 11 and 13). */
export { countsClose } from '../journal/agreement.ts';
export { type Deadline, type DeadlineStanding, type Deadlines, deadlinesOf } from '../journal/deadline.ts';
export { type Checkpoint, type Manifest, makeManifest, verifyManifest } from '../journal/manifest.ts';
export {
  acknowledge,
  approve,
  embed,
  reportImport,
  revoke,
  type Stating,
  validate,
} from '../journal/party-statement.ts';
