/** Failures in the language of the page; the code stays the same in every language. */
import type { Failure } from '../failure.ts';
import type { Language } from '../language.ts';
import { FRENCH_FAILURES } from './french-failures.ts';

/** A failure as the page shows it. */
export interface FailureWords {
  readonly sentence: string;
  readonly hint: string;
  /** The exact sentence in English, where `sentence` only says the kind. */
  readonly detail?: string;
}

/** The words for a failure. */
export function failureWords({ code, message, hint }: Failure, language: Language): FailureWords {
  const found = language === 'fr' ? FRENCH_FAILURES[code] : undefined;
  if (found === undefined) return { sentence: asSentence(message), hint: asSentence(hint) };
  const [sentence, step] = found;
  return { sentence, hint: step, detail: message };
}

/** Errors are written for a command line, lower case and without a full stop; here they stand among sentences. */
function asSentence(text: string): string {
  const begun = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
