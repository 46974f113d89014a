/** Steps in French. */

import type { Statement } from '@sealift/core/statement';
import { french } from '../language/french.ts';
import type { StepWords } from './words.ts';

const { text: fr, count, number } = french;

/** French. */
export const frenchSteps: StepWords = {
  intro: fr`Chaque ligne a été signée par qui elle nomme ; les heures sont celles de leurs propres horloges.`,
  titles: {
    instructions: 'Instructions signées',
    extraction: 'Extraction et scellement',
    approval: fr`Accord sur l'extraction`,
    delivery: 'Remise des fichiers',
    receipt: 'Réception, ouverture, comptage',
    import: 'Chargement dans le nouveau système',
    validation: 'Validation du résultat',
    purge: 'Effacement des copies',
    disposal: 'Effacement du fichier source',
    abort: 'Abandon',
    revocation: 'Révocation de la migration',
    refusal: 'Refus',
    alert: 'Alerte',
    repair: 'Journal réparé',
  },
  detail: (content) => (content.kind === 'instructions' ? fr`Version ${content.version}` : detail(content.statement)),
  takenIn: (name, time) => fr`pris en compte par ${name} le ${time}`,
  again: (times, until) => fr`${times} fois, la dernière le ${until}`,
  persons: 'Les personnes et services, et à quoi se reconnaissent leurs clés',
  roles: {
    signer: 'signe pour le laboratoire',
    operator: 'opérateur du sous-traitant',
    service: 'service automatique du sous-traitant',
    recipient: 'destinataire',
  },
};

function detail(statement: Statement): string {
  switch (statement.kind) {
    case 'extraction': {
      const { datasets, tool, source } = statement;
      const rows = datasets.reduce((sum, { counts }) => sum + counts.kept, 0);
      const columns = datasets.reduce((sum, dataset) => sum + dataset.columns.kept.length, 0);
      return fr`${count(rows, 'ligne')} en ${count(columns, 'colonne')}, depuis ${source.product} ${source.version}, avec ${tool.name} ${tool.version}`;
    }
    case 'approval':
    case 'validation':
    case 'import':
      return rowsOf(statement.document.signed.datasets);
    case 'receipt':
      return rowsOf(statement.document.signed.datasets);
    case 'delivery':
      return fr`${count(statement.files.length, 'fichier')}, vers ${statement.server.host}`;
    case 'purge':
      return fr`${count(statement.local.length, 'copie')} sur la machine du sous-traitant, ${statement.remote.length} sur le serveur`;
    case 'disposal':
      return statement.outcome === 'deleted' ? statement.dataset : fr`${statement.dataset} : il n'était plus là`;
    case 'abort':
      return statement.reason;
    case 'revocation':
      return statement.document.signed.reason;
    case 'refusal':
      return fr`migrate ${statement.step} : ${statement.message} (${statement.code})`;
    case 'alert':
      return fr`${statement.message} (${statement.code})`;
    case 'repair':
      return fr`${count(statement.removedBytes, 'octet')} d'une dernière ligne inachevée, comme après une panne`;
  }
}

function rowsOf(datasets: readonly { readonly dataset: string; readonly rows: number }[]): string {
  return datasets.map(({ dataset, rows }) => fr`${dataset} ${number(rows)}`).join(', ');
}
