/** How a source is written, in words: a person who signs names for the columns has to see which column gets which. */
import type { Dialect } from '@sealift/core/dataset';
import { english } from '../language/english.ts';
import { french } from '../language/french.ts';
import { shownCharacter } from './page.ts';

const { text: en } = english;
const { text: fr } = french;

/** In English. */
export function englishDialect(dialect: Dialect): string[] {
  const { encoding, delimiter, quote, doubleQuote, newline, preamble, header, trailingDelimiter } = dialect;
  const quoted = quote === null ? 'never quoted' : en`quoted by “${shownCharacter(quote)}”`;
  const lines = [
    en`The source is CSV in ${encoding}, its cells separated by “${shownCharacter(delimiter)}” and ${quoted}.`,
  ];
  if (quote !== null && doubleQuote === false) lines.push('No cell of it holds its own quote.');
  if (newline === 'cr') lines.push('A carriage return alone ends its rows.');
  if (preamble !== undefined) lines.push(en`Its first ${preamble} lines are skipped: they are no rows.`);
  if (trailingDelimiter === true) lines.push('Each of its rows ends with a delimiter that no cell follows.');
  if (header !== undefined) {
    lines.push(
      'It has no header row: its columns have no names of their own, and get these, from the first to the last.',
      ...header.map((name, column) => en`- column ${column + 1}: ${name}`),
    );
  }
  return lines;
}

/** In French. */
export function frenchDialect(dialect: Dialect): string[] {
  const { encoding, delimiter, quote, doubleQuote, newline, preamble, header, trailingDelimiter } = dialect;
  const quoted = quote === null ? 'sans guillemets' : fr`entre guillemets « ${shownCharacter(quote)} »`;
  const lines = [
    fr`La source est un fichier CSV en ${encoding}, aux cellules séparées par « ${shownCharacter(delimiter)} », ${quoted}.`,
  ];
  if (quote !== null && doubleQuote === false) lines.push(fr`Aucune de ses cellules ne contient ce guillemet.`);
  if (newline === 'cr') lines.push(fr`Un retour chariot seul y termine chaque ligne.`);
  if (preamble !== undefined) {
    lines.push(fr`Nombre de lignes sautées à son début, qui ne sont pas des données : ${preamble}.`);
  }
  if (trailingDelimiter === true) {
    lines.push(fr`Chacune de ses lignes se termine par un séparateur que ne suit aucune cellule.`);
  }
  if (header !== undefined) {
    lines.push(
      fr`Elle n'a pas de ligne d'en-tête : ses colonnes n'ont pas de nom à elles et reçoivent ceux-ci, de la première à la dernière.`,
      ...header.map((name, column) => fr`- colonne ${column + 1} : ${name}`),
    );
  }
  return lines;
}
