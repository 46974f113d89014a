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

const namesOf = (source: string): string[] => exportsOf(source).map(({ name }) => name);

/** The comment right before the declaration of a name, or undefined where none stands there. */
function commentOf({ name, file }: Exported): string | undefined {
  const text = readFileSync(file, 'utf8');
  const at = text.search(new RegExp(`^export (?:async )?(?:function\\*?|class|const|interface|type) ${name}\\b`, 'm'));
  const before = text.slice(0, at).trimEnd();
  return at > 0 && before.endsWith('*/') ? before.slice(before.lastIndexOf('/**')) : undefined;
}

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
