/** What stands before the first row of a source and is none: a byte order mark, and lines that the instructions declare. */
import { SealiftError } from '@sealift/core';
import type { CompiledDialect } from './dialect.ts';
import type { Feed } from './feed.ts';
import type { Scanner } from './scanner.ts';

const CR = 0x0d;
const LF = 0x0a;

const UTF_8_MARK = [0xef, 0xbb, 0xbf] as const;
/** What utf16.ts makes of a mark in the other order of bytes. */
const SWAPPED_MARK = [0xef, 0xbf, 0xbe] as const;
const UTF_16_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
] as const;
const MARK_LENGTH = 3;

/**
 * Leaves out what stands before the first row. False when the source is empty.
 * @throws SealiftError `E_SOURCE_ENCODING` when the source begins with the mark of an encoding that was not declared; `E_HEADER` when
 * it ends within its preamble
 */
export async function skipPreamble(feed: Feed, dialect: CompiledDialect): Promise<boolean> {
  const { scanner } = feed;
  while (scanner.waiting < MARK_LENGTH && (await feed.more())) {
    // A byte order mark may come in pieces.
  }
  if (scanner.waiting === 0) return false;
  skipByteOrderMark(scanner, dialect);
  for (let line = 0; line < dialect.preamble; line++) await skipLine(feed, dialect.newline === 'cr' ? CR : LF);
  return true;
}

function skipByteOrderMark(scanner: Scanner, { encoding }: CompiledDialect): void {
  const marked = scanner.startsWith(UTF_8_MARK);
  if (marked && encoding.multibyte) {
    scanner.skip(UTF_8_MARK.length);
    return;
  }
  const isUtf16 = encoding.name !== 'utf-8' && encoding.multibyte;
  if (isUtf16 ? scanner.startsWith(SWAPPED_MARK) : marked || UTF_16_MARKS.some((mark) => scanner.startsWith(mark))) {
    const found = isUtf16 ? 'the other UTF-16' : marked ? 'UTF-8' : 'UTF-16';
    const hint = isUtf16 || !marked ? 'declare utf-16le or utf-16be, whichever the source has' : 'declare utf-8';
    const message = `the source begins with the byte order mark of ${found}, not ${encoding.name}`;
    throw new SealiftError('E_SOURCE_ENCODING', message, { hint });
  }
}

/** Skips to behind the next newline, whatever stands before it. */
async function skipLine(feed: Feed, newline: number): Promise<void> {
  const { scanner } = feed;
  for (;;) {
    const found = scanner.find(newline);
    if (found >= 0) {
      scanner.skip(found + 1);
      return;
    }
    scanner.skip(scanner.waiting);
    if (!(await feed.more())) throw refuseEnd('within the lines that the instructions skip before its header');
  }
}

/** The error about a source that ends too early, with lines and without a header. */
export function refuseEnd(where: string): SealiftError {
  return new SealiftError('E_HEADER', `the source ends ${where}`, {
    hint: 'check the number of lines before the header, and the newline, that the instructions declare',
  });
}
