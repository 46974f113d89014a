/**
 * Runs the fuzz tests with many inputs, by night: `npm run fuzz`, or after `--`:
 *
 *   --inputs 100000     how many inputs all targets have together
 *   --seed 123          repeats a run; without it, the seed is new, and printed
 *   --target <text>     only the targets whose names hold this text
 *   --path 12:0:3       one input of a target and seed, as a failure printed it
 *   --input <file>      one input that a failure kept in a file
 */
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runTool } from './run.mjs';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    target: { type: 'string' },
    path: { type: 'string' },
    input: { type: 'string' },
  },
});

process.env.SEALIFT_FUZZ_REPORT = '1';
process.env.SEALIFT_FUZZ_INPUTS = values.inputs;
process.env.SEALIFT_FUZZ_SEED = values.seed;
if (values.path !== undefined) process.env.SEALIFT_FUZZ_PATH = values.path;
if (values.input !== undefined) process.env.SEALIFT_FUZZ_INPUT = resolve(values.input);

console.log(`seed ${values.seed}`);
const only = values.target === undefined ? [] : ['--testNamePattern', values.target];
const status = runTool('vitest', 'vitest', ['run', 'test/fuzz', ...only]);
if (status !== 0) console.log(`to repeat: npm run fuzz -- --inputs ${values.inputs} --seed ${values.seed}`);
process.exitCode = status;
