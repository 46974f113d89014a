/** Files of instructions on their way to being signed: a draft may have no signature yet, and keeps its layout when it gets one. */
import { type Place, SealiftError } from '@sealift/core';
import {
  documentDigest,
  type JsonValue,
  type ParsedJson,
  parseJson,
  readDocument,
  type Signature,
} from '@sealift/core/document';
import type { InstructionsDocument } from '@sealift/core/instructions';
import { readBounded } from '@sealift/core/node';

/** Instructions as they were read, signed or not. */
export interface InstructionsFile {
  readonly text: string;
  readonly document: InstructionsDocument;
  /** File, line and column of the value at a JSON Pointer. */
  readonly place: (pointer: string) => Place;
}

const MAX_BYTES = 1024 * 1024;

/** Readers refuse a document without a signature: while a draft is read, one that matches the schema stands in. */
const PLACEHOLDER = JSON.stringify([{ key: 'a'.repeat(52), sig: `${'A'.repeat(86)}==` }]);

/** Reads instructions, a draft included. Throws what reading a document throws, but for `E_UNSIGNED`. */
export async function readInstructions(path: string): Promise<InstructionsFile> {
  return parseInstructions(await readBounded(path, MAX_BYTES), path);
}

/** Reads the bytes of instructions, a draft included; `file` is their name for errors. */
export function parseInstructions(bytes: Uint8Array, file: string): InstructionsFile {
  const parsed = parseJson(bytes, { maxBytes: MAX_BYTES, file });
  const text = new TextDecoder().decode(bytes);
  if (!isUnsigned(parsed.value)) {
    return { text, document: readDocument(bytes, 'sealift.instructions.v1', file).document, place: parsed.place };
  }
  const signed = new TextEncoder().encode(replaceSignatures(text, parsed, PLACEHOLDER));
  const { document } = readDocument(signed, 'sealift.instructions.v1', file);
  return { text, document: { ...document, signatures: [] }, place: parsed.place };
}

function isUnsigned(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null || !('signatures' in value)) return false;
  const { signatures } = value;
  return Array.isArray(signatures) && signatures.length === 0;
}

/**
 * The file's text with other signatures and everything else as it was, to the letter.
 * @throws E_MISMATCH when that would change what was signed
 */
export function withSignatures(
  { text, document }: InstructionsFile,
  signatures: readonly Signature[],
  file: string,
): string {
  const parsed = parseJson(new TextEncoder().encode(text), { maxBytes: MAX_BYTES, file });
  const lines = JSON.stringify(signatures, null, 2).replaceAll('\n', '\n  ');
  const changed = replaceSignatures(text, parsed, lines);
  const written = parseInstructions(new TextEncoder().encode(changed), file).document;
  if (documentDigest(written.signed) !== documentDigest(document.signed)) {
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
