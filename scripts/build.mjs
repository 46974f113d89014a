/** Builds everything, in the order of the layers: validators, types and packages, the command's bundle. */
import { runScript, runTool } from './run.mjs';

process.exitCode =
  runScript('schemas/build.mjs') ||
  runTool('typescript', 'tsc', ['-b']) ||
  runScript('packages/verifier/build.mjs') ||
  runScript('packages/cli/build.mjs');
