/** How the column dictionaries compare names: blind to accents, case, spaces and punctuation. */

/** The name after NFKD, without marks, in upper case, letters and digits only: `Mot de passe` → `MOTDEPASSE`. */
export function foldColumnName(name: string): string {
  return columnWords(name).join('');
}

/** The words of a name without the numbers they end with: `MDP1` → `MDP`, `COMMENTAIRE 2` → `COMMENTAIRE`. */
export function unnumberedWords(name: string): string[] {
  return columnWords(name)
    .map((word) => word.replace(/\p{N}+$/u, ''))
    .filter((word) => word !== '');
}

/** The words of a name, each folded: `COMMENTAIRE P` → `COMMENTAIRE`, `P`; `userLogin` → `USER`, `LOGIN`. */
export function columnWords(name: string): string[] {
  const plain = name.normalize('NFKD').replace(/\p{M}+/gu, '');
  const spaced = plain.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  return spaced
    .toUpperCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
