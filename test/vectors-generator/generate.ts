/** Makes the vectors: documents, identities, rosters, instructions, journals and manifests always the same; sealed files anew. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ready } from '../../packages/core/src/sodium.ts';
import type { FreshParts } from './chain.ts';
import { digestKeyFamily, freshParts } from './digest-keys.ts';
import { commonRosters, documentFamily } from './documents.ts';
import { text } from './edit.ts';
import { identityFamily } from './identities.ts';
import { instructionsFamily } from './instructions.ts';
import { journalFamily } from './journals.ts';
import { manifestFamily } from './manifests.ts';
import { testOnlyIdentities } from './people.ts';
import { readerFamily } from './reader.ts';
import { rosterFamily } from './rosters.ts';
import { expectedOutcome, outcomeOf, readIndex } from './run.ts';
import { sealedFamily } from './sealed.ts';
import type { Family, MadeFile } from './vector.ts';

/** Folders whose files are random in part: made once, and anew with `--fresh` alone. */
export const FRESH_FAMILIES: readonly string[] = ['sealed', 'digest-keys'];
/** Folders whose files are the same in every run. */
export const FIXED_FAMILIES: readonly string[] = [
  'reader',
  'documents',
  'identities',
  'rosters',
  'instructions',
  'journals',
  'manifests',
];

const FRESH_FILE = 'common/digest-key.json';

/** Every file of the folders that are always the same, by path below the vectors' folder. Needs the committed digest key. */
export async function fixedFiles(root: string): Promise<Map<string, Uint8Array>> {
  await ready();
  const fresh = JSON.parse(await readFile(join(root, FRESH_FILE), 'utf8')) as FreshParts;
  const families = [
    readerFamily(),
    documentFamily(),
    identityFamily(),
    rosterFamily(),
    instructionsFamily(),
    journalFamily(fresh),
    manifestFamily(fresh),
  ];
  const note = 'test only: these seeds are public, on purpose; never use them for anything else';
  const common = [
    { path: 'identities.json', content: pretty({ note, identities: testOnlyIdentities() }) },
    ...commonRosters(),
  ].map(({ path, content }): MadeFile => ({ path: `common/${path}`, content }));
  return new Map([...common, ...families.flatMap(filesOf)].map(({ path, content }) => [path, content]));
}

function filesOf({ name, vectors, files }: Family): MadeFile[] {
  const names = new Set(vectors.map(({ vector }) => vector.name));
  if (names.size !== vectors.length) throw new Error(`two vectors of ${name} have one name`);
  const index = { path: 'index.json', content: pretty({ vectors: vectors.map(({ vector }) => vector) }) };
  const made = vectors.flatMap(({ vector: { file }, content }) =>
    file === undefined || content === undefined ? [] : [{ path: file, content }],
  );
  const all = [index, ...files, ...made];
  return all.map(({ path, content }) => ({ path: `${name}/${path}`, content }));
}

function pretty(value: unknown): Uint8Array {
  return text(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Writes the folders that are always the same; with `fresh`, the random ones before them. Returns the number of files. */
export async function writeVectors(root: string, fresh: boolean): Promise<number> {
  await ready();
  const made = new Map<string, Uint8Array>();
  if (fresh) {
    for (const { path, content } of [sealedFamily(), digestKeyFamily()].flatMap(filesOf)) made.set(path, content);
    await writeAll(root, new Map([[FRESH_FILE, pretty(freshParts())]]));
  }
  for (const [path, content] of await fixedFiles(root)) made.set(path, content);
  const folders = fresh ? [...FIXED_FAMILIES, ...FRESH_FAMILIES] : FIXED_FAMILIES;
  for (const folder of folders) await rm(join(root, folder), { recursive: true, force: true });
  await writeAll(root, made);
  return made.size;
}

async function writeAll(root: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** What is wrong with the committed vectors: files that differ from what is made now, and outcomes that differ from the index. */
export async function checkVectors(root: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [path, content] of await fixedFiles(root)) {
    const committed = await readFile(join(root, path)).catch(() => undefined);
    if (committed === undefined || !committed.equals(content)) faults.push(`${path} is not what the generator makes`);
  }
  for (const family of [...FIXED_FAMILIES, ...FRESH_FAMILIES]) {
    for (const vector of (await readIndex(join(root, family))).vectors) {
      const outcome = JSON.stringify(await outcomeOf(vector, join(root, family)));
      const wanted = JSON.stringify(expectedOutcome(vector.expect));
      if (outcome !== wanted) faults.push(`${family}/${vector.name}: ${outcome} instead of ${wanted}`);
    }
  }
  return faults;
}

/** Files in the vectors' folder that neither the generator makes (`made`) nor an index names. */
export async function strayFiles(root: string, made: Iterable<string>): Promise<string[]> {
  const known = new Set(made);
  for (const family of FRESH_FAMILIES) {
    known.add(`${family}/index.json`);
    for (const { file } of (await readIndex(join(root, family))).vectors)
      if (file !== undefined) known.add(`${family}/${file}`);
  }
  for (const path of [FRESH_FILE, 'README.md', '.gitattributes']) known.add(path);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''))
    .filter((path) => !known.has(path));
}
