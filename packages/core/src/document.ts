/**
 * Reads documents: strict JSON, known type, JSON Schema, in this order (doc/format.md §3). What comes out has its type's
 * shape and encodings; signatures and keys are still to be checked.
 */
import {
  type Validator,
  validateApproval,
  validateCheckpoint,
  validateEntry,
  validateIdentity,
  validateImport,
  validateInstructions,
  validateManifest,
  validateReceipt,
  validateRevocation,
  validateRoster,
  validateSealedHeader,
  validateSecretIdentity,
  validateValidation,
} from '@sealift/schemas';
import type { SignedDocument } from './envelope.ts';
import { type Place, SealiftError } from './errors.ts';
import type { IdentityDocument } from './identity.ts';
import type { InstructionsDocument } from './instructions.ts';
import type { EntryDocument } from './journal/entry.ts';
import type { Checkpoint, Manifest } from './journal/manifest.ts';
import { type JsonObject, type JsonValue, type ParsedJson, parseJson } from './json.ts';
import { describeMismatch } from './mismatch.ts';
import { quoted } from './quoted.ts';
import type { RosterDocument } from './roster.ts';
import type { SealedHeader } from './sealed/header.ts';
import type { SecretIdentityFile } from './secret-identity.ts';
import type { Approval, Import, Receipt, Revocation, Validation } from './statement.ts';

/** Every type of document that Sealift reads, by the value of its `type`. */
export interface DocumentTypes {
  'sealift.approval.v1': SignedDocument<Approval>;
  'sealift.checkpoint.v1': SignedDocument<Checkpoint>;
  'sealift.entry.v1': EntryDocument;
  'sealift.identity.v1': IdentityDocument;
  'sealift.import.v1': SignedDocument<Import>;
  'sealift.instructions.v1': InstructionsDocument;
  'sealift.manifest.v1': Manifest;
  'sealift.receipt.v1': SignedDocument<Receipt>;
  'sealift.revocation.v1': SignedDocument<Revocation>;
  'sealift.roster.v1': RosterDocument;
  'sealift.sealed.v1': SealedHeader;
  'sealift.secret-identity.v1': SecretIdentityFile;
  'sealift.validation.v1': SignedDocument<Validation>;
}

/** The `type` of a document. */
export type DocumentType = keyof DocumentTypes;

/** A document with the way back to its places in the file, for errors that are found later. */
export interface ReadDocument<T> {
  readonly document: T;
  /** File, line and column of the value at a JSON Pointer. */
  readonly place: (pointer: string) => Place;
}

/** How documents of one type are read. */
interface DocumentRule {
  /** What people call it. */
  readonly title: string;
  readonly validate: Validator;
  /** `enveloped`: `{ signed, signatures }` with the type in `signed`; `bare`: the type is at the top. */
  readonly form: 'enveloped' | 'bare';
  /** The most bytes that are read. */
  readonly maxBytes: number;
}

const MEBIBYTE = 1024 * 1024;

function enveloped(title: string, validate: Validator): DocumentRule {
  return { title, validate, form: 'enveloped', maxBytes: MEBIBYTE };
}

function bare(title: string, validate: Validator, maxBytes: number): DocumentRule {
  return { title, validate, form: 'bare', maxBytes };
}

const RULES: { readonly [type in DocumentType]: DocumentRule } = {
  'sealift.approval.v1': enveloped('an approval', validateApproval),
  'sealift.checkpoint.v1': enveloped('a checkpoint', validateCheckpoint),
  'sealift.entry.v1': enveloped('an entry of a journal', validateEntry),
  'sealift.identity.v1': enveloped('an identity', validateIdentity),
  'sealift.import.v1': enveloped('an import statement', validateImport),
  'sealift.instructions.v1': enveloped('a document of instructions', validateInstructions),
  'sealift.manifest.v1': bare('a manifest', validateManifest, 64 * MEBIBYTE),
  'sealift.receipt.v1': enveloped('a receipt', validateReceipt),
  'sealift.revocation.v1': enveloped('a revocation', validateRevocation),
  'sealift.roster.v1': enveloped('a roster', validateRoster),
  'sealift.sealed.v1': bare('the header of a sealed file', validateSealedHeader, MEBIBYTE),
  'sealift.secret-identity.v1': bare('a secret identity', validateSecretIdentity, MEBIBYTE),
  'sealift.validation.v1': enveloped('a validation', validateValidation),
};

