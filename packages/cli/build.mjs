/**
 * Bundles `migrate` and everything it needs into `dist/migrate.mjs` and the chunks beside it.
 *
 * A command that is `import()`ed lands in its own chunk, so that `migrate --help` reads only a few kilobytes. What most commands need
 * lies in one more, for each file costs the time of finding, reading and linking it.
 */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { inOneChunk, neededByMost } from './common-chunk.mjs';
import { sodiumBeside } from './sodium-beside.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** CommonJS packages inside the bundle call `require` for Node's modules; an ES module has to make its own. */
const REQUIRE = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('\n');

/** ssh2 and cpu-features try a native add-on and go on without it when `require` throws. */
const withoutNativeAddons = {
  name: 'without-native-addons',
  setup({ onResolve }) {
    onResolve({ filter: /\.node$|^cpu-features$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** How the program is bundled. */
const BUNDLE = {
  absWorkingDir: folder,
  // The second is what a thread loads: it has to lie beside the chunk that starts it.
  entryPoints: { migrate: 'src/migrate.ts', 'chunks/sealed-output': '../core/src/node/sealed-output.ts' },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['source'],
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE },
  // What is read is paid for by the byte. Names stay, for whoever reports an error with its stack.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  // An import that only keeps its source in the common chunk is none that has an effect.
  logOverride: { 'ignored-bare-import': 'silent' },
  logLevel: 'warning',
};

rmSync(`${folder}dist/chunks`, { recursive: true, force: true });
const plugins = [withoutNativeAddons, sodiumBeside(`${folder}dist/chunks`)];
const { metafile } = await build({ ...BUNDLE, plugins, metafile: true, write: false });
await build({ ...BUNDLE, plugins: [...plugins, inOneChunk(folder, neededByMost(metafile.outputs))] });
chmodSync(`${folder}dist/migrate.mjs`, 0o755);

// What archives of evidence hold as it is lies beside the program.
const require = createRequire(import.meta.url);
copyFileSync(require.resolve('@sealift/verifier/sealift.html'), `${folder}dist/sealift.html`);
copyFileSync(`${folder}../../doc/verify-by-hand.md`, `${folder}dist/verify-by-hand.md`);

/** The manual page is made by the program's own sources, from the table that help is made from. */
const { outputFiles } = await build({
  absWorkingDir: folder,
  stdin: {
    contents: "export { COMMANDS } from './command-table.ts'; export { manPage } from './shell/man-page.ts';",
    resolveDir: `${folder}src`,
  },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  external: ['./commands/*'],
  logLevel: 'warning',
});
const { COMMANDS, manPage } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);
const { version } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
mkdirSync(`${folder}man`, { recursive: true });
writeFileSync(`${folder}man/migrate.1`, manPage(COMMANDS, version));
