import type { Claim, Reconciled } from '@sealift/core/claims';
import { parseCalendarDate } from '@sealift/core/ids';
import type { ExtractedDates } from '@sealift/core/statement';
import { describe, expect, it } from 'vitest';
import { countSentences, countTable, wordsOf } from '../src/index.ts';

const left: Claim = {
  group: 'extraction',
  standing: 'proven',
  fact: { says: 'rows-kept', dataset: 'patients', rows: 120_873 },
  entry: 0,
};

describe('claims in words', () => {
  it('are written as each language writes, with the reason for their standing', () => {
    expect(wordsOf('en').claim(left).claim).toBe('patients: 120,873 rows left.');
    expect(wordsOf('fr').claim(left).claim).toBe('patients\u00a0: 120\u202f873\u00a0lignes sont sorties.');
    expect(wordsOf('en').claim({ ...left, standing: 'attested' }).reason).toMatch(/^Only the processor says so/);
  });

  it('keep the letters of names, whatever the language does to them', () => {
    const fact = { says: 'no-receipt', recipient: "L'autre : «N» !" } as const;
    expect(wordsOf('fr').claim({ group: 'acknowledgement', standing: 'unknown', fact }).claim).toContain(
      "L'autre : «N» !",
    );
  });

  it('say from when the rows are that left, and those that stayed', () => {
    const years = [
      { year: 2016, kept: 0, withheld: 5 },
      { year: 2017, kept: 1200, withheld: 1 },
    ];
    const [firstKept, lastKept] = [parseCalendarDate('2017-05-07'), parseCalendarDate('2017-12-01')];
    const saying = (dates: Pick<ExtractedDates, 'years' | 'firstKept' | 'lastKept'>, language: 'en' | 'fr') => {
      const fact = { says: 'rows-by-year', dataset: 'patients', field: 'VISITE', ...dates } as const;
      return wordsOf(language)
        .claim({ group: 'extraction', standing: 'attested', fact, entry: 0 })
        .claim.replaceAll(/[\u00a0\u202f]/g, ' ');
    };
    expect(saying({ years, firstKept, lastKept }, 'en')).toBe(
      'patients, by VISITE: the rows that left are of 7 May 2017 to 1 December 2017; those that stayed are of 2016 to 2017.',
    );
    expect(saying({ years, firstKept, lastKept }, 'fr')).toBe(
      'patients, par VISITE : les lignes sorties vont du 7 mai 2017 au 1er décembre 2017 ; celles qui sont restées vont de 2016 à 2017.',
    );
    expect(saying({ years: years.slice(0, 1) }, 'en')).toBe(
      'patients, by VISITE: no row with a date left; those that stayed are of 2016.',
    );
    expect(saying({ years: [], firstKept, lastKept }, 'fr')).toMatch(/; aucune ligne datée n’est restée\.$/);
  });

  it('say by how much counts differ', () => {
    const difference = { by: 'expected', of: 'kept', rows: 12, extraction: 10 } as const;
    expect(wordsOf('en').difference('patients', difference)).toBe(
      'patients: the laboratory expected 12 rows to leave, 2 more than the 10 of the extraction.',
    );
  });
});

describe('counts beside each other', () => {
  const longName = 'Établissement de santé '.repeat(8).trim();
  const agreeing: Reconciled = {
    dataset: 'results',
    counts: [
      { by: 'extraction', read: 1_200_000, kept: 1_100_000 },
      { by: 'receipt', recipient: longName, kept: 1_100_000 },
    ],
    differences: [],
    agreement: 'equal',
  };
  const alone: Reconciled = {
    ...agreeing,
    dataset: 'patients',
    counts: agreeing.counts.slice(0, 1),
    agreement: 'single',
  };
  const short = { by: 'import', recipient: 'novalis', of: 'kept', rows: 9, extraction: 10 } as const;
  const differing: Reconciled = { dataset: 'requests', counts: [], differences: [short], agreement: 'different' };

  it('stand in 80 columns, however long a name is', () => {
    for (const language of ['en', 'fr'] as const) {
      const lines = countTable([alone, agreeing], language);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(lines).toHaveLength(10);
    }
    expect(countTable([alone], 'en')).toContain(
      `${'    extracted by the processor'.padEnd(56)}1,200,000      1,100,000`,
    );
  });

  it('are said to agree by those who counted, and no further', () => {
    expect(countSentences([agreeing], 'en')).toEqual(['Every count agrees.']);
    expect(countSentences([alone, agreeing], 'en')).toEqual([
      'Nobody but the processor has counted the rows of patients.',
      'The counts of results agree.',
    ]);
    expect(countSentences([differing, agreeing], 'fr')).toEqual([
      wordsOf('fr').difference('requests', short),
      'Les nombres de results concordent.',
    ]);
    expect(countSentences([{ ...alone, counts: [], agreement: 'none' }], 'fr')).toEqual([wordsOf('fr').counts.none]);
    expect(countSentences([], 'en')).toEqual([]);
  });
});
