/** The journal: entries, their replay, and the state machine (doc/format.md sections 12 and 14). */
export { SEALED_MANIFEST_NAME, sealedFileName } from '../journal/agreement.ts';
export { type ChainHead, type Entry, type EntryDocument, nextEntry } from '../journal/entry.ts';
export { appendToStory, currentInstructions, procedureOf, replayJournal, type Story } from '../journal/replay.ts';
export {
  type JobState,
  type Missing,
  missingForPurge,
  type Procedure,
  type Progress,
  requireAllowed,
  stateOf,
  waitingFor,
} from '../journal/state.ts';
export { requireWitness } from '../journal/witness.ts';
