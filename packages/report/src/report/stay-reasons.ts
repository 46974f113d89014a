/** Why rows stayed, in the order in which the reasons are tried. */
import type { RowCounts } from '@sealift/core/dataset';
import type { Language } from '../language/language.ts';
import { reportLanguage, type StayReason } from './words.ts';

/** Every reason. */
export const STAY_REASONS: readonly StayReason[] = [
  'malformed',
  'emptyDate',
  'impossibleDate',
  'outsideWindow',
  'excluded',
  'notLinked',
];

/** `78 outside the dates that were asked for`: each reason that held for a row. */
export function stayReasons(counts: RowCounts, language: Language): string[] {
  const { words, set } = reportLanguage(language);
  const found = STAY_REASONS.filter((reason) => counts[reason] > 0);
  return found.map((reason) => `${set.number(counts[reason])} ${words.stayReasons[reason]}`);
}
