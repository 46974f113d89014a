/** Programs of the benches as the command is: in one file, libsodium's WebAssembly beside it, for a hundred small ones take a tenth of a second to be loaded. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { sodiumBeside } from '../../packages/cli/sodium-beside.mjs';

/** What a thread loads has to lie beside the program that starts it. */
const SEALED_OUTPUT = fileURLToPath(new URL('./node/sealed-output.js', import.meta.resolve('@sealift/core')));

/** CommonJS packages inside the bundle call `require` for Node's modules, and ask where they are. */
const COMMONJS = [
  "import { createRequire } from 'node:module';",
  'const require = createRequire(import.meta.url);',
  "const [__filename, __dirname] = ['', ''];",
].join('\n');

/** ssh2 tries native add-ons, and goes on without them. */
const ADDONS = ['*.node', 'cpu-features'];

/**
 * Bundles a built program of this package.
 * @param name its file's, without `.js`
 * @param folder where the bundle is put
 * @returns the bundle's path
 */
export async function bundled(name: string, folder: string): Promise<string> {
  await build({
    entryPoints: {
      [name]: fileURLToPath(new URL(`./${name}.js`, import.meta.url)),
      'sealed-output': SEALED_OUTPUT,
    },
    ...{ outdir: folder, outExtension: { '.js': '.mjs' }, banner: { js: COMMONJS } },
    ...{
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
      external: ADDONS,
    },
    ...{ minifyWhitespace: true, minifySyntax: true },
    ...{ legalComments: 'none', logLevel: 'error', plugins: [sodiumBeside(folder)] },
  });
  return join(folder, `${name}.mjs`);
}
