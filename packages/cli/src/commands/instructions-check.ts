/** `migrate instructions check`: whether instructions are signed by the laboratory and in force now. */
import { resolve } from 'node:path';
import type { CalendarDate, Digest, Fingerprint, JobId, UtcTime } from '@sealift/core/ids';
import { requireInForce, verifyInstructions } from '@sealift/core/instructions';
import { readDocumentFile } from '@sealift/core/node';
import type { LabId } from '@sealift/core/roster';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';
import { rosterFor } from '../roster-source.ts';

/** Instructions that hold, and until when. */
export interface InstructionsCheckResult {
  readonly file: string;
  readonly lab: { readonly id: LabId; readonly name: string };
  readonly job: JobId;
  readonly version: number;
  readonly digest: Digest;
  readonly signedBy: readonly { readonly name: string; readonly fingerprint: Fingerprint }[];
  readonly threshold: number;
  readonly notBefore: UtcTime;
  readonly expires: UtcTime;
  readonly contractExpires: CalendarDate;
  /** The time at which this was checked. */
  readonly checked: UtcTime;
}

/** Throws `E_TIME` and `E_CONTRACT` out of force, and what verifying instructions throws. */
export async function run(input: Input, context: Context): Promise<InstructionsCheckResult> {
  const file = input.text('file');
  const { document } = await readDocumentFile(resolve(context.cwd, file), 'sealift.instructions.v1');
  const roster = await rosterFor(document.signed.lab.id, input, context);
  const instructions = verifyInstructions(document, roster);
  const checked = context.now();
  requireInForce(instructions, checked);
  const { lab, job, version, notBefore, expires, contract } = document.signed;
  return {
    file,
    lab,
    job,
    version,
    digest: instructions.digest,
    signedBy: [...instructions.signedBy].map((fingerprint) => ({
      name: roster.signers.get(fingerprint)?.name ?? '',
      fingerprint,
    })),
    threshold: roster.document.signed.threshold,
    notBefore,
    expires,
    contractExpires: contract.expires,
    checked,
  };
}

/** That they hold, by whom and until when. */
export function present(result: InstructionsCheckResult): readonly Line[] {
  const { lab, job, version, digest, signedBy, threshold, notBefore, expires, contractExpires, checked } = result;
  return [
    emphasised('good', `instructions for job ${job}, version ${version}, are signed by ${lab.name} and in force`),
    `signed by:  ${signedBy.map(({ name }) => name).join(', ')} (${threshold} required)`,
    `digest:     ${digest}`,
    `in force:   from ${notBefore} until ${expires}; it is ${checked}`,
    `contract:   until ${contractExpires}`,
  ];
}
