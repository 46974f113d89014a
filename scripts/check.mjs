/** Runs every check of the sources, all of them even when one fails, and says which did. */
import { runScript, runTool } from './run.mjs';

/** Lint with types reads the declarations of the packages, so the build comes first. */
const CHECKS = [
  ['build and types', () => runScript('scripts/build.mjs')],
  [
    'format, lint and layers (biome)',
    () => runTool('@biomejs/biome', 'biome', ['check', '--error-on-warnings', '--max-diagnostics=100', '.']),
  ],
  ['lint with types (oxlint)', () => runTool('oxlint', 'oxlint', ['--type-aware', '--deny-warnings'])],
  ['unused files, exports and dependencies (knip)', () => runTool('knip', 'knip', ['--no-progress'])],
  ...[
    'schemas',
    'packages/core',
    'packages/extract',
    'packages/transfer',
    'packages/report',
    'packages/verifier',
    'packages/cli',
  ].map((folder) => [
    `what would be published: ${folder} (publint)`,
    () => runTool('publint', 'publint', ['run', folder, '--strict', '--pack', 'npm']),
  ]),
];

const failed = [];
for (const [title, check] of CHECKS) {
  console.log(`\n== ${title}`);
  if (check() !== 0) failed.push(title);
}
if (failed.length > 0) {
  console.error(`\nchecks that failed:\n${failed.map((title) => `  ${title}`).join('\n')}`);
  process.exitCode = 1;
} else {
  console.log('\nevery check passed');
}
