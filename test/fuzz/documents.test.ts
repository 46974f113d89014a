/**
 * Documents under mutated bytes, mutated structure, and mutated contents that their own signers signed again. The first two
 * may only be accepted with the content that was signed; the last may say something else, but only one thing.
 */
import type { JsonValue } from '@sealift/core/document';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { byteChanges, changeBytes } from './byte-changes.ts';
import { changeJson, jsonChanges } from './json-changes.ts';
import { type MigrationDocuments, makeMigration } from './migration-documents.ts';
import { contentOf, type DocumentKind, documentReaders, json } from './readers.ts';
import { digestOfJson, entryOrder, SIGNED_AGAIN } from './signed-again.ts';
import { type FuzzTarget, fuzz } from './target.ts';

type Target = Omit<FuzzTarget, 'name'>;
type Outcome = FuzzTarget['reached'][number];

const encoder = new TextEncoder();
const bytesOf = (value: JsonValue): Uint8Array => encoder.encode(JSON.stringify(value));

/** Byte strings that mean something to a reader of JSON. */
const TOKENS: readonly Uint8Array[] = [
  ...[
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\ud800',
    '\\u0000',
    '\\u007b',
    '\n',
    '-0',
    '1e400',
    '9007199254740993',
    'null',
  ],
  ...['"__proto__":1,', '"note":"a",', '"note":"a","note":"b",', '\ufeff', '\u0000', '\u2028', '['.repeat(100)],
].map((token) => encoder.encode(token));

let made: MigrationDocuments | undefined;
function migration(): MigrationDocuments {
  made ??= makeMigration();
  return made;
}

/** Accepts only a content that was signed. */
function signedOnly(kind: DocumentKind): Pick<Target, 'read' | 'documented'> {
  const { originals, read, documented } = documentReaders(migration())[kind];
  const contents = new Set(originals.map((original) => digestOfJson(contentOf(original))));
  return {
    documented,
    read: (input) => {
      const content = contentOf(read(input));
      if (!contents.has(digestOfJson(content))) throw new Error('a content that nobody signed was accepted');
    },
  };
}

/** Accepts any content that reads the same once more. */
function anyContent(kind: DocumentKind): Pick<Target, 'read' | 'documented'> {
  const { read, documented } = documentReaders(migration())[kind];
  return {
    documented,
    read: (input) => {
      const document = read(input);
      expect(json(read(bytesOf(document)))).toEqual(json(document));
    },
  };
}

const original = (kind: DocumentKind): fc.Arbitrary<JsonValue> =>
  fc.constantFrom(...documentReaders(migration())[kind].originals);

describe('documents with mutated bytes', () => {
  const target = (kind: DocumentKind, share: number, ...reached: Outcome[]): void =>
    fuzz(`${kind}, mutated bytes`, () => ({
      share,
      ...signedOnly(kind),
      inputs: fc
        .tuple(original(kind), fc.boolean(), byteChanges(TOKENS))
        .map(([document, pretty, changes]) =>
          changeBytes(encoder.encode(JSON.stringify(document, null, pretty ? 2 : 0)), changes),
        ),
      reached: ['E_JSON', 'E_SCHEMA', 'E_ENCODING', ...reached],
    }));
  target('identity', 40, 'E_KEY');
  target('roster', 40);
  target('instructions', 40, 'E_SIG');
  target('entry', 60, 'E_SIG');
  target('party document', 40, 'E_SIG');
  target('manifest', 40, 'E_SIG');
});

describe('documents with mutated structure', () => {
  const target = (kind: DocumentKind, share: number, ...reached: Outcome[]): void =>
    fuzz(`${kind}, mutated structure`, () => ({
      share,
      ...signedOnly(kind),
      inputs: fc
        .tuple(original(kind), jsonChanges())
        .map(([document, changes]) => bytesOf(changeJson(document, changes))),
      reached: ['E_SCHEMA', 'E_ENCODING', ...reached],
    }));
  target('identity', 20, 'E_KEY', 'accepted');
  target('roster', 30, 'E_SIG', 'accepted');
  target('instructions', 30, 'E_SIG', 'accepted');
  target('entry', 50, 'E_SIG', 'accepted');
  target('manifest', 30, 'E_SIG', 'accepted');
});

describe('documents with mutated contents, signed again', () => {
  const target = (kind: DocumentKind, share: number, ...reached: Outcome[]): void =>
    fuzz(`${kind}, signed again`, () => ({
      share,
      ...anyContent(kind),
      inputs: fc
        .tuple(original(kind), jsonChanges(), fc.nat(0xff), entryOrder())
        .map(([document, changes, which, order]) =>
          bytesOf(
            SIGNED_AGAIN[kind](document, migration(), { content: (old) => changeJson(old, changes), which, order }),
          ),
        ),
      reached: ['accepted', 'E_SCHEMA', ...reached],
    }));
  target('identity', 20, 'E_KEY');
  target('roster', 50, 'E_KEY');
  target('instructions', 80, 'E_KEY', 'E_SCOPE');
  target('entry', 50, 'E_CHAIN', 'E_COUNT');
  target('party document', 50, 'E_COUNT', 'E_CHAIN');
  target('manifest', 70, 'E_CHAIN', 'E_COUNT');
});
