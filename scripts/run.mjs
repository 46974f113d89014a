import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const require = createRequire(import.meta.url);

/** Runs a program in the repository's folder, its output passed on, and returns its exit code. */
export function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  return status ?? 1;
}

/** The script file behind a development tool's command, so that it runs on the very Node that runs this. */
function toolFile(name, command) {
  const manifest = join(root, 'node_modules', name, 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return require.resolve(join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]));
}

/** Runs the command of an installed development tool, for example `runTool('typescript', 'tsc', ['-b'])`. */
export function runTool(name, command, args) {
  return run(process.execPath, [toolFile(name, command), ...args]);
}

/** Runs a script of this repository on the same Node. */
export function runScript(file, args = []) {
  return run(process.execPath, [file, ...args]);
}
