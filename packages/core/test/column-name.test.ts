import { describe, expect, test } from 'vitest';
import { columnWords, unnumberedWords } from '../src/column-name.ts';
import { isNirName } from '../src/nir-name.ts';

describe('the words of a column’s name', () => {
  test.each([
    ['COMMENTAIRE P', ['COMMENTAIRE', 'P']],
    ['userLogin', ['USER', 'LOGIN']],
    ['Prénom_usuel', ['PRENOM', 'USUEL']],
    ['ＮＩＲ', ['NIR']],
    ['MDP1', ['MDP1']],
    ['  ', []],
    ['', []],
  ])('of %j are %j: without marks, in capitals, a capital after a small letter begins one', (name, words) => {
    expect(columnWords(name)).toEqual(words);
  });

  test('lose the number that they end with, and are none where nothing is left', () => {
    expect(unnumberedWords('MDP12 A1B 7')).toEqual(['MDP', 'A1B']);
  });
});

describe('F02 a column of the NIR', () => {
  test.each(['NIR', 'nir', 'N° NIR', 'NIR2', 'patientNir', 'NUM_SECU', 'numSecu', 'INS', 'Immatriculation', 'NSS'])(
    'is told by its name %j',
    (name) => {
      expect(isNirName(name)).toBe(true);
    },
  );

  test.each(['NIRVANA', 'INSEE', 'ASSURE', 'SECURITE', 'MATRICULE', ''])(
    'is not told by %j, where the word is a part of another',
    (name) => {
      expect(isNirName(name)).toBe(false);
    },
  );
});
