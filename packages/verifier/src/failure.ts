/** Why something did not work, as it travels from the worker to the page. */
import { type ErrorCode, SealiftError } from '@sealift/core';

/** An error in words: sentence and next step in English, and the code that stays the same in every language. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** File, line and member, where the trouble has a place. */
  readonly place?: string;
}

/** Describes whatever was thrown; of an error that is not ours nothing is shown, because it may quote anything. */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof SealiftError)) {
    return {
      code: 'E_INTERNAL',
      message: 'something went wrong that Sealift did not foresee',
      hint: 'reload the page and try again; if it comes back, report it with the name of your browser',
    };
  }
  const { code, message, hint, place } = error;
  const position = [place?.file, place?.line, place?.line === undefined ? undefined : place.column];
  const text = [position.filter((part) => part !== undefined).join(':'), place?.path ?? '']
    .filter((part) => part !== '')
    .join(' ');
  return { code, message, hint, ...(text === '' ? {} : { place: text }) };
}
