import { beforeAll, describe, expect, test } from 'vitest';
import { type Draft, readDraft, withSignatures } from '../src/draft.ts';
import { addSignature } from '../src/envelope.ts';
import { type Instructions, type InstructionsDocument, verifyInstructions } from '../src/instructions.ts';
import { ready } from '../src/sodium.ts';
import { biologist, director, instructionsDocument, instructionsMembers, pinnedRoster } from './laboratory.ts';
import { codeOf, refusal } from './refusal.ts';

beforeAll(ready);

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const unsigned = (changes: Partial<Instructions> = {}): InstructionsDocument => ({
  signed: instructionsMembers(changes),
  signatures: [],
});
const read = (text: string): Draft => readDraft(bytesOf(text), 'lab.json');
const signedByBoth = (draft: Draft): Draft =>
  withSignatures(draft, addSignature(addSignature(draft.document, director()), biologist()).signatures);

describe('a draft', () => {
  test('is read without a signature, and with one', () => {
    expect(read(JSON.stringify(unsigned())).document).toEqual(unsigned());
    expect(read(JSON.stringify(instructionsDocument())).document).toEqual(instructionsDocument());
  });

  test('is held to the schema before anybody signs it, and the error names the place in its own text', () => {
    const { signed } = unsigned();
    const error = refusal(() => read(JSON.stringify({ signed: { ...signed, extra: 1 }, signatures: [] }, null, 2)));
    expect(error).toMatchObject({ code: 'E_SCHEMA', place: { file: 'lab.json', path: '/signed/extra' } });
    expect(refusal(() => read('{"signed": }')).place).toMatchObject({ file: 'lab.json', column: 12 });
  });

  test.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"signatures"'],
    ['no signatures', JSON.stringify({ signed: instructionsMembers() })],
    ['signatures that are no list', JSON.stringify({ signed: instructionsMembers(), signatures: {} })],
  ])('that is %s is refused like any other document', (_title, text) => {
    expect(['E_JSON', 'E_SCHEMA', 'E_UNSIGNED']).toContain(codeOf(() => read(text)));
  });

  test('fault 7: over the limit is refused', () => {
    expect(codeOf(() => read(`${JSON.stringify(unsigned())}${' '.repeat(1024 * 1024)}`))).toBe('E_LIMIT');
  });
});

describe('a signed draft', () => {
  const note = 'A note: "}]", é, \u{1f9ec} and \\ before the list';
  const layouts: readonly [string, string][] = [
    ['of two spaces', JSON.stringify(unsigned({ note }), null, 2)],
    ['of one line', JSON.stringify(unsigned({ note }))],
    ['of tabs and CRLF', JSON.stringify(unsigned({ note }), null, '\t').replaceAll('\n', '\r\n')],
    ['of CR alone', JSON.stringify(unsigned({ note }), null, 1).replaceAll('\n', '\r')],
    ['with the signatures first', JSON.stringify({ signatures: [], signed: instructionsMembers({ note }) }, null, 4)],
    [
      'with a list on two lines',
      JSON.stringify(unsigned({ note })).replace('"signatures":[]', '"signatures" : [\n  ]'),
    ],
  ];

  test.each(layouts)('in a layout %s differs in its signatures and in nothing else, and holds', (_title, text) => {
    const signed = signedByBoth(read(text));
    expect(signed.file).toBe('lab.json');
    const { signatures } = signed.document;
    const list = JSON.stringify(signatures, null, 2).replaceAll('\n', '\n  ');
    expect(signed.text).toBe(text.replace(/\[\s*\](?=\s*[},])/, () => list));
    expect(read(signed.text).document).toEqual(signed.document);
    expect(verifyInstructions(signed.document, pinnedRoster()).signedBy.size).toBe(2);
  });

  test('takes other signatures in the place of those that are there', () => {
    const signed = signedByBoth(read(JSON.stringify(unsigned(), null, 2)));
    const one = withSignatures(signed, signed.document.signatures.slice(0, 1));
    expect(one.document.signatures).toEqual(signed.document.signatures.slice(0, 1));
    expect(one.document.signed).toEqual(signed.document.signed);
  });

  test('whose text is of other instructions than those that were read is never written', () => {
    const draft = read(JSON.stringify(unsigned()));
    const other = { ...draft, text: JSON.stringify(unsigned({ note: 'other' })) };
    expect(codeOf(() => signedByBoth(other))).toBe('E_MISMATCH');
  });
});
