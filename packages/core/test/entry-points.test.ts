import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, { source: string } | string>;
};
const sources = Object.entries(entries).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [{ entry, source: target.source }],
);

/** The names that an entry exports; entries consist of nothing but such lists. */
function namesOf(source: string): string[] {
  const lists = readFileSync(join(ROOT, source), 'utf8').matchAll(/export (?:type )?\{([^}]*)\} from/g);
  return [...lists]
    .flatMap(([, list = '']) => list.split(',').map((name) => name.trim()))
    .filter((name) => name !== '');
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

  it.each(sources)('$entry says in its first line what it holds', ({ source }) => {
    expect(readFileSync(join(ROOT, source), 'utf8')).toMatch(/^\/\*\* .{20,}/);
  });
});
