/** `migrate approve`: the laboratory approves an extraction, over its rows and columns (F13). */
import { approve } from '@sealift/core/manifest';
import { paragraph } from '@sealift/report/wrap';
import type { Context } from '../context.ts';
import { presentNext, type StatementResult, stateAsController } from '../controller-statement.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';
import { number } from '../table.ts';

/** What was approved. */
export interface ApproveResult extends StatementResult {
  readonly datasets: readonly {
    readonly dataset: string;
    readonly rows: number;
    readonly columns: readonly string[];
  }[];
}

/** Throws E_STATE, E_REPLAY, E_ROLE and what verifying the manifest throws. */
export async function run(input: Input, context: Context): Promise<ApproveResult> {
  const { result, story } = await stateAsController('sealift.approval.v1', { input, context }, approve);
  const datasets = (story.progress.extraction?.statement.datasets ?? []).map(({ dataset, counts, columns }) => ({
    dataset,
    rows: counts.kept,
    columns: columns.kept,
  }));
  return { ...result, datasets };
}

/** What was approved, and what to do with the file. */
export function present(result: ApproveResult): readonly Line[] {
  const { job, datasets } = result;
  return [
    emphasised('good', `the extraction of job ${job} is approved`),
    ...datasets.flatMap(({ dataset, rows, columns }) => [
      `  ${dataset}: ${number(rows)} rows, ${columns.length} columns:`,
      ...paragraph(columns.join(', '), '    '),
    ]),
    ...presentNext(result, 'approve'),
  ];
}
