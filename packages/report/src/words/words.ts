/** What a language says of claims, troubles and counts. Names and reasons between the words are others' text, and stay as they are. */
import type { Claim, ClaimGroup, Counted, Difference, Outcome, Standing, Trouble } from '@sealift/core/claims';
import type { Language } from '../language/language.ts';
import { englishWords } from './english.ts';
import { frenchWords } from './french.ts';

/** A claim in words: what it says, and why it goes no further and no less far. Whole sentences. */
export interface ClaimWords {
  readonly claim: string;
  readonly reason: string;
}

/** What stands over and beside counts. */
export interface CountWords {
  readonly title: string;
  /** Over the rows in the source. */
  readonly read: string;
  /** Over the rows that leave, left, were received or loaded. */
  readonly kept: string;
  by(counted: Counted, recipient?: string): string;
  /** While nothing is extracted. */
  readonly none: string;
  /** Of datasets that only the processor has counted. */
  single(datasets: readonly string[]): string;
  readonly allEqual: string;
  /** Of datasets that agree, beside others that do not. */
  equal(datasets: readonly string[]): string;
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
  /** The headings over the counts of all parties, and whose count one is. */
  readonly counts: CountWords;
  difference(dataset: string, difference: Difference): string;
}

const WORDS: Readonly<Record<Language, Words>> = { en: englishWords, fr: frenchWords };

/** The words of a language. */
export function wordsOf(language: Language): Words {
  return WORDS[language];
}
