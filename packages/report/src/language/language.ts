/** How a language writes: its special spaces and apostrophes, numbers, dates, lists. */
import type { UtcTime } from '@sealift/core/ids';

/** The languages that people read here. */
export type Language = 'fr' | 'en';

/** What the texts of one language are set with. */
export interface Typography {
  readonly language: Language;
  /** The tag of template texts. */
  readonly text: Typeset;
  /** A count, grouped as the language groups it. */
  readonly number: (count: number) => string;
  /** `2017-05-07`, or the day of a time. */
  readonly day: (date: string) => string;
  /** A day, hour and minute. */
  readonly moment: (time: UtcTime) => string;
  /** `a, b and c`. */
  readonly list: (words: readonly string[]) => string;
  /** So many of a thing: `1 row`, `2 rows`; the plural is made from the singular where none is given. */
  readonly count: (amount: number, one: string, many?: string) => string;
  /** So many days. */
  readonly days: (count: number) => string;
  /** A size in bytes, as people say it: `1.2 MB`. */
  readonly size: (bytes: number) => string;
  /** A country by its name. */
  readonly country: (code: string) => string;
}

/** The tag of template texts in one language: `typeset` is applied to the written parts, never to the names between them. */
export type Typeset = (parts: TemplateStringsArray, ...values: readonly (string | number)[]) => string;

/** Makes a {@link Typeset}; numbers are grouped as the locale groups them. */
export function typesetter(locale: string, typeset: (part: string) => string): Typeset {
  const numbers = new Intl.NumberFormat(locale);
  return (parts, ...values) =>
    parts
      .map((part, index) => {
        const value = values[index];
        return typeset(part) + (typeof value === 'number' ? numbers.format(value) : (value ?? ''));
      })
      .join('');
}

/** A function that calls a country by its name. */
export function countryNames(locale: string): (code: string) => string {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  return (code) => names.of(code) ?? code;
}

/** A function that writes sizes: units of 1000, one decimal where there is less than ten of it. */
export function sizes(locale: string, units: readonly string[]): (bytes: number) => string {
  return (bytes) => {
    const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
    const value = bytes / 1000 ** power;
    const digits = new Intl.NumberFormat(locale, { maximumFractionDigits: power > 0 && value < 10 ? 1 : 0 });
    return `${digits.format(value)}\u00a0${units[power] ?? ''}`;
  };
}
