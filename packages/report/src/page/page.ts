/** Instructions as a page for people: a title and sections of whole sentences. The languages write it; this says what it is. */
import type { Fingerprint } from '@sealift/core/ids';
import type { Instructions } from '@sealift/core/instructions';

/** The languages a page is written in. */
export type PageLanguage = 'fr' | 'en';

/** Part of a page. A line that begins with `- ` is an item of a list. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The whole page. */
export interface Page {
  readonly title: string;
  readonly sections: readonly Section[];
}

/** A signer of the laboratory who has signed. */
export interface SignedBy {
  readonly name: string;
  readonly fingerprint: Fingerprint;
}

/**
 * How far instructions are signed: not at all; by keys that can't be checked without the roster; by nobody of the roster;
 * by too few of it; by enough.
 */
export type SignatureStatus =
  | { readonly state: 'unsigned' }
  | { readonly state: 'unchecked'; readonly signatures: number }
  | { readonly state: 'foreign' }
  | { readonly state: 'incomplete' | 'complete'; readonly signedBy: readonly SignedBy[]; readonly threshold: number };

/** What a page is written from. */
export interface PageFacts {
  readonly signed: Instructions;
  readonly status: SignatureStatus;
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

/** The SIREN in groups of three, as it is usually written; a FINESS number as it is. */
export function labNumber({ lab }: Instructions): string {
  const { scheme, value } = lab.id;
  return scheme === 'siren' ? `SIREN ${value.replace(/(.{3})(?=.)/g, '$1\u00a0')}` : `FINESS ${value}`;
}

/** The characters of a dialect that have no face of their own. */
export function shownCharacter(character: string): string {
  return character === '\t' ? 'TAB' : character;
}
