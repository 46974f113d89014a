/**
 * Runs one fuzz target: every input is either accepted with an equal content or refused with a code that the documentation
 * names, and soon. Anything else is a defect; the input that shows it is kept in a file.
 *
 * Settings come from the environment (`npm run fuzz` sets them): `SEALIFT_FUZZ_INPUTS` how many inputs all targets have
 * together, `SEALIFT_FUZZ_SEED`, `SEALIFT_FUZZ_PATH` the path that fast-check printed, `SEALIFT_FUZZ_INPUT` a kept file.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, ready, SealiftError } from '@sealift/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** One reader under mutated inputs. */
export interface FuzzTarget {
  readonly name: string;
  /** How many of every thousand inputs are this target's. */
  readonly share: number;
  readonly inputs: fc.Arbitrary<Uint8Array>;
  /** Reads an input: returns when it accepts it, throws SealiftError when it refuses, anything else when content differs. */
  readonly read: (input: Uint8Array) => void;
  /** The codes that the documentation of the reader names. */
  readonly documented: readonly ErrorCode[];
  /** Outcomes that must occur, so that a target can't quietly stop to reach what it is for. */
  readonly reached: readonly (ErrorCode | 'accepted')[];
}

const INPUTS = Number(process.env['SEALIFT_FUZZ_INPUTS'] ?? 5000);
/** The same seed in every ordinary run: a test fails for a reason that lies in the change, not in the dice. */
const SEED = Number(process.env['SEALIFT_FUZZ_SEED'] ?? 20_261_122);
const PATH = process.env['SEALIFT_FUZZ_PATH'];
const KEPT_INPUT = process.env['SEALIFT_FUZZ_INPUT'];
const KEPT = join(import.meta.dirname, '../node_modules/.cache/fuzz');

/** An input takes milliseconds; the rest is for a busy machine. */
const SOON = 3000;
/** A message is one line for a person, whatever the input holds. */
const MESSAGE_LENGTH = 500;

/** Registers the test of one target; `makeTarget` is called once the library is ready. */
export function fuzz(name: string, makeTarget: () => Omit<FuzzTarget, 'name'>): void {
  test(name, { timeout: 3_600_000 }, async () => {
    await ready();
    const target = { name, ...makeTarget() };
    if (KEPT_INPUT !== undefined) {
      report(`${name}: ${outcomeOf(target, readFileSync(KEPT_INPUT))}`);
      return;
    }
    const outcomes = new Map<string, number>();
    const property = fc.property(target.inputs, (input) => {
      const outcome = keptOnDefect(target, input);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    });
    const numRuns = Math.ceil((INPUTS * target.share) / 1000);
    const result = fc.check(property, { numRuns, seed: SEED, ...(PATH === undefined ? {} : { path: PATH }) });
    if (result.failed) {
      const cause = result.errorInstance;
      const why = cause instanceof Error ? cause.message : 'it threw something that is no error';
      throw new Error(`${name}: ${why}; seed ${SEED}, path ${result.counterexamplePath ?? ''}`, { cause });
    }
    report(`${name}: ${numRuns} inputs: ${[...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
    if (PATH === undefined) expect([...outcomes.keys()]).toEqual(expect.arrayContaining([...target.reached]));
  });
}

/** `accepted`, or the code of the refusal. Throws what is a defect. */
function outcomeOf(target: FuzzTarget, input: Uint8Array): ErrorCode | 'accepted' {
  const started = performance.now();
  const outcome = refusalOf(() => target.read(input))?.code ?? 'accepted';
  const took = performance.now() - started;
  if (took > SOON) throw new Error(`an input took ${Math.round(took)} ms`);
  if (outcome !== 'accepted' && !target.documented.includes(outcome)) {
    throw new Error(`an input was refused with ${outcome}, which the documentation does not name`);
  }
  return outcome;
}

/** How a reader refuses, if it does. Throws every other error on. */
export function refusalOf(read: () => void): SealiftError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof SealiftError)) throw error;
    const { message } = error;
    if (message.length > MESSAGE_LENGTH || /\n/.test(message))
      throw new Error('an error has no message of one line', { cause: error });
    return error;
  }
}

function keptOnDefect(target: FuzzTarget, input: Uint8Array): ErrorCode | 'accepted' {
  try {
    return outcomeOf(target, input);
  } catch (cause) {
    mkdirSync(KEPT, { recursive: true });
    const file = join(KEPT, `${target.name.replaceAll(/\W+/g, '-')}.input`);
    writeFileSync(file, input);
    throw new Error(`${cause instanceof Error ? cause.message : 'not an error'}; the input is kept in ${file}`, {
      cause,
    });
  }
}

/** Says how it went, in the nightly run. */
function report(line: string): void {
  if (process.env['SEALIFT_FUZZ_REPORT'] !== undefined) process.stdout.write(`${line}\n`);
}
