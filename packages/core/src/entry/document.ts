/** Documents: strict reading, canonical JSON, typed signatures (doc/format.md sections 2 to 4). */

export { canonicalJson } from '../canonical.ts';
export { type DocumentType, type DocumentTypes, type ReadDocument, readDocument } from '../document.ts';
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
} from '../envelope.ts';
export { type JsonObject, type JsonValue, type ParsedJson, parseJson } from '../json.ts';
export { readableDocument } from '../readable-document.ts';
