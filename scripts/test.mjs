/**
 * Builds, runs every test, and ends with the line `N passed, N failed, N skipped`, whatever happened:
 * a build that fails, a test file that can't be loaded and a crash each count as a failure.
 * Arguments go to vitest.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScript, runTool } from './run.mjs';

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { testResults: [] };
  }
}

/** A test that neither passed nor was skipped on purpose did not do its work: it failed. */
function countTests({ testResults }) {
  const counts = { passed: 0, failed: 0, skipped: [] };
  for (const { status, assertionResults } of testResults) {
    let failedHere = 0;
    for (const test of assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'skipped' || test.status === 'todo') counts.skipped.push(test.fullName);
      else failedHere += 1;
    }
    if (failedHere === 0 && status === 'failed') failedHere = 1;
    counts.failed += failedHere;
  }
  return counts;
}

function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'sealift-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const status = runTool('vitest', 'vitest', ['run', ...reporters, ...args]);
    return { status, ...countTests(readReport(report)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const built = runScript('scripts/build.mjs');
const { status, passed, failed, skipped } =
  built === 0 ? runTests(process.argv.slice(2)) : { status: built, passed: 0, failed: 1, skipped: [] };
const failures = status === 0 ? failed : Math.max(failed, 1);
if (skipped.length > 0) console.log(`skipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
process.exitCode = failures > 0 ? 1 : 0;
console.log(`${passed} passed, ${failures} failed, ${skipped.length} skipped`);
