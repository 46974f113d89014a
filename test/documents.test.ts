/** What people read agrees with the code, and every link of it leads somewhere. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAILURES } from '@sealift/core';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Folders that hold nobody's documents, or none of ours. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'coverage', 'demo-run', '.git']);

function documentsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : documentsBelow(path);
    return entry.name.endsWith('.md') ? [relative(root, path)] : [];
  });
}

const DOCUMENTS = documentsBelow(root);

/** Without code: what stands in it is no link and no heading. */
function prose(path: string): string {
  return read(path)
    .replace(/^```.*?^```/gms, '')
    .replace(/^ {4}.*$/gm, '');
}

/** Anchors of headings, as GitHub makes them. */
function anchorsOf(path: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = [...prose(path).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const slug = text
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
  return new Set(anchors);
}

interface Link {
  readonly text: string;
  readonly target: string;
}

function linksOf(path: string): Link[] {
  const text = prose(path).replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]]/g, ' '));
  return [...text.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, label = '', target = '']) => ({
    text: label,
    target,
  }));
}

function brokenLinks(path: string): string[] {
  return linksOf(path)
    .map(({ target }) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const found = file === '' ? join(root, path) : resolve(root, dirname(path), file);
      if (!existsSync(found)) return true;
      return anchor !== undefined && (statSync(found).isDirectory() || !anchorsOf(relative(root, found)).has(anchor));
    });
}

/** Cells of the tables' rows that begin with what the pattern says. */
function rowsOf(text: string, first: RegExp): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    )
    .filter(([cell]) => first.test(cell ?? ''));
}

/** What stands in code in a cell: `A`, `B`. */
const listed = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, entry = '']) => entry);

describe('documents', () => {
  it.each(DOCUMENTS)('%s links to what is there, headings included', (path) => {
    expect(brokenLinks(path)).toEqual([]);
  });

  it.each(DOCUMENTS)('%s promises nothing that nobody can keep', (path) => {
    const words = /certified|GDPR-compliant|anonymi[sz]ed|tamper-proof|proof of deletion/i;
    expect(prose(path).match(words)).toBeNull();
  });

  it.each(DOCUMENTS)('%s names only error codes that exist', (path) => {
    const known = new Set<string>(Object.values(FAILURES).flatMap(({ codes }) => [...codes]));
    const named = [...read(path).matchAll(/\bE_[A-Z][A-Z_]*\b/g)].map(([code]) => code);
    expect(named.filter((code) => !known.has(code) && code !== 'E_CODE')).toEqual([]);
  });

  it('have alternative text for every picture, which says more than a name', () => {
    const pictures = DOCUMENTS.flatMap((path) =>
      [...prose(path).matchAll(/!\[([^\]]*)\]/g)].map(([, text = '']) => text),
    );
    expect(pictures.length).toBeGreaterThan(0);
    for (const text of pictures) expect(text.length).toBeGreaterThan(40);
  });
});

describe('doc/exit-codes.md', () => {
  const sections = read('doc/exit-codes.md').split(/^## /m).slice(1);

  it('has the codes of each kind under its exit code, in the order of the table in the code', () => {
    const documented = sections.map((section) => {
      const [, exit, kind] = /^(\d+) (\w+)/.exec(section) ?? [];
      return { exit: Number(exit), kind, codes: rowsOf(section, /^`E_/).flatMap(([code]) => listed(code)) };
    });
    const done = { exit: 0, kind: 'done', codes: [] };
    const failures = Object.entries(FAILURES).map(([kind, { exit, codes }]) => ({ exit, kind, codes: [...codes] }));
    expect(documented).toEqual([done, ...failures]);
  });

  it('says meaning, cause and next step of every code', () => {
    for (const row of sections.flatMap((section) => rowsOf(section, /^`E_/))) {
      expect(row).toHaveLength(4);
      expect(row.every((cell) => cell !== '')).toBe(true);
    }
  });
});

describe('doc/dictionary.md', () => {
  const text = read('doc/dictionary.md');

  it.each([
    ...['controller', 'processor', 'recipient', 'identity', 'fingerprint', 'roster', 'instructions', 'dataset'],
    ...['allow-list', 'window', 'sealed file', 'statement', 'journal', 'manifest', 'receipt', 'import', 'purge'],
    ...['extraction', 'approval', 'delivery', 'validation', 'revocation', 'refusal', 'repair'],
  ])('says of %s in which file it is', (word) => {
    const rows = rowsOf(text, new RegExp(`^${word}$`));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.at(-1)).toMatch(/\]\(\.\.\/packages\/.+\.ts\)/);
  });

  it.each([
    [
      'credential.ts',
      'Credentials',
      { NAMES: 'the whole folded name', WORDS: 'each word', PARTS: 'any part of the folded name' },
    ],
    ['free-text.ts', 'Free text', { STEMS: 'any part of a word', WORDS: 'each word' }],
  ])('has the lists of %s', (file, heading, lists) => {
    const code = read(`packages/core/src/${file}`);
    const [section = ''] = text.split(`### ${heading}\n`)[1]?.split(/^#/m) ?? [];
    for (const [name, comparison] of Object.entries(lists)) {
      const [, body = ''] = new RegExp(`const ${name}\\b[^=]*= [^[]*\\[([^\\]]*)\\]`).exec(code) ?? [];
      const entries = [...body.matchAll(/'([^']+)'/g)].map(([, entry]) => entry);
      expect(entries.length).toBeGreaterThan(0);
      expect(listed(rowsOf(section, new RegExp(`^${comparison}$`))[0]?.[1])).toEqual(entries);
    }
  });
});

describe('doc/findings.md', () => {
  const rows = rowsOf(read('doc/findings.md'), /^F\d\d$/);

  it('has each finding once, in order', () => {
    expect(rows.map(([number]) => number)).toEqual(
      Array.from({ length: 45 }, (_, index) => `F${String(index + 1).padStart(2, '0')}`),
    );
  });

  it.each(rows.map(([number = '', , , , status = '', evidence = '']) => ({ number, status, evidence })))(
    '$number, $status, is shown by tests of these titles',
    ({ status, evidence }) => {
      expect(['done', 'partly', 'planned']).toContain(status);
      const tests = [...evidence.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title = '', file = '']) => ({
        title,
        file,
      }));
      if (status === 'done') expect(tests.length).toBeGreaterThan(0);
      for (const { title, file } of tests) {
        expect(file).toMatch(/\.test\.ts$/);
        expect(read(join('doc', file))).toContain(title);
      }
    },
  );
});