/**
 * Reads a document of one type, or of one of several; `file` is its name for errors.
 *
 * Errors name file, line, column and JSON Pointer: what {@link parseJson} throws; `E_VERSION` for a type that this release does not
 * know; `E_KEY` for a secret identity where another document is wanted, and for the length of a public key; `E_UNSIGNED`;
 * `E_SCHEMA`; `E_ENCODING` for base64, digests and fingerprints that are not canonical.
 */
export function readDocument<T extends DocumentType>(
  bytes: Uint8Array,
  types: T | readonly T[],
  file?: string,
): ReadDocument<DocumentTypes[T]> {
  const wanted: readonly T[] = typeof types === 'string' ? [types] : types;
  const parsed = parseJson(bytes, { maxBytes: Math.max(...wanted.map((type) => RULES[type].maxBytes)), file });
  const { form, title, validate } = RULES[typeOf(parsed, wanted)];
  if (form === 'enveloped') requireSignatures(parsed);
  const { value, place } = parsed;
  if (!matches<DocumentTypes[T]>(value, validate)) throw mismatch(title, validate, parsed);
  return { document: value, place };
}

/** The schema is the type's definition: a value that matches it is of the type. */
function matches<T>(value: unknown, validate: Validator): value is T {
  return validate(value);
}

/** Which of the wanted types a value says it is. */
function typeOf<T extends DocumentType>({ value, place }: ParsedJson, wanted: readonly T[]): T {
  const signed = isObject(value) ? value['signed'] : undefined;
  const form = signed === undefined ? 'bare' : 'enveloped';
  const typed = signed ?? value;
  const found = isObject(typed) ? typed['type'] : undefined;
  const type = wanted.find((candidate) => candidate === found && RULES[candidate].form === form);
  if (type === undefined) throw otherType(found, wanted, place(form === 'bare' ? '/type' : '/signed/type'));
  return type;
}

function otherType(found: JsonValue | undefined, wanted: readonly DocumentType[], place: Place): SealiftError {
  const titles = wanted.map((type) => RULES[type].title).join(' or ');
  if (typeof found !== 'string') {
    return new SealiftError('E_SCHEMA', `${titles} is wanted, and this has no type`, { place });
  }
  if (!isDocumentType(found)) {
    return new SealiftError('E_VERSION', `the type ${quoted(found)} is unknown to this release`, {
      hint: `${titles} is wanted; if the file comes from a newer Sealift, update yours`,
      place,
    });
  }
  if (found === 'sealift.secret-identity.v1') {
    return new SealiftError('E_KEY', `${titles} is wanted, and this is a secret identity`, {
      hint: 'never hand this file on; "migrate identity show" shows its public half',
      place,
    });
  }
  return new SealiftError('E_SCHEMA', `${titles} is wanted, and this is ${RULES[found].title}`, { place });
}

function isDocumentType(type: string): type is DocumentType {
  return Object.hasOwn(RULES, type);
}

function requireSignatures({ value, place }: ParsedJson): void {
  const signatures = isObject(value) ? value['signatures'] : undefined;
  if (signatures !== undefined && !(Array.isArray(signatures) && signatures.length === 0)) return;
  throw new SealiftError('E_UNSIGNED', 'the document is not signed', {
    hint: 'ask its author to sign it',
    place: place('/signatures'),
  });
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mismatch(title: string, validate: Validator, { place }: ParsedJson): SealiftError {
  const { code, message, pointer } = describeMismatch(validate.errors ?? []);
  return new SealiftError(code, `this is not ${title} as the format wants it: ${message}`, { place: place(pointer) });
}
