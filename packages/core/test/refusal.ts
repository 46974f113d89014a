/** Says how something refuses. */
import { expect } from 'vitest';
import { SealiftError } from '../src/errors.ts';

/** The SealiftError that a call throws; fails the test when it returns or throws anything else. */
export function refusal(call: () => unknown): SealiftError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(SealiftError);
    if (error instanceof SealiftError) return error;
  }
  throw new Error('nothing was refused');
}

/** The code of {@link refusal}. */
export function codeOf(call: () => unknown): string {
  return refusal(call).code;
}

/** The code that a promise is refused with. */
export async function asyncCodeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(SealiftError);
    if (error instanceof SealiftError) return error.code;
  }
  throw new Error('nothing was refused');
}
