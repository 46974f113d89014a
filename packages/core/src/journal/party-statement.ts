/** Statements of the other parties, made from the story that they saw (doc/format.md section 11). */

import type { SignedDocument } from '../envelope.ts';
import { type Signer, signDocument } from '../envelope.ts';
import { SealiftError } from '../errors.ts';
import type { Digest, JobId, UtcTime } from '../ids.ts';
import type {
  Approval,
  DatasetRows,
  EmbeddedStatement,
  Import,
  PartyDocument,
  Receipt,
  ReceivedDataset,
  Revocation,
  Validation,
} from '../statement.ts';
import { currentInstructions, procedureOf, type Story } from './replay.ts';
import { requireAllowed } from './state.ts';

/** Who states something, and when. */
export interface Stating {
  readonly signer: Signer;
  readonly time: UtcTime;
}

function seen(story: Story, time: UtcTime): { job: JobId; instructions: Digest; head: Digest; time: UtcTime } {
  return { job: story.chain.job, instructions: currentInstructions(story).digest, head: story.chain.head, time };
}

function requireStep(story: Story, kind: 'approval' | 'validation' | 'revocation'): void {
  requireAllowed(kind, story.progress, procedureOf(currentInstructions(story)));
}

/** The controller's approval of the extraction: rows and columns of each dataset (F13). @throws E_STATE, E_REPLAY */
export function approve(story: Story, { signer, time }: Stating): SignedDocument<Approval> {
  requireStep(story, 'approval');
  const { extraction } = story.progress;
  if (extraction === undefined) throw new SealiftError('E_STATE', 'nothing was extracted yet');
  const datasets = extraction.statement.datasets.map(({ dataset, counts, columns }) => ({
    dataset,
    rows: counts.kept,
    columns: columns.kept,
  }));
  return signDocument(
    { type: 'sealift.approval.v1', ...seen(story, time), extraction: extraction.entry, datasets },
    signer,
  );
}

/** The controller's validation of what the new system holds (F13). @throws E_STATE, E_REPLAY */
export function validate(
  story: Story,
  datasets: readonly DatasetRows[],
  { signer, time }: Stating,
): SignedDocument<Validation> {
  requireStep(story, 'validation');
  return signDocument({ type: 'sealift.validation.v1', ...seen(story, time), datasets }, signer);
}

/** The controller ends the job. @throws E_STATE */
export function revoke(story: Story, reason: string, { signer, time }: Stating): SignedDocument<Revocation> {
  requireStep(story, 'revocation');
  return signDocument({ type: 'sealift.revocation.v1', ...seen(story, time), reason }, signer);
}

/** A recipient's receipt. */
export function acknowledge(
  story: Story,
  datasets: readonly ReceivedDataset[],
  { signer, time }: Stating,
): SignedDocument<Receipt> {
  const recipient = signer.fingerprint;
  return signDocument({ type: 'sealift.receipt.v1', ...seen(story, time), recipient, datasets }, signer);
}

/** A recipient's statement of the rows that it loaded. */
export function reportImport(
  story: Story,
  datasets: readonly DatasetRows[],
  { signer, time }: Stating,
): SignedDocument<Import> {
  const recipient = signer.fingerprint;
  return signDocument({ type: 'sealift.import.v1', ...seen(story, time), recipient, datasets }, signer);
}

/** The statement by which an entry embeds a party's document. */
export function embed({ signed, signatures }: PartyDocument): EmbeddedStatement {
  switch (signed.type) {
    case 'sealift.approval.v1':
      return { kind: 'approval', document: { signed, signatures } };
    case 'sealift.receipt.v1':
      return { kind: 'receipt', document: { signed, signatures } };
    case 'sealift.import.v1':
      return { kind: 'import', document: { signed, signatures } };
    case 'sealift.validation.v1':
      return { kind: 'validation', document: { signed, signatures } };
    case 'sealift.revocation.v1':
      return { kind: 'revocation', document: { signed, signatures } };
  }
}
