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
 * @throws SealiftError `E_SOURCE` when it can't be read, `E_SOURCE_ENCODING` for UTF-16, `E_CSV` when it is empty or its first row
 * can't be read, `E_SOURCE_CHANGED`
 */
export async function inspectSource(source: Source, options: InspectionOptions = {}): Promise<Inspection> {
  const sample = await readSample(source);
  const form = detectForm(sample);
  const reading = new Reading(form, options);
  await reading.readAll(source, sample);
  const encoding = reading.encoding();
  const { profiles, header } = profileColumns(reading, encoding.name, options.header === true);
  const { bytes, rows, extent, stopped, newline } = reading;
  return {
    bytes,
    rows: header === 'present' ? rows : rows + 1,
    extent,
    stopped,
    encoding,
    dialect: { encoding: encoding.name, ...form, newline },
    header,
    columns: profiles.map(({ profile }) => profile),
    warnings: warningsOf({ profiles, header, encoding, newline, extent }),
  };
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
