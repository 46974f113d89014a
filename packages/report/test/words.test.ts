import type { Claim } from '@sealift/core/claims';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../src/index.ts';

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

  it('say by how much counts differ', () => {
    const difference = { by: 'expected', of: 'kept', rows: 12, extraction: 10 } as const;
    expect(wordsOf('en').difference('patients', difference)).toBe(
      'patients: the laboratory expected 12 rows to leave, 2 more than the 10 of the extraction.',
    );
  });
});
