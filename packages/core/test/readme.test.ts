import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifySignature } from '@sealift/core/document';
import { expect, test } from 'vitest';
import { alice, document } from './readme-example.ts';
import { codeOf } from './refusal.ts';

const textOf = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

test('the example of the README is the one that runs here: it signs and verifies', () => {
  const [shown] = textOf('../README.md').split('```js\n')[1]?.split('```') ?? [];
  const [run] = textOf('readme-example.ts').split('\nexport ');
  expect(shown).toBe(run);
  const changed = { ...document, signed: { ...document.signed, text: 'some rows are missing' } };
  expect(codeOf(() => verifySignature(changed, alice))).toBe('E_SIG');
});
