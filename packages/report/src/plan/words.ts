/** What the plan says of each step, in both languages. */
import type { UtcTime } from '@sealift/core/ids';
import { english } from '../language/english.ts';
import { french } from '../language/french.ts';
import type { Language } from '../language/language.ts';
import type { PlanAction, PlannedStep, PlanRole, StepName } from './plan.ts';

/** The words of one language. */
export interface PlanWords {
  readonly title: (job: string) => string;
  /** What holds for all commands. */
  readonly preface: readonly string[];
  readonly steps: Readonly<Record<StepName, string>>;
  readonly recorded: Readonly<Record<StepName, string>>;
  readonly roles: Readonly<Record<PlanRole, string>>;
  /** The labels of the lines below a step. */
  readonly labels: { readonly who: string; readonly when: string; readonly recorded: string };
  /** A label before what it labels. */
  labelled(label: string, text: string): string;
  /** By when; undefined for a step without a date. */
  when(step: PlannedStep): string | undefined;
  hand(action: Extract<PlanAction, { readonly file: string }>): string;
}

const { text: en } = english;
const { text: fr } = french;

const EN: PlanWords = {
  title: (job) => en`Plan of job ${job}`,
  preface: [
    'Everyone names their own secret identity in MIGRATE_IDENTITY, and has their SSH key in the agent or names it with --ssh-key.',
    'In “…” stands a number that only the person who types it knows.',
  ],
  steps: {
    trust: 'compare fingerprints',
    sign: 'read the instructions, then sign',
    extract: 'extract and seal',
    approve: 'approve',
    send: 'send',
    receive: 'receive, open, check',
    import: 'load into the new system, and say so',
    validate: 'validate',
    purge: 'purge',
    verify: 'verify',
  },
  recorded: {
    trust: 'the roster is pinned on each machine',
    sign: 'the signatures',
    extract: 'rows by reason, columns that left and that stayed, digests',
    approve: 'rows and columns of each dataset',
    send: 'server, host key, session, files with digests',
    receive: 'files, rows, columns, keyed digests',
    import: 'rows loaded of each dataset',
    validate: 'rows of each dataset',
    purge: 'receipts and imports as they come in; each copy, deleted or absent',
    verify: 'nothing',
  },
  roles: { lab: 'laboratory', vendor: 'vendor', recipient: 'recipient', everyone: 'everyone' },
  labels: { who: 'who', when: 'when', recorded: 'recorded' },
  labelled: (label, text) => en`${label}: ${text}`,
  when: (step) =>
    whenWords(step, english.moment, { from: 'from', until: 'by', between: (a, b) => en`from ${a} until ${b}` }),
  hand: ({ file, to }) => en`give ${file} to the ${english.list(to.map((role) => EN.roles[role]))}`,
};

const FR: PlanWords = {
  title: (job) => fr`Déroulement de la migration ${job}`,
  preface: [
    fr`Chacun indique sa propre identité secrète dans MIGRATE_IDENTITY, et a sa clé SSH dans l'agent ou la nomme par --ssh-key.`,
    fr`« … » tient la place d'un nombre que seule connaît la personne qui le tape.`,
  ],
  steps: {
    trust: 'comparer les empreintes',
    sign: 'lire les instructions, puis les signer',
    extract: 'extraire et sceller',
    approve: fr`approuver l'extraction`,
    send: 'envoyer',
    receive: 'recevoir, ouvrir, vérifier',
    import: 'charger dans le nouveau système, et le dire',
    validate: 'valider',
    purge: 'effacer',
    verify: 'vérifier',
  },
  recorded: {
    trust: 'le registre est épinglé sur chaque machine',
    sign: 'les signatures',
    extract: 'lignes par motif, colonnes sorties et restées, empreintes',
    approve: 'lignes et colonnes de chaque jeu de données',
    send: 'serveur, clé du serveur, session, fichiers et empreintes',
    receive: 'fichiers, lignes, colonnes, empreintes à clé',
    import: 'lignes chargées de chaque jeu de données',
    validate: 'lignes de chaque jeu de données',
    purge: fr`les accusés et importations qui arrivent ; chaque copie, effacée ou absente`,
    verify: 'rien',
  },
  roles: { lab: 'laboratoire', vendor: 'éditeur', recipient: 'destinataire', everyone: 'tous' },
  labels: { who: 'qui', when: 'quand', recorded: 'consigné' },
  labelled: (label, text) => fr`${label} : ${text}`,
  when: (step) =>
    whenWords(step, french.moment, {
      from: 'à partir du',
      until: 'au plus tard le',
      between: (a, b) => fr`du ${a} au ${b}`,
    }),
  hand: ({ file, to }) => fr`remettre ${file} : ${french.list(to.map((role) => FR.roles[role]))}`,
};

interface WhenWords {
  readonly from: string;
  readonly until: string;
  readonly between: (from: string, until: string) => string;
}

function whenWords(
  { from, until }: PlannedStep,
  moment: (time: UtcTime) => string,
  words: WhenWords,
): string | undefined {
  if (from !== undefined && until !== undefined) return words.between(moment(from), moment(until));
  if (until !== undefined) return `${words.until} ${moment(until)}`;
  return from === undefined ? undefined : `${words.from} ${moment(from)}`;
}

/** The plan's words in a language. */
export function planWords(language: Language): PlanWords {
  return language === 'fr' ? FR : EN;
}
