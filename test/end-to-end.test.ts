/** The whole job of issue size, over a real sshd: what leaves, what stays, and what lies on whose disk when. */
import { createReadStream } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { keyedDigestOf } from '@sealift/core';
import { readDocument } from '@sealift/core/document';
import { unlockIdentity } from '@sealift/core/identity';
import { openDigestKey } from '@sealift/core/instructions';
import { readIdentityFile } from '@sealift/core/node';
import { Actor } from '@sealift/demo/actor';
import {
  APPROVAL,
  DELIVERY,
  ending,
  extraction,
  importation,
  RECEPTION,
  rosterFingerprintOf,
} from '@sealift/demo/cast';
import { PATIENT_FIELDS, RESULT_FIELDS } from '@sealift/demo/outline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canaries, DUMP, makeDump, records, rows, type Truth } from './rig/dump.ts';
import { filesBelow, filesHolding } from './rig/files.ts';
import { Migration } from './rig/migration.ts';
import { startOpenSsh, unavailable } from './rig/openssh.ts';
import { requireOutput } from './rig/output.ts';

const JOB = 'port-2026';
const REPORT_MEMORY = new URL('./rig/report-memory.mjs', import.meta.url).href;
const SOURCES = ['patients.csv', 'results.csv'];
const missing = unavailable();

/** The dump's DD/MM/YYYY, read by nothing of Sealift. */
const isKept = (visit: string): boolean => visit.split('/').toReversed().join('-') >= '2017-05-07';

/**
 * Compares what arrived with the source, row by row, by joined cells: a matcher for each of millions of cells would take minutes.
 *
 * @param columns the columns of a source row that had to leave; undefined when the row had to stay
 * @returns how many rows arrived
 */
async function arrivedAsSent(
  receivedFile: string,
  sourceFile: string,
  columns: (cells: ReadonlyMap<string, string>) => readonly string[] | undefined,
): Promise<number> {
  const received = records(receivedFile, 'utf-8');
  await received.next();
  let count = 0;
  for await (const cells of rows(sourceFile, 'windows-1252', DUMP)) {
    const names = columns(cells);
    if (names === undefined) continue;
    count += 1;
    const { value } = await received.next();
    const expected = names.map((name) => cells.get(name)).join('\n');
    if (value?.join('\n') !== expected) throw new Error(`row ${count} of ${receivedFile} is not that of the source`);
  }
  if ((await received.next()).done !== true) throw new Error(`${receivedFile} has more rows than had to leave`);
  return count;
}

/** Where a canary lies in clear outside the source itself. */
async function leaks({ cast, rig }: Migration, texts: readonly string[]): Promise<string[]> {
  const vendor = await filesHolding(cast.vendor.folder, texts);
  const elsewhere = await Promise.all([rig.root, cast.lab.folder].map((folder) => filesHolding(folder, texts)));
  return [...vendor.filter((file) => !SOURCES.includes(file)), ...elsewhere.flat()];
}

/** Extracts the job. @returns the most memory that it took, in bytes */
async function extractMeasured(vendor: Actor): Promise<number> {
  const peakFile = vendor.path('peak.txt');
  const extracted = await vendor.migrate(['extract', '--instructions', 'lab.json', '--identity', 'jean.key.json'], {
    env: { NODE_OPTIONS: `--import ${REPORT_MEMORY}`, PEAK_MEMORY_FILE: peakFile },
  });
  if (extracted.exitCode !== 0) throw new Error(extracted.stderr);
  return Number(await readFile(peakFile, 'utf8'));
}

/** The same engineer on a machine that never saw the job. */
async function anotherVendor({ cast }: Migration, name: string): Promise<Actor> {
  const vendor = await Actor.create(`${cast.vendor.folder}-${name}`);
  for (const file of ['jean.key.json', 'lab.json', 'lab.roster.json'])
    await cp(cast.vendor.path(file), vendor.path(file));
  const fingerprint = await rosterFingerprintOf(cast.lab);
  const pinned = await vendor.migrate(['trust', 'add', 'lab.roster.json', '--fingerprint', fingerprint]);
  if (pinned.exitCode !== 0) throw new Error(pinned.stderr);
  return vendor;
}

