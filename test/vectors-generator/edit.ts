/** Changes to documents, told by JSON Pointer: a vector is a good document and the one thing that is wrong with it. */
import { canonicalJson } from '../../packages/core/src/canonical.ts';
import { type Signable, type SignedDocument, signDocument } from '../../packages/core/src/envelope.ts';
import { encodeUtf8 } from '../../packages/core/src/utf8.ts';
import { type PersonId, person } from './people.ts';

/** A JSON Pointer and the value that it shall have: undefined removes it, and `-` at the end of the pointer appends. */
export type Edit = readonly [pointer: string, value: unknown];

/** A vector in a few words: its name, what is special about it, the code it is refused with, and the changes of a good document. */
export type Short = readonly [name: string, what: string, code: string, ...edits: readonly Edit[]];

/** A deep copy of a document with changes. The type is a promise that negative vectors break on purpose. */
export function changed<T>(value: T, ...edits: readonly Edit[]): T {
  const copy = structuredClone(value);
  for (const [pointer, to] of edits) change(copy, pointer.split('/').slice(1), structuredClone(to));
  return copy;
}

function change(target: unknown, [step = '', ...rest]: readonly string[], to: unknown): void {
  const parent = target as Record<string, unknown>;
  if (rest.length > 0) change(parent[step], rest, to);
  else if (Array.isArray(target) && step === '-') target.push(to);
  else if (Array.isArray(target) && to === undefined) target.splice(Number(step), 1);
  else if (to === undefined) delete parent[step];
  else parent[step] = to;
}

/** Signs by persons of the vectors. */
export function signedBy<T extends Signable>(signed: T, ...ids: readonly PersonId[]): SignedDocument<T> {
  return signDocument(signed, ...ids.map(person));
}

/** The file of a document: canonical, and a line feed. */
export function fileOf(document: unknown): Uint8Array {
  return new Uint8Array([...canonicalJson(document), 0x0a]);
}

/** The file of a text. */
export function text(content: string): Uint8Array {
  return encodeUtf8(content);
}

/** The text of a document as people lay it out, for changes that no value can express. */
export function laidOut(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** One bit of some bytes changed. */
export function flipped(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
  return bytes.map((byte, index) => (index === (at < 0 ? bytes.length + at : at) ? byte ^ mask : byte));
}
