/** Documents in files. */
import { canonicalJson } from '../canonical.ts';
import { type DocumentType, type DocumentTypes, type ReadDocument, readDocument } from '../document.ts';
import { readBounded } from './file.ts';

/** The most that any document may have; each type's own limit is checked by the reader. */
const MAX_BYTES = 64 << 20;

/**
 * Reads a document file that must be of one type, or of one of several.
 * @throws E_NOT_FOUND, E_FILE, and what {@link readDocument} throws, with the file's name
 */
export async function readDocumentFile<T extends DocumentType>(
  path: string,
  types: T | readonly T[],
): Promise<ReadDocument<DocumentTypes[T]>> {
  return readDocument(await readBounded(path, MAX_BYTES), types, path);
}

/** A document in canonical JSON with a final newline: what Sealift keeps for itself. */
export function canonicalLine(document: unknown): Uint8Array {
  const json = canonicalJson(document);
  const line = new Uint8Array(json.length + 1);
  line.set(json);
  line[json.length] = 0x0a;
  return line;
}
