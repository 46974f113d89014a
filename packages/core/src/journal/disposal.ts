/** Whether a disposal agrees with the extraction and the statements before it (doc/format.md section 13, step 8). */
import { SealiftError } from '../errors.ts';
import type { Disposal } from '../statement.ts';
import { missingForPurge, type Procedure, type Progress } from './state.ts';

/**
 * Checks that a disposal names a dataset whose source was marked for it, once, after every statement that gates the purge. Neither
 * a deadline nor the end of the job stands in for them: a source may be the only copy (F09).
 * @throws E_STATE, E_MISMATCH, E_REPLAY, E_WAITING
 */
export function checkDisposal({ dataset }: Disposal, progress: Progress, procedure: Procedure): void {
  if (progress.ended !== undefined || progress.delivery === undefined) {
    throw new SealiftError(
      'E_STATE',
      `the source of dataset ${dataset} was disposed of in a job that was not delivered`,
    );
  }
  const extracted = progress.extraction?.statement.datasets.find((candidate) => candidate.dataset === dataset);
  if (extracted?.source.dispose !== true) {
    throw new SealiftError('E_MISMATCH', `the source of dataset ${dataset} was disposed of, and not marked for it`);
  }
  if (progress.disposed.has(dataset)) {
    throw new SealiftError('E_REPLAY', `the source of dataset ${dataset} was disposed of before`);
  }
  if (missingForPurge(progress, procedure).length > 0) {
    throw new SealiftError('E_WAITING', 'a source was disposed of before every statement that it waits for');
  }
}
