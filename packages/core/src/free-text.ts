/**
 * Column names that hold free text. Such a column leaves only by a line of its own with a purpose (F03: free text held
 * HIV, cancer, pregnancy, genetics).
 */
import { unnumberedWords } from './column-name.ts';

const STEMS: readonly string[] = [
  'COMMENT',
  'REMARQU',
  'REMARK',
  'OBSERVATION',
  'MEMO',
  'FREETEXT',
  'ANAMNES',
  'RENSEIGNEMENT',
];
const WORDS: ReadonlySet<string> = new Set(['NOTE', 'NOTES', 'OBS', 'TEXTE', 'TEXT', 'LIBRE', 'HISTOIRE']);

/** Whether a column of this name holds free text, as far as a name can tell. */
export function isFreeTextName(name: string): boolean {
  return unnumberedWords(name).some((word) => WORDS.has(word) || STEMS.some((stem) => word.includes(stem)));
}
