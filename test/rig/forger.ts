/** Documents that no command would make: signed by whoever holds a key, with whatever content. */
import { readFile, writeFile } from 'node:fs/promises';
import { ready } from '@sealift/core';
import { canonicalJson, documentDigest, readableDocument, readDocument, signDocument } from '@sealift/core/document';
import { readIdentity, type SecretIdentity, unlockIdentity } from '@sealift/core/identity';
import type { Instructions, InstructionsDocument } from '@sealift/core/instructions';
import { type Entry, type EntryDocument, nextEntry } from '@sealift/core/journal';
import type { Manifest } from '@sealift/core/manifest';
import { canonicalLine, readIdentityFile } from '@sealift/core/node';
import { CHUNK_BYTES, type SealedHeader, sealBytes } from '@sealift/core/sealed';
import type { PartyDocument } from '@sealift/core/statement';
import type { Actor } from '@sealift/demo/actor';
import type { Migration } from './migration.ts';

/** A document's members, to be changed. */
export type Draft<T> = T extends string | number ? T : T extends object ? { -readonly [K in keyof T]: Draft<T[K]> } : T;

/** The identity in somebody's file, opened. */
export async function identityOf(actor: Actor, file: string, passphraseFile?: string): Promise<SecretIdentity> {
  await ready();
  const passphrase = passphraseFile && (await readFile(actor.path(passphraseFile), 'utf8')).trimEnd();
  return unlockIdentity(await readIdentityFile(actor.path(file)), passphrase || undefined);
}

/** The instructions in the laboratory's `lab.json`, changed and signed anew. */
export async function changedInstructions(
  { cast }: Migration,
  signer: SecretIdentity,
  change: (signed: Draft<Instructions>) => void,
): Promise<InstructionsDocument> {
  const { document } = readDocument(await readFile(cast.lab.path('lab.json')), 'sealift.instructions.v1');
  const signed = structuredClone(document.signed) as Draft<Instructions>;
  change(signed);
  return signDocument(signed as Instructions, signer);
}

/** Writes a document into somebody's folder. */
export async function give(actor: Actor, file: string, document: object): Promise<void> {
  await writeFile(actor.path(file), readableDocument(document));
}

/** The vendor's manifest. */
export async function manifestOf(migration: Migration): Promise<Manifest> {
  return readDocument(await readFile(migration.local('manifest.json')), 'sealift.manifest.v1').document;
}

/** Puts a statement where the recipient's lies on the server, sealed for the operators as it must be. */
export async function plant(migration: Migration, kind: 'receipt' | 'import', document: PartyDocument): Promise<void> {
  const { instructions } = await manifestOf(migration);
  const { suite, job, processor } = instructions[0]?.signed ?? raise('no instructions');
  const recipients = processor.operators.map(({ identity }) => readIdentity(identity));
  const sealed = sealBytes(readableDocument(document), { suite, job, dataset: kind, recipients });
  await writeFile(migration.remote('in', migration.recipient, `${kind}.json.sealed`), sealed);
}

/** What anybody can seal for the recipients, who knows their public identities: a file of this job under a name of the delivery. */
export async function sealedForRecipients(
  migration: Migration,
  dataset: string,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  await ready();
  const { instructions } = await manifestOf(migration);
  const { suite, job, recipients } = instructions[0]?.signed ?? raise('no instructions');
  const identities = recipients.map(({ identity }) => readIdentity(identity));
  return sealBytes(plaintext, { suite, job, dataset, recipients: identities });
}

/** Writes the vendor's journal anew, chained and signed by the operator, as a processor could that hides something. */
export async function rechain(
  migration: Migration,
  signer: SecretIdentity,
  change: (entries: Draft<Entry>[]) => Draft<Entry>[],
): Promise<EntryDocument[]> {
  const { entries, instructions } = await manifestOf(migration);
  const first = instructions[0] ?? raise('no instructions');
  const written: EntryDocument[] = [];
  let head = documentDigest(first.signed);
  for (const { job, time, statement } of change(entries.map(({ signed }) => structuredClone(signed) as Draft<Entry>))) {
    const chain = { job, seq: written.length, head, time: written.at(-1)?.signed.time };
    const by = { signer, instructions: documentDigest(first.signed), time };
    const entry = nextEntry(chain, statement as Entry['statement'], by);
    written.push(entry);
    head = documentDigest(entry.signed);
  }
  await writeFile(migration.local('journal.jsonl'), Buffer.concat(written.map(canonicalLine)));
  return written;
}

/** The bytes of a sealed file in their parts (doc/format.md §9), of which each can be exchanged. */
export interface SealedParts {
  readonly header: SealedHeader;
  /** The MAC of the header, and the header of the stream. */
  readonly between: Uint8Array;
  /** Each with its tag; all but the last of 64 KiB. */
  readonly chunks: readonly Uint8Array[];
}

/** Where the header's length stands, and where the header begins. */
const [LENGTH_AT, HEADER_AT] = [18, 22];
/** A MAC of 32 bytes, the stream's header of 24. */
const BETWEEN_BYTES = 56;
/** What the stream adds to each chunk. */
const TAG_BYTES = 17;

/** Takes a sealed file apart. */
export function takeApart(sealed: Buffer): SealedParts {
  const between = HEADER_AT + sealed.readUInt32BE(LENGTH_AT);
  const chunks: Uint8Array[] = [];
  for (let at = between + BETWEEN_BYTES; at < sealed.length; at += CHUNK_BYTES + TAG_BYTES) {
    chunks.push(sealed.subarray(at, at + CHUNK_BYTES + TAG_BYTES));
  }
  const header = JSON.parse(sealed.toString('utf8', HEADER_AT, between)) as SealedHeader;
  return { header, between: sealed.subarray(between, between + BETWEEN_BYTES), chunks };
}

/** Puts the parts of a sealed file together, whatever they are now. */
export function putTogether({ header, between, chunks }: SealedParts): Buffer {
  const body = canonicalJson(header);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([Buffer.from('sealift-sealed-v1\n'), length, body, between, ...chunks]);
}

function raise(message: string): never {
  throw new Error(message);
}
