/** What is printed of an error. */
import { FAILURES, type Place, SealiftError } from '@sealift/core';
import { fileError } from '@sealift/core/node';
import { UsageError } from './usage-error.ts';

/** An error in the shape in which it is printed; `code` to `place` are what `--json` shows. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly place?: Place;
  readonly exitCode: number;
  readonly stack?: string;
}

/**
 * Describes whatever was thrown. An error that is not ours may quote anything, so that nothing of it is shown
 * unless `debug` asks for it.
 */
export function describeFailure(error: unknown, debug: boolean): Failure {
  const stack = debug && error instanceof Error ? error.stack : undefined;
  const trace = stack === undefined ? {} : { stack };
  if (error instanceof SealiftError) {
    const { code, message, hint, place, exitCode } = error;
    const shown = place !== undefined && Object.values(place).some((part) => part !== undefined && part !== '');
    return { code, message, hint, ...(shown ? { place } : {}), exitCode, ...trace };
  }
  if (error instanceof UsageError) {
    return { code: 'E_USAGE', message: error.message, hint: error.hint, exitCode: FAILURES.usage.exit, ...trace };
  }
  const refused = refusedBySystem(error);
  if (refused !== undefined) return { ...describeFailure(refused, false), ...trace };
  return {
    code: 'E_INTERNAL',
    message: 'something went wrong that Sealift did not foresee',
    hint: FAILURES.internal.hint,
    exitCode: FAILURES.internal.exit,
    ...trace,
  };
}

/** What the system refused where nobody named the file: standard output on a full disk, a module with no descriptor left. */
function refusedBySystem(error: unknown): SealiftError | undefined {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return undefined;
  const what = error.syscall === 'write' && !('path' in error) ? 'what is printed' : 'a file';
  const failure = fileError(error, error.syscall === 'write' ? 'writing' : 'using', what);
  return failure.code === 'E_FILE' ? failure : undefined;
}
