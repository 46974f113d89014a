import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '../src');
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

describe('the package', () => {
  it.each(files)('%s uses nothing that a browser lacks', (name) => {
    expect(readFileSync(join(SOURCES, name), 'utf8')).not.toMatch(/from 'node:|\bBuffer\.|\bprocess\./);
  });
});
