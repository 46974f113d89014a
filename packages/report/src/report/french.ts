/** The report's words in French. */
import { french } from '../language/french.ts';
import { frenchSteps } from './french-steps.ts';
import { frenchSummary } from './french-summary.ts';
import type { ReportWords } from './words.ts';

const { text: fr, list, count, moment } = french;

/** French. */
export const frenchReport: ReportWords = {
  kind: 'Rapport de migration',
  subject: (job, source, recipients) => fr`Migration ${job} : de ${source} vers ${list(recipients)}`,
  contents: 'Sommaire',
  sections: {
    summary: 'En bref',
    counts: 'Ce qui a été compté',
    datasets: 'Jeu de données par jeu de données',
    steps: 'Qui a fait quoi, et quand',
    files: 'Fichiers et empreintes',
    claims: fr`Jusqu'où va chaque affirmation`,
    check: 'Comment vérifier sans nous',
    instructions: 'Les instructions telles que signées',
    words: 'Ce que veulent dire les mots',
  },
  headings: {
    dataset: 'Jeu de données',
    read: 'Dans la source',
    left: 'Sorties',
    stayed: 'Restées',
    total: 'Ensemble',
    field: 'Champ',
    leavesAs: 'Sort sous le nom',
    asked: 'Demandé',
    inSource: 'Dans la source',
    fieldLeft: 'Sorti',
    fieldStayed: 'Resté',
    freeText: 'Texte libre',
    purpose: 'Raison',
    year: 'Année',
    countedBy: 'Compté par',
    rows: 'Lignes',
    entry: 'Entrée',
    time: 'Heure (UTC)',
    step: 'Étape',
    who: 'Qui',
    role: 'Rôle',
    detail: 'Précision',
    file: 'Fichier',
    bytes: 'Octets',
    digest: 'SHA-256',
    delivered: 'Remise',
    question: 'Question',
    standing: 'Portée',
    claim: 'Affirmation',
    reason: 'Motif',
    organisation: 'Organisme',
    country: 'Pays',
    fingerprint: 'Empreinte',
    undertaking: 'Engagement de confidentialité',
    steps: 'Entrées',
  },
  labelled: (label, text) => fr`${label} : ${text}`,
  yes: 'oui',
  no: 'non',
  notKnown: '?',
  course: fr`Jusqu'où la migration est allée`,
  milestones: {
    signed: 'Signée',
    extracted: 'Extraite',
    approved: 'Approuvée',
    delivered: 'Remise',
    received: 'Reçue',
    imported: 'Chargée',
    validated: 'Validée',
    revoked: 'Révoquée',
    aborted: 'Abandonnée',
    purged: 'Effacée',
  },
  milestoneStandings: { partly: 'en partie', ahead: 'à venir', missed: fr`n'a pas eu lieu` },
  figures: ({ rowsLeft, rowsStayed, columnsLeft, columnsStayed }) => ({
    rowsLeft: rowsLeft < 2 ? 'ligne sortie' : 'lignes sorties',
    rowsStayed: rowsStayed < 2 ? 'ligne restée' : 'lignes restées',
    columnsLeft: columnsLeft < 2 ? 'colonne sortie' : 'colonnes sorties',
    columnsStayed: columnsStayed < 2 ? 'colonne restée' : 'colonnes restées',
  }),
  summary: frenchSummary,
  totals: {
    rows: 'Lignes de chaque jeu de données',
    fields: 'Champs de chaque jeu de données',
    nothing: fr`Aucune extraction n'est enregistrée : il n'y a rien à compter.`,
  },
  dataset: {
    leaving: (fields) => fr`${count(fields, 'champ demandé')}`,
    staying: (columns) =>
      columns === 0
        ? fr`La source n'a pas d'autre colonne.`
        : fr`${count(columns, 'autre colonne')} de la source, non ${columns < 2 ? 'demandée et restée' : 'demandées et restées'}`,
    decides: 'décide des lignes qui sortent',
    freeText: 'texte libre',
    leavesAs: (name) => fr`sort sous le nom ${name}`,
    unread: fr`Aucune extraction n'est enregistrée : on ne sait pas quels champs la source contient.`,
  },
  stayReasons: {
    malformed: 'illisibles',
    emptyDate: 'sans date',
    impossibleDate: 'à la date impossible',
    outsideWindow: 'hors des dates demandées',
    excluded: 'exclues',
    notLinked: 'liées à aucune ligne sortie',
  },
  chart: {
    title: (field) => fr`Lignes par année de ${field}`,
    left: 'sorties',
    stayed: 'restées',
    alternative: ({ first, last, left, stayed }) =>
      fr`Diagramme en barres de ${String(first)} à ${String(last)} ; lignes sorties : ${left}, restées : ${stayed}. Les nombres de chaque année suivent.`,
    ends: (first, last) => fr`La première ligne sortie est du ${first}, la dernière du ${last}.`,
    undated: (rows) =>
      fr`${count(rows, 'ligne')} sans date lisible ${rows < 2 ? 'ne figure' : 'ne figurent'} pas dans le diagramme.`,
    decades: fr`Chaque barre est une décennie ; chaque année figure dans les tableaux exportés.`,
  },
  steps: frenchSteps,
  files: {
    intro: fr`Chaque fichier est chiffré pour les seuls destinataires. Son empreinte, un nombre calculé sur son contenu, n'est la même que pour ce fichier même.`,
    none: fr`Il n'y a pas de fichier scellé.`,
    delivered: { no: 'non envoyé', sent: 'envoyé, taille comparée', 'read-back': 'envoyé, relu en entier et comparé' },
    server: (host, port, country) =>
      fr`Serveur : ${host}, port ${port} (${country}) ; la clé qu'il a montrée est celle des instructions.`,
  },
  standingCounts: (standing, amount) =>
    fr`${count(amount, 'affirmation')} ${
      amount < 2
        ? { proven: 'est prouvée', attested: 'est attestée', unknown: 'est inconnue' }[standing]
        : { proven: 'sont prouvées', attested: 'sont attestées', unknown: 'sont inconnues' }[standing]
    }`,
  entry: (number) => fr`entrée ${number}`,
  check: {
    done: ({ at, roster, witness, lab, entries, head }) => [
      at === undefined
        ? fr`Ce rapport a été écrit avec les preuves et ne nomme d'autre heure que celles qui ont été signées.`
        : fr`Ce rapport a été écrit le ${moment(at)}.`,
      fr`Avant de l'écrire, chaque signature, chaque rôle, chaque date et chaque compte du journal (${count(entries, 'entrée')}) ont été vérifiés, sous le registre de ${lab}, qui ${roster === 'given' ? 'a été donné par un fichier' : fr`est épinglé sur la machine qui l'a écrit`}. La tête du journal est ${head}.`,
      witness === undefined
        ? fr`Aucun manifeste antérieur n'était là pour comparer.`
        : fr`Il continue, sans changement, un manifeste antérieur (${count(witness, 'entrée')}) que le lecteur avait gardé.`,
    ],
    fingerprint: (lab) => fr`Empreinte du registre de ${lab}`,
    intro: fr`Ne croyez pas cette page : c'est un texte, et n'importe qui pourrait l'avoir écrit. La preuve est dans deux fichiers, manifest.json et le registre du laboratoire. Demandez au laboratoire, par téléphone, l'empreinte ci-dessus, puis vérifiez par l'une de ces voies.`,
    byPage: fr`Dans un navigateur, sans réseau : ouvrez sealift.html et déposez-y les deux fichiers.`,
    byCommand: fr`Par la commande, dont le code est ouvert :`,
    byHand: fr`Avec des outils qui n'ont rien à voir avec Sealift :`,
    digests: fr`Les fichiers scellés, dans le dossier où ils se trouvent :`,
    signature: (signer) => fr`La signature de ${signer} sur les instructions, dans le dossier de manifest.json :`,
    answers: (answer) => fr`La réponse doit être « ${answer} ».`,
    further: fr`Le document verify-by-hand.md, joint à toute archive de preuves et aux sources de Sealift, va plus loin (en anglais) : chaque entrée, la chaîne qui les relie, l'empreinte.`,
  },
  versions: 'Les versions en vigueur, dans leur ordre',
  glossary: [
    ['responsable du traitement', fr`le laboratoire : il décide de ce qui sort et pourquoi, et signe pour cela`],
    ['sous-traitant', fr`l'entreprise qui agit pour le laboratoire, sur ses seules instructions`],
    ['destinataire', fr`qui peut ouvrir les fichiers : l'exploitant du nouveau système, ou le laboratoire lui-même`],
    ['jeu de données', fr`une table de l'ancien système, par exemple les patients ou les résultats`],
    ['champ, colonne', fr`une sorte d'information d'un jeu de données, par exemple un nom ou une date`],
    [
      'fichier scellé',
      fr`un fichier chiffré que seuls les destinataires peuvent ouvrir ; le sous-traitant ne le peut pas non plus`,
    ],
    [
      'signature',
      fr`un nombre que seul le détenteur d'une clé secrète peut calculer sur un texte, et que chacun peut vérifier`,
    ],
    [
      'empreinte',
      fr`un nombre calculé sur un fichier (SHA-256) : un autre fichier en a une autre ; celle de clés publiques ou d'un registre est assez courte pour être lue au téléphone`,
    ],
    [
      'registre',
      fr`la liste, établie par le laboratoire, de ceux qui signent pour lui, et du nombre de signatures exigées`,
    ],
    [
      'journal, manifeste',
      fr`la suite de toutes les déclarations signées d'une migration ; le fichier qui la contient avec tout ce qu'il faut pour la vérifier`,
    ],
    ['texte libre', fr`un champ où tout a pu être écrit`],
  ],
  footer: fr`Ce rapport contient des nombres, des noms de colonnes et les noms de ceux qui ont agi ; aucune valeur d'aucun patient.`,
};
