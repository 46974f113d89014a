/** `migrate instructions draft`: completes an outline into instructions that only need to be signed. */
import { resolve } from 'node:path';
import { SealiftError } from '@sealift/core';
import { documentDigest, readableDocument } from '@sealift/core/document';
import type { Digest, JobId } from '@sealift/core/ids';
import { checkInstructions } from '@sealift/core/instructions';
import { createFile } from '@sealift/core/node';
import type { VerifiedRoster } from '@sealift/core/roster';
import { type Draft, readDraft } from '@sealift/core/signing';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { inReadableOrder } from '../instructions-order.ts';
import type { Line } from '../line.ts';
import { type Outline, readOutline } from '../outline.ts';
import { onlyRoster } from '../roster-source.ts';

/** The draft that was written. */
export interface InstructionsDraftResult {
  readonly file: string;
  readonly job: JobId;
  readonly version: number;
  /** What the signatures will cover. */
  readonly digest: Digest;
  /** How many signers of the roster must sign. */
  readonly threshold: number;
}

/** Throws `E_EXISTS`, `E_TRUST`, `E_SCHEMA` with the outline's place, and what checking instructions throws. */
export async function run(input: Input, context: Context): Promise<InstructionsDraftResult> {
  const file = input.text('output');
  const roster = await onlyRoster(input, context);
  const outline = await readOutline(resolve(context.cwd, input.text('outline')));
  const bytes = readableDocument({ signed: completed(outline, roster, context), signatures: [] });
  const { signed } = atOutline(outline, () => checkedDraft(bytes, file, roster)).document;
  await createFile(resolve(context.cwd, file), bytes, 0o644);
  return {
    file,
    job: signed.job,
    version: signed.version,
    digest: documentDigest(signed),
    threshold: roster.document.signed.threshold,
  };
}

/** What a draft proposes where the outline is silent: the cautious choice of each. */
const PROPOSED = {
  version: 1,
  transfers: { outsideEea: false },
  suite: 'xwing-sealedbox',
  gates: { delivery: ['approval'], purge: ['receipt', 'import'] },
} as const;

function completed({ members }: Outline, { document, digest }: VerifiedRoster, context: Context): object {
  const { id, name } = document.signed.lab;
  return inReadableOrder({
    type: 'sealift.instructions.v1',
    lab: { id: { scheme: id.scheme, value: id.value }, name },
    roster: digest,
    issued: context.now(),
    ...PROPOSED,
    ...members,
  });
}

function checkedDraft(bytes: Uint8Array, file: string, roster: VerifiedRoster): Draft {
  const draft = readDraft(bytes, file);
  checkInstructions(draft.document.signed, roster);
  return draft;
}

/** A person wrote the outline: an error names the place there, not in the draft that never was a file. */
function atOutline<T>({ place }: Outline, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof SealiftError)) throw error;
    const { code, message, hint, cause } = error;
    throw new SealiftError(code, message, {
      hint,
      cause,
      place: place((error.place?.path ?? '').replace(/^\/signed/, '')),
    });
  }
}

/** What comes next. */
export function present({ file, job, version, threshold }: InstructionsDraftResult): readonly Line[] {
  return [
    `draft of instructions for job ${job}, version ${version}, written to ${file}`,
    '',
    'It has no effect before the laboratory signs it:',
    `  migrate instructions show ${file}    reads it in plain language`,
    `  migrate instructions sign ${file}    signs it; ${threshold === 1 ? 'one signer is' : `${threshold} signers are`} needed`,
  ];
}
