/** Synthea's synthetic patients: dates with a time of day, links over two datasets, an embedded server. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDocument } from '@sealift/core/document';
import { APPROVAL, DELIVERY, ending, extraction, importation, RECEPTION } from '@sealift/demo/cast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, records, rows } from './rig/dump.ts';
import { startEmbedded } from './rig/embedded.ts';
import { filesBelow } from './rig/files.ts';
import { Migration } from './rig/migration.ts';
import { publicData } from './rig/public-data.ts';

const JOB = 'synthea-2026';
const { folder, missing } = publicData('synthea-small', 'seeds', 'synthea');
const dialect = { encoding: 'utf-8', delimiter: ',', quote: '"', newline: 'lf' };
const listed = (...names: string[]) => names.map((name) => ({ name }));

const PATIENTS = ['Id', 'BIRTHDATE', 'DEATHDATE', 'FIRST', 'LAST', 'GENDER', 'CITY', 'ZIP'];
const ENCOUNTERS = ['Id', 'START', 'STOP', 'PATIENT', 'ENCOUNTERCLASS', 'CODE'];
const OBSERVATIONS = ['DATE', 'PATIENT', 'ENCOUNTER', 'CODE', 'VALUE', 'UNITS'];

/** Patients born before 2000, their encounters from 2010 to the middle of 2023, and what was observed in those. */
const datasets = [
  {
    name: 'patients',
    dialect,
    fields: listed(...PATIENTS),
    window: {
      field: 'BIRTHDATE',
      format: 'YYYY-MM-DD',
      to: { date: '2000-01-01', inclusive: false },
      emptyDate: 'refuse',
      impossibleDate: 'refuse',
    },
  },
  {
    name: 'encounters',
    dialect,
    fields: listed(...ENCOUNTERS),
    window: {
      field: 'START',
      format: 'YYYY-MM-DDTHH:mm:ssZ',
      from: { date: '2010-01-01', offset: '+00:00', inclusive: true },
      to: { date: '2023-06-30', offset: '+00:00', inclusive: true },
      emptyDate: 'refuse',
      impossibleDate: 'refuse',
    },
    link: { field: 'PATIENT', to: 'patients', toField: 'Id' },
  },
  {
    name: 'observations',
    dialect,
    fields: [...listed('DATE', 'PATIENT', 'ENCOUNTER', 'CODE'), { name: 'VALUE', as: 'result' }, { name: 'UNITS' }],
    link: { field: 'ENCOUNTER', to: 'encounters', toField: 'Id' },
  },
];

type Row = ReadonlyMap<string, string>;

/** What must leave, by another reader and plain comparisons of texts. */
async function expected(): Promise<Record<string, { rows: Row[]; counts: Record<string, number> }>> {
  const read = async (name: string): Promise<Row[]> =>
    collect(rows(join(folder, `${name}.csv`), 'utf-8', { delimiter: ',' }));
  const [patients, encounters, observations] = await Promise.all(['patients', 'encounters', 'observations'].map(read));
  const none = { malformed: 0, emptyDate: 0, impossibleDate: 0, excluded: 0 };
  const keep = (all: Row[] = [], inside: (row: Row) => boolean, linked: (row: Row) => boolean) => {
    const within = all.filter(inside);
    const kept = within.filter(linked);
    const counts = { read: all.length, kept: kept.length, outsideWindow: all.length - within.length };
    return { rows: kept, counts: { ...none, ...counts, notLinked: within.length - kept.length } };
  };
  const ids = (kept: Row[]) => new Set(kept.map((row) => row.get('Id')));
  const inYears = ({ START }: { START: string }): boolean => START >= '2010' && START < '2023-07';

  const old = keep(
    patients,
    (row) => (row.get('BIRTHDATE') ?? '') < '2000',
    () => true,
  );
  const visits = keep(
    encounters,
    (row) => inYears({ START: row.get('START') ?? '' }),
    (row) => ids(old.rows).has(row.get('PATIENT')),
  );
  const seen = keep(
    observations,
    () => true,
    (row) => ids(visits.rows).has(row.get('ENCOUNTER')),
  );
  return { patients: old, encounters: visits, observations: seen };
}

describe.skipIf(missing !== undefined)(missing ?? 'Synthea, from signed instructions to the verified manifest', () => {
  let migration: Migration;
  let truth: Awaited<ReturnType<typeof expected>>;

  beforeAll(async () => {
    truth = await expected();
    migration = await Migration.start({ job: JOB, start: startEmbedded, datasets });
    const sources = datasets.flatMap(({ name }) => ['--source', `${name}=${join(folder, `${name}.csv`)}`]);
    const loaded = Object.entries(truth).flatMap(([name, { counts }]) => ['--rows', `${name}=${counts['kept']}`]);
    await migration.play([...extraction(JOB, sources), ...APPROVAL, ...DELIVERY, ...RECEPTION, ...importation(loaded)]);
    await migration.play(ending(JOB));
  }, 120_000);

  afterAll(async () => {
    await migration?.stop();
  });

  it('every row is counted under the reason that an independent reader finds', async () => {
    const manifest = await readFile(migration.cast.lab.path('manifest.json'));
    const { document } = readDocument(manifest, 'sealift.manifest.v1');
    const statement = document.entries[0]?.signed.statement;
    if (statement?.kind !== 'extraction') throw new Error('the first entry is no extraction');
    const counts = Object.fromEntries(statement.datasets.map((one) => [one.dataset, one.counts]));
    expect(counts).toEqual(Object.fromEntries(Object.entries(truth).map(([name, one]) => [name, one.counts])));
    // The rules are all at work: something of each dataset leaves, and something stays.
    for (const { read, kept } of Object.values(counts)) {
      expect(kept).toBeGreaterThan(0);
      expect(read).toBeGreaterThan(kept);
    }
  });

  it.each([
    ['patients', PATIENTS, PATIENTS],
    ['encounters', ENCOUNTERS, ENCOUNTERS],
    ['observations', OBSERVATIONS, OBSERVATIONS.map((name) => (name === 'VALUE' ? 'result' : name))],
  ] as const)('the rows of %s arrive cell by cell, under the names of the list', async (name, from, to) => {
    const received = await collect(records(migration.cast.recipient.path('received', `${name}.csv`), 'utf-8'));
    const sent = truth[name]?.rows.map((row) => from.map((column) => row.get(column)));
    expect(received).toEqual([to, ...(sent ?? [])]);
  });

  it('after the purge no sealed file is left', async () => {
    expect([await filesBelow(migration.local('out')), await filesBelow(migration.remote('out'))]).toEqual([[], []]);
  });
});