async function plaintextDigestUnder(
  manifestFile: string,
  keyFile: string,
  receivedFile: string,
): Promise<{ stated: string | undefined; computed: string }> {
  const { document } = readDocument(await readFile(manifestFile), 'sealift.manifest.v1');
  const statement = document.entries
    .map((entry) => entry.signed.statement)
    .find((candidate) => candidate.kind === 'extraction');
  const job = document.instructions[0]?.signed.job;
  if (statement === undefined || job === undefined) throw new Error('the manifest has no extraction');
  const secret = await unlockIdentity(await readIdentityFile(keyFile), undefined);
  const key = openDigestKey(statement, job, secret);
  const stated = statement.datasets.find(({ dataset }) => dataset === 'patients')?.plaintext.digest;
  return { stated, computed: keyedDigestOf(await readFile(receivedFile), key) };
}

describe.skipIf(missing !== undefined)(missing ?? 'the main job on a real sshd, 129,276 patients', () => {
  let migration: Migration;
  let truth: Truth;
  let secrets: string[];
  const leaked: Record<string, string[]> = {};
  let outBeforePurge: string[][];
  let verified: { stdout: string; exitCode: number };
  let peak: number;

  const path = (name: string): string => migration.cast.recipient.path('received', name);

  beforeAll(async () => {
    migration = await Migration.start({ job: JOB, start: startOpenSsh });
    const { cast } = migration;
    truth = await makeDump(cast.vendor.folder);
    secrets = (await canaries(cast.vendor.path('patients.csv'))).slice(0, 16);
    peak = await extractMeasured(cast.vendor);
    await migration.play(extraction(JOB).slice(1));
    await migration.play(APPROVAL);
    leaked['after the extraction'] = await leaks(migration, secrets);
    await migration.play(DELIVERY);
    await migration.play(RECEPTION);
    const kept = [`patients=${truth.patients.onOrAfterCutoff}`, `results=${truth.results.ofKeptPatients}`];
    await migration.play(importation(kept.flatMap((word) => ['--rows', word])));
    leaked['before the purge'] = await leaks(migration, secrets);
    outBeforePurge = [await filesBelow(migration.local('out')), await filesBelow(migration.remote('out'))];
    await migration.play(ending(JOB).slice(0, -1));
    leaked['after the purge'] = await leaks(migration, secrets);
    verified = await cast.lab.migrate(['verify', 'manifest.json', '--lab', 'lab.roster.json', '--json']);
  }, 180_000);

  afterAll(async () => {
    await migration?.stop();
  });

  it('F10 keeps 120,873 patients and leaves 8,403 behind, as the generator counted', async () => {
    const { document } = readDocument(await readFile(migration.cast.lab.path('manifest.json')), 'sealift.manifest.v1');
    const statement = document.entries[0]?.signed.statement;
    if (statement?.kind !== 'extraction') throw new Error('the first entry is no extraction');
    const [patients, results] = statement.datasets;
    const none = { malformed: 0, emptyDate: 0, impossibleDate: 0, excluded: 0 };
    expect(patients?.counts).toEqual({ ...none, read: 129_276, kept: 120_873, outsideWindow: 8_403, notLinked: 0 });
    expect(truth.patients).toMatchObject({ rows: 129_276, onOrAfterCutoff: 120_873, beforeCutoff: 8_403 });
    const { rows: read, ofKeptPatients: kept } = truth.results;
    expect(results?.counts).toEqual({ ...none, read, kept, outsideWindow: 0, notLinked: read - kept });
    expect([patients?.source.bytes, results?.source.bytes]).toEqual([truth.patients.bytes, truth.results.bytes]);
  });

  it('F02 the columns that the recipient gets are the signed list, and comments and credentials are not among them', async () => {
    const header = async (name: string): Promise<readonly string[]> => {
      for await (const record of records(path(name), 'utf-8')) return record;
      return [];
    };
    const patients = await header('patients.csv');
    expect(patients).toEqual(PATIENT_FIELDS);
    expect(await header('results.csv')).toEqual(RESULT_FIELDS);
    for (const column of ['COMMENTAIRE P', 'COMMENTAIRE D', 'IDENTIFIANT SR', 'MP']) {
      expect(truth.patients.columns).toContain(column);
      expect(patients).not.toContain(column);
    }
  });

  it('every cell of every row that arrived is what another reader finds in the source', {
    timeout: 120_000,
  }, async () => {
    const { vendor } = migration.cast;
    const keptPatients = new Set<string>();
    const patients = await arrivedAsSent(path('patients.csv'), vendor.path('patients.csv'), (cells) => {
      if (!isKept(cells.get('DATE_DERNIERE_VISITE') ?? '')) return undefined;
      keptPatients.add(cells.get('ID_PATIENT') ?? '');
      return PATIENT_FIELDS;
    });
    expect([patients, keptPatients.size]).toEqual([120_873, 120_873]);
    const results = await arrivedAsSent(path('results.csv'), vendor.path('results.csv'), (cells) =>
      keptPatients.has(cells.get('ID_PATIENT') ?? '') ? RESULT_FIELDS : undefined,
    );
    expect(results).toBe(truth.results.ofKeptPatients);
  });

  it('fault 71: nothing of a patient lies in clear with the vendor, on the server or at the laboratory, at any time', async () => {
    expect(secrets).toHaveLength(16);
    // The search finds what is there: the source itself holds every canary.
    expect(await filesHolding(migration.cast.vendor.folder, secrets)).toContain('patients.csv');
    expect(leaked).toEqual({ 'after the extraction': [], 'before the purge': [], 'after the purge': [] });
  });

  it('the purge leaves no sealed file, here or on the server, where there were three', async () => {
    const sealed = ['manifest.json.sealed', 'patients.csv.sealed', 'results.csv.sealed'];
    expect(outBeforePurge).toEqual([sealed, sealed]);
    expect(await filesBelow(migration.local('out'))).toEqual([]);
    expect(await filesBelow(migration.remote('out'))).toEqual([]);
  });

  it('the manifest holds, and says what is proven', () => {
    expect(verified.exitCode).toBe(0);
    const answer = requireOutput('verify', verified.stdout);
    expect(answer).toMatchObject({ state: 'purged', entries: 6, waitingFor: [] });
    expect(answer['claims']).toContainEqual(
      expect.objectContaining({
        group: 'extraction',
        standing: 'proven',
        claim: 'patients: 120,873 rows left.',
        entry: 0,
      }),
    );
  });

  it('the extraction takes at most 150 MB, and little more for three times the rows', async () => {
    const vendor = await anotherVendor(migration, 'threefold');
    const many = await makeDump(vendor.folder, '--patients', '387828', '--before', '25209');
    const most = await extractMeasured(vendor);
    const more = many.patients.bytes + many.results.bytes - truth.patients.bytes - truth.results.bytes;
    // What grows is the table of the keys that the results link to: 18 to 56 bytes a key; the rest is the garbage collector's mood.
    expect(most - peak).toBeLessThan(more / 3);
    expect(peak).toBeLessThan(150e6);
  }, 120_000);

  it('the same job read from a pipe gives the same counts and the same bytes', async () => {
    const { cast } = migration;
    const vendor = await anotherVendor(migration, 'pipe');
    const results = `results=${cast.vendor.path('results.csv')}`;
    const words = ['extract', '--instructions', 'lab.json', '--identity', 'jean.key.json', '--source', results];
    const extracted = await vendor.migrate([...words, '--source', 'patients=-', '--json'], {
      input: createReadStream(cast.vendor.path('patients.csv')),
    });
    const { datasets } = requireOutput('extract', extracted.stdout) as unknown as {
      datasets: { source: unknown; counts: Record<string, number> }[];
    };
    expect(datasets.map(({ counts }) => counts['kept'])).toEqual([120_873, truth.results.ofKeptPatients]);
    expect(datasets[0]?.source).toEqual({ kind: 'pipe', bytes: truth.patients.bytes });
    const digest = await plaintextDigestUnder(
      vendor.path('jobs', JOB, 'manifest.json'),
      cast.recipient.path('novalis.key.json'),
      path('patients.csv'),
    );
    expect(digest.computed).toBe(digest.stated);
    expect(await filesHolding(vendor.folder, secrets)).toEqual([]);
  });
});
