import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealift-layers-'));
  for (const file of ['biome.json', '.gitignore']) copyFileSync(join(root, file), join(folder, file));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The lint rules that a file with this one line breaks at this place of the repository. */
function brokenRules(place: string, line: string): string[] {
  const file = join(folder, place);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${line}\n`);
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', place], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(file);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string }[] };
  return [...new Set(diagnostics.map(({ category }) => category.replace(/^lint\/\w+\//, '')))].sort();
}

const IMPORTS = 'noRestrictedImports';

describe('layers: schemas <- core <- { extract, transfer, report } <- cli', () => {
  it.each([
    ['packages/core/src/a.ts', "export { extract } from '@sealift/extract';"],
    ['packages/core/src/a.ts', "export { send } from '../../transfer/src/index.ts';"],
    ['packages/core/src/node/a.ts', "export { send } from '@sealift/transfer';"],
    ['packages/core/src/a.ts', "export { lock } from './node/lock.ts';"],
    ['packages/core/src/journal/a.ts', "export { lock } from '../node/lock.ts';"],
    ['packages/extract/src/a.ts', "export { send } from '@sealift/transfer';"],
    ['packages/extract/src/a.ts', "export { send } from '../../transfer/src/index.ts';"],
    ['packages/extract/src/a.ts', "export { job } from '../../core/src/job.ts';"],
    ['packages/transfer/src/a.ts', "export { extract } from '@sealift/extract';"],
    ['packages/transfer/src/a.ts', "export const late: Promise<unknown> = import('@sealift/extract');"],
    ['packages/transfer/src/a.ts', "export { program } from 'sealift';"],
    ['packages/cli/src/a.ts', "export { job } from '../../core/src/job.ts';"],
    ['packages/cli/src/a.ts', "export { frenchPage } from '../../report/src/index.ts';"],
    ['packages/core/src/a.ts', "export { frenchPage } from '@sealift/report';"],
    ['packages/extract/src/a.ts', "export { frenchPage } from '@sealift/report';"],
    ['packages/transfer/src/a.ts', "export { frenchPage } from '@sealift/report';"],
    ['packages/report/src/a.ts', "export { extract } from '@sealift/extract';"],
    ['packages/report/src/a.ts', "export { job } from '../../core/src/job.ts';"],
    ['packages/report/src/a.ts', "export { lock } from '@sealift/core/node';"],
    ['packages/report/src/a.ts', "export { program } from 'sealift';"],
    ['packages/verifier/src/a.ts', "export { extract } from '@sealift/extract';"],
    ['packages/verifier/src/a.ts', "export { lock } from '@sealift/core/node';"],
  ])('refuses in %s: %s', (place, line) => {
    expect(brokenRules(place, line)).toContain(IMPORTS);
  });

  it.each([
    ['packages/core/src/node/a.ts', "export { readFile } from 'node:fs/promises';"],
    ['packages/core/src/node/a.ts', "export { job } from '../job.ts';"],
    ['packages/core/src/a.ts', "export { validateRoster } from '@sealift/schemas';"],
    ['packages/extract/src/a.ts', "export { lock } from '@sealift/core/node';"],
    ['packages/transfer/src/a.ts', "export { job } from '@sealift/core';"],
    ['packages/report/src/a.ts', "export { claimsOf } from '@sealift/core/manifest';"],
    ['packages/cli/src/a.ts', "export { extract } from '@sealift/extract';"],
    ['packages/cli/src/a.ts', "export { frenchPage } from '@sealift/report';"],
  ])('allows in %s: %s', (place, line) => {
    expect(brokenRules(place, line)).toEqual([]);
  });
});

describe('core and report run in browsers', () => {
  it.each([
    ["export { readFile } from 'node:fs/promises';", 'noNodejsModules'],
    ["export { readFile } from 'fs/promises';", 'noNodejsModules'],
    ['export const empty: Uint8Array = Buffer.alloc(0);', 'noRestrictedGlobals'],
    ['export const here: string = process.cwd();', 'noRestrictedGlobals'],
  ])('refuses outside core/src/node: %s', (line, rule) => {
    expect(brokenRules('packages/core/src/a.ts', line)).toContain(rule);
    expect(brokenRules('packages/report/src/a.ts', line)).toContain(rule);
  });
});

describe('the page of the laboratory reaches nobody', () => {
  it.each(['fetch', 'XMLHttpRequest', 'WebSocket', 'localStorage'])('refuses %s', (name) => {
    expect(brokenRules('packages/verifier/src/a.ts', `export const way: unknown = ${name};`)).toEqual([
      'noRestrictedGlobals',
    ]);
  });
});

describe('only one file of the command prints', () => {
  it('refuses console elsewhere', () => {
    expect(brokenRules('packages/cli/src/a.ts', "console.log('');")).toEqual(['noConsole']);
    expect(brokenRules('packages/cli/src/print.ts', "console.log('');")).toEqual([]);
  });
});
