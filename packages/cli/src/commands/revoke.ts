/** `migrate revoke`: the laboratory ends a job. */
import { revoke } from '@sealift/core/manifest';
import type { Context } from '../context.ts';
import { presentNext, type StatementResult, stateAsController } from '../controller-statement.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';

/** Throws E_STATE, E_ROLE and what verifying the manifest throws. */
export async function run(input: Input, context: Context): Promise<StatementResult> {
  const reason = input.text('reason');
  const { result } = await stateAsController('sealift.revocation.v1', { input, context }, (story, by) =>
    revoke(story, reason, by),
  );
  return result;
}

/** What to do with the file. */
export function present(result: StatementResult): readonly Line[] {
  return [
    emphasised('good', `job ${result.job} is revoked by the laboratory, once the processor has taken this in`),
    ...presentNext(result, 'revoke', ' and "migrate purge"'),
  ];
}
