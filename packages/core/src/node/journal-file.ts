/** `journal.jsonl` on disk: read strictly, append durably, take a torn last line away and say so (doc/format.md section 12). */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readDocument } from '../document.ts';
import { SealiftError } from '../errors.ts';
import type { Digest } from '../ids.ts';
import type { EntryDocument } from '../journal/entry.ts';
import { digestOf } from '../sha256.ts';
import type { Repair } from '../statement.ts';
import { canonicalLine } from './document-file.ts';
import { lookAt, namesIn, readBounded, syncFolder } from './file.ts';
import { fileError } from './file-error.ts';
import { createFile } from './temporary-file.ts';

const MAX_BYTES = 64 << 20;
const LINE_FEED = 0x0a;
/** `journal.jsonl.torn-<number of entries before it>-<first digits of its digest>`. */
const TORN = /\.torn-(\d{1,9})-[0-9a-f]{16}$/;

/** A journal as the disk holds it. */
export interface JournalContent {
  readonly entries: readonly EntryDocument[];
  /** Bytes up to the end of the last whole line; what follows was torn by a crash. */
  readonly wholeBytes: number;
}

/**
 * Reads a journal; a file that is not there is an empty journal. A torn last line is passed over.
 * @throws E_CHAIN for a line that is not a canonical entry, naming its index; E_LIMIT, E_FILE
 */
export async function readJournalFile(path: string): Promise<JournalContent> {
  if ((await lookAt(path)) === undefined) return { entries: [], wholeBytes: 0 };
  const bytes = await readBounded(path, MAX_BYTES);
  const wholeBytes = bytes.lastIndexOf(LINE_FEED) + 1;
  const entries: EntryDocument[] = [];
  for (let start = 0; start < wholeBytes; ) {
    const end = bytes.indexOf(LINE_FEED, start) + 1;
    entries.push(readLine(bytes.subarray(start, end), entries.length, path));
    start = end;
  }
  return { entries, wholeBytes };
}

function readLine(line: Uint8Array, index: number, path: string): EntryDocument {
  const unreadable = (cause: unknown): SealiftError =>
    new SealiftError('E_CHAIN', `journal entry ${index} can't be read`, {
      hint: 'the journal was changed: restore it from a backup, or compare with the manifests that other parties hold',
      place: { file: path, line: index + 1 },
      cause,
    });
  let document: EntryDocument;
  try {
    document = readDocument(line, 'sealift.entry.v1', path).document;
  } catch (cause) {
    throw unreadable(cause);
  }
  if (Buffer.compare(canonicalLine(document), line) !== 0) throw unreadable(undefined);
  return document;
}

/**
 * Moves what follows the last whole line into a file of its own beside the journal. Run again after a crash, it completes what is
 * missing; {@link unrecordedTears} finds what no entry says yet.
 * @throws E_CHAIN when whole lines were taken away meanwhile, E_FILE
 */
export async function setTornTailAside(path: string, whole: { entries: number; wholeBytes: number }): Promise<void> {
  const size = Number((await lookAt(path))?.size ?? 0);
  if (size === whole.wholeBytes) return;
  if (size < whole.wholeBytes) {
    throw new SealiftError('E_CHAIN', 'the journal became shorter while the job was open', {
      hint: 'restore it from a backup, or compare with the manifests that other parties hold',
      place: { file: path },
    });
  }
  const torn = (await readBounded(path, MAX_BYTES)).slice(whole.wholeBytes);
  const aside = `${path}.torn-${whole.entries}-${digestOf(torn).slice('sha256:'.length, 'sha256:'.length + 16)}`;
  if ((await lookAt(aside)) === undefined) await createFile(aside, torn);
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW);
    try {
      await handle.truncate(whole.wholeBytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw fileError(cause, 'writing', path);
  }
}

/**
 * The torn lines that were moved away and that no entry records yet: a crash may have come between the two.
 * @returns the statements that record them
 * @throws E_LIMIT, E_FILE
 */
export async function unrecordedTears(path: string, entries: readonly EntryDocument[]): Promise<Repair[]> {
  const name = basename(path);
  const repairs: Repair[] = [];
  for (const candidate of await namesIn(dirname(path))) {
    const before = candidate.startsWith(name) ? TORN.exec(candidate)?.[1] : undefined;
    if (before === undefined) continue;
    const torn = await readBounded(join(dirname(path), candidate), MAX_BYTES);
    const removedDigest = digestOf(torn);
    if (isRecorded(entries.slice(Number(before)), removedDigest)) continue;
    repairs.push({ kind: 'repair', removedBytes: torn.length, removedDigest });
  }
  return repairs;
}

function isRecorded(entries: readonly EntryDocument[], removedDigest: Digest): boolean {
  return entries.some(
    ({ signed: { statement } }) => statement.kind === 'repair' && statement.removedDigest === removedDigest,
  );
}

/**
 * Appends an entry and forces it to the disk before it resolves. An entry that could not be read again is not written.
 * @param wholeBytes the journal's size before
 * @returns its size after
 * @throws E_SCHEMA, E_LIMIT, E_FILE; a line that was written in part is for {@link setTornTailAside}
 */
export async function appendToJournalFile(path: string, entry: EntryDocument, wholeBytes: number): Promise<number> {
  const line = canonicalLine(entry);
  readDocument(line, 'sealift.entry.v1');
  if (wholeBytes + line.length > MAX_BYTES) {
    throw new SealiftError('E_LIMIT', `the journal would be larger than ${MAX_BYTES} bytes`, { place: { file: path } });
  }
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  try {
    const handle = await open(path, flags, 0o600);
    try {
      await handle.appendFile(line);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw fileError(cause, 'writing', path);
  }
  if (wholeBytes === 0) await syncFolder(dirname(path));
  return wholeBytes + line.length;
}
