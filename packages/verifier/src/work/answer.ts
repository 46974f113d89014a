/** What a laboratory can answer to an extraction: what there is to see, and the statement that it signs. */
import { SealiftError } from '@sealift/core';
import type { RowCounts } from '@sealift/core/dataset';
import { readableDocument } from '@sealift/core/document';
import { readIdentity, unlockIdentity } from '@sealift/core/identity';
import { type Fingerprint, utcTime } from '@sealift/core/ids';
import {
  currentInstructions,
  type JobState,
  procedureOf,
  requireAllowed,
  type Story,
  stateOf,
} from '@sealift/core/journal';
import { approve, revoke, type Stating, validate } from '@sealift/core/manifest';
import { requireController, type VerifiedRoster } from '@sealift/core/roster';
import { countersign, requireSigner, type SeenDocument } from '@sealift/core/signing';
import type { DatasetRows } from '@sealift/core/statement';
import { documentIn, type Evidence, storyIn } from './files.ts';

/** The statements that only the laboratory makes. */
export type AnswerKind = 'approval' | 'validation' | 'revocation';

/** One dataset of the extraction. */
export interface ExtractedRows {
  readonly dataset: string;
  readonly counts: RowCounts;
  /** What the laboratory expected to leave, where it said so. */
  readonly expected?: number;
  readonly kept: readonly string[];
  readonly withheld: readonly string[];
  /** Rows that every recipient says it loaded; undefined while one has not said so. */
  readonly loaded?: number;
}

/** What there is to answer. */
export interface Question {
  readonly job: string;
  readonly lab: string;
  readonly fingerprint: Fingerprint;
  readonly threshold: number;
  readonly state: JobState;
  readonly datasets: readonly ExtractedRows[];
  /** The statements that are possible now. */
  readonly possible: readonly AnswerKind[];
}

/** Reads what there is to answer, under a verified manifest. */
export async function question(evidence: Evidence): Promise<Question> {
  const { story, roster } = await storyIn(evidence);
  const instructions = currentInstructions(story);
  const procedure = procedureOf(instructions);
  const kinds = ['approval', 'validation', 'revocation'] as const;
  return {
    job: story.chain.job,
    lab: roster.document.signed.lab.name,
    fingerprint: roster.fingerprint,
    threshold: roster.document.signed.threshold,
    state: stateOf(story.progress, procedure),
    datasets: datasetsOf(story),
    possible: kinds.filter((kind) => isAllowed(() => requireAllowed(kind, story.progress, procedure))),
  };
}

function isAllowed(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof SealiftError) return false;
    throw error;
  }
}

/** What an extraction counted, dataset by dataset. */
export function datasetsOf({ progress, versions }: Story): ExtractedRows[] {
  const asked = versions.at(-1)?.signed.datasets ?? [];
  const imports = [...progress.imports.values()];
  return (progress.extraction?.statement.datasets ?? []).map(({ dataset, counts, columns }) => {
    const expected = asked.find(({ name }) => name === dataset)?.expected?.kept;
    const [loaded] = imports.map(({ datasets }) => datasets.find((one) => one.dataset === dataset)?.rows);
    return {
      dataset,
      counts,
      ...columns,
      ...(expected === undefined ? {} : { expected }),
      ...(loaded === undefined ? {} : { loaded }),
    };
  });
}

/** What the laboratory answers, by whom. */
export interface AnswerOrder extends Evidence {
  readonly kind: AnswerKind;
  /** Why the job ends, for a revocation. */
  readonly reason: string;
  readonly identity: File;
  readonly passphrase: string;
  /** The same statement by another signer, to which this signature is added. */
  readonly former?: File;
}

/** A signed statement. */
export interface Answered {
  readonly name: string;
  readonly text: string;
  readonly kind: AnswerKind;
  readonly job: string;
  /** Signatures that are still needed for the roster's threshold. */
  readonly missing: number;
}

/**
 * Signs the statement, or adds a signature to what another signer stated.
 * @throws E_ROLE when the identity is not on the roster, E_PASS, E_MISMATCH, E_STATE, E_REPLAY and what verifying throws
 */
export async function answer(order: AnswerOrder): Promise<Answered> {
  const { kind, former } = order;
  const { story, roster } = await storyIn(order);
  const file = await documentIn(order.identity, 'sealift.secret-identity.v1');
  // Whether this person may sign is clear before the passphrase is tried.
  requireSigner(readIdentity(file.identity), roster);
  const secret = await unlockIdentity(file, order.passphrase);
  try {
    const made = statementOf(order, story, { signer: secret, time: utcTime(new Date()) });
    const document =
      former === undefined
        ? made
        : countersign(await documentIn(former, `sealift.${kind}.v1`), made, secret, former.name);
    return { ...written(document, kind), job: story.chain.job, missing: missingOf(document, roster) };
  } finally {
    secret.wipe();
  }
}

function statementOf({ kind, reason }: AnswerOrder, story: Story, by: Stating): SeenDocument {
  switch (kind) {
    case 'approval':
      return approve(story, by);
    case 'validation':
      return validate(story, loadedRows(story), by);
    case 'revocation':
      return revoke(story, reason, by);
  }
}

/** What is validated is what left, which the imports were checked against. */
function loadedRows({ progress }: Story): DatasetRows[] {
  return (progress.extraction?.statement.datasets ?? []).map(({ dataset, counts }) => ({ dataset, rows: counts.kept }));
}

function written(document: SeenDocument, kind: AnswerKind): { name: string; text: string; kind: AnswerKind } {
  return { name: `${kind}.json`, text: new TextDecoder().decode(readableDocument(document)), kind };
}

function missingOf(document: SeenDocument, roster: VerifiedRoster): number {
  const { threshold } = roster.document.signed;
  if (document.signatures.length >= threshold) requireController(roster, document);
  return Math.max(0, threshold - document.signatures.length);
}
