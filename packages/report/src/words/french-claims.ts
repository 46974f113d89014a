/** Each claim in French, and why it stands as it does. */
import type { Claim, Fact } from '@sealift/core/claims';
import { french } from '../language/french.ts';
import type { ClaimWords } from './words.ts';

const { text: fr, day, moment, list, count } = french;

/** `1 est sortie`, `2 sont sorties`. */
function left(rows: number): string {
  return rows < 2 ? 'est sortie' : 'sont sorties';
}

/** A claim in words. */
export function frenchClaim({ fact, standing }: Claim): ClaimWords {
  return { claim: saying(fact), reason: because(fact, standing) };
}

function saying(fact: Fact): string {
  switch (fact.says) {
    case 'instructions-signed':
      return fr`${fact.lab} a signé ces instructions (version ${fact.version}) : ${list(fact.signers)}.`;
    case 'entries-signed':
      return fr`Chaque entrée du journal (${fact.entries}) est signée par une personne ou un service de ${fact.processor} que nomment les instructions.`;
    case 'approval':
      return fr`Le laboratoire a donné son accord sur l'extraction, ses lignes et ses colonnes.`;
    case 'no-approval':
      return fr`Le laboratoire n'a pas donné son accord sur l'extraction.`;
    case 'revocation':
      return fr`Le laboratoire a révoqué la migration : ${fact.reason}`;
    case 'abort':
      return fr`${fact.processor} a abandonné la migration : ${fact.reason}`;
    case 'true-time':
      return fr`Si les horloges étaient à l'heure.`;
    case 'columns-kept':
      return fr`Les colonnes sorties (${fact.columns}) sont celles de la liste signée, et aucune autre.`;
    case 'rows-kept':
      return fr`${fact.dataset} : ${count(fact.rows, 'ligne')} ${left(fact.rows)}.`;
    case 'rows-withheld':
      return fr`${fact.dataset} : lignes restées : ${fact.rows} sur ${fact.read}, chacune comptée pour un seul motif.`;
    case 'columns-withheld':
      return fr`${fact.dataset} : colonnes de la source restées : ${fact.columns}.`;
    case 'rows-by-year':
      return byYear(fact);
    case 'no-extraction':
      return fr`Rien n'a été extrait.`;
    case 'source-completeness':
      return 'Si la source contenait tout ce que détient le laboratoire.';
    case 'delivery':
      return fr`${count(fact.files, 'fichier scellé')} : envoi vers ${fact.host}, port ${String(fact.port)}, dont la clé est celle des instructions.`;
    case 'no-checks':
      return fr`Comment le serveur et la machine qui envoie étaient configurés.`;
    case 'checks':
      return checks(fact);
    case 'no-delivery':
      return fr`Rien n'a été remis.`;
    case 'deadline':
      return deadline(fact);
    case 'other-copies':
      return fr`S'il existe d'autres copies des fichiers scellés.`;
    case 'receipt':
    case 'no-receipt':
    case 'import':
    case 'no-import':
      return recipientSaying(fact);
    case 'short-import':
      return fr`${fact.dataset} : lignes chargées par ${fact.recipient} : ${fact.loaded} sur ${fact.rows} ; le reste manque.`;
    case 'validation':
      return 'Le laboratoire a validé le résultat.';
    case 'witness':
      return witness(fact);
    case 'purge':
      return fr`Les copies du sous-traitant (${fact.copies}) ont été effacées, sur sa machine et sur le serveur, puis recherchées à nouveau.`;
    case 'no-purge':
      return fr`Rien n'a été effacé.`;
    case 'disposal':
      return disposal(fact);
    case 'traces':
      return fr`S'il reste des traces sur les supports, ou si quelqu'un a gardé une copie.`;
  }
}

function witness(fact: Extract<Fact, { says: 'witness' }>): string {
  if (fact.entries === 1) {
    return fr`La première entrée est celle que ${list(fact.by)} a vue et signée ; elle n'a pas pu être réécrite depuis.`;
  }
  return fr`Les ${fact.entries} premières entrées sont celles que ${list(fact.by)} a vues et signées ; elles n'ont pas pu être réécrites depuis.`;
}

/** The days of what left, and the years of what stayed; the number of each year is in the report. */
function byYear({ dataset, field, years, firstKept, lastKept }: Extract<Fact, { says: 'rows-by-year' }>): string {
  const left =
    firstKept === undefined || lastKept === undefined
      ? 'aucune ligne datée n’est sortie'
      : fr`les lignes sorties vont du ${day(firstKept)} au ${day(lastKept)}`;
  const stayed = years.filter(({ withheld }) => withheld > 0).map(({ year }) => String(year));
  const [first, last] = [stayed[0], stayed.at(-1)];
  if (first === undefined || last === undefined)
    return fr`${dataset}, par ${field} : ${left} ; aucune ligne datée n'est restée.`;
  const range = first === last ? fr`sont de ${first}` : fr`vont de ${first} à ${last}`;
  return fr`${dataset}, par ${field} : ${left} ; celles qui sont restées ${range}.`;
}

