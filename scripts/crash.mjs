/**
 * Lets every step of a job crash at every operation on files and network, in the manner of the sample that the tests try:
 * `npm run crash`, or after `--`:
 *
 *   --step send         one step
 *   --at 0:57:kill      one crash point of it, as a failure printed it: thread, number of the operation, fault
 *   --lanes 2           how many stages are played at the same time
 */
import { parseArgs } from 'node:util';
import { runScript, runTool } from './run.mjs';

const { values } = parseArgs({
  options: { step: { type: 'string' }, at: { type: 'string' }, lanes: { type: 'string', default: '2' } },
});
if (values.at !== undefined && values.step === undefined) throw new Error('--at needs --step');

process.env.SEALIFT_CRASH_ALL = '1';
process.env.SEALIFT_CRASH_LANES = values.at === undefined ? values.lanes : '1';
if (values.step !== undefined) process.env.SEALIFT_CRASH_STEP = values.step;
if (values.at !== undefined) process.env.SEALIFT_CRASH_POINT = values.at;

const built = runScript('scripts/build.mjs');
process.exitCode = built === 0 ? runTool('vitest', 'vitest', ['run', 'test/crash/matrix.test.ts']) : built;
