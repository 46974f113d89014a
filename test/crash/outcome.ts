/** What a step led to, in terms in which two runs of it can be compared: what is random or dated is left out. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentDigest, readDocument } from '@sealift/core/document';
import type { EntryDocument } from '@sealift/core/journal';
import { filesBelow } from '../rig/files.ts';
import type { Migration } from '../rig/migration.ts';

/** Statements that a job does not go on by: a refusal, an alert or a repair may stand between two others. */
const REMARKS: ReadonlySet<string> = new Set(['refusal', 'alert', 'repair']);

/** The lines of a journal that are whole. */
export async function journalLines(migration: Migration): Promise<string[]> {
  const text = await readFile(migration.local('journal.jsonl'), 'utf8').catch(() => '');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}

/** The entries of the vendor's manifest; none where there is no manifest. */
export async function manifestEntries(migration: Migration): Promise<readonly EntryDocument[]> {
  const bytes = await readFile(migration.local('manifest.json')).catch(() => undefined);
  return bytes === undefined ? [] : readDocument(bytes, 'sealift.manifest.v1').document.entries;
}

/** What must be equal after a crash and a rerun, and without a crash. */
export interface Outcome {
  /** The kinds of statements that the job went on by. */
  readonly journal: readonly string[];
  /** What left, by the extraction statement: counts, columns, sizes. */
  readonly extracted: unknown;
  /** The files of everybody, by name; those that a repair moved away on purpose are left out. */
  readonly files: readonly string[];
  /** Sealed files on the server against what the delivery states. */
  readonly delivered: unknown;
  /** SHA-256 of the recipient's plaintext. */
  readonly received: Readonly<Record<string, string>>;
  /** What the vendor and the recipient remember of the job. */
  readonly ledgers: unknown;
}

/** Looks at everything. */
export async function outcomeOf(migration: Migration): Promise<Outcome> {
  const entries = (await journalLines(migration)).map(
    (line) => readDocument(Buffer.from(`${line}\n`), 'sealift.entry.v1').document,
  );
  const statements = entries.map(({ signed }) => signed.statement);
  const extraction = statements.find((statement) => statement.kind === 'extraction');
  return {
    journal: statements.map(({ kind }) => kind).filter((kind) => !REMARKS.has(kind)),
    extracted: extraction?.datasets.map(({ dataset, source, counts, columns, plaintext, file }) => ({
      ...{ dataset, source, counts, columns },
      ...{ plaintextBytes: plaintext.bytes, sealedBytes: file.bytes },
    })),
    files: await namesOf(migration),
    delivered: await deliveredAsStated(migration, statements),
    received: await receivedBy(migration),
    ledgers: await ledgersOf(migration, entries),
  };
}

async function namesOf(migration: Migration): Promise<string[]> {
  const names: string[] = [];
  for (const [who, folder] of migration.folders()) {
    names.push(...(await filesBelow(folder)).map((file) => `${who}/${file}`));
  }
  return names.filter((name) => !name.includes('journal.jsonl.torn-')).sort();
}

type Statement = EntryDocument['signed']['statement'];

async function deliveredAsStated(migration: Migration, statements: readonly Statement[]): Promise<unknown> {
  const delivery = statements.find((statement) => statement.kind === 'delivery');
  if (delivery === undefined) return 'not delivered';
  return Promise.all(
    delivery.files.map(async ({ name, bytes, digest, readBack }) => {
      const stored = await readFile(migration.remote('out', name)).catch(() => undefined);
      const there = stored && { asStated: stored.length === bytes && `sha256:${sha256(stored)}` === digest };
      return { name, readBack, there: there ?? 'absent' };
    }),
  );
}

async function receivedBy({ cast }: Migration): Promise<Record<string, string>> {
  const files = (await filesBelow(cast.recipient.folder)).filter((name) => /^(?:received|loaded)\/.*\.csv$/.test(name));
  const digests: Record<string, string> = {};
  for (const file of files) digests[file] = sha256(await readFile(cast.recipient.path(file)));
  return digests;
}

/** Each ledger's record; the digests in it are compared with what they must be. */
async function ledgersOf({ cast }: Migration, entries: readonly EntryDocument[]): Promise<unknown> {
  const instructions = readDocument(await readFile(cast.vendor.path('lab.json')), 'sealift.instructions.v1').document;
  const extraction = entries.find(({ signed }) => signed.statement.kind === 'extraction');
  const made = extraction && documentDigest(extraction.signed);
  return Promise.all(
    [cast.vendor, cast.recipient].map(async (actor) => {
      const state = actor.path('.home', 'state', 'sealift', 'ledger');
      const records = (await filesBelow(state)).filter((name) => name.endsWith('.json'));
      return Promise.all(
        records.map(async (record) => {
          const { digest, extraction: remembered, ...rest } = JSON.parse(await readFile(join(state, record), 'utf8'));
          return {
            ...{ record, ...rest },
            instructions: digest === documentDigest(instructions.signed),
            extraction: remembered === undefined ? 'none' : remembered === made,
          };
        }),
      );
    }),
  );
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
