/** Date formats of a column, among the patterns that a window may declare (doc/format.md section 7), told apart by the cells. */
import { compileDateFormat, type DateFormat } from '@sealift/core/window';
import { type Cell, HAS } from './cell-shape.ts';

const WITH_CENTURY = [
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'DD-MM-YYYY',
  'MM-DD-YYYY',
  'DD.MM.YYYY',
  'YYYYMMDD',
  'DDMMYYYY',
];
/** Without a zero before a day or month of one digit. */
const UNPADDED = ['D/M/YYYY', 'M/D/YYYY', 'YYYY-M-D', 'YYYY/M/D', 'D-M-YYYY', 'M-D-YYYY', 'D.M.YYYY'];
const WITHOUT_CENTURY = ['DD/MM/YY', 'MM/DD/YY', 'DD-MM-YY', 'DD.MM.YY'];
const TIMES = ['', ' HH:mm', ' HH:mm:ss', ' HH:mm:ss.SSS', 'THH:mm', 'THH:mm:ss', 'THH:mm:ss.SSS'];
const UNPADDED_TIMES = ['', ' HH:mm', ' HH:mm:ss', ' H:mm', ' H:mm:ss'];
const ZONES = ['THH:mm:ssZ', 'THH:mm:ssXXX', 'THH:mm:ss.SSSZ', 'THH:mm:ss.SSSXXX'];

/** Days outside are not taken for dates, though a window would: numbers of eight digits are dates by chance otherwise. */
const RANGE = {
  days: { earliest: Date.UTC(1850, 0, 1) / 86_400_000, latest: Date.UTC(2100, 0, 1) / 86_400_000 },
  seconds: { earliest: Date.UTC(1850, 0, 1) / 1000, latest: Date.UTC(2100, 0, 1) / 1000 },
};
/** Which century is meant is not told from the cells. */
const PIVOT = 1930;

const ZERO = 0x30;
const PATTERNS: readonly string[] = [
  ...WITH_CENTURY.flatMap((day) => [...TIMES, ...ZONES].map((time) => day + time)),
  ...WITHOUT_CENTURY.flatMap((day) => TIMES.map((time) => day + time)),
  ...UNPADDED.flatMap((day) => UNPADDED_TIMES.map((time) => day + time)),
];

interface Candidate {
  readonly index: number;
  readonly format: DateFormat;
  /** Where the first separator of the pattern may stand, or its first digit: most formats are told apart by it. */
  readonly places: readonly number[];
  readonly first: number;
  readonly last: number;
}

let compiled: ReadonlyMap<number, readonly Candidate[]> | undefined;

/** The patterns by their width, compiled when the first column is looked at: an extraction looks at none. */
function byWidth(): ReadonlyMap<number, readonly Candidate[]> {
  compiled ??= candidates();
  return compiled;
}

function candidates(): Map<number, Candidate[]> {
  const found = new Map<number, Candidate[]>();
  for (const [index, pattern] of PATTERNS.entries()) {
    const format = compileDateFormat(pattern, pattern.includes('YYYY') ? undefined : PIVOT);
    // A zone of one letter is found by the pattern with Z: a column has one format.
    const widths = isPadded(pattern) ? [Math.max(...format.widths)] : format.widths;
    for (const width of widths) found.set(width, [...(found.get(width) ?? []), { index, format, ...markOf(pattern) }]);
  }
  return found;
}

/** What a cell must have to be looked at more closely. */
function markOf(pattern: string): Pick<Candidate, 'places' | 'first' | 'last'> {
  const separator = pattern.search(/[/.-]/);
  if (separator < 0) return { places: [0], first: ZERO, last: ZERO + 9 };
  const byte = pattern.charCodeAt(separator);
  // A day or month alone has one digit or two.
  return { places: separator === 1 ? [1, 2] : [separator], first: byte, last: byte };
}

function hasMark({ bytes, start }: Cell, { places, first, last }: Candidate): boolean {
  for (const at of places) {
    const byte = bytes[start + at] ?? 0;
    if (byte >= first && byte <= last) return true;
  }
  return false;
}

/** A day, month or hour that stands alone as a letter. */
const ALONE = /(?<![DMH])[DMH](?![DMH])/g;

const paddedTwin = (pattern: string): string => pattern.replaceAll(ALONE, (letter) => letter + letter);

const isPadded = (pattern: string): boolean => paddedTwin(pattern) === pattern;

/** Cells of two digits throughout are of both kinds: the one with zeros is meant. */
function hasMorePadded(best: readonly string[], pattern: string): boolean {
  return best.some((other) => other.length > pattern.length && paddedTwin(other) === paddedTwin(pattern));
}

/** Numbers by chance too: these count only where the column's name speaks of a date. Shorter ones would be years, days or numbers. */
const EPOCHS = [
  { pattern: 'epoch-seconds', shortest: 9, longest: 10 },
  { pattern: 'epoch-milliseconds', shortest: 12, longest: 13 },
].map((epoch) => ({ ...epoch, format: compileDateFormat(epoch.pattern, undefined) }));

/** The formats that fit a column best. */
export interface DateFormats {
  /** Several when no cell tells them apart, such as day and month when no day is above 12. */
  readonly patterns: readonly string[];
  /** Cells that the best of them reads. */
  readonly matching: number;
}

/** Counts, for each format, the cells that it reads. */
export class DateDetector {
  readonly #candidates = byWidth();
  readonly #counts = new Float64Array(PATTERNS.length);
  readonly #epochs = new Float64Array(EPOCHS.length);
  /** Cells that at least one format reads. */
  matching = 0;

  /** Looks at a cell; true when it is a date in some pattern. */
  add(cell: Cell): boolean {
    const { start, end, mask, letters, digits } = cell;
    if (digits < 6 || letters > 2 || (mask & (HAS.at | HAS.high)) !== 0) return false;
    if (digits === end - start) this.#addEpoch(cell);
    let found = false;
    for (const candidate of this.#candidates.get(end - start) ?? []) {
      const { index, format } = candidate;
      if (!hasMark(cell, candidate) || !isInRange(format, cell)) continue;
      this.#counts[index] = (this.#counts[index] ?? 0) + 1;
      found = true;
    }
    if (found) this.matching++;
    return found;
  }

  /** The best formats; none when no cell was a date. */
  result(): DateFormats {
    const [inPatterns, asEpochs] = [Math.max(...this.#counts), Math.max(...this.#epochs)];
    if (asEpochs > inPatterns) {
      const patterns = EPOCHS.filter((_, index) => this.#epochs[index] === asEpochs).map(({ pattern }) => pattern);
      return { patterns, matching: asEpochs };
    }
    const best = inPatterns === 0 ? [] : PATTERNS.filter((_, index) => this.#counts[index] === inPatterns);
    return { patterns: best.filter((pattern) => !hasMorePadded(best, pattern)), matching: inPatterns };
  }

  #addEpoch(cell: Cell): void {
    for (const [index, { shortest, longest, format }] of EPOCHS.entries()) {
      if (cell.digits < shortest || cell.digits > longest || !isInRange(format, cell)) continue;
      this.#epochs[index] = (this.#epochs[index] ?? 0) + 1;
    }
  }
}

function isInRange(format: DateFormat, { bytes, start, end }: Cell): boolean {
  const date = format.read(bytes, start, end);
  const { earliest, latest } = RANGE[format.counts];
  return typeof date === 'number' && date >= earliest && date <= latest;
}
