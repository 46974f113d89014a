/**
 * Which delimiter and quote a source has, judged from its beginning: those that cut the most rows into the same number of
 * cells, with a number above one.
 */
import { SealiftError } from '@sealift/core';
import type { CompiledDialect } from '../dialect.ts';
import { encodingOf } from '../encoding.ts';
import { Scanner } from '../scanner.ts';

/** The first bytes of a source that are looked at: 256 KiB. */
export const SAMPLE_SIZE: number = 256 * 1024;

const DELIMITERS = [';', ',', '\t', '|', '^', '~', ':', '#', '\u0001'] as const;
const QUOTES = ['"', "'", null] as const;
const NO_BYTE = -1;
const CR = 0x0d;
const LF = 0x0a;

/** What was found about the form of the rows. */
export interface DetectedForm {
  readonly delimiter: string;
  readonly quote: string | null;
  /** What ends the rows, as far as the beginning tells: CR alone, or LF and CRLF. */
  readonly newline: 'cr' | 'any';
}

/** A form in bytes. Its encoding changes nothing: all that can be declared agree with ASCII where rows are cut. */
export function compileForm({ delimiter, quote, newline }: DetectedForm): CompiledDialect {
  return {
    delimiter: delimiter.charCodeAt(0),
    quote: quote === null ? NO_BYTE : quote.charCodeAt(0),
    doubling: true,
    newline,
    encoding: encodingOf('windows-1252'),
    preamble: 0,
    header: undefined,
    trailingDelimiter: false,
  };
}

interface Trial extends DetectedForm {
  readonly cells: number;
  /** Rows that could be cut, all with that number of cells. */
  readonly rows: number;
  /** Whether the sample could be cut to its end. */
  readonly whole: boolean;
}

/**
 * Finds delimiter and quote.
 * @throws SealiftError `E_CSV` for an empty source
 */
export function detectForm(sample: Uint8Array): DetectedForm {
  if (sample.length === 0) throw new SealiftError('E_CSV', 'the source is empty');
  const newline = sample.includes(CR) && !sample.includes(LF) ? 'cr' : 'any';
  const has = (character: string): boolean => sample.includes(character.charCodeAt(0));
  const quotes = QUOTES.filter((quote) => quote === '"' || has(quote ?? '"'));
  const trials = quotes.flatMap((quote) =>
    DELIMITERS.filter(has).map((delimiter) => tryForm(sample, { delimiter, quote, newline })),
  );
  const [best] = trials.sort((one, other) => rank(other) - rank(one) || other.cells - one.cells);
  if (best === undefined || best.cells < 2) return { delimiter: ';', quote: '"', newline };
  return { delimiter: best.delimiter, quote: best.quote, newline };
}

/** Forms that cut all of the sample come first, then those that cut more rows, the earlier of the lists among equals. */
function rank({ cells, rows, whole }: Trial): number {
  if (cells < 2 || rows === 0) return 0;
  return (whole ? 1e9 : 0) + rows;
}

function tryForm(sample: Uint8Array, form: DetectedForm): Trial {
  const scanner = new Scanner(compileForm(form));
  let at = 0;
  let rows = 0;
  try {
    for (;;) {
      while (scanner.nextBatch()) {
        while (scanner.next()) {
          if (rows === 0) scanner.fixColumns(scanner.cells);
          rows++;
        }
      }
      if (at === sample.length) return { ...form, cells: scanner.cells, rows, whole: true };
      const space = scanner.space();
      const piece = sample.subarray(at, at + space.length);
      space.set(piece);
      scanner.fill(piece.length);
      at += piece.length;
    }
  } catch (error) {
    if (!(error instanceof SealiftError)) throw error;
    return { ...form, cells: scanner.cells, rows, whole: false };
  }
}
