/** Words for what an extraction counted. */
import { french, type InBoth } from '../language.ts';

interface ExtractionWords {
  readonly caption: string;
  readonly dataset: string;
  readonly read: string;
  readonly kept: string;
  readonly expected: string;
  readonly stayed: string;
  readonly loaded: string;
  readonly differs: (dataset: string, expected: number, kept: number) => string;
  readonly details: (dataset: string, kept: number, withheld: number) => string;
  readonly keptColumns: string;
  readonly withheldColumns: string;
  readonly none: string;
  readonly reasonsTitle: string;
}

const english = new Intl.NumberFormat('en-GB');
const francais = new Intl.NumberFormat('fr-FR');

/** The words. */
export const EXTRACTION_WORDS: InBoth<ExtractionWords> = {
  en: {
    caption: 'Rows of the extraction',
    dataset: 'Dataset',
    read: 'Read',
    kept: 'Left',
    expected: 'Expected',
    stayed: 'Stayed',
    loaded: 'Loaded',
    differs: (dataset, expected, kept) =>
      `${dataset}: the laboratory expected ${english.format(expected)} rows, and ${english.format(kept)} left.`,
    details: (dataset, kept, withheld) => `${dataset}: ${kept} columns left, ${withheld} stayed`,
    keptColumns: 'Columns that left:',
    withheldColumns: 'Columns that stayed:',
    none: 'none',
    reasonsTitle: 'Rows that stayed, by reason:',
  },
  fr: {
    caption: french("Lignes de l'extraction"),
    dataset: 'Jeu de données',
    read: 'Lues',
    kept: 'Sorties',
    expected: 'Attendues',
    stayed: 'Restées',
    loaded: 'Chargées',
    differs: (dataset, expected, kept) =>
      french(
        `${dataset} : le laboratoire attendait ${francais.format(expected)} lignes, il en est sorti ${francais.format(kept)}.`,
      ),
    details: (dataset, kept, withheld) =>
      french(`${dataset} : colonnes sorties : ${kept}, colonnes restées : ${withheld}`),
    keptColumns: french('Colonnes sorties :'),
    withheldColumns: french('Colonnes restées :'),
    none: 'aucune',
    reasonsTitle: french('Lignes restées, par motif :'),
  },
};
