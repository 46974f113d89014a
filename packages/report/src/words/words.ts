/** What a language says of claims, troubles and counts. Names and reasons between the words are others' text, and stay as they are. */
import type { Claim, ClaimGroup, Difference, Outcome, Standing, Trouble } from '@sealift/core/claims';
import type { Language } from '../language/language.ts';
import { englishWords } from './english.ts';
import { frenchWords } from './french.ts';

/** A claim in words: what it says, and why it goes no further and no less far. Whole sentences. */
export interface ClaimWords {
  readonly claim: string;
  readonly reason: string;
}

/** The words of one language. */
export interface Words {
  readonly groups: Readonly<Record<ClaimGroup, string>>;
  /** The heading over the troubles. */
  readonly troubles: string;
  readonly standings: Readonly<Record<Standing, string>>;
  /** What each standing means. */
  readonly meanings: Readonly<Record<Standing, string>>;
  readonly outcomes: Readonly<Record<Outcome, string>>;
  /** The mark that a trouble is listed under. */
  readonly marks: Readonly<Record<Trouble['trouble'], string>>;
  claim(claim: Claim): ClaimWords;
  trouble(trouble: Trouble): string;
  difference(dataset: string, difference: Difference): string;
  /** That no count of a dataset differs from another. */
  readonly agreement: string;
}

const WORDS: Readonly<Record<Language, Words>> = { en: englishWords, fr: frenchWords };

/** The words of a language. */
export function wordsOf(language: Language): Words {
  return WORDS[language];
}
