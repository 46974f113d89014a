/** `migrate accept`: takes in a party's statement that came another way than the server, once, checked. */
import { basename, resolve } from 'node:path';
import { embed, procedureOf, stateOf } from '@sealift/core/journal';
import { jobFolder, readDocumentFile } from '@sealift/core/node';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { withJob, workspaceOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';

/** What was taken in. */
export interface AcceptResult {
  readonly job: string;
  readonly kind: string;
  readonly state: string;
}

const TYPES = [
  'sealift.approval.v1',
  'sealift.receipt.v1',
  'sealift.import.v1',
  'sealift.validation.v1',
  'sealift.revocation.v1',
] as const;

/** Throws what reading the statement, opening the job and the checks of the journal throw. */
export async function run(input: Input, context: Context): Promise<AcceptResult> {
  const { document } = await readDocumentFile(resolve(context.cwd, input.text('statement')), TYPES);
  const statement = embed(document);
  const folder = jobFolder(workspaceOf(input, context), document.signed.job);
  return withJob(folder, { input, context }, async (job) => {
    await job.attempt(`accept ${statement.kind}`, () => job.append(statement));
    return {
      job: basename(folder),
      kind: statement.kind,
      state: stateOf(job.story.progress, procedureOf(job.instructions)),
    };
  });
}

/** What was taken in, and the state it led to. */
export function present({ job, kind, state }: AcceptResult): readonly Line[] {
  return [emphasised('good', `the ${kind} is in the journal of job ${job}, which is now ${state}`)];
}
