/** NHANES 2017–2018 laboratory data: no date at all, three datasets linked on the participant's number, an embedded server. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDocument } from '@sealift/core/document';
import { APPROVAL, DELIVERY, ending, extraction, importation, RECEPTION } from '@sealift/demo/cast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, records } from './rig/dump.ts';
import { startEmbedded } from './rig/embedded.ts';
import { Migration } from './rig/migration.ts';
import { publicData } from './rig/public-data.ts';

const JOB = 'nhanes-2018';
const { folder, missing } = publicData('nhanes');
const dialect = { encoding: 'utf-8', delimiter: ',', quote: '"', newline: 'lf' };

/** Fasting glucose of who gave it; glycohaemoglobin and HDL of the same participants. */
const FILES = { glucose: 'GLU_J.csv', 'glycated-haemoglobin': 'GHB_J.csv', hdl: 'HDL_J.csv' } as const;
const link = { field: 'SEQN', to: 'glucose', toField: 'SEQN' };
const datasets = [
  // The survey's weight stays.
  { name: 'glucose', dialect, fields: [{ name: 'SEQN', as: 'participant' }, { name: 'LBXGLU' }, { name: 'LBDGLUSI' }] },
  { name: 'glycated-haemoglobin', dialect, fields: [{ name: 'SEQN', as: 'participant' }, { name: 'LBXGH' }], link },
  { name: 'hdl', dialect, fields: [{ name: 'LBDHDDSI' }, { name: 'SEQN', as: 'participant' }], link },
];
const COLUMNS: Record<keyof typeof FILES, readonly number[]> = {
  glucose: [0, 2, 3],
  'glycated-haemoglobin': [0, 1],
  hdl: [2, 0],
};

describe.skipIf(missing !== undefined)(missing ?? 'NHANES, from signed instructions to the verified manifest', () => {
  let migration: Migration;
  const expected = new Map<string, { read: number; rows: string[][] }>();

  beforeAll(async () => {
    const participants = new Set<string | undefined>();
    for (const [name, file] of Object.entries(FILES)) {
      const [, ...all] = await collect(records(join(folder, file), 'utf-8'));
      if (name === 'glucose') for (const [participant] of all) participants.add(participant);
      const kept = all.filter(([participant]) => participants.has(participant));
      const columns = COLUMNS[name as keyof typeof FILES];
      const rows = kept.map((row) => columns.map((index) => row[index] ?? ''));
      expected.set(name, { read: all.length, rows });
    }
    migration = await Migration.start({ job: JOB, start: startEmbedded, datasets, members: { suite: 'sealedbox' } });
    const sources = Object.entries(FILES).flatMap(([name, file]) => ['--source', `${name}=${join(folder, file)}`]);
    const loaded = [...expected].flatMap(([name, { rows }]) => ['--rows', `${name}=${rows.length}`]);
    await migration.play([...extraction(JOB, sources), ...APPROVAL, ...DELIVERY, ...RECEPTION, ...importation(loaded)]);
    await migration.play(ending(JOB));
  }, 120_000);

  afterAll(async () => {
    await migration?.stop();
  });

  it('without a window every row leaves that the link lets go, and the sums close', async () => {
    const manifest = await readFile(migration.cast.lab.path('manifest.json'));
    const { document } = readDocument(manifest, 'sealift.manifest.v1');
    const statement = document.entries[0]?.signed.statement;
    if (statement?.kind !== 'extraction') throw new Error('the first entry is no extraction');
    expect(statement.suite).toBe('sealedbox');
    for (const { dataset, counts, columns } of statement.datasets) {
      const { read = 0, rows = [] } = expected.get(dataset) ?? {};
      const rest = { malformed: 0, emptyDate: 0, impossibleDate: 0, outsideWindow: 0, excluded: 0 };
      expect(counts).toEqual({ ...rest, read, kept: rows.length, notLinked: read - rows.length });
      expect(columns.kept).toContain('participant');
    }
    expect(statement.datasets.map(({ columns }) => columns.withheld)).toEqual([['WTSAF2YR'], [], ['LBDHDD']]);
    expect(expected.get('hdl')?.rows.length).toBeLessThan(expected.get('hdl')?.read ?? 0);
  });

  it.each(Object.keys(FILES))('the rows of %s arrive cell by cell, in the order of the list', async (name) => {
    const [, ...received] = await collect(records(migration.cast.recipient.path('received', `${name}.csv`), 'utf-8'));
    expect(received).toEqual(expected.get(name)?.rows);
  });
});
