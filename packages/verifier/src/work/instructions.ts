/** Instructions: read in plain language, and signed for the laboratory. */
import { SealiftError } from '@sealift/core';
import { documentDigest } from '@sealift/core/document';
import { readIdentity, unlockIdentity } from '@sealift/core/identity';
import { type Digest, type Fingerprint, utcTime } from '@sealift/core/ids';
import type { VerifiedRoster } from '@sealift/core/roster';
import { type Draft, readDraft, requireSignable, requireSigner, signDraft } from '@sealift/core/signing';
import { englishPage, frenchPage, type Page, type SignatureStatus, signatureStatus } from '@sealift/report';
import { describeFailure, type Failure } from '../failure.ts';
import type { Language } from '../language.ts';
import { bytesOf, documentIn, rosterIn } from './files.ts';

/** Instructions as the page shows them. */
export interface ReadInstructions extends Page {
  readonly lab: string;
  readonly fingerprint: Fingerprint;
  readonly job: string;
  /** What the signatures cover. */
  readonly digest: Digest;
  readonly status: SignatureStatus;
  /** Why it could not be signed as it is. */
  readonly problem?: Failure;
}

/** Reads instructions under the laboratory's roster. @throws E_SIG, and what reading throws */
export async function instructions(input: {
  readonly draft: File;
  readonly roster: File;
  readonly language: Language;
}): Promise<ReadInstructions> {
  const roster = await rosterIn(input.roster);
  const { document } = await draftIn(input.draft);
  const { signed } = document;
  const status = signatureStatus(document, roster);
  const problem = problemOf(document, roster);
  return {
    ...(input.language === 'fr' ? frenchPage({ signed, status }) : englishPage({ signed, status })),
    lab: roster.document.signed.lab.name,
    fingerprint: roster.fingerprint,
    job: signed.job,
    digest: documentDigest(signed),
    status,
    ...(problem === undefined ? {} : { problem }),
  };
}

async function draftIn(file: File): Promise<Draft> {
  return readDraft(await bytesOf(file), file.name);
}

function problemOf(document: Draft['document'], roster: VerifiedRoster): Failure | undefined {
  try {
    requireSignable(document, roster, utcTime(new Date()));
    return undefined;
  } catch (error) {
    if (error instanceof SealiftError) return describeFailure(error);
    throw error;
  }
}

/** What is signed, under which roster, by whom. */
export interface SignOrder {
  readonly draft: File;
  readonly roster: File;
  readonly identity: File;
  readonly passphrase: string;
}

/** Instructions with one more signature. */
export interface SignedInstructions {
  readonly name: string;
  readonly text: string;
  /** Who has signed by now. */
  readonly signers: readonly string[];
  readonly missing: number;
}

/** Checks everything before the passphrase is tried, then signs. @throws E_ROLE, E_PASS, and what checking instructions throws */
export async function sign(order: SignOrder): Promise<SignedInstructions> {
  const roster = await rosterIn(order.roster);
  const draft = await draftIn(order.draft);
  requireSignable(draft.document, roster, utcTime(new Date()));
  const file = await documentIn(order.identity, 'sealift.secret-identity.v1');
  requireSigner(readIdentity(file.identity), roster);
  const secret = await unlockIdentity(file, order.passphrase);
  try {
    const signed = signDraft(draft, roster, secret);
    const signers = [...signed.signedBy].map((key) => roster.signers.get(key)?.name ?? key);
    return { name: draft.file, text: signed.draft.text, signers, missing: signed.missing };
  } finally {
    secret.wipe();
  }
}
