/**
 * The files that an auditor gets of a job (F18, F43): the manifest and what it rests on, the report and the verification in both languages, the page
 * that verifies again, and the digests of all. All of it is made of signed documents, which hold no patient's value.
 */
import { digestOf } from '@sealift/core';
import { readableDocument } from '@sealift/core/document';
import type { IdentityDocument } from '@sealift/core/identity';
import type { Fingerprint } from '@sealift/core/ids';
import { currentInstructions, type Story } from '@sealift/core/journal';
import type { VerifiedRoster } from '@sealift/core/roster';
import { reportHtml } from '../report/report.ts';
import type { Checked } from '../report/source.ts';
import { evidenceReadme } from './readme.ts';
import { verificationText } from './verification-text.ts';

/** One file of the archive. */
export interface EvidenceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the files are made from. */
export interface EvidenceSource {
  /** The manifest as it was read, to the byte. */
  readonly manifest: Uint8Array;
  /** What it says, verified under the roster. */
  readonly story: Story;
  readonly roster: VerifiedRoster;
  /** The laboratory's page (packages/verifier). */
  readonly page: Uint8Array;
  /** How to verify with stock tools (doc/verify-by-hand.md). */
  readonly byHand: Uint8Array;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Every file in its order, the list of digests last. The same manifest gives the same bytes. */
export function evidenceFiles({ manifest, story, roster, page, byHand }: EvidenceSource): EvidenceFile[] {
  // Without a time of its own: the same manifest gives the same archive.
  const checked: Checked = { roster: 'given' };
  const files: EvidenceFile[] = [
    { name: 'README.txt', bytes: encode(evidenceReadme(story, roster)) },
    { name: 'manifest.json', bytes: manifest },
    { name: 'lab.roster.json', bytes: readableDocument(roster.document) },
    ...story.versions.map(({ signed, document }) => ({
      name: `instructions/version-${signed.version}.json`,
      bytes: readableDocument(document),
    })),
    ...[...identitiesOf(story, roster)].map(([fingerprint, document]) => ({
      name: `identities/${fingerprint}.json`,
      bytes: readableDocument(document),
    })),
    { name: 'verification.en.txt', bytes: encode(verificationText(story, roster, 'en')) },
    { name: 'verification.fr.txt', bytes: encode(verificationText(story, roster, 'fr')) },
    { name: 'report.en.html', bytes: encode(reportHtml({ story, language: 'en', checked })) },
    { name: 'report.fr.html', bytes: encode(reportHtml({ story, language: 'fr', checked })) },
    { name: 'sealift.html', bytes: page },
    { name: 'verify-by-hand.md', bytes: byHand },
  ];
  return [...files, { name: 'SHA256SUMS', bytes: encode(sums(files)) }];
}

/** As `sha256sum` writes it, and `sha256sum -c` reads it. */
function sums(files: readonly EvidenceFile[]): string {
  return files.map(({ name, bytes }) => `${digestOf(bytes).replace('sha256:', '')}  ${name}\n`).join('');
}

/** The public identities of everyone whom the roster and any version of the instructions name. */
function identitiesOf(story: Story, { signers }: VerifiedRoster): Map<Fingerprint, IdentityDocument> {
  const found = new Map<Fingerprint, IdentityDocument>();
  for (const { fingerprint, document } of signers.values()) found.set(fingerprint, document);
  for (const { operators, recipients } of [...story.versions, currentInstructions(story)]) {
    for (const { identity } of [...operators.values(), ...recipients.values()]) {
      found.set(identity.fingerprint, identity.document);
    }
  }
  return found;
}
