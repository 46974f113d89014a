/**
 * Compiles every `*.schema.json` of this folder to one ES module of plain functions, `dist/validators.js`.
 *
 * The module needs neither ajv nor `new Function` at run time, so that it starts fast and runs in a browser
 * under a strict content security policy. The schemas of `output/` describe what `--json` prints; tests
 * check those with ajv itself.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const dist = `${folder}dist`;

/** Keywords that describe a schema and check nothing: a schema of these alone gets no validator. */
const DESCRIPTIVE = new Set(['$schema', '$id', '$defs', '$comment', '$anchor', 'title', 'description', 'examples']);

/** `public-identity.schema.json` → `validatePublicIdentity`. */
function validatorName(file) {
  const words = file.replace(/\.schema\.json$/, '').split(/[-_.]/);
  return `validate${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}

function readSources() {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.schema.json'))
    .sort();
  return files.map((file) => ({ file, text: readFileSync(folder + file, 'utf8') }));
}

function parse({ file, text }) {
  try {
    return { file, schema: JSON.parse(text) };
  } catch (cause) {
    throw new Error(`schemas/${file}: ${cause.message}`, { cause });
  }
}

function digestOf(sources) {
  const hash = createHash('sha256');
  for (const file of ['build.mjs', 'package.json']) hash.update(readFileSync(folder + file));
  for (const { file, text } of sources) hash.update(`\0${file}\0`).update(text);
  return hash.digest('hex');
}

function firstLine(file) {
  try {
    return readFileSync(file, 'utf8').split('\n', 1)[0];
  } catch {
    return undefined;
  }
}

async function standalone(schemas) {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const { default: standaloneCode } = await import('ajv/dist/standalone/index.js');
  const ajv = new Ajv2020({
    strict: true,
    allErrors: false,
    allowUnionTypes: true,
    discriminator: true,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
  });
  if (schemas.some(({ schema }) => JSON.stringify(schema).includes('"format":'))) {
    const { default: formats } = await import('ajv-formats');
    formats.default(ajv);
  }
  const names = {};
  for (const { file, schema } of schemas) {
    const id = schema.$id ?? file;
    ajv.addSchema(schema, id);
    if (Object.keys(schema).some((keyword) => !DESCRIPTIVE.has(keyword))) names[validatorName(file)] = id;
  }
  const code = Object.keys(names).length === 0 ? 'export {};\n' : standaloneCode.default(ajv, names);
  return { code, names: Object.keys(names) };
}

async function bundle(code) {
  const { build } = await import('esbuild');
  const result = await build({
    stdin: { contents: code, resolveDir: folder, sourcefile: 'validators.js' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    legalComments: 'inline',
  });
  const text = result.outputFiles[0].text;
  const evaluated = /\bnew Function\b|\beval\(/.exec(text);
  if (evaluated) throw new Error(`schemas: the validators must not evaluate text at run time: ${evaluated[0]}`);
  return text;
}

function declarations(names) {
  const head = `/** Why a value does not match: the place (RFC 6901 pointer) and the keyword of the schema that refused it. */
export interface ValidationError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** Says whether a value matches the schema; after \`false\`, \`errors\` holds the first mismatch of that call. */
export interface Validator {
  (value: unknown): boolean;
  readonly errors?: readonly ValidationError[] | null;
}
`;
  return head + names.map((name) => `export declare const ${name}: Validator;\n`).join('');
}

/** Others may be reading: a file is replaced in one step. */
function replaceFile(file, text) {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

/** Writes `dist/validators.js` and `.d.ts`, unless they were already built from the same bytes. */
export async function buildSchemas() {
  const sources = readSources();
  const stamp = `// compiled from schemas with digest ${digestOf(sources)}`;
  if (firstLine(`${dist}/validators.js`) === stamp) return;
  const { code, names } = await standalone(sources.map(parse));
  mkdirSync(dist, { recursive: true });
  replaceFile(`${dist}/validators.d.ts`, declarations(names));
  replaceFile(`${dist}/validators.js`, `${stamp}\n${await bundle(code)}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildSchemas();
