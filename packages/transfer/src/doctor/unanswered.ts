/** A server that says nothing has refused nothing, and opened nothing. */
import { SealiftError } from '@sealift/core';

/** The error of a question that got no answer. */
export function unanswered(cause?: unknown): SealiftError {
  return new SealiftError('E_REMOTE', 'the server gave no answer while it was looked at', {
    hint: 'run the command again',
    cause,
  });
}
