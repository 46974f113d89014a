/** Words for the laboratory's answer to an extraction. */
import type { JobState } from '@sealift/core/journal';
import { french, type InBoth } from '../language.ts';
import type { AnswerKind } from '../work/answer.ts';

type ForKind<Value> = Readonly<Record<AnswerKind, Value>>;

interface AnswerWords {
  readonly files: string;
  readonly manifestPurpose: string;
  readonly rosterPurpose: string;
  readonly identityPurpose: string;
  readonly formerPurpose: string;
  readonly reading: string;
  readonly read: string;
  readonly stateOf: (job: string, lab: string) => string;
  readonly states: Readonly<Record<JobState, string>>;
  readonly rosterFingerprint: (lab: string) => string;
  readonly rosterRemark: string;
  readonly answer: string;
  readonly nothing: string;
  readonly identityMissing: string;
  readonly what: string;
  readonly kinds: ForKind<{ readonly label: string; readonly remark: string }>;
  readonly reason: string;
  readonly sign: ForKind<string>;
  readonly again: string;
  readonly signing: string;
  readonly signed: ForKind<string>;
  readonly missing: (count: number) => string;
  readonly hand: string;
  readonly save: (name: string) => string;
  readonly next: string;
  readonly nextSigner: string;
}

/** The words. */
export const ANSWER_WORDS: InBoth<AnswerWords> = {
  en: {
    files: 'Bring the files',
    manifestPurpose: 'manifest.json, from the vendor, after the extraction',
    rosterPurpose: 'lab.roster.json, your laboratory’s own',
    identityPurpose: 'lab.key.json, of the person who signs',
    formerPurpose: 'what another signer has signed already',
    reading: 'Verifying every signature and count…',
    read: 'Read what was extracted',
    stateOf: (job, lab) => `The manifest of ${job} holds under the roster of ${lab}. The migration is`,
    states: {
      authorised: 'authorised, and nothing was extracted yet',
      extracted: 'extracted',
      approved: 'approved',
      delivered: 'delivered',
      received: 'received',
      imported: 'imported',
      validated: 'validated',
      purged: 'purged',
      aborted: 'aborted',
      revoked: 'revoked',
    },
    rosterFingerprint: (lab) => `Roster of ${lab}`,
    rosterRemark: 'It must be the fingerprint that your laboratory keeps.',
    answer: 'Answer',
    nothing: 'Nothing is to be answered at this point: the manifest shows what the migration waits for.',
    identityMissing: 'Bring the secret identity of the person who signs (step 1).',
    what: 'What does the laboratory state?',
    kinds: {
      approval: { label: 'We approve the extraction', remark: 'These rows and columns, and no others, may be sent.' },
      validation: { label: 'We validate the result', remark: 'What arrived in the new system is what we expected.' },
      revocation: { label: 'We end the migration', remark: 'Nothing more leaves; the vendor deletes its copies.' },
    },
    reason: 'Why, for the record',
    sign: {
      approval: 'Sign the approval',
      validation: 'Sign the validation',
      revocation: 'Sign the end of the migration',
    },
    again: 'Answer something else',
    signing: 'Signing; this takes a few seconds…',
    signed: {
      approval: 'The approval is signed.',
      validation: 'The validation is signed.',
      revocation: 'The end of the migration is signed.',
    },
    missing: (count) =>
      count === 1
        ? 'One more signer of the laboratory must sign it.'
        : `${count} more signers of the laboratory must sign it.`,
    hand: 'Hand it to the vendor',
    save: (name) => `Save ${name}`,
    next: 'Send the file to the vendor, who takes it in with “migrate accept”. Nothing in it is secret.',
    nextSigner: 'Give the file to the next signer, who brings it here beside the same manifest.',
  },
  fr: {
    files: 'Apporter les fichiers',
    manifestPurpose: french("manifest.json, reçu de l'éditeur après l'extraction"),
    rosterPurpose: 'lab.roster.json, celui de votre laboratoire',
    identityPurpose: 'lab.key.json, de la personne qui signe',
    formerPurpose: 'ce qu’un autre signataire a déjà signé',
    reading: 'Vérification de chaque signature et de chaque compte…',
    read: 'Lire ce qui a été extrait',
    stateOf: (job, lab) => french(`Le manifeste de ${job} tient, sous le registre de ${lab}. État de la migration :`),
    states: {
      authorised: 'autorisée, rien n’est encore extrait',
      extracted: 'extraite',
      approved: 'approuvée',
      delivered: 'remise',
      received: 'reçue',
      imported: 'importée',
      validated: 'validée',
      purged: 'effacée',
      aborted: 'abandonnée',
      revoked: 'révoquée',
    },
    rosterFingerprint: (lab) => `Registre de ${lab}`,
    rosterRemark: french("Ce doit être l'empreinte que votre laboratoire conserve."),
    answer: 'Répondre',
    nothing: french("Il n'y a rien à répondre à ce stade : le manifeste dit ce que la migration attend."),
    identityMissing: french("Apportez l'identité secrète de la personne qui signe (étape 1)."),
    what: french('Que déclare le laboratoire ?'),
    kinds: {
      approval: {
        label: french("Nous approuvons l'extraction"),
        remark: french('Ces lignes et ces colonnes, et aucune autre, peuvent être envoyées.'),
      },
      validation: {
        label: 'Nous validons le résultat',
        remark: 'Ce qui est arrivé dans le nouveau système est ce que nous attendions.',
      },
      revocation: {
        label: 'Nous mettons fin à la migration',
        remark: french("Rien ne sort plus ; l'éditeur efface ses copies."),
      },
    },
    reason: 'Pour quelle raison',
    sign: {
      approval: french("Signer l'accord"),
      validation: 'Signer la validation',
      revocation: 'Signer la fin de la migration',
    },
    again: 'Répondre autre chose',
    signing: french('Signature en cours ; cela prend quelques secondes…'),
    signed: {
      approval: french("L'accord est signé."),
      validation: 'La validation est signée.',
      revocation: 'La fin de la migration est signée.',
    },
    missing: (count) => french(`Signatures du laboratoire qui manquent encore : ${count}.`),
    hand: french("Remettre le fichier à l'éditeur"),
    save: (name) => `Enregistrer ${name}`,
    next: french("Envoyez le fichier à l'éditeur, qui le prend en compte par « migrate accept ». Rien n'y est secret."),
    nextSigner: french('Donnez le fichier au signataire suivant, qui l’apporte ici avec le même manifeste.'),
  },
};
