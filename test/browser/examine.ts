/** What the browser test does with a migration's files, through core's public entries alone; the same code runs in Node. */
import { decodeBase64, ready, SealiftError } from '@sealift/core';
import { type Claim, claimsOf } from '@sealift/core/claims';
import { readDocument } from '@sealift/core/document';
import { unlockIdentity } from '@sealift/core/identity';
import { verifyManifest } from '@sealift/core/manifest';
import { rosterFingerprint, verifyRoster } from '@sealift/core/roster';
import { openBytes } from '@sealift/core/sealed';

/** Files as texts; sealed files in base64. */
export interface Evidence {
  readonly roster: string;
  readonly manifest: string;
  /** The file of a secret identity, in clear. */
  readonly secret: string;
  readonly sealed: readonly string[];
}

/** What came out. */
export interface Findings {
  readonly fingerprint: string;
  readonly head: string;
  readonly entries: number;
  readonly claims: readonly Claim[];
  /** The plaintext of each sealed file, as text. */
  readonly plaintexts: readonly string[];
  /** The code with which the manifest, and each sealed file, is refused after one character or bit was changed. */
  readonly refusals: readonly string[];
}

/** Verifies the manifest under the roster, opens every sealed file, and tries both on altered copies. */
export async function examine(evidence: Evidence): Promise<Findings> {
  await ready();
  const { document } = readDocument(utf8(evidence.roster), 'sealift.roster.v1');
  const roster = verifyRoster(document);
  const verify = (manifest: string) =>
    verifyManifest(readDocument(utf8(manifest), 'sealift.manifest.v1').document, roster);
  const story = verify(evidence.manifest);
  const secret = await unlockIdentity(
    readDocument(utf8(evidence.secret), 'sealift.secret-identity.v1').document,
    undefined,
  );
  const files = evidence.sealed.map(decodeBase64);
  return {
    fingerprint: rosterFingerprint(document),
    head: story.chain.head,
    entries: story.entries.length,
    claims: claimsOf(story),
    plaintexts: files.map((file) => new TextDecoder().decode(openBytes(file, secret))),
    refusals: [
      codeOf(() => verify(evidence.manifest.replace('"bytes":9000', '"bytes":9001'))),
      ...files.map((file) => codeOf(() => openBytes(altered(file), secret))),
    ],
  };
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The file with one bit of its last byte turned. */
function altered(file: Uint8Array): Uint8Array {
  return file.map((byte, at) => (at === file.length - 1 ? byte ^ 1 : byte));
}

function codeOf(call: () => unknown): string {
  try {
    call();
    return 'accepted';
  } catch (error) {
    return error instanceof SealiftError ? error.code : String(error);
  }
}
