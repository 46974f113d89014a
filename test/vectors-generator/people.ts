/** The identities of the vectors: invented names, seeds that anyone can compute. Test only. */
import { encodeBase64 } from '../../packages/core/src/base64.ts';
import { signDocument } from '../../packages/core/src/envelope.ts';
import {
  type IdentityDocument,
  identityFingerprint,
  identityFromSeed,
  type SecretIdentity,
} from '../../packages/core/src/identity.ts';
import { parseUtcTime } from '../../packages/core/src/ids.ts';
import { sha256 } from '../../packages/core/src/sha256.ts';
import { signKeyPair } from '../../packages/core/src/sodium.ts';
import { encodeUtf8 } from '../../packages/core/src/utf8.ts';

const NAMES = {
  signer1: 'Odile Tremblecourt',
  signer2: 'Basile Rochenoire',
  signer3: 'Clémence Haltefort',
  operator1: 'Nils Varangot',
  operator2: 'Ysolde Kermadrec',
  recipient1: 'Nouveau Laboratoire d’Exemple',
  recipient2: 'Second Laboratoire d’Exemple',
  outsider: 'Gaspard Toutvenant',
} as const;

export type PersonId = keyof typeof NAMES;

export const CREATED = parseUtcTime('2026-01-02T03:04:05Z');

/** 32 bytes for a purpose, the same on every machine. */
export function fixedBytes(purpose: string): Uint8Array {
  return sha256(encodeUtf8(`sealift vectors, test only: ${purpose}`));
}

/** The purpose of the bytes that are the digest key of the job. */
export const DIGEST_KEY_PURPOSE = 'digest key';

const known = new Map<PersonId, SecretIdentity>();

/** The identity of a person. Needs `await ready()`. */
export function person(id: PersonId): SecretIdentity {
  const secret = known.get(id) ?? identityFromSeed(fixedBytes(id), NAMES[id], CREATED);
  known.set(id, secret);
  return secret;
}

/** A second identity with the signing key of a person and the receiving keys of another: a fingerprint of its own. */
export function aliasOf(id: PersonId, receiving: PersonId): IdentityDocument {
  const { box, kem } = person(receiving).identity.document.signed;
  const signed = { ...person(id).identity.document.signed, name: 'Quelqu’un de plus', box, kem };
  const key = identityFingerprint(signed);
  return signDocument(signed, { fingerprint: key, sign: (message) => person(id).sign(message) });
}

/** An OpenSSH public key line of a person, or of a server. */
export function sshKeyOf(owner: string): string {
  const type = encodeUtf8('ssh-ed25519');
  const key = signKeyPair(fixedBytes(`ssh ${owner}`)).publicKey;
  const blob = Uint8Array.from([0, 0, 0, type.length, ...type, 0, 0, 0, key.length, ...key]);
  return `ssh-ed25519 ${encodeBase64(blob)}`;
}

/** What the vectors need of an identity to act as it. */
export interface TestOnlyIdentity {
  readonly id: PersonId;
  readonly name: string;
  readonly created: string;
  readonly fingerprint: string;
  readonly testOnlySeed: string;
}

/** Every identity with its seed. */
export function testOnlyIdentities(): TestOnlyIdentity[] {
  const ids: readonly PersonId[] = [
    'signer1',
    'signer2',
    'signer3',
    'operator1',
    'operator2',
    'recipient1',
    'recipient2',
    'outsider',
  ];
  return ids.map((id) => ({
    id,
    name: NAMES[id],
    created: CREATED,
    fingerprint: person(id).fingerprint,
    testOnlySeed: encodeBase64(fixedBytes(id)),
  }));
}
