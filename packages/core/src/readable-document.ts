/** How documents are written for people. */
import { encodeUtf8 } from './utf8.ts';

/** A document for people: members in the order in which they were written, two spaces a level. */
export function readableDocument(document: object): Uint8Array {
  return encodeUtf8(`${JSON.stringify(document, null, 2)}\n`);
}
