/** `migrate validate`: the laboratory validates what the new system holds, dataset by dataset (F13). */
import { parseDatasetName } from '@sealift/core/ids';
import { validate } from '@sealift/core/manifest';
import type { DatasetRows } from '@sealift/core/statement';
import type { Context } from '../context.ts';
import { presentNext, type StatementResult, stateAsController } from '../controller-statement.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';
import { number } from '../table.ts';

/** What was validated. */
export interface ValidateResult extends StatementResult {
  readonly datasets: readonly DatasetRows[];
}

/** Throws E_STATE, E_REPLAY, E_ROLE and what verifying the manifest throws. */
export async function run(input: Input, context: Context): Promise<ValidateResult> {
  let datasets: readonly DatasetRows[] = [];
  const { result } = await stateAsController('sealift.validation.v1', { input, context }, (story, by) => {
    datasets = (story.progress.extraction?.statement.datasets ?? []).map(({ dataset, counts }) => ({
      dataset: parseDatasetName(dataset),
      rows: counts.kept,
    }));
    return validate(story, datasets, by);
  });
  return { ...result, datasets };
}

/** What was validated, and what to do with the file. */
export function present(result: ValidateResult): readonly Line[] {
  const { job, datasets } = result;
  return [
    emphasised('good', `the migration of job ${job} is validated`),
    ...datasets.map(({ dataset, rows }) => `  ${dataset}: ${number(rows)} rows`),
    ...presentNext(result, 'validate'),
  ];
}
