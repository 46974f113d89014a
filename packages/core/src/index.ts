/** Errors, hashes and encodings; `await ready()` before anything that computes with keys. */

export { decodeBase64, encodeBase64 } from './base64.ts';
export { type ErrorCode, type ErrorDetails, FAILURES, type Place, SealiftError } from './errors.ts';
export { groupsOfFour } from './fingerprint.ts';
export { type KeyedHash, keyedDigestOf, portableKeyedHash } from './keyed-digest.ts';
export { digestOf, digestText, Sha256, sha256 } from './sha256.ts';
export { memzero, randomBytes, ready } from './sodium.ts';
