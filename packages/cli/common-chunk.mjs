/**
 * Keeps what most commands need in one chunk. esbuild makes a chunk for every set of entry points that share something: some thirty
 * files for one command, most of them of a few lines.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** So many commands make it worth the while of the others. */
const MOST = 8;

/** What is read with any command, and when one fails, has the chunk at hand too. */
const IMPORTING = /\/cli\/src\/(commands\/[a-z-]+|context|failure)\.ts$/;

const isCommand = (source) => source?.startsWith('src/commands/');

/** The chunks that are read when one is: itself, and what it imports. */
function readWith(outputs, chunk, found = new Set()) {
  if (found.has(chunk)) return found;
  found.add(chunk);
  for (const { path, kind } of outputs[chunk].imports) {
    if (kind === 'import-statement' && path in outputs) readWith(outputs, path, found);
  }
  return found;
}

/** The sources in a chunk and in what it imports. */
function sourcesOf(outputs, chunk) {
  return new Set([...readWith(outputs, chunk)].flatMap((part) => Object.keys(outputs[part].inputs)));
}

/**
 * The sources that most commands need, and those that the program has read before it knows the command.
 * @param outputs what esbuild says of a bundle that is made without this
 */
export function neededByMost(outputs) {
  const chunks = Object.keys(outputs);
  const first = chunks.find((chunk) => outputs[chunk].entryPoint === 'src/migrate.ts');
  const atHand = sourcesOf(outputs, first);
  const commands = chunks.filter((chunk) => isCommand(outputs[chunk].entryPoint));
  const users = new Map();
  for (const source of commands.flatMap((command) => [...sourcesOf(outputs, command)])) {
    users.set(source, (users.get(source) ?? 0) + 1);
  }
  const isCommon = ([source, count]) => (count >= MOST || atHand.has(source)) && !isCommand(source);
  return [...users].filter(isCommon).map(([source]) => source);
}

/** A plugin by which every command imports all of these sources, so that esbuild finds no reason to part them. */
export function inOneChunk(folder, sources) {
  const imports = sources.sort().map((source) => `import ${JSON.stringify(resolve(folder, source))};`);
  return {
    name: 'in-one-chunk',
    setup({ onLoad }) {
      onLoad({ filter: IMPORTING }, ({ path }) => ({
        contents: [readFileSync(path, 'utf8'), ...imports].join('\n'),
        loader: 'ts',
      }));
    },
  };
}
