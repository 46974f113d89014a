/** Words for files, and for where they are dropped. */
import { french, type InBoth, type Language } from '../language.ts';
import type { Recognised } from '../work/recognise.ts';

/** The drop area. */
export const DROP_WORDS: InBoth<{
  readonly drop: string;
  readonly choose: string;
  readonly optional: string;
  readonly remove: string;
  readonly other: (name: string) => string;
  readonly known: string;
}> = {
  en: {
    drop: 'Drop the files here, in any order',
    choose: 'Choose files',
    optional: '(optional)',
    remove: 'Remove',
    other: (name) => `${name} is no file that this page can use.`,
    known: 'It works with rosters, manifests, instructions, secret identities, approvals and sealed files.',
  },
  fr: {
    drop: 'Déposez les fichiers ici, dans n’importe quel ordre',
    choose: 'Choisir des fichiers',
    optional: '(facultatif)',
    remove: 'Retirer',
    other: (name) => french(`${name} n'est pas un fichier que cette page sait utiliser.`),
    known: french(
      'Elle travaille avec des registres, manifestes, instructions, identités secrètes, accords et fichiers scellés.',
    ),
  },
};

/** What each kind of file is called. */
export const KIND_WORDS: InBoth<Readonly<Record<Recognised['kind'], string>>> = {
  en: {
    roster: 'Roster',
    manifest: 'Manifest',
    instructions: 'Instructions',
    'secret-identity': 'Your identity',
    approval: 'Approval',
    validation: 'Validation',
    revocation: 'Revocation',
    sealed: 'Sealed file',
    other: 'Other file',
  },
  fr: {
    roster: 'Registre',
    manifest: 'Manifeste',
    instructions: 'Instructions',
    'secret-identity': 'Votre identité',
    approval: 'Accord',
    validation: 'Validation',
    revocation: 'Révocation',
    sealed: 'Fichier scellé',
    other: 'Autre fichier',
  },
};

/** What a file is, in a few words. */
export function fileWords(file: Recognised, language: Language): string {
  const [version, job] = language === 'fr' ? ['version', 'migration'] : ['version', 'job'];
  switch (file.kind) {
    case 'roster':
      return `${file.lab}, ${version} ${file.version}`;
    case 'manifest':
      return `${file.lab}, ${job} ${file.job}`;
    case 'instructions':
      return `${file.lab}, ${job} ${file.job}, ${version} ${file.version}`;
    case 'secret-identity':
      return file.person;
    case 'approval':
    case 'validation':
    case 'revocation':
      return `${job} ${file.job}`;
    case 'sealed':
    case 'other':
      return KIND_WORDS[language][file.kind];
  }
}
