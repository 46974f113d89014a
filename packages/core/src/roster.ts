/**
 * The roster: the laboratory's pinned root, which alone says who signs for the controller and how many must
 * (doc/format.md section 6).
 */
import { canonicalJson } from './canonical.ts';
import { requireController } from './controller.ts';
import { documentDigest, type SignedDocument, signDocument } from './envelope.ts';
import { SealiftError } from './errors.ts';
import { fingerprintText } from './fingerprint.ts';
import { type Identity, type IdentityDocument, readIdentity, type SecretIdentity } from './identity.ts';
import type { Digest, Fingerprint, UtcTime } from './ids.ts';
import { isPlausibleLabId, type LabId, sameLab } from './lab.ts';
import { sha256 } from './sha256.ts';

/** The members of a roster document. */
export interface Roster {
  readonly type: 'sealift.roster.v1';
  readonly lab: { readonly id: LabId; readonly name: string; readonly country: string };
  readonly version: number;
  readonly previous?: Digest;
  readonly signers: readonly IdentityDocument[];
  readonly threshold: number;
  readonly contact: { readonly name: string; readonly email: string; readonly phone?: string };
  readonly issued: UtcTime;
  readonly note?: string;
}

/** A roster as a file holds it. */
export type RosterDocument = SignedDocument<Roster>;

/** A roster whose own signatures hold: what a reader may pin after comparing the fingerprint. */
export interface VerifiedRoster {
  readonly document: RosterDocument;
  readonly digest: Digest;
  readonly fingerprint: Fingerprint;
  readonly signers: ReadonlyMap<Fingerprint, Identity>;
}

/** What the first roster of a laboratory says, but for its one signer. */
export type NewRoster = Pick<Roster, 'lab' | 'contact' | 'issued'>;

/** The first roster of a laboratory with one signer, signed by that signer; {@link verifyRoster} is still to judge it. */
export function firstRoster({ lab, contact, issued }: NewRoster, signer: SecretIdentity): RosterDocument {
  return signDocument(
    {
      type: 'sealift.roster.v1',
      lab,
      version: 1,
      signers: [signer.identity.document],
      threshold: 1,
      contact,
      issued,
    },
    signer,
  );
}

/** The 52 characters that two people compare before the roster is pinned. */
export function rosterFingerprint(document: RosterDocument): Fingerprint {
  return fingerprintText(sha256(canonicalJson(document.signed)));
}

/**
 * Checks a roster by itself: identities, threshold, laboratory id, and the threshold of its own signers.
 * @throws E_KEY, E_KEY_WEAK, E_SHARED, E_LAB, E_THRESHOLD, E_SIG, E_UNSIGNED, E_ROLE, E_MISMATCH
 */
export function verifyRoster(document: RosterDocument): VerifiedRoster {
  const { signed } = document;
  const signers = readSigners(signed.signers);
  if (signed.threshold > signers.size) {
    throw new SealiftError('E_THRESHOLD', `the roster asks for ${signed.threshold} signers and names ${signers.size}`);
  }
  if (!isPlausibleLabId(signed.lab.id)) {
    throw new SealiftError('E_LAB', `${signed.lab.id.value} is not a SIREN: its check digit is wrong`);
  }
  const roster = { document, digest: documentDigest(signed), fingerprint: rosterFingerprint(document), signers };
  requireController(roster, document);
  if ((signed.version === 1) !== (signed.previous === undefined)) {
    throw new SealiftError(
      'E_MISMATCH',
      'version 1 of a roster follows no other, and every later version names the one before',
    );
  }
  return roster;
}

/** A threshold counts keys: the same signing key beside other receiving keys is no second signer. */
function readSigners(documents: readonly IdentityDocument[]): ReadonlyMap<Fingerprint, Identity> {
  const signers = new Map<Fingerprint, Identity>();
  const keys = new Set<string>();
  for (const document of documents) {
    const identity = readIdentity(document);
    if (keys.has(document.signed.sign)) {
      throw new SealiftError('E_SHARED', 'the roster names the same signer twice', {
        hint: 'each signer is one person with an identity of their own',
      });
    }
    keys.add(document.signed.sign);
    signers.set(identity.fingerprint, identity);
  }
  return signers;
}

/**
 * Checks that `next` may replace the pinned roster: the same laboratory, a higher version, a link to the pinned one, and
 * the thresholds of both.
 * @throws E_LAB, E_MISMATCH (its predecessor is another), E_ROLLBACK, and as {@link verifyRoster}
 */
export function verifySuccessor(pinned: VerifiedRoster, next: RosterDocument): VerifiedRoster {
  const before = pinned.document.signed;
  if (!sameLab(before.lab.id, next.signed.lab.id)) {
    throw new SealiftError('E_LAB', 'the new roster is that of another laboratory');
  }
  if (next.signed.version <= before.version) {
    throw new SealiftError(
      'E_ROLLBACK',
      `roster version ${next.signed.version} does not come after the pinned version ${before.version}`,
    );
  }
  if (next.signed.previous !== pinned.digest) {
    throw new SealiftError('E_MISMATCH', 'the new roster does not name the pinned one as its predecessor', {
      hint: 'pin the versions between them first, in order',
    });
  }
  const roster = verifyRoster(next);
  requireController(pinned, next);
  return roster;
}
