import { SealiftError } from '@sealift/core';
import { CellReader, requireText } from './cell.ts';
import type { CompiledDialect } from './dialect.ts';
import { refuseRecord, type ScannedRecord } from './record.ts';

/** The extraction statement names every column; longer names have no place in it. */
const LONGEST_NAME = 200;

/**
 * The column names in the source's first row, as they are.
 * @throws SealiftError `E_SOURCE_ENCODING` when a name is not text; `E_HEADER` when a name is empty, too long or stands twice.
 */
export function readHeader(record: ScannedRecord, dialect: CompiledDialect): string[] {
  const reader = new CellReader(dialect);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const names: string[] = [];
  const columns = new Map<string, number>();
  const cells = record.cells - (dialect.trailingDelimiter ? 1 : 0);
  if (dialect.trailingDelimiter && !endsWithDelimiter(record)) throw refuseTrail(record);
  for (let column = 0; column < cells; column++) {
    requireText(record, column, dialect);
    reader.read(record, column);
    const name = decoder.decode(reader.bytes.subarray(reader.start, reader.end));
    requireUsable(name, column, columns.get(name));
    columns.set(name, column);
    names.push(name);
  }
  return names;
}

/** Where every row ends with a delimiter: whether the last cell of a record has no byte. */
export function endsWithDelimiter(record: ScannedRecord): boolean {
  const last = record.cells - 1;
  return record.startOf(last) === record.endOf(last) && last > 0;
}

/** The error about a record that ends otherwise. */
export function refuseTrail(record: ScannedRecord): SealiftError {
  const hint = 'the instructions declare that every row ends with a delimiter: check that row of the source';
  return refuseRecord('E_CSV', record, 'no delimiter ends the row', hint);
}

/** Says columns by number: in a source without a header row, the first row holds patients. */
function requireUsable(name: string, column: number, earlier: number | undefined): void {
  if (name === '') {
    throw new SealiftError('E_HEADER', `column ${column + 1} of the source has no name`, {
      hint: 'give every column a name, and check that the first row is the header; if every row ends with a delimiter, declare it',
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
