/** Which kinds a column's name speaks for, in French and English. The words are folded as core's dictionaries fold them. */
import { columnWords, isCredentialName, isFreeTextName, NIR_WORDS } from '@sealift/core/column';
import type { Kind } from './kind.ts';

interface NameRule {
  readonly kind: Kind;
  /** Whole words, without the digits they end with. */
  readonly words?: readonly string[];
  /** What words begin or end with. */
  readonly stems?: readonly string[];
}

/** The kinds whose words may stand beside those of a later kind come first: `NUM_TEL` is a phone, `NOM_NAISSANCE` a name. */
const RULES: readonly NameRule[] = [
  { kind: 'e-mail', words: ['MEL', 'MAIL'], stems: ['EMAIL', 'COURRIEL'] },
  { kind: 'phone', words: ['TEL', 'GSM', 'FAX', 'PORTABLE', 'MOBILE'], stems: ['TELEPH', 'PHONE'] },
  { kind: 'postal code', words: ['CP', 'CDP', 'ZIP', 'POSTCODE'], stems: ['POSTAL'] },
  { kind: 'nir', words: NIR_WORDS },
  { kind: 'city', words: ['VILLE', 'CITY', 'TOWN', 'LIEU', 'BIRTHPLACE'], stems: ['COMMUNE', 'LOCALITE'] },
  { kind: 'address', words: ['ADR', 'VOIE', 'STREET'], stems: ['ADRESS', 'ADDRESS'] },
  {
    kind: 'name',
    words: ['NAME', 'FIRST', 'LAST', 'MAIDEN', 'MEDECIN', 'DOCTEUR', 'CONJOINT', 'PRESCRIPTEUR', 'PRELEVEUR'],
    stems: ['NOM', 'SURNAME', 'FIRSTNAME', 'LASTNAME', 'PATRONYM'],
  },
  { kind: 'birth date', words: ['DDN', 'DOB', 'DNAIS', 'NE', 'NEE'], stems: ['NAISS', 'NAISSANCE', 'BIRTH'] },
  { kind: 'date', words: ['DT', 'START', 'STOP', 'HORODATE'], stems: ['DATE', 'TIMESTAMP'] },
  {
    kind: 'identifier',
    words: [
      ...[
        'ID',
        'IDS',
        'IPP',
        'NIP',
        'NDA',
        'NO',
        'NUM',
        'NUMERO',
        'NUMBER',
        'REF',
        'CLE',
        'KEY',
        'SSN',
        'RPPS',
        'ADELI',
      ],
      ...[
        'SEQN',
        'FINESS',
        'PATIENT',
        'ENCOUNTER',
        'PAYER',
        'PROVIDER',
        'ORGANIZATION',
        'DRIVERS',
        'PASSPORT',
        'MATRICULE',
      ],
    ],
    stems: ['IDENTIF', 'UUID', 'DOSSIER', 'REFERENCE'],
  },
  {
    kind: 'result',
    words: ['VALUE', 'AGE', 'LAT', 'LON', 'COST', 'COVERAGE', 'EXPENSES', 'UTILIZATION'],
    stems: ['RESULT', 'VALEUR', 'MESURE'],
  },
  {
    kind: 'code',
    words: [
      ...[
        'SEXE',
        'SEX',
        'GENDER',
        'UNIT',
        'UNITS',
        'UM',
        'NORME',
        'TYPE',
        'STATE',
        'COUNTY',
        'RACE',
        'ETHNICITY',
        'MARITAL',
      ],
      ...['PREFIX', 'SUFFIX', 'CIVILITE', 'STATUS', 'STATUT', 'PAYS', 'COUNTRY', 'SPECIALITY', 'ETAT', 'NABM', 'LOINC'],
    ],
    stems: ['CODE', 'LIBELLE', 'LABEL', 'UNITE', 'CATEGOR', 'DESCRIPTION', 'ANALYSE'],
  },
];

/** Every kind that the name speaks for, the one that counts most first. */
export function kindsByName(name: string): Kind[] {
  if (isCredentialName(name)) return ['credential'];
  const kinds: Kind[] = isFreeTextName(name) ? ['free text'] : [];
  const words = columnWords(name).map((word) => word.replace(/\d+$/, ''));
  for (const { kind, words: whole = [], stems = [] } of RULES) {
    const spoken = words.some((word) => whole.includes(word) || stems.some((stem) => isPartOf(word, stem)));
    if (spoken) kinds.push(kind);
  }
  return kinds;
}

/** Not in the middle, and `VILLE` not even at the end: `ABBEVILLE` is where a patient lives, and no name of a column. */
function isPartOf(word: string, stem: string): boolean {
  return word.startsWith(stem) || word.endsWith(stem);
}
