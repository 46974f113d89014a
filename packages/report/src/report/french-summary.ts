/** The summary in French: the paragraphs that somebody reads who reads nothing else. */
import { french } from '../language/french.ts';
import type { SummaryFacts } from './summary.ts';

const { text: fr, list, count, day, size, country } = french;

/** The paragraphs. */
export function frenchSummary(facts: SummaryFacts): string[] {
  return [asked(facts), left(facts), went(facts), acknowledged(facts), deleted(facts), refused(facts)].filter(
    (text) => text !== '',
  );
}

function asked({ lab, source, datasets, fields, signed }: SummaryFacts): string {
  return fr`Le ${day(signed.time)}, ${lab} a signé ce qui peut sortir de ${source} : ${count(fields, 'champ')} de ${count(datasets, 'jeu de données', 'jeux de données')}. Signature : ${list(signed.by)}.`;
}

function left({ extracted, approved, processor, recipients }: SummaryFacts): string {
  if (extracted === undefined)
    return fr`Aucune extraction n'est enregistrée : d'après ce journal, aucune donnée n'est sortie du système du laboratoire.`;
  const { time, by, rowsLeft, rowsStayed, columnsLeft, columnsStayed } = extracted;
  const approval =
    approved === undefined ? '' : fr` Le laboratoire a donné son accord sur ces nombres le ${day(approved.time)}.`;
  return fr`Le ${day(time)}, l'extraction a été faite par ${list(by)}, pour ${processor}. ${count(rowsLeft, 'ligne')} ${rowsLeft < 2 ? 'est sortie' : 'sont sorties'}, en ${count(columnsLeft, 'colonne')} ; ${count(rowsStayed, 'ligne')} et ${count(columnsStayed, 'colonne')} sont restées. Ce qui est sorti a été scellé aussitôt : ${list(recipients)} ${recipients.length < 2 ? 'peut seul' : 'peuvent seuls'} l'ouvrir.${approval}`;
}

function went({ extracted, delivered }: SummaryFacts): string {
  if (delivered === undefined) return extracted === undefined ? '' : fr`Les fichiers scellés n'ont pas été envoyés.`;
  const { time, host, country: code, files, bytes } = delivered;
  return fr`Le ${day(time)}, ${count(files, 'fichier scellé')} (${size(bytes)}) ${files < 2 ? 'a été remis' : 'ont été remis'} au serveur ${host}, dans ce pays : ${country(code)}.`;
}

function acknowledged({ delivered, receipts, imports, validated }: SummaryFacts): string {
  if (delivered === undefined) return '';
  const sentences = receipts.map(
    ({ time, by }) =>
      fr`${list(by)} a ouvert chaque fichier, recompté, et signé l'accusé de réception le ${day(time)}.`,
  );
  sentences.push(
    ...imports.map(
      ({ time, by }) => fr`Le ${day(time)}, ${list(by)} a signé que chaque ligne est dans le nouveau système.`,
    ),
  );
  if (validated !== undefined) sentences.push(fr`Le laboratoire a validé le résultat le ${day(validated.time)}.`);
  return sentences.length === 0 ? fr`Personne n'a accusé réception.` : sentences.join(' ');
}

function deleted({ extracted, ended, purged, processor, lab }: SummaryFacts): string {
  const end =
    ended === undefined
      ? ''
      : fr`La migration s'est arrêtée avant son terme : ${ended.how === 'revoked' ? lab : processor} y a mis fin le ${day(ended.time)} (« ${ended.reason} »). `;
  if (purged !== undefined) {
    const because = {
      statements: '',
      deadline: fr`, parce que l'échéance était venue`,
      ended: fr`, parce que la migration était arrêtée`,
    }[purged.basis];
    return fr`${end}Le ${day(purged.time)}, ${processor} a effacé ${purged.copies < 2 ? 'sa copie' : fr`ses ${count(purged.copies, 'copie')}`}${because}, puis les a recherchées. C'est ce qu'il affirme : nul ne peut prouver un effacement.`;
  }
  return extracted === undefined
    ? end.trim()
    : fr`${end}Aucun effacement n'est enregistré : des copies peuvent encore se trouver chez ${processor} et sur le serveur.`;
}

function refused({ refusals }: SummaryFacts): string {
  return refusals === 0
    ? ''
    : fr`${count(refusals, 'refus ou alerte', 'refus ou alertes')} en chemin : lesquels, et pourquoi, est dit plus bas.`;
}
