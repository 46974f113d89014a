/** Identities, their secret files, and keys wrapped for them (doc/format.md sections 5 and 8). */

export { fingerprintText } from '../fingerprint.ts';
export {
  createIdentity,
  type Identity,
  type IdentityDocument,
  type NewIdentity,
  type PublicIdentity,
  readIdentity,
  SecretIdentity,
} from '../identity.ts';
export { isLocked, lockIdentity, MIN_PASSPHRASE, type SecretIdentityFile, unlockIdentity } from '../secret-identity.ts';
export { type Suite, unwrapKey, type WrapContext, type WrappedKey, wrapKeyForAll } from '../wrap.ts';
