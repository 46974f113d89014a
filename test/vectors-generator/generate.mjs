/**
 * Makes or checks the test vectors in `test/vectors`.
 *
 *     node test/vectors-generator/generate.mjs            makes everything that is the same in every run
 *     node test/vectors-generator/generate.mjs --fresh    makes sealed files and digest keys anew as well: their bytes are random in part
 *     node test/vectors-generator/generate.mjs --check    runs every committed vector and changes nothing
 *
 * The generator is TypeScript that reads core's sources, so it is bundled first: Node 20 doesn't run TypeScript.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vectors = join(root, 'test/vectors');
const { build } = createRequire(join(root, 'packages/cli/package.json'))('esbuild');
const outfile = join(root, 'node_modules/.cache/sealift-vectors/generate.mjs');

await build({
  absWorkingDir: root,
  entryPoints: ['test/vectors-generator/generate.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['source'],
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const { checkVectors, writeVectors } = await import(pathToFileURL(outfile).href);

const options = process.argv.slice(2);
if (options.some((option) => !['--fresh', '--check'].includes(option)) || options.length > 1) {
  console.error('usage: node test/vectors-generator/generate.mjs [--fresh | --check]');
  process.exitCode = 2;
} else if (options[0] === '--check') {
  const faults = await checkVectors(vectors);
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? 'every vector gives what its index says' : `${faults.length} vectors differ`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} else {
  console.log(`${await writeVectors(vectors, options[0] === '--fresh')} files written`);
}
