/**
 * Column names that hold credentials. Such a column can never be listed (F02: the leaked file held portal logins and
 * passwords). The dictionary is public and described in doc/dictionary.md; `inspect` will add what it finds in the values.
 */
import { foldColumnName, unnumberedWords } from './column-name.ts';

/** Whole names, folded: the products' own abbreviations. */
const NAMES: ReadonlySet<string> = new Set([
  'MP', // mot de passe, in the products that the decision names
  'IDENTIFIANTSR', // login of the results server
  'IDSR',
  'CODEACCES',
  'CODESECRET',
  'CODEPIN',
  'PINCODE',
  'USERNAME',
  'NOMUTILISATEUR',
]);

/** Words that make a name a credential wherever they stand. */
const WORDS: ReadonlySet<string> = new Set(['MDP', 'PWD', 'PIN', 'OTP', 'TOKEN', 'SECRET', 'PASS']);

/** Parts that make a name a credential even when it is written in one word. */
const PARTS: readonly string[] = ['MOTDEPASSE', 'MOTPASSE', 'PASSWORD', 'PASSWD', 'PASSPHRASE', 'LOGIN', 'CREDENTIAL'];

/** Whether a column of this name holds credentials. */
export function isCredentialName(name: string): boolean {
  const folded = foldColumnName(name);
  return (
    NAMES.has(folded) ||
    PARTS.some((part) => folded.includes(part)) ||
    unnumberedWords(name).some((word) => WORDS.has(word))
  );
}
