/**
 * An outline: the members of instructions as a person writes them, in which keys, identities and the contract's digest may be
 * `"file:<path>"`, relative to the outline.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Place, SealiftError } from '@sealift/core';
import { type JsonObject, type JsonValue, parseJson } from '@sealift/core/document';
import { readIdentity } from '@sealift/core/identity';
import { fileError, readBounded, readDocumentFile } from '@sealift/core/node';

/** An outline as it was read, with the way back to its places. */
export interface Outline {
  readonly members: JsonObject;
  readonly place: (pointer: string) => Place;
}

const MAX_BYTES = 1024 * 1024;
const MAX_KEY_BYTES = 16 * 1024;
const REFERENCE = 'file:';
const NEW_LINE = /\r\n?|\n/;

/** What the draft fills in from the roster and the clock. */
const FILLED_IN = ['type', 'lab', 'roster', 'issued'] as const;

/** What stands where in instructions, by JSON Pointer, and how a file there is read. */
const READERS: readonly (readonly [RegExp, (path: string) => Promise<JsonValue>])[] = [
  [/^\/(?:processor\/operators|recipients)\/\d+\/identity$/, identityIn],
  [/^\/(?:(?:processor\/operators|recipients)\/\d+\/sshKey|endpoint\/hostKey)$/, sshKeyIn],
  [/^\/contract\/digest$/, digestOfFile],
];

/**
 * Reads an outline and puts the content of the files that it names in their places.
 * @throws E_SCHEMA for a member that the draft fills in, and what reading the files throws
 */
export async function readOutline(path: string): Promise<Outline> {
  const { value, place } = parseJson(await readBounded(path, MAX_BYTES), { maxBytes: MAX_BYTES, file: path });
  if (!isObject(value)) throw new SealiftError('E_SCHEMA', 'an outline is one JSON object', { place: place('') });
  for (const name of FILLED_IN) {
    if (!Object.hasOwn(value, name)) continue;
    throw new SealiftError(
      'E_SCHEMA',
      `an outline has no member "${name}": the draft gets it from the roster and the clock`,
      {
        hint: 'take it out',
        place: place(`/${name}`),
      },
    );
  }
  const folder = dirname(path);
  const members = await resolveObject(value, '', async (reference, pointer) =>
    readReference(reference, pointer, folder, place),
  );
  return { members, place };
}

type Read = (reference: string, pointer: string) => Promise<JsonValue>;

async function resolveValue(value: JsonValue, pointer: string, read: Read): Promise<JsonValue> {
  if (typeof value === 'string' && value.startsWith(REFERENCE)) return read(value, pointer);
  if (isArray(value)) {
    return Promise.all(value.map(async (element, index) => resolveValue(element, `${pointer}/${index}`, read)));
  }
  return isObject(value) ? resolveObject(value, pointer, read) : value;
}

async function resolveObject(object: JsonObject, pointer: string, read: Read): Promise<JsonObject> {
  const members = await Promise.all(
    Object.entries(object).map(
      async ([name, member]) => [name, await resolveValue(member, `${pointer}/${name}`, read)] as const,
    ),
  );
  return Object.fromEntries(members);
}

/** A text that begins with `file:` in any other place is a text. */
async function readReference(
  reference: string,
  pointer: string,
  folder: string,
  place: (pointer: string) => Place,
): Promise<JsonValue> {
  const reader = READERS.find(([where]) => where.test(pointer))?.[1];
  if (reader === undefined) return reference;
  try {
    return await reader(resolve(folder, reference.slice(REFERENCE.length)));
  } catch (error) {
    if (!(error instanceof SealiftError) || error.place !== undefined) throw error;
    const { code, message, hint, cause } = error;
    throw new SealiftError(code, message, { hint, cause, place: place(pointer) });
  }
}

async function identityIn(path: string): Promise<JsonValue> {
  const { document } = await readDocumentFile(path, 'sealift.identity.v1');
  readIdentity(document);
  return { signed: { ...document.signed }, signatures: document.signatures.map((signature) => ({ ...signature })) };
}

/** The first two parts of an OpenSSH public key line; the comment names a person or a machine and stays out. */
async function sshKeyIn(path: string): Promise<JsonValue> {
  const text = new TextDecoder().decode(await readBounded(path, MAX_KEY_BYTES));
  const lines = text.split(NEW_LINE).filter((line) => line.trim() !== '');
  const [type, key] = (lines[0] ?? '').trim().split(/\s+/);
  if (lines.length === 1 && type !== undefined && key !== undefined) return `${type} ${key}`;
  throw new SealiftError('E_SSH_KEY', `${path} is not an OpenSSH public key: one line, "type key comment"`, {
    hint: 'name the .pub file, not the private key',
  });
}

async function digestOfFile(path: string): Promise<JsonValue> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path))
      hash.update(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  } catch (cause) {
    throw fileError(cause, 'reading', path);
  }
  return `sha256:${hash.digest('hex')}`;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
