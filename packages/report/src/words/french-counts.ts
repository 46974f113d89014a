/** The counts of all parties in French. */
import type { Difference } from '@sealift/core/claims';
import { french } from '../language/french.ts';
import type { CountWords } from './words.ts';

const { text: fr, list } = french;

/** What stands over and beside counts. */
export const frenchCounts: CountWords = {
  title: 'Si les nombres concordent',
  read: 'dans la source',
  kept: 'à sortir',
  by: (counted, recipient = '') => {
    switch (counted) {
      case 'expected':
        return 'attendues par le laboratoire';
      case 'recomputed':
        return 'comptées dans la copie du laboratoire';
      case 'extraction':
        return 'extraites par le sous-traitant';
      case 'receipt':
        return fr`reçues par ${recipient}`;
      case 'import':
        return fr`chargées par ${recipient}`;
      case 'validation':
        return 'validées par le laboratoire';
    }
  },
  none: fr`Rien n'est extrait : il n'y a rien à comparer.`,
  single: (datasets) => fr`Personne d'autre que le sous-traitant n'a compté les lignes de ${list(datasets)}.`,
  allEqual: 'Tous les nombres concordent.',
  equal: (datasets) => fr`Les nombres de ${list(datasets)} concordent.`,
};

/** By how much a count differs, and whose it is. */
export function frenchDifference(dataset: string, { by, recipient = '', of, rows, extraction }: Difference): string {
  const which = of === 'read' ? 'dans la source' : 'à sortir';
  const gap = fr`soit ${Math.abs(rows - extraction)} de ${rows > extraction ? 'plus' : 'moins'} que`;
  switch (by) {
    case 'expected':
      return fr`${dataset} : le laboratoire attendait ${rows} lignes ${which}, ${gap} les ${extraction} de l'extraction.`;
    case 'recomputed':
      return fr`${dataset} : le laboratoire compte ${rows} lignes ${which} dans sa propre copie, ${gap} les ${extraction} de l'extraction.`;
    case 'receipt':
      return fr`${dataset} : lignes reçues par ${recipient} : ${rows}, ${gap} les ${extraction} sorties.`;
    case 'import':
      return fr`${dataset} : lignes chargées par ${recipient} : ${rows}, ${gap} les ${extraction} sorties.`;
    case 'validation':
      return fr`${dataset} : lignes validées par le laboratoire : ${rows}, ${gap} les ${extraction} sorties.`;
  }
}
