/** The journal's entries, the state machine, and the manifest that proves them. */
export { countsClose, SEALED_MANIFEST_NAME, sealedFileName } from './agreement.ts';
export { type Claim, type ClaimGroup, claimsOf, type Standing } from './claims.ts';
export { type Deadline, type DeadlineStanding, type Deadlines, deadlinesOf } from './deadline.ts';
export { type ChainHead, type Entry, type EntryDocument, nextEntry } from './entry.ts';
export { type Checkpoint, type Manifest, makeManifest, verifyManifest } from './manifest.ts';
export { acknowledge, approve, embed, reportImport, revoke, type Stating, validate } from './party-statement.ts';
export { appendToStory, currentInstructions, procedureOf, replayJournal, type Story } from './replay.ts';
export {
  type JobState,
  type Missing,
  missingForPurge,
  type Procedure,
  type Progress,
  requireAllowed,
  stateOf,
  waitingFor,
} from './state.ts';
