/** Claims, troubles and counts in French. */
import { french } from '../language/french.ts';
import { frenchClaim } from './french-claims.ts';
import { frenchCounts, frenchDifference } from './french-counts.ts';
import type { Words } from './words.ts';

const { text: fr, moment } = french;

const STEPS = {
  extraction: fr`Il manque l'extraction.`,
  approval: fr`Il manque l'accord du laboratoire sur l'extraction.`,
  delivery: fr`Il manque la remise des fichiers.`,
  receipt: fr`Il manque l'accusé de réception`,
  import: fr`Il manque la déclaration des lignes chargées`,
  validation: fr`Il manque la validation du laboratoire.`,
  purge: fr`Il manque l'effacement : des copies peuvent encore se trouver chez le sous-traitant et sur le serveur.`,
} as const;
const DUE = { delivery: 'La remise des fichiers', purge: fr`L'effacement` } as const;

/** French. */
export const frenchWords: Words = {
  groups: {
    authority: fr`Qui l'a autorisé`,
    extraction: 'Ce qui est sorti, ce qui est resté',
    transfer: fr`Où c'est allé`,
    acknowledgement: fr`Qui l'a confirmé`,
    deletion: 'Ce qui a été effacé',
  },
  troubles: 'Ce qui manque, tarde ou a été refusé',
  standings: { proven: 'prouvé', attested: 'attesté', unknown: 'inconnu' },
  meanings: {
    proven: fr`découle de signatures et d'empreintes que vous pouvez vérifier vous-même`,
    attested: fr`une partie l'affirme sous sa signature ; personne d'autre n'a pu le vérifier`,
    unknown: 'nul ne peut le dire',
  },
  outcomes: {
    complete: fr`complète : toutes les étapes demandées par les instructions sont là`,
    incomplete: fr`incomplète : il manque des étapes demandées par les instructions`,
    ended: fr`arrêtée avant son terme, et les copies sont effacées`,
  },
  marks: {
    missing: 'manque',
    late: 'retard',
    unacknowledged: 'anticipé',
    refused: 'refus',
    alert: 'alerte',
    repaired: 'réparé',
  },
  claim: frenchClaim,
  trouble: (trouble) => {
    switch (trouble.trouble) {
      case 'missing':
        return trouble.recipient === undefined
          ? STEPS[trouble.step]
          : fr`${STEPS[trouble.step]} de la part de ${trouble.recipient}.`;
      case 'late':
        return trouble.done === undefined
          ? fr`${DUE[trouble.step]} : échéance le ${moment(trouble.due)} ; rien n'est enregistré.`
          : fr`${DUE[trouble.step]} : fait le ${moment(trouble.done)}, pour une échéance le ${moment(trouble.due)}.`;
      case 'unacknowledged':
        return fr`Les copies ont été effacées parce que leur échéance du ${moment(trouble.due)} était venue, sans toutes les déclarations qu'elles attendaient.`;
      case 'refused':
        return fr`« migrate ${trouble.step ?? ''} » a été refusé${often(trouble.times)} le ${moment(trouble.time)} : ${trouble.message} (${trouble.code}).`;
      case 'alert':
        return fr`Une alerte a été donnée${often(trouble.times)} le ${moment(trouble.time)} : ${trouble.message} (${trouble.code}).`;
      case 'repaired':
        return fr`Le ${moment(trouble.time)}, la dernière ligne inachevée du journal (octets : ${trouble.bytes}) a été retirée, comme après une panne.`;
    }
  },
  counts: frenchCounts,
  difference: frenchDifference,
};

function often(times: number): string {
  return times === 1 ? '' : fr` ${times} fois, la première`;
}
