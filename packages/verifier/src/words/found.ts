/** Words for making an identity and a roster. */
import { french, type InBoth } from '../language.ts';

interface FoundWords {
  readonly who: string;
  readonly lab: string;
  readonly labRemark: string;
  readonly person: string;
  readonly personRemark: string;
  readonly describe: string;
  readonly labName: string;
  readonly scheme: string;
  readonly siren: string;
  readonly finess: string;
  readonly number: string;
  readonly numberRemark: string;
  readonly country: string;
  readonly countryRemark: string;
  readonly laboratory: string;
  readonly personName: string;
  readonly signer: string;
  readonly signerRemark: string;
  readonly officer: string;
  readonly email: string;
  readonly phone: string;
  readonly make: string;
  readonly making: string;
  readonly numberFault: string;
  readonly save: string;
  readonly unsaved: string;
  readonly secretFile: string;
  readonly secretRemark: string;
  readonly rosterFile: string;
  readonly rosterRemark: string;
  readonly publicFile: string;
  readonly publicRemark: string;
  readonly compare: string;
  readonly rosterFingerprint: (lab: string) => string;
  readonly identityFingerprint: (person: string) => string;
  readonly compareRoster: readonly string[];
  readonly comparePerson: readonly string[];
  readonly made: string;
  readonly over: string;
}

/** The words. */
export const FOUND_WORDS: InBoth<FoundWords> = {
  en: {
    who: 'For whom?',
    lab: 'A laboratory',
    labRemark: 'An identity for the person who signs, and the roster that names her or him.',
    person: 'One person or service',
    personRemark: 'An identity alone: for a second signer, an operator or a recipient.',
    describe: 'Describe',
    labName: 'Name of the laboratory',
    scheme: 'Which number identifies it?',
    siren: 'that of the company',
    finess: 'that of the establishment',
    number: 'The number',
    numberRemark: '9 characters, spaces allowed.',
    country: 'Country',
    countryRemark: 'Two letters, for example FR.',
    laboratory: 'The laboratory',
    personName: 'Name',
    signer: 'Who signs',
    signerRemark: 'First and last name, as they will stand in every signed document.',
    officer: 'The data protection officer',
    email: 'E-mail address',
    phone: 'Phone number (optional)',
    make: 'Make the keys',
    making: 'Making the keys; this takes a few seconds…',
    numberFault: 'A SIREN or FINESS number has 9 characters.',
    save: 'Save the files',
    unsaved: 'These files exist in this page alone until you save them.',
    secretFile: 'Save the secret identity',
    secretRemark: 'Yours alone. Keep it where only you can read it, with a copy in a safe place.',
    rosterFile: 'Save the roster',
    rosterRemark: 'For the vendor and the recipient; nothing in it is secret.',
    publicFile: 'Save the public identity',
    publicRemark: 'For those who name this person in a document; nothing in it is secret.',
    compare: 'Let the others compare the fingerprint',
    rosterFingerprint: (lab) => `Fingerprint of the roster of ${lab}`,
    identityFingerprint: (person) => `Fingerprint of the identity of ${person}`,
    compareRoster: [
      'Send the roster to the vendor and to the recipient, by mail for example.',
      'Then call them, on a number that you know, and read the fingerprint out. They type what they hear.',
      'Everything else hangs on this one comparison: whoever could exchange the roster could sign in your name.',
    ],
    comparePerson: [
      'Send the public identity to the laboratory, by mail for example.',
      'Then call, on a number that you know, and read the fingerprint out.',
    ],
    made: 'The keys are made. Save the files.',
    over: 'Make another',
  },
  fr: {
    who: french('Pour qui ?'),
    lab: 'Un laboratoire',
    labRemark: 'Une identité pour la personne qui signe, et le registre qui la nomme.',
    person: 'Une personne ou un service',
    personRemark: french('Une identité seule : second signataire, opérateur ou destinataire.'),
    describe: 'Décrire',
    labName: 'Nom du laboratoire',
    scheme: french("Quel numéro l'identifie ?"),
    siren: french("celui de l'entreprise"),
    finess: french("celui de l'établissement"),
    number: 'Le numéro',
    numberRemark: '9 caractères, espaces admises.',
    country: 'Pays',
    countryRemark: 'Deux lettres, par exemple FR.',
    laboratory: 'Le laboratoire',
    personName: 'Nom',
    signer: 'La personne qui signe',
    signerRemark: 'Prénom et nom, tels qu’ils figureront dans chaque document signé.',
    officer: 'Le délégué à la protection des données',
    email: 'Adresse électronique',
    phone: 'Téléphone (facultatif)',
    make: 'Créer les clés',
    making: french('Création des clés ; cela prend quelques secondes…'),
    numberFault: 'Un numéro SIREN ou FINESS compte 9 caractères.',
    save: 'Enregistrer les fichiers',
    unsaved: french("Ces fichiers n'existent que dans cette page tant que vous ne les avez pas enregistrés."),
    secretFile: french("Enregistrer l'identité secrète"),
    secretRemark: 'Elle est à vous seul. Gardez-la là où personne d’autre ne peut la lire, avec une copie en lieu sûr.',
    rosterFile: 'Enregistrer le registre',
    rosterRemark: french("Pour l'éditeur et le destinataire ; rien n'y est secret."),
    publicFile: french("Enregistrer l'identité publique"),
    publicRemark: french("Pour ceux qui nomment cette personne dans un document ; rien n'y est secret."),
    compare: french("Faire comparer l'empreinte"),
    rosterFingerprint: (lab) => `Empreinte du registre de ${lab}`,
    identityFingerprint: (person) => french("Empreinte de l'identité de ") + person,
    compareRoster: [
      french("Envoyez le registre à l'éditeur et au destinataire, par courriel par exemple."),
      french(
        "Puis appelez-les, à un numéro que vous connaissez, et lisez-leur l'empreinte. Ils tapent ce qu'ils entendent.",
      ),
      french(
        'Tout le reste tient à cette comparaison : qui pourrait échanger le registre pourrait signer en votre nom.',
      ),
    ],
    comparePerson: [
      french("Envoyez l'identité publique au laboratoire, par courriel par exemple."),
      french("Puis appelez, à un numéro que vous connaissez, et lisez l'empreinte."),
    ],
    made: 'Les clés sont créées. Enregistrez les fichiers.',
    over: 'En créer une autre',
  },
};
