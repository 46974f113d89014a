/** Documents, identities, manifest and verification; runs in Node and browsers. */

export { outputHeader, outputName } from './allow-list.ts';
export { groupsOfFour } from './base32.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export { canonicalJson } from './canonical.ts';
export { columnWords, foldColumnName } from './column-name.ts';
export { isCredentialName } from './credential.ts';
export type {
  AllowedField,
  Bound,
  Ceiling,
  Dataset,
  DateFault,
  Dialect,
  Expected,
  Link,
  RowCounts,
  SourceEncoding,
  Window,
} from './dataset.ts';
export { type DigestKey, newDigestKey, openDigestKey } from './digest-key.ts';
export { type DocumentType, type DocumentTypes, type ReadDocument, readDocument } from './document.ts';
export {
  addSignature,
  documentDigest,
  type Signable,
  type Signature,
  type SignatureKey,
  type SignedDocument,
  type Signer,
  signDocument,
  verifiedSigners,
  verifySignature,
} from './envelope.ts';
export { type ErrorCode, type ErrorDetails, FAILURES, type Place, SealiftError } from './errors.ts';
export { isFreeTextName } from './free-text.ts';
export {
  createIdentity,
  fingerprintText,
  type Identity,
  type IdentityDocument,
  type NewIdentity,
  type PublicIdentity,
  readIdentity,
  SecretIdentity,
} from './identity.ts';
export {
  type CalendarDate,
  type DatasetName,
  type Digest,
  type Fingerprint,
  isCalendarDate,
  type JobId,
  type KeyedDigest,
  parseCalendarDate,
  parseDatasetName,
  parseDigest,
  parseFingerprint,
  parseJobId,
  parseUtcTime,
  timeValue,
  type UtcTime,
  utcTime,
} from './ids.ts';
export {
  checkInstructions,
  type Endpoint,
  type Gates,
  type Instructions,
  type InstructionsDocument,
  requireInForce,
  type VerifiedInstructions,
  verifyInstructions,
} from './instructions.ts';
export { type JsonObject, type JsonValue, type ParsedJson, parseJson } from './json.ts';
export { KeyedHash, keyedDigestOf } from './keyed-digest.ts';
export { type LabId, labKey, sameLab } from './lab.ts';
export { linkOrder } from './link.ts';
export { type Operator, type Recipient, requireOperator, requireRecipient, requireRecipients } from './party.ts';
export {
  type Roster,
  type RosterDocument,
  requireController,
  rosterFingerprint,
  type VerifiedRoster,
  verifyRoster,
  verifySuccessor,
} from './roster.ts';
export {
  isLocked,
  lockIdentity,
  MIN_PASSPHRASE,
  type SecretIdentityFile,
  unlockIdentity,
} from './secret-identity.ts';
export { digestOf, digestText, Sha256, sha256 } from './sha256.ts';
export { memzero, randomBytes, ready } from './sodium.ts';
export {
  parseSshPublicBlob,
  parseSshPublicKey,
  type SshKeyType,
  type SshPublicKey,
  sameSshKey,
} from './ssh-public-key.ts';
export { SshWireReader } from './ssh-wire.ts';
export type {
  Approval,
  DatasetRows,
  DeliveredFile,
  Delivery,
  EmbeddedStatement,
  ExtractedDataset,
  Extraction,
  FileDigest,
  Import,
  OwnStatement,
  PartyDocument,
  Purge,
  PurgedFile,
  Receipt,
  ReceivedDataset,
  Revocation,
  Statement,
  Validation,
} from './statement.ts';
export {
  type CellDay,
  type CompiledWindow,
  compileDateFormat,
  compileWindow,
  type DateFormat,
  type WindowVerdict,
} from './window.ts';
export { type Suite, unwrapKey, type WrapContext, type WrappedKey, wrapKeyForAll } from './wrap.ts';
