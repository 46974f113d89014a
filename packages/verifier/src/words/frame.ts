/** Words that stand around every view. */
import { french, type InBoth } from '../language.ts';

interface ViewWords {
  /** For the way to it. */
  readonly short: string;
  readonly title: string;
  readonly summary: string;
}

interface FrameWords {
  readonly title: string;
  readonly lead: string;
  readonly promise: string;
  readonly skip: string;
  readonly languages: string;
  readonly tasks: string;
  readonly views: Readonly<Record<'verify' | 'sign' | 'answer' | 'found', ViewWords>>;
  readonly about: { readonly title: string; readonly paragraphs: readonly string[] };
}

/** The frame's words. */
export const FRAME_WORDS: InBoth<FrameWords> = {
  en: {
    title: 'The laboratory’s page',
    lead: 'Everything a laboratory has to read, check or sign for a migration: on this computer, offline, without a terminal.',
    promise: 'Works offline. Nothing leaves this computer.',
    skip: 'Skip to the content',
    languages: 'Language',
    tasks: 'What can be done here',
    views: {
      verify: {
        short: 'Verify',
        title: 'Verify a migration',
        summary:
          'What was asked, what left, what stayed, who did what: from the manifest and your laboratory’s roster.',
      },
      sign: {
        short: 'Instructions',
        title: 'Read and sign instructions',
        summary: 'A draft in plain language, what deserves a second look, and then your signature.',
      },
      answer: {
        short: 'Answer',
        title: 'Answer an extraction',
        summary: 'Approve rows and columns before anything is sent, validate the result, or end the migration.',
      },
      found: {
        short: 'Identity',
        title: 'Make an identity and a roster',
        summary:
          'Once, at the beginning: your keys under a passphrase, and the roster that the others compare on the phone.',
      },
    },
    about: {
      title: 'What this page is, and what it can’t promise',
      paragraphs: [
        'It is one file. It loads nothing, and the policy in its first lines forbids every connection, every other script and every form that would be sent.',
        'Passphrases and the keys that they open are used in a part of the page that ends with each task. A browser can’t promise that nothing of them stays in memory: close the page when you have finished.',
        'It is as trustworthy as the copy that you opened: compare its SHA-256 with the one that was given to you by another way.',
      ],
    },
  },
  fr: {
    title: 'La page du laboratoire',
    lead: french(
      "Tout ce qu'un laboratoire doit lire, vérifier ou signer pour une migration : sur cet ordinateur, hors ligne, sans terminal.",
    ),
    promise: 'Fonctionne hors ligne. Rien ne quitte cet ordinateur.',
    skip: 'Aller au contenu',
    languages: 'Langue',
    tasks: french("Ce que l'on peut faire ici"),
    views: {
      verify: {
        short: 'Vérifier',
        title: 'Vérifier une migration',
        summary: french(
          'Ce qui était demandé, ce qui est sorti, ce qui est resté, qui a fait quoi : à partir du manifeste et du registre de votre laboratoire.',
        ),
      },
      sign: {
        short: 'Instructions',
        title: 'Lire et signer des instructions',
        summary: 'Un projet en langage clair, ce qui mérite un second regard, puis votre signature.',
      },
      answer: {
        short: french('Répondre'),
        title: 'Répondre à une extraction',
        summary:
          'Approuver les lignes et les colonnes avant tout envoi, valider le résultat, ou mettre fin à la migration.',
      },
      found: {
        short: 'Identité',
        title: 'Créer une identité et un registre',
        summary: french(
          'Une fois, au début : vos clés sous une phrase de passe, et le registre que les autres comparent au téléphone.',
        ),
      },
    },
    about: {
      title: french("Ce qu'est cette page, et ce qu'elle ne peut promettre"),
      paragraphs: [
        french(
          "C'est un seul fichier. Il ne charge rien, et la règle inscrite dans ses premières lignes interdit toute connexion, tout autre script et tout envoi de formulaire.",
        ),
        french(
          "Les phrases de passe et les clés qu'elles ouvrent servent dans une partie de la page qui se termine avec chaque tâche. Un navigateur ne peut promettre qu'il n'en reste rien en mémoire : fermez la page quand vous avez fini.",
        ),
        french(
          'Elle vaut ce que vaut la copie que vous avez ouverte : comparez son empreinte SHA-256 à celle qui vous a été donnée par une autre voie.',
        ),
      ],
    },
  },
};
