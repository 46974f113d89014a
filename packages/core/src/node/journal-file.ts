/** `journal.jsonl` on disk: read strictly, append durably, take a torn last line away and say so (doc/format.md section 12). */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readDocument } from '../document.ts';
import { SealiftError } from '../errors.ts';
import type { EntryDocument } from '../journal/entry.ts';
import { digestOf } from '../sha256.ts';
import type { Repair } from '../statement.ts';
import { canonicalLine } from './document-file.ts';
import { createFile, fileError, lookAt, readBounded, syncFolder } from './file.ts';

const MAX_BYTES = 64 << 20;
const LINE_FEED = 0x0a;

/** A journal as the disk holds it. */
export interface JournalContent {
  readonly entries: readonly EntryDocument[];
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
  /** What follows the last whole line, when a crash tore it. */
  readonly torn: Uint8Array;
}

/**
 * Reads a journal; a file that is not there is an empty journal.
 * @throws E_CHAIN for a line that is not a canonical entry, naming its index
 */
export async function readJournalFile(path: string): Promise<JournalContent> {
  if ((await lookAt(path)) === undefined) return { entries: [], wholeBytes: 0, torn: new Uint8Array() };
  const bytes = await readBounded(path, MAX_BYTES);
  const wholeBytes = bytes.lastIndexOf(LINE_FEED) + 1;
  const entries: EntryDocument[] = [];
  for (let start = 0; start < wholeBytes; ) {
    const end = bytes.indexOf(LINE_FEED, start) + 1;
    entries.push(readLine(bytes.subarray(start, end), entries.length, path));
    start = end;
  }
  return { entries, wholeBytes, torn: bytes.slice(wholeBytes) };
}

function readLine(line: Uint8Array, index: number, path: string): EntryDocument {
  try {
    return readDocument(line, 'sealift.entry.v1', path).document;
  } catch (cause) {
    throw new SealiftError('E_CHAIN', `journal entry ${index} in ${path} can't be read`, {
      hint: 'the journal was changed: restore it from a backup, or compare with the manifests that other parties hold',
      cause,
    });
  }
}

/**
 * Moves a torn tail into a file of its own beside the journal.
 * @returns the statement that records it
 */
export async function removeTornTail(path: string, content: JournalContent): Promise<Repair> {
  const { torn, wholeBytes, entries } = content;
  const kept = `${path}.torn-${entries.length}-${torn.length}`;
  if ((await lookAt(kept)) === undefined) await createFile(kept, torn);
  const handle = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    await handle.truncate(wholeBytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { kind: 'repair', removedBytes: torn.length, removedDigest: digestOf(torn) };
}

/** Appends an entry and forces it to the disk before it resolves. @throws E_FILE */
export async function appendToJournalFile(path: string, entry: EntryDocument): Promise<void> {
  const isNew = (await lookAt(path)) === undefined;
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  try {
    const handle = await open(path, flags, 0o600);
    try {
      await handle.appendFile(canonicalLine(entry));
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (isNew) await syncFolder(dirname(path));
  } catch (cause) {
    throw fileError(cause, 'writing', path);
  }
}
