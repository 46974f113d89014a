/** Instructions as a page for people: a title and sections of whole sentences. The languages write it; this says what it is. */
import type { Fingerprint } from '@sealift/core/ids';
import type { Instructions } from '@sealift/core/instructions';

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

/** The SIREN in groups of three, as it is usually written; a FINESS number as it is. */
export function labNumber({ lab }: Instructions): string {
  const { scheme, value } = lab.id;
  return scheme === 'siren' ? `SIREN ${value.replace(/(.{3})(?=.)/g, '$1\u00a0')}` : `FINESS ${value}`;
}

/** The characters of a dialect that have no face of their own. */
export function shownCharacter(character: string): string {
  return character === '\t' ? 'TAB' : character;
}
