/** Column names that hold the NIR, the French social security number, or the INS that is made of it (F02). */
import { unnumberedWords } from './column-name.ts';

/** Words that say so, as whole words. */
export const NIR_WORDS: readonly string[] = ['NIR', 'INS', 'NUMSECU', 'NSS', 'SECU', 'IMMATRICULATION'];

/** Whether a column of this name holds the NIR, as far as a name can tell. */
export function isNirName(name: string): boolean {
  return unnumberedWords(name).some((word) => NIR_WORDS.includes(word));
}
