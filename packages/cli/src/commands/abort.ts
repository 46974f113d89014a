/** `migrate abort`: the processor gives a job up; every copy may then be purged. */
import { requireOperator } from '@sealift/core/instructions';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { jobFolderOf, withJob } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';

/** What was given up. */
export interface AbortResult {
  readonly job: string;
  readonly reason: string;
}

/** Throws E_STATE when the job is over already, E_ROLE, E_SCHEMA for a reason that no statement can hold. */
export async function run(input: Input, context: Context): Promise<AbortResult> {
  const reason = input.text('reason');
  return withJob(await jobFolderOf(input, context), { input, context }, (job, { secret }) =>
    job.attempt('abort', async () => {
      requireOperator(job.instructions, secret.fingerprint, context.now());
      await job.append({ kind: 'abort', reason });
      return { job: job.instructions.signed.job, reason };
    }),
  );
}

/** What comes next. */
export function present({ job }: AbortResult): readonly Line[] {
  return [
    emphasised('good', `job ${job} is given up: it can't be sent any more, and its id can't be used again`),
    'next:  "migrate purge" deletes every copy, here and on the server; hand the manifest to the laboratory afterwards',
  ];
}
