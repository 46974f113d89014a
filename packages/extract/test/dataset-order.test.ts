import type { Dataset } from '@sealift/core';
import { describe, expect, it } from 'vitest';
import { linkedFields, orderDatasets } from '../src/index.ts';
import { datasetOf } from './extraction.ts';

function dataset(name: string, to?: string, toField = 'ID'): Dataset {
  return datasetOf(['ID'], to === undefined ? { name } : { name, link: { field: 'ID', to, toField } });
}

describe('order of datasets', () => {
  const names = (datasets: readonly Dataset[]): string[] => orderDatasets(datasets).map(({ name }) => name);

  it('extracts a dataset after the one that it links to, and keeps the order of the instructions otherwise', () => {
    expect(
      names([dataset('results', 'visits'), dataset('doctors'), dataset('visits', 'patients'), dataset('patients')]),
    ).toEqual(['patients', 'visits', 'results', 'doctors']);
    expect(names([dataset('b'), dataset('a')])).toEqual(['b', 'a']);
  });

  it.each([
    ['itself', [dataset('patients', 'patients')]],
    ['each other', [dataset('a', 'b'), dataset('b', 'a')]],
    ['a circle', [dataset('x', 'a'), dataset('a', 'b'), dataset('b', 'c'), dataset('c', 'a')]],
    ['an unknown dataset', [dataset('results', 'patient')]],
  ])('refuses links to %s', (_, datasets) => {
    expect(() => orderDatasets(datasets)).toThrow(expect.objectContaining({ code: 'E_SCOPE' }));
  });

  it('tells the fields whose keys others need', () => {
    const all = [
      dataset('patients'),
      dataset('results', 'patients'),
      dataset('notes', 'patients', 'NIR'),
      dataset('files', 'results'),
    ];
    expect([...linkedFields(dataset('patients'), all)]).toEqual(['ID', 'NIR']);
    expect([...linkedFields(dataset('notes'), all)]).toEqual([]);
  });
});
