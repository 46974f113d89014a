/** The laboratory's pinned root (doc/format.md section 6). */

export { requireController } from '../controller.ts';
export { isPlausibleLabId, type LabId, labKey, sameLab } from '../lab.ts';
export {
  firstRoster,
  type NewRoster,
  type Roster,
  type RosterDocument,
  rosterFingerprint,
  type VerifiedRoster,
  verifyRoster,
  verifySuccessor,
} from '../roster.ts';
