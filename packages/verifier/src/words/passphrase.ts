/** Words about passphrases. */
import { french, type InBoth } from '../language.ts';

interface PassphraseWords {
  readonly fresh: string;
  readonly again: string;
  readonly advice: (least: number) => string;
  readonly short: (least: number) => string;
  readonly differ: string;
  readonly known: (person: string) => string;
}

/** The words. */
export const PASSPHRASE_WORDS: InBoth<PassphraseWords> = {
  en: {
    fresh: 'A passphrase for this identity',
    again: 'The same passphrase again',
    advice: (least) => `At least ${least} characters; five random words are easy to remember. Nobody can recover it.`,
    short: (least) => `The passphrase needs at least ${least} characters.`,
    differ: 'The two passphrases differ.',
    known: (person) => `Passphrase of ${person}`,
  },
  fr: {
    fresh: 'Une phrase de passe pour cette identité',
    again: 'La même phrase de passe, une seconde fois',
    advice: (least) =>
      french(
        `Au moins ${least} caractères ; cinq mots pris au hasard se retiennent bien. Personne ne peut la retrouver.`,
      ),
    short: (least) => `La phrase de passe doit compter au moins ${least} caractères.`,
    differ: french('Les deux phrases de passe diffèrent.'),
    known: (person) => `Phrase de passe de ${person}`,
  },
};
