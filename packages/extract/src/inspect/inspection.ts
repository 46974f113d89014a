/**
 * The inspection of a source before anybody lists a field of it (F02, F03): dialect, header, and of each column what it holds,
 * how full it is and what a person has to look at. What comes out are names of columns, counts and lengths; never a cell.
 */
import type { Dialect } from '@sealift/core/dataset';
import type { Source } from '../source.ts';
import { type ColumnProfile, profileColumns } from './column-profile.ts';
import { detectForm, SAMPLE_SIZE } from './dialect-detection.ts';
import type { DetectedEncoding } from './encoding-detection.ts';
import { type Extent, Reading, type ReadingOptions, type Stopped } from './reading.ts';
import { decodeUtf16, detectUtf16 } from './utf16-detection.ts';
import { type InspectionWarning, warningsOf } from './warning.ts';

/** What the inspection of a source found. */
export interface Inspection {
  /** Bytes read. */
  readonly bytes: number;
  /** Rows read, without the header. */
  readonly rows: number;
  readonly extent: Extent;
  readonly stopped: Stopped | null;
  readonly encoding: DetectedEncoding;
  /** As instructions declare it. */
  readonly dialect: Dialect;
  readonly header: 'present' | 'absent';
  readonly columns: readonly ColumnProfile[];
  readonly warnings: readonly InspectionWarning[];
}

/** How to inspect. */
export interface InspectionOptions extends ReadingOptions {
  /** The first row is a header, whatever it looks like. */
  readonly header?: boolean;
}

/**
 * Inspects a source from its beginning, once, in memory that does not grow with it (about 20 KiB a column).
 * @throws SealiftError `E_SOURCE` when it can't be read, `E_CSV` when it is empty or its first row
 * can't be read, `E_SOURCE_CHANGED`
 */
export async function inspectSource(source: Source, options: InspectionOptions = {}): Promise<Inspection> {
  const beginning = await readSample(source);
  const utf16 = detectUtf16(beginning);
  if (utf16 === undefined) return inspectBytes(source, beginning, options);
  const decoded = decodeUtf16(source, beginning, utf16);
  const inspection = await inspectBytes(decoded, await readSample(decoded), options);
  const encoding = { ...inspection.encoding, ...utf16, alike: [] };
  return {
    ...inspection,
    bytes: decoded.sourceBytes,
    encoding,
    dialect: { ...inspection.dialect, encoding: utf16.name },
  };
}

/** Inspects a source of single bytes or UTF-8, whose beginning was read already. */
async function inspectBytes(source: Source, sample: Uint8Array, options: InspectionOptions): Promise<Inspection> {
  const form = detectForm(sample);
  const reading = new Reading(form, options);
  await reading.readAll(source, sample);
  const encoding = reading.encoding();
  const found = profileColumns(reading, encoding.name, options.header === true);
  const { bytes, rows, extent, stopped, newline } = reading;
  const trailing = endsWithDelimiter(found);
  const profiles = trailing ? found.profiles.slice(0, -1) : found.profiles;
  return {
    bytes,
    rows: found.header === 'present' ? rows : rows + 1,
    extent,
    stopped,
    encoding,
    dialect: { encoding: encoding.name, ...form, newline, ...(trailing ? { trailingDelimiter: true } : {}) },
    header: found.header,
    columns: profiles.map(({ profile }) => profile),
    warnings: warningsOf({ profiles, header: found.header, encoding, newline, extent }),
  };
}

/** The last column has neither a name nor a cell: it is what follows the delimiter at the end of each row. */
function endsWithDelimiter({ profiles, header }: ReturnType<typeof profileColumns>): boolean {
  const last = profiles.at(-1)?.profile;
  return header === 'present' && profiles.length > 1 && last?.name === '' && last.filled === 0;
}

async function readSample(source: Source): Promise<Uint8Array> {
  const sample = new Uint8Array(SAMPLE_SIZE);
  let filled = 0;
  while (filled < sample.length) {
    const count = await source.read(sample.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return sample.subarray(0, filled);
}
