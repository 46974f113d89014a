/**
 * Compiles the scanner to WebAssembly and writes it as a module of text, `dist/scanner.js`: a text goes wherever JavaScript goes,
 * into the command's bundle as into a test on unbuilt sources.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const dist = join(folder, 'dist');

/** Vectors of 16 bytes are in every engine that Node 20 and later have; no garbage collector and no checks are needed. */
const OPTIONS = [
  '--enable',
  'simd',
  '--runtime',
  'stub',
  '--use',
  'abort=',
  '--noAssert',
  '-O3',
  '--initialMemory',
  '32',
];

function digestOfSources() {
  const hash = createHash('sha256');
  const files = readdirSync(folder).filter((file) => /\.(?:ts|mjs)$/.test(file));
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json');
  hash.update(version);
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}

function firstLine(file) {
  try {
    return readFileSync(file, 'utf8').split('\n', 1)[0];
  } catch {
    return undefined;
  }
}

async function compile() {
  const { default: asc } = await import('assemblyscript/asc');
  let binary;
  const { error } = await asc.main(['index.ts', '--baseDir', folder, '--outFile', 'scanner.wasm', ...OPTIONS], {
    stderr: process.stderr,
    writeFile: (name, content) => {
      if (name === 'scanner.wasm') binary = content;
    },
  });
  if (error) throw new Error('the scanner does not compile', { cause: error });
  return binary;
}

/** Compiles if a source changed since the last time. */
export async function buildScanner() {
  const stamp = `// ${digestOfSources()}`;
  const target = join(dist, 'scanner.js');
  if (firstLine(target) === stamp) return;
  const text = Buffer.from(await compile()).toString('base64');
  mkdirSync(dist, { recursive: true });
  writeFileSync(
    join(dist, 'scanner.d.ts'),
    '/** The compiled scanner, in base64. */\nexport declare const SCANNER: string;\n',
  );
  writeFileSync(`${target}.new`, `${stamp}\nexport const SCANNER = '${text}';\n`);
  renameSync(`${target}.new`, target);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildScanner();
