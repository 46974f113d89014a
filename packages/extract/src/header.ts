import { SealiftError } from '@sealift/core';
import { CellReader, requireText } from './cell.ts';
import type { CompiledDialect } from './dialect.ts';
import type { ScannedRecord } from './record.ts';
import type { Scanner } from './scanner.ts';

const UTF_8_MARK = [0xef, 0xbb, 0xbf] as const;
const UTF_16_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
] as const;

/** The extraction statement names every column; longer names have no place in it. */
const LONGEST_NAME = 200;

/** Bytes that {@link skipByteOrderMark} has to see. */
export const MARK_LENGTH = 3;

/**
 * Skips the byte order mark of a UTF-8 source.
 * @throws SealiftError `E_SOURCE_ENCODING` when the source begins with the mark of an encoding that was not declared.
 */
export function skipByteOrderMark(scanner: Scanner, { encoding }: CompiledDialect): void {
  const marked = scanner.startsWith(UTF_8_MARK);
  if (marked && encoding.name === 'utf-8') {
    scanner.skip(UTF_8_MARK.length);
    return;
  }
  if (marked || UTF_16_MARKS.some((mark) => scanner.startsWith(mark))) {
    const found = marked ? 'UTF-8' : 'UTF-16';
    throw new SealiftError(
      'E_SOURCE_ENCODING',
      `the source begins with the byte order mark of ${found}, not ${encoding.name}`,
      {
        hint: marked ? 'declare utf-8' : 'convert the source to an encoding that can be declared, or dump it again',
      },
    );
  }
}

/**
 * The column names in the source's first row, as they are.
 * @throws SealiftError `E_SOURCE_ENCODING` when a name is not text; `E_HEADER` when a name is empty, too long or stands twice.
 */
export function readHeader(record: ScannedRecord, dialect: CompiledDialect): string[] {
  const reader = new CellReader(dialect);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const names: string[] = [];
  const columns = new Map<string, number>();
  for (let column = 0; column < record.cells; column++) {
    requireText(record, column, dialect);
    reader.read(record, column);
    const name = decoder.decode(reader.bytes.subarray(reader.start, reader.end));
    requireUsable(name, column, columns.get(name));
    columns.set(name, column);
    names.push(name);
  }
  return names;
}

/** Says columns by number: in a source without a header row, the first row holds patients. */
function requireUsable(name: string, column: number, earlier: number | undefined): void {
  if (name === '') {
    throw new SealiftError('E_HEADER', `column ${column + 1} of the source has no name`, {
      hint: 'give every column a name, and check that the first row is the header and does not end with a delimiter',
    });
  }
  if (name.length > LONGEST_NAME) {
    throw new SealiftError(
      'E_HEADER',
      `the name of column ${column + 1} of the source has more than ${LONGEST_NAME} characters`,
      {
        hint: 'check that the first row is the header, and that delimiter and quote are the declared ones',
      },
    );
  }
  if (earlier !== undefined) {
    throw new SealiftError('E_HEADER', `columns ${earlier + 1} and ${column + 1} of the source have the same name`, {
      hint: 'dump the source again with names that differ, and check that the first row is the header',
    });
  }
}
