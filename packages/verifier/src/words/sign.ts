/** Words for reading and signing instructions. */
import { french, type InBoth } from '../language.ts';

interface SignWords {
  readonly files: string;
  readonly draftPurpose: string;
  readonly rosterPurpose: string;
  readonly identityPurpose: string;
  readonly reading: string;
  readonly read: string;
  readonly digest: string;
  readonly rosterFingerprint: (lab: string) => string;
  readonly rosterRemark: string;
  readonly sign: string;
  readonly complete: string;
  readonly problem: string;
  readonly identityMissing: string;
  readonly consent: (lab: string) => string;
  readonly consentMissing: string;
  readonly button: string;
  readonly signing: string;
  readonly hand: string;
  readonly signed: (signers: string) => string;
  readonly missing: (count: number) => string;
  readonly save: (name: string) => string;
  readonly next: string;
  readonly nextSigner: string;
}

/** The words. */
export const SIGN_WORDS: InBoth<SignWords> = {
  en: {
    files: 'Bring the files',
    draftPurpose: 'the draft, from whoever proposes it',
    rosterPurpose: 'lab.roster.json, your laboratory’s own',
    identityPurpose: 'lab.key.json, of the person who signs',
    reading: 'Reading…',
    read: 'Read what is asked',
    digest: 'Digest of the document (what the signature covers):',
    rosterFingerprint: (lab) => `Roster of ${lab}`,
    rosterRemark: 'It must be the fingerprint that your laboratory keeps.',
    sign: 'Sign',
    complete: 'Enough signers have signed already: these instructions have effect within their dates.',
    problem: 'This can’t be signed as it is.',
    identityMissing: 'Bring the secret identity of the person who signs (step 1).',
    consent: (lab) => `I have read these instructions, and sign them for ${lab}.`,
    consentMissing: 'Say first that you have read them.',
    button: 'Sign the instructions',
    signing: 'Signing; this takes a few seconds…',
    hand: 'Hand it to the vendor and the recipient',
    signed: (signers) => `Signed by ${signers}.`,
    missing: (count) => `${count} more signature${count === 1 ? ' is' : 's are'} needed before they have effect.`,
    save: (name) => `Save ${name}`,
    next: 'Send the file to the vendor and to the recipient. Nothing in it is secret; only what it lists can leave.',
    nextSigner: 'Give the file to the next signer, who brings it here.',
  },
  fr: {
    files: 'Apporter les fichiers',
    draftPurpose: 'le projet, de qui le propose',
    rosterPurpose: 'lab.roster.json, celui de votre laboratoire',
    identityPurpose: 'lab.key.json, de la personne qui signe',
    reading: 'Lecture…',
    read: 'Lire ce qui est demandé',
    digest: french('Empreinte du document (ce que couvre la signature) :'),
    rosterFingerprint: (lab) => `Registre de ${lab}`,
    rosterRemark: french("Ce doit être l'empreinte que votre laboratoire conserve."),
    sign: 'Signer',
    complete: french('Assez de signataires ont déjà signé : ces instructions produisent effet entre leurs dates.'),
    problem: 'Ce projet ne peut pas être signé tel quel.',
    identityMissing: french("Apportez l'identité secrète de la personne qui signe (étape 1)."),
    consent: (lab) => `${french("J'ai lu ces instructions, et je les signe pour ")}${lab}.`,
    consentMissing: french("Dites d'abord que vous les avez lues."),
    button: 'Signer les instructions',
    signing: french('Signature en cours ; cela prend quelques secondes…'),
    hand: french("Remettre le fichier à l'éditeur et au destinataire"),
    signed: (signers) => `Signé par ${signers}.`,
    missing: (count) => french(`Signatures qui manquent encore avant qu'elles produisent effet : ${count}.`),
    save: (name) => `Enregistrer ${name}`,
    next: french(
      "Envoyez le fichier à l'éditeur et au destinataire. Rien n'y est secret ; seul ce qu'il énumère peut sortir.",
    ),
    nextSigner: french('Donnez le fichier au signataire suivant, qui l’apporte ici.'),
  },
};
