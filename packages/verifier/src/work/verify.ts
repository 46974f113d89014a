/** What `migrate verify` says, for the page: the same facts, in the words of its language. */
import { Sha256 } from '@sealift/core';
import {
  type ClaimGroup,
  claimsOf,
  type Outcome,
  outcomeOf,
  type Reconciled,
  reconcile,
  type Standing,
  troublesOf,
} from '@sealift/core/claims';
import { type Fingerprint, utcTime } from '@sealift/core/ids';
import { currentInstructions, type JobState, procedureOf, type Story, stateOf } from '@sealift/core/journal';
import type { FileDigest } from '@sealift/core/statement';
import { type ClaimWords, reportHtml, wordsOf } from '@sealift/report';
import type { Language } from '../language.ts';
import type { ExtractedRows } from './answer.ts';
import { datasetsOf } from './answer.ts';
import { type Evidence, storyIn } from './files.ts';
import type { MadeFile } from './task.ts';

/** What is verified. */
export interface VerifyOrder extends Evidence {
  readonly sealed: readonly File[];
  readonly language: Language;
}

/** A claim in words. */
export interface ShownClaim extends ClaimWords {
  readonly group: ClaimGroup;
  readonly standing: Standing;
  readonly entry?: number;
}

/** A sealed file against the manifest. */
export interface ShownFile {
  readonly name: string;
  readonly found: 'same' | 'altered' | 'extra';
}

/** What holds. */
export interface Verified {
  readonly job: string;
  readonly lab: string;
  readonly fingerprint: Fingerprint;
  readonly state: JobState;
  readonly outcome: Outcome;
  readonly entries: number;
  readonly datasets: readonly ExtractedRows[];
  readonly claims: readonly ShownClaim[];
  /** What is missing, late or refused, each under its mark. */
  readonly troubles: readonly { readonly mark: string; readonly says: string }[];
  /** The rows of each dataset as each party counted them. */
  readonly counts: readonly Reconciled[];
  readonly files: readonly ShownFile[];
  /** The same as a page to print and to keep. */
  readonly report: MadeFile;
}

/** Verifies a manifest and says what it proves. @throws the first thing that does not hold */
export async function verify(order: VerifyOrder): Promise<Verified> {
  const { story, roster } = await storyIn(order);
  const words = wordsOf(order.language);
  const files: ShownFile[] = [];
  for (const file of order.sealed) files.push({ name: file.name, found: await compare(file, story) });
  return {
    job: story.chain.job,
    lab: roster.document.signed.lab.name,
    fingerprint: roster.fingerprint,
    state: stateOf(story.progress, procedureOf(currentInstructions(story))),
    outcome: outcomeOf(story),
    entries: story.chain.seq,
    datasets: datasetsOf(story),
    claims: claimsOf(story).map((claim) => ({
      group: claim.group,
      standing: claim.standing,
      ...(claim.entry === undefined ? {} : { entry: claim.entry }),
      ...words.claim(claim),
    })),
    troubles: troublesOf(story, utcTime(new Date())).map((trouble) => ({
      mark: words.marks[trouble.trouble],
      says: words.trouble(trouble),
    })),
    counts: reconcile(story),
    files,
    report: reportOf(story, order.language),
  };
}

/** As `migrate report` writes it. */
function reportOf(story: Story, language: Language): MadeFile {
  const text = reportHtml({ story, language, checked: { at: utcTime(new Date()), roster: 'given' } });
  return { name: `${language === 'fr' ? 'rapport' : 'report'}-${story.chain.job}.html`, text };
}

async function compare(file: File, { progress }: Story): Promise<ShownFile['found']> {
  const named: readonly FileDigest[] = [
    ...(progress.delivery?.files ?? []),
    ...(progress.extraction?.statement.datasets ?? []).map((dataset) => dataset.file),
  ];
  const wanted = named.find(({ name }) => name === file.name);
  if (wanted === undefined) return 'extra';
  if (wanted.bytes !== file.size) return 'altered';
  return (await digestOf(file)) === wanted.digest ? 'same' : 'altered';
}

/** Piece by piece: a sealed file may be larger than the memory. */
async function digestOf(file: File): Promise<string> {
  const hash = new Sha256();
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) hash.update(read.value);
  return hash.digest();
}
