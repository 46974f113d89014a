/** Instructions on their way to being signed: a draft may have no signature yet, and keeps its layout when it gets one. */

import { readDocument } from './document.ts';
import { documentDigest, type Signature } from './envelope.ts';
import { type Place, SealiftError } from './errors.ts';
import type { InstructionsDocument } from './instructions.ts';
import { type JsonValue, type ParsedJson, parseJson } from './json.ts';
import { encodeUtf8 } from './utf8.ts';

/** Instructions as they were read, signed or not. */
export interface Draft {
  readonly text: string;
  readonly document: InstructionsDocument;
  /** Their name for errors. */
  readonly file: string;
}

const MAX_BYTES = 1024 * 1024;

/** Readers refuse a document without a signature: while a draft is read, one that matches the schema stands in. */
const PLACEHOLDER = JSON.stringify([{ key: 'a'.repeat(52), sig: `${'A'.repeat(86)}==` }]);

/**
 * Reads the bytes of instructions, a draft included; `file` is their name for errors.
 * Throws what reading a document throws, but for `E_UNSIGNED`.
 */
export function readDraft(bytes: Uint8Array, file: string): Draft {
  const parsed = parseJson(bytes, { maxBytes: MAX_BYTES, file });
  const text = new TextDecoder().decode(bytes);
  if (!isUnsigned(parsed.value)) {
    return { text, document: readDocument(bytes, 'sealift.instructions.v1', file).document, file };
  }
  const signed = encodeUtf8(replaceSignatures(text, parsed, PLACEHOLDER));
  const { document } = readDocument(signed, 'sealift.instructions.v1', file);
  return { text, document: { ...document, signatures: [] }, file };
}

function isUnsigned(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null || !('signatures' in value)) return false;
  const { signatures } = value;
  return Array.isArray(signatures) && signatures.length === 0;
}

/**
 * The draft with other signatures and everything else as it was, to the letter.
 * @throws E_MISMATCH when that would change what was signed
 */
export function withSignatures({ text, document, file }: Draft, signatures: readonly Signature[]): Draft {
  const parsed = parseJson(encodeUtf8(text), { maxBytes: MAX_BYTES, file });
  const lines = JSON.stringify(signatures, null, 2).replaceAll('\n', '\n  ');
  const changed = readDraft(encodeUtf8(replaceSignatures(text, parsed, lines)), file);
  if (documentDigest(changed.document.signed) !== documentDigest(document.signed)) {
    throw new SealiftError('E_MISMATCH', 'the file could not be signed without changing it', {
      hint: 'write it with "migrate instructions draft" again',
    });
  }
  return changed;
}

/** Signatures hold keys and base64 alone, so that the first closing bracket ends their list. */
function replaceSignatures(text: string, parsed: ParsedJson, signatures: string): string {
  const start = offsetAt(text, parsed.place('/signatures'));
  const end = text.indexOf(']', start) + 1;
  return text.slice(0, start) + signatures + text.slice(end);
}

function offsetAt(text: string, { line = 1, column = 1 }: Place): number {
  const newline = /\r\n?|\n/g;
  for (let passed = 1; passed < line; passed += 1) newline.exec(text);
  return newline.lastIndex + column - 1;
}
