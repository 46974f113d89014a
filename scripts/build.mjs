/** Builds everything, in the order of the layers: validators and the scanner, types and packages, the page, the command's bundle. */
import { runScript, runTool } from './run.mjs';

process.exitCode =
  runScript('schemas/build.mjs') ||
  runScript('packages/extract/assembly/build.mjs') ||
  runTool('typescript', 'tsc', ['-b']) ||
  runScript('packages/verifier/build.mjs') ||
  runScript('packages/cli/build.mjs');
