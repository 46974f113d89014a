import { describe, expect, test } from 'vitest';
import { type ErrorCode, FAILURES, SealiftError } from '../src/errors.ts';
import { quoted } from '../src/quoted.ts';

const kinds = Object.values(FAILURES);
const codes: readonly ErrorCode[] = kinds.flatMap((kind) => [...kind.codes]);

describe('a name in a message', () => {
  test('stands in quotes, on one line, and is cut after 80 characters', () => {
    expect(quoted('COL "A"\n')).toBe('"COL \\"A\\"\\n"');
    expect(quoted('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
    expect(quoted('x'.repeat(81))).toBe(`"${'x'.repeat(80)}"…`);
  });
});

describe('an error', () => {
  test('of each code gives the exit code and the next step of its kind', () => {
    for (const { exit, hint, codes: own } of kinds) {
      for (const code of own) expect(new SealiftError(code, 'x')).toMatchObject({ exitCode: exit, hint });
    }
  });

  test('has one kind by its code, and no kind exits like another or like success', () => {
    expect(new Set(codes).size).toBe(codes.length);
    const exits = kinds.map(({ exit }) => exit);
    expect(new Set(exits).size).toBe(exits.length);
    expect(Math.min(...exits)).toBeGreaterThan(0);
  });

  test('says its own next step where one is given, and keeps cause and place', () => {
    const cause = new Error('EIO');
    const place = { file: 'lab.json', line: 2, column: 3, path: '/signed' };
    const error = new SealiftError('E_SCHEMA', 'x', { hint: 'do this', cause, place });
    expect(error).toMatchObject({ name: 'SealiftError', code: 'E_SCHEMA', message: 'x', hint: 'do this', place });
    expect(error.cause).toBe(cause);
    expect(new SealiftError('E_SCHEMA', 'x')).not.toHaveProperty('cause');
  });
});
