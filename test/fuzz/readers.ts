/** How each kind of document is read to the end, as its users read it: strictly, then verified against what is trusted. */
import type { ErrorCode } from '@sealift/core';
import { claimsOf } from '@sealift/core/claims';
import {
  canonicalJson,
  type DocumentType,
  type DocumentTypes,
  type JsonValue,
  readDocument,
} from '@sealift/core/document';
import { readIdentity } from '@sealift/core/identity';
import { verifyInstructions } from '@sealift/core/instructions';
import { appendToStory, currentInstructions, nextEntry, procedureOf, stateOf } from '@sealift/core/journal';
import { embed, verifyManifest } from '@sealift/core/manifest';
import { verifyRoster } from '@sealift/core/roster';
import type { MigrationDocuments } from './migration-documents.ts';

/** One kind of document: valid ones, and how they are read. */
export interface DocumentReader {
  readonly originals: readonly JsonValue[];
  /** Reads and verifies; returns the document. Throws SealiftError. */
  readonly read: (bytes: Uint8Array) => JsonValue;
  readonly documented: readonly ErrorCode[];
}

/** The kinds of document. */
export type DocumentKind = 'identity' | 'roster' | 'instructions' | 'entry' | 'party document' | 'manifest';

/** What `readDocument` throws. */
const READING = [
  'E_LIMIT',
  'E_ENCODING',
  'E_JSON',
  'E_JSON_DUP',
  'E_NUMBER',
  'E_VERSION',
  'E_KEY',
  'E_UNSIGNED',
  'E_SCHEMA',
] as const;
const ROSTER = ['E_KEY_WEAK', 'E_SHARED', 'E_LAB', 'E_THRESHOLD', 'E_SIG', 'E_ROLE', 'E_MISMATCH'] as const;
const INSTRUCTIONS = [
  ...ROSTER,
  'E_ROLLBACK',
  'E_COUNTRY',
  'E_SCOPE',
  'E_CREDENTIAL',
  'E_DATE',
  'E_TIME',
  'E_SSH_KEY',
] as const;
/** What the journal's checks throw: chain, order of steps, agreement. */
const JOURNAL = [
  'E_CHAIN',
  'E_SIG',
  'E_ROLE',
  'E_THRESHOLD',
  'E_REVOKED',
  'E_STATE',
  'E_WAITING',
  'E_REPLAY',
  'E_TIME',
  'E_CONTRACT',
  'E_LAB',
  'E_ROLLBACK',
  'E_CLOCK',
  'E_MISMATCH',
  'E_SCOPE',
  'E_COUNT',
  'E_CEILING',
  'E_SUITE',
  'E_ACK',
] as const;

const PARTY_TYPES = [
  'sealift.approval.v1',
  'sealift.receipt.v1',
  'sealift.import.v1',
  'sealift.validation.v1',
  'sealift.revocation.v1',
] as const;

/** The readers of a migration's documents. */
export function documentReaders(migration: MigrationDocuments): Readonly<Record<DocumentKind, DocumentReader>> {
  const { cast, roster, pinned, instructions, stories, manifest, partyDocuments } = migration;
  return {
    identity: {
      originals: Object.values(cast).map(({ identity }) => json(identity.document)),
      read: reader('sealift.identity.v1', readIdentity),
      documented: [...READING, 'E_KEY_WEAK'],
    },
    roster: {
      originals: [json(roster)],
      read: reader('sealift.roster.v1', verifyRoster),
      documented: [...READING, ...ROSTER],
    },
    instructions: {
      originals: [json(instructions)],
      read: reader('sealift.instructions.v1', (document) => verifyInstructions(document, pinned)),
      documented: [...READING, ...INSTRUCTIONS],
    },
    entry: {
      originals: manifest.entries.map(json),
      read: reader('sealift.entry.v1', (document) => {
        appendToStory(at(stories, Math.min(document.signed.seq, manifest.entries.length - 1)), document);
      }),
      documented: [...READING, ...JOURNAL],
    },
    'party document': {
      originals: partyDocuments.map(json),
      read: reader([...PARTY_TYPES], (document) => {
        const statement = embed(document);
        const place = manifest.entries.findIndex(({ signed }) => signed.statement.kind === statement.kind);
        const story = at(stories, Math.max(place, 0));
        const time = at(stories, Math.max(place, 0) + 1).chain.time ?? instructions.signed.issued;
        const by = { signer: cast.operator, instructions: currentInstructions(story).digest, time };
        appendToStory(story, nextEntry(story.chain, statement, by));
      }),
      documented: [...READING, ...JOURNAL],
    },
    manifest: {
      originals: [json(manifest)],
      read: reader('sealift.manifest.v1', (document) => {
        const story = verifyManifest(document, pinned);
        claimsOf(story);
        stateOf(story.progress, procedureOf(currentInstructions(story)));
      }),
      documented: [...READING, ...INSTRUCTIONS, ...JOURNAL],
    },
  };
}

/** What is under a document's signatures, without the signatures. */
export function contentOf(document: JsonValue): JsonValue {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document;
  if ('signed' in document) return (document as { signed: JsonValue }).signed;
  return Object.fromEntries(
    Object.entries(document).map(([name, member]) => [
      name,
      Array.isArray(member) ? member.map(contentOf) : contentOf(member),
    ]),
  );
}

/** A document as the plain JSON that a file holds. */
export function json(document: unknown): JsonValue {
  return JSON.parse(new TextDecoder().decode(canonicalJson(document)));
}

function reader<T extends DocumentType>(types: T | readonly T[], verify: (document: DocumentTypes[T]) => unknown) {
  return (bytes: Uint8Array): JsonValue => {
    const { document } = readDocument(bytes, types);
    verify(document);
    return document as unknown as JsonValue;
  };
}

function at<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new RangeError(`no element ${index}`);
  return element;
}
