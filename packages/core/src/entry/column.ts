/** What a column name says: credentials, free text (doc/dictionary.md). */
export { columnWords, foldColumnName } from '../column-name.ts';
export { isCredentialName } from '../credential.ts';
export { isFreeTextName } from '../free-text.ts';
export { isNirName, NIR_WORDS } from '../nir-name.ts';