type RecipientFact = Extract<Fact, { says: 'receipt' | 'no-receipt' | 'import' | 'no-import' }>;

function recipientSaying(fact: RecipientFact): string {
  switch (fact.says) {
    case 'receipt':
      return fr`${fact.recipient} a ouvert et vérifié chaque fichier.`;
    case 'no-receipt':
      return fr`${fact.recipient} n'a pas accusé réception.`;
    case 'import':
      return fr`${fact.recipient} a chargé toutes les lignes dans le nouveau système.`;
    case 'no-import':
      return fr`${fact.recipient} n'a pas déclaré ce qui a été chargé.`;
  }
}

function checks(fact: Extract<Fact, { says: 'checks' }>): string {
  return fact.warned.length === 0
    ? fr`Contrôles du serveur et de la machine qui envoie avant l'envoi : ${fact.checks}, tous réussis.`
    : fr`Contrôles du serveur et de la machine qui envoie avant l'envoi : ${fact.checks}, aucun échec, avertissements : ${list(fact.warned)}.`;
}

function disposal(fact: Extract<Fact, { says: 'disposal' }>): string {
  return fact.outcome === 'deleted'
    ? fr`${fact.dataset} : le fichier source a été effacé.`
    : fr`${fact.dataset} : le fichier source n'était plus là quand il devait être effacé.`;
}

const STEPS = { delivery: 'Remise des fichiers', purge: 'Effacement' } as const;

function deadline({ step, due, deadline: standing, at }: Extract<Fact, { says: 'deadline' }>): string {
  const name = STEPS[step];
  if (standing === 'passed')
    return fr`${name} : échéance le ${moment(due)} ; rien n'est enregistré jusqu'au ${moment(at)}.`;
  const verb = standing === 'kept' ? fr`respectée` : fr`manquée`;
  return fr`${name} : fait le ${moment(at)} ; échéance du ${moment(due)} ${verb}.`;
}

const ONLY_PROCESSOR = fr`Seul le sous-traitant l'affirme ; personne d'autre n'a pu le voir.`;
const NO_STATEMENT = fr`Le journal ne contient pas de telle déclaration.`;

function because(fact: Fact, standing: Claim['standing']): string {
  switch (fact.says) {
    case 'instructions-signed':
      return fr`Les signatures tiennent selon le registre des signataires du laboratoire (signatures exigées : ${fact.threshold}).`;
    case 'entries-signed':
      return fr`Chaque signature a été vérifiée, ainsi que la chaîne d'empreintes qui relie les entrées.`;
    case 'approval':
    case 'revocation':
    case 'validation':
      return fr`Signé pour le laboratoire par ${list(fact.signers)}.`;
    case 'abort':
      return fr`Le sous-traitant le dit, et pourquoi.`;
    case 'true-time':
      return fr`Chaque heure est celle de l'horloge de son signataire ; rien ici ne permet de la vérifier.`;
    case 'columns-kept':
    case 'rows-kept':
      return standing === 'proven'
        ? fr`Le sous-traitant l'a déclaré ; un destinataire a ouvert les fichiers, recompté et signé la même chose.`
        : fr`Seul le sous-traitant l'affirme ; aucun destinataire n'a encore ouvert les fichiers.`;
    case 'rows-withheld':
    case 'rows-by-year':
    case 'columns-withheld':
      return ONLY_PROCESSOR;
    case 'source-completeness':
      return fr`La source vient de l'ancien système ; rien ici ne dit ce qui pouvait y manquer.`;
    case 'delivery':
      return fr`Le sous-traitant l'affirme ; les fichiers sont ceux de l'extraction, par leur taille et leur empreinte.`;
    case 'deadline':
      return fr`D'après les heures que portent les entrées, qui sont celles du sous-traitant.`;
    case 'other-copies':
    case 'traces':
      return fr`L'absence d'une chose ne peut se montrer à distance.`;
    case 'receipt':
      return fr`Son accusé de réception signé nomme les mêmes fichiers, lignes, colonnes et empreintes que l'extraction.`;
    case 'import':
    case 'short-import':
      return fr`Seul le destinataire l'affirme, sous sa signature.`;
    case 'witness':
      return fr`Une autre partie a signé l'empreinte du journal à ce point, et elle mène aux mêmes entrées.`;
    case 'purge':
    case 'disposal':
      return fr`Seul le sous-traitant l'affirme ; un effacement ne peut être prouvé.`;
    case 'checks':
      return ONLY_PROCESSOR;
    case 'no-checks':
    case 'no-approval':
    case 'no-extraction':
    case 'no-delivery':
    case 'no-receipt':
    case 'no-import':
    case 'no-purge':
      return NO_STATEMENT;
  }
}
