/** Instructions, the parties that they name, and the digest key for those who may check (doc/format.md section 7). */

export { type DigestKey, newDigestKey, openDigestKey } from '../digest-key.ts';
export {
  checkInstructions,
  type Endpoint,
  type Gates,
  type Instructions,
  type InstructionsDocument,
  requireInForce,
  type VerifiedInstructions,
  verifyInstructions,
} from '../instructions.ts';
export { linkOrder } from '../link.ts';
export { type Operator, requireOperator, requireUnattended } from '../processor.ts';
export { type Recipient, requireRecipient, requireRecipients } from '../recipient.ts';
export type { MachineRequirement } from '../requirement.ts';
