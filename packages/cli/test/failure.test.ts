import { FAILURES, SealiftError } from '@sealift/core';
import { describe, expect, it } from 'vitest';
import { describeFailure } from '../src/failure.ts';
import { UsageError } from '../src/usage-error.ts';

describe('what is printed of an error', () => {
  it('is its code, message, hint and place, and the exit code of its kind', () => {
    const place = { file: 'lab.json', line: 3, column: 7, path: '/signed/job' };
    const error = new SealiftError('E_SCHEMA', 'it does not match', { hint: 'correct it', place });
    expect(describeFailure(error, false)).toEqual({
      code: 'E_SCHEMA',
      message: 'it does not match',
      hint: 'correct it',
      place,
      exitCode: 5,
    });
  });

  it('leaves out a place that says nothing, and falls back on the hint of its kind', () => {
    const error = new SealiftError('E_ROLE', 'not a signer', { place: { file: undefined, path: '' } });
    const { hint } = FAILURES.refused;
    expect(describeFailure(error, false)).toEqual({ code: 'E_ROLE', message: 'not a signer', hint, exitCode: 3 });
  });

  it('is E_USAGE for a command line that can not be understood', () => {
    expect(describeFailure(new UsageError('no', 'see'), false)).toEqual({
      code: 'E_USAGE',
      message: 'no',
      hint: 'see',
      exitCode: 2,
    });
  });

  it.each([[new Error('the cell DUPONT')], ['DUPONT'], [undefined]])(
    'is E_INTERNAL, without a word of it, for %s',
    (error) => {
      const failure = describeFailure(error, false);
      expect(failure).toMatchObject({ code: 'E_INTERNAL', exitCode: 1 });
      expect(JSON.stringify(failure)).not.toContain('DUPONT');
    },
  );

  it('fault 66: is E_FILE, with the next step, for what the system refuses where nobody named the file', () => {
    const full = Object.assign(new Error('DUPONT'), { code: 'ENOSPC', syscall: 'write' });
    expect(describeFailure(full, false)).toMatchObject({
      ...{ code: 'E_FILE', message: 'writing what is printed failed (ENOSPC)', exitCode: 9 },
      hint: expect.stringContaining('make room'),
    });
    const many = Object.assign(new Error('DUPONT'), { code: 'EMFILE', syscall: 'open', path: '/DUPONT' });
    expect(describeFailure(many, false)).toMatchObject({ code: 'E_FILE', message: 'using a file failed (EMFILE)' });
  });

  it('has the stack only when it was asked for', () => {
    expect(describeFailure(new Error('x'), false).stack).toBeUndefined();
    expect(describeFailure(new Error('x'), true).stack).toContain('failure.test.ts');
  });
});
