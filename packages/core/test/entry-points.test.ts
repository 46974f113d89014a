import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, { source: string } | string>;
};
const sources = Object.entries(entries).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [{ entry, source: target.source }],
);

interface Exported {
  readonly name: string;
  /** The file that declares it. */
  readonly file: string;
}

/** What an entry exports; entries consist of nothing but such lists. */
function exportsOf(source: string): Exported[] {
  const lists = readFileSync(join(ROOT, source), 'utf8').matchAll(/export (?:type )?\{([^}]*)\} from '([^']+)'/g);
  return [...lists].flatMap(([, list = '', from = '']) =>
    list
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '')
      .map((name) => ({ name, file: join(ROOT, dirname(source), from) })),
  );
}

/** A piece of code that is documented, and the comment right before it. */
interface Documented {
  readonly name: string;
  readonly comment: string;
  readonly code: string;
}

const METHOD = /^ {2}(?:static |async |get )*\*?(\w+)\((?:.|\n)*?^ {2}\}/gm;

function commentBefore(text: string, at: number): string {
  const before = text.slice(0, at).trimEnd();
  return before.endsWith('*/') ? before.slice(before.lastIndexOf('/**')) : '';
}

/** The comment right before the declaration of a name; empty where none stands there. */
function commentOf({ name, file }: Exported): string {
  const text = readFileSync(file, 'utf8');
  const at = text.search(new RegExp(`^export (?:async )?(?:function\\*?|class|const|interface|type) ${name}\\b`, 'm'));
  return at > 0 ? commentBefore(text, at) : '';
}

/** A function, or the methods of a class. */
function documentedParts({ name, file }: Exported): Documented[] {
  const text = readFileSync(file, 'utf8');
  const at = text.search(new RegExp(`^export (?:async )?(?:function\\*?|class) ${name}\\b`, 'm'));
  if (at < 0) return [];
  const code = text.slice(at, at + text.slice(at).search(/^\}/m));
  if (!code.startsWith('export class')) return [{ name, comment: commentBefore(text, at), code }];
  return [...code.matchAll(METHOD)].map(({ 0: method, 1: called, index }) => ({
    name: `${name}.${called}`,
    comment: commentBefore(code, index),
    code: method,
  }));
}

const codesIn = (code: string): string[] =>
  [...code.matchAll(/SealiftError\(\s*'(E_[A-Z_]+)'/g)].map(([, c = '']) => c);

const namesOf = (source: string): string[] => exportsOf(source).map(({ name }) => name);

describe('entry points of core', () => {
  it.each(sources)('$entry is small enough to be read at once', ({ source }) => {
    const names = namesOf(source);
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThanOrEqual(20);
  });

  it('offer each name in one place', () => {
    const names = sources.flatMap(({ source }) => namesOf(source));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(sources)('$entry documents every name that it offers', ({ source }) => {
    for (const exported of exportsOf(source))
      expect(commentOf(exported), exported.name).toMatch(/^\/\*\*[\s*]+[^\s*](?:.|\n){7,}\*\/$/);
  });

  it('name in its comment each error that a function or method makes itself', () => {
    const parts = sources.flatMap(({ source }) => exportsOf(source)).flatMap(documentedParts);
    const made = parts.flatMap(({ name, comment, code }) => codesIn(code).map((error) => ({ name, comment, error })));
    expect(made.length).toBeGreaterThan(40);
    for (const { name, comment, error } of made) expect(comment, `${name}: ${error}`).toContain(error);
  });

  it('are all named in the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(new Set(named)).toEqual(new Set(sources.map(({ entry }) => `@sealift/core${entry.slice(1)}`)));
  });

  it.each(sources)('$entry says in its first line what it holds', ({ source }) => {
    expect(readFileSync(join(ROOT, source), 'utf8')).toMatch(/^\/\*\* .{20,}/);
  });
});
