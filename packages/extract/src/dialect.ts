import { SealiftError } from '@sealift/core';
import type { Dialect } from '@sealift/core/dataset';
import { type Encoding, encodingOf } from './encoding.ts';

/** A dialect in bytes. */
export interface CompiledDialect {
  readonly delimiter: number;
  /** The quote's byte, or {@link NO_QUOTE}. */
  readonly quote: number;
  /** Whether a quote inside quotes is written twice; otherwise it can't be written. */
  readonly doubling: boolean;
  readonly newline: Dialect['newline'];
  readonly encoding: Encoding;
  /** Lines before the header that are no rows. */
  readonly preamble: number;
  /** The names of the columns, where the source has no header row. */
  readonly header: readonly string[] | undefined;
  /** Every row ends with a delimiter that no cell follows. */
  readonly trailingDelimiter: boolean;
}

/** The newline policies, in the order of their numbers in `assembly/scan.ts`. */
export const NEWLINES: readonly Dialect['newline'][] = ['any', 'lf', 'crlf', 'cr'];

/** Stands for a source that never quotes; no byte has this value. */
export const NO_QUOTE = -1;

/**
 * Compiles the dialect that the instructions declare.
 * @throws SealiftError `E_SCHEMA` when delimiter or quote is not one ASCII character, or both are the same, or one is a newline or NUL.
 */
export function compileDialect(dialect: Dialect): CompiledDialect {
  const delimiter = asciiByte(dialect.delimiter, 'delimiter');
  const quote = dialect.quote === null ? NO_QUOTE : asciiByte(dialect.quote, 'quote');
  if (delimiter === quote) {
    throw new SealiftError('E_SCHEMA', 'delimiter and quote are the same character', {
      hint: 'declare the characters that the source uses',
    });
  }
  return {
    delimiter,
    quote,
    doubling: dialect.doubleQuote ?? true,
    newline: dialect.newline,
    encoding: encodingOf(dialect.encoding),
    preamble: dialect.preamble ?? 0,
    header: dialect.header,
    trailingDelimiter: dialect.trailingDelimiter ?? false,
  };
}

function asciiByte(text: string, what: string): number {
  const code = text.charCodeAt(0);
  if (text.length === 1 && code > 0 && code < 0x80 && text !== '\n' && text !== '\r') return code;
  throw new SealiftError('E_SCHEMA', `the ${what} is not one ASCII character other than a newline`, {
    hint: 'declare the character that the source uses',
  });
}
