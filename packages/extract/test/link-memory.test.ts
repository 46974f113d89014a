/** The memory of links is said before anything is read, and holds; links are followed in whatever order the instructions list them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '@sealift/core/dataset';
import type { Instructions, VerifiedInstructions } from '@sealift/core/instructions';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDatasets } from '../src/dataset-reading.ts';
import { forecastLinkMemory, LinkKeys } from '../src/index.ts';
import { datasetOf, pieces } from './extraction.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealift-links-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** As much of instructions as is read here. */
const instructing = (...datasets: readonly Dataset[]): VerifiedInstructions => {
  const signed: Partial<Instructions> = { datasets };
  const instructions: Partial<VerifiedInstructions> = { signed: signed as Instructions };
  return instructions as VerifiedInstructions;
};
const patients = (changes: Partial<Dataset> = {}): Dataset => datasetOf(['ID'], { name: 'patients', ...changes });
const results = datasetOf(['VALUE'], { name: 'results', link: { field: 'PATIENT', to: 'patients', toField: 'ID' } });

describe('the forecast', () => {
  const forecast = (one: Dataset, sources: Parameters<typeof forecastLinkMemory>[1] = new Map()) =>
    forecastLinkMemory(instructing(one, results), sources);
  const keys = (count: number) => ({ keys: count, bytes: LinkKeys.mostBytesFor(count) });

  it('rests on the ceiling, else on what the laboratory expects, else on a look at the source', async () => {
    const ceiling = { rows: 1000 };
    const expected = { rows: 900, kept: 800 };
    const about = { dataset: 'patients', field: 'ID' };
    expect(await forecast(patients({ ceiling, expected }))).toEqual([{ ...about, basis: 'ceiling', ...keys(1000) }]);
    expect(await forecast(patients({ expected }))).toEqual([{ ...about, basis: 'expected', ...keys(800) }]);
    const path = join(folder, 'patients.csv');
    await writeFile(path, `ID;NAME\n${'123;ABC\n'.repeat(100_000)}`);
    const file = new Map([['patients', { kind: 'file', path } as const]]);
    expect(await forecast(patients(), file)).toEqual([{ ...about, basis: 'source', ...keys(100_001) }]);
    await writeFile(path, `ID;NAME\r${'123;ABC\r'.repeat(10)}`);
    expect(await forecast(patients(), file)).toEqual([{ ...about, basis: 'source', ...keys(11) }]);
  });

  it('says that nothing is known of a pipe or of a file that is not there, and is empty without links', async () => {
    const unknown = [{ dataset: 'patients', field: 'ID', basis: 'unknown' }];
    const missing = new Map([['patients', { kind: 'file', path: join(folder, 'none.csv') } as const]]);
    const piped = new Map([['patients', { kind: 'pipe', stream: pieces(Buffer.from(''), 1) } as const]]);
    expect(await forecast(patients(), missing)).toEqual(unknown);
    expect(await forecast(patients(), piped)).toEqual(unknown);
    expect(await forecastLinkMemory(instructing(patients()), new Map())).toEqual([]);
  });

  it('is not exceeded by the keys', () => {
    for (const count of [0, 1, 896, 897, 20_000]) {
      const table = new LinkKeys();
      for (let key = 0; key < count; key++) table.add(Buffer.from(String(key)), 0, String(key).length);
      expect(table.byteLength).toBeLessThanOrEqual(LinkKeys.mostBytesFor(count));
    }
  });
});

it('links are followed in any order in which the datasets are listed, and the rows of nobody are counted', async () => {
  const notes = datasetOf(['TEXT'], { name: 'notes', link: { field: 'RESULT', to: 'results', toField: 'NUMBER' } });
  const visits = datasetOf(['DAY'], { name: 'visits', link: { field: 'PATIENT', to: 'patients', toField: 'ID' } });
  const all = [patients({ ceiling: { rows: 10 } }), results, notes, visits];
  const content = new Map([
    ['patients', 'ID\n1\n2\n'],
    ['results', 'NUMBER;PATIENT;VALUE\na;1;x\nb;2;y\nc;3;z\nd;;w\n'],
    ['notes', 'RESULT;TEXT\na;p\nc;q\nb;r\nz;s\n'],
    ['visits', 'PATIENT;DAY\n2;m\n4;n\n'],
  ]);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (datasets) => {
      const origins = [...content].map(
        ([name, text]) => [name, { kind: 'pipe', stream: pieces(Buffer.from(text), 5) }] as const,
      );
      const read = await readDatasets(instructing(...datasets), new Map(origins), { sinkOf: () => () => undefined });
      const counts = read.map(({ reading }) => [reading.dataset, reading.counts.kept, reading.counts.notLinked]);
      expect(counts).toEqual(
        datasets.map(({ name }) => [
          name,
          ...({ patients: [2, 0], results: [2, 2], notes: [2, 2], visits: [1, 1] }[name] ?? []),
        ]),
      );
    }),
    { numRuns: 24 },
  );
});
