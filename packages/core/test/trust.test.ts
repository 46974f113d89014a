import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { addSignature, signDocument } from '../src/envelope.ts';
import { Ledger } from '../src/node/ledger.ts';
import { TrustStore } from '../src/node/trust-store.ts';
import { digestOf } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import { temporaryFolders } from './folder.ts';
import {
  biologist,
  director,
  instructed,
  otherLaboratory,
  pinnedRoster,
  rosterDocument,
  rosterMembers,
  stranger,
} from './laboratory.ts';
import { asyncCodeOf } from './refusal.ts';

beforeAll(ready);

const folder = temporaryFolders();

describe('the trust store', () => {
  const lab = () => pinnedRoster().document.signed.lab.id;
  const successor = () => rosterDocument({ version: 2, previous: pinnedRoster().digest });

  test('pins a roster, and nothing changes when it is pinned again, also with another signature', async () => {
    const store = new TrustStore(folder());
    expect(await asyncCodeOf(store.require(lab()))).toBe('E_TRUST');
    await store.pin(rosterDocument());
    await store.pin(addSignature(rosterDocument(), stranger()));
    expect((await store.require(lab())).document).toEqual(rosterDocument());
  });

  test('keeps every version, and goes on to a successor only with the thresholds of both', async () => {
    const store = new TrustStore(folder());
    await store.pin(rosterDocument());
    const alone = signDocument(
      rosterMembers({ version: 2, previous: pinnedRoster().digest, threshold: 1 }),
      director(),
    );
    expect(await asyncCodeOf(store.pin(alone))).toBe('E_THRESHOLD');
    const { digest } = await store.pin(successor());
    expect((await store.require(lab())).digest).toBe(digest);
    expect((await store.requireVersion(lab(), pinnedRoster().digest)).digest).toBe(pinnedRoster().digest);
    expect((await store.requireVersion(lab(), digestOf(new Uint8Array()))).digest).toBe(digest);
  });

  test('goes on from the highest version, by number and not by name', async () => {
    const state = folder();
    const store = new TrustStore(state);
    await store.pin(rosterDocument());
    const second = await store.pin(successor());
    const tenth = await store.pin(rosterDocument({ version: 10, previous: second.digest }));
    expect((await new TrustStore(state).require(lab())).digest).toBe(tenth.digest);
  });

  test('fault 67: sweeps what a crash left of a pin when the same roster is pinned again', async () => {
    const state = folder();
    const store = new TrustStore(state);
    await store.pin(rosterDocument());
    const place = join(state, 'trust', 'siren-732829320');
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    writeFileSync(join(place, `.roster.1.json.tmp-${dead.toString(16).padStart(6, '0')}000001abcdef`), '');
    await store.pin(rosterDocument());
    expect(readdirSync(place)).toEqual(['roster.1.json']);
  });

  test('fault 12: refuses the version before, and another one that names no predecessor', async () => {
    const store = new TrustStore(folder());
    await store.pin(rosterDocument());
    await store.pin(successor());
    expect(await asyncCodeOf(store.pin(rosterDocument()))).toBe('E_ROLLBACK');
    expect(await asyncCodeOf(store.pin(rosterDocument({ version: 3 })))).toBe('E_MISMATCH');
  });

  test('refuses a roster under its own threshold', async () => {
    const state = folder();
    expect(await asyncCodeOf(new TrustStore(state).pin(signDocument(rosterMembers(), biologist())))).toBe(
      'E_THRESHOLD',
    );
    expect(readdirSync(state)).toEqual([]);
  });

  test('lists the newest roster of each laboratory, whatever else lies there', async () => {
    const state = folder();
    const store = new TrustStore(state);
    expect(await store.list()).toEqual([]);
    for (const document of [rosterDocument(), successor(), otherLaboratory().document]) await store.pin(document);
    writeFileSync(join(state, 'trust', '.DS_Store'), '');
    mkdirSync(join(state, 'trust', 'siren-000000000'));
    const listed = (await store.list()).map(({ document }) => `${document.signed.lab.name} ${document.signed.version}`);
    expect(listed).toEqual(['Autre laboratoire 1', 'Laboratoire du Parc 2']);
  });

  test('a trust folder that can not be read is no empty one: nothing is pinned over it', async () => {
    const state = folder();
    mkdirSync(join(state, 'trust'));
    writeFileSync(join(state, 'trust', 'siren-732829320'), '');
    expect(await asyncCodeOf(new TrustStore(state).pin(rosterDocument()))).toBe('E_FILE');
  });

  test('an altered file of the trust folder is refused', async () => {
    const state = folder();
    const store = new TrustStore(state);
    await store.pin(rosterDocument());
    const path = join(state, 'trust', 'siren-732829320', 'roster.1.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"threshold": 2', '"threshold": 1'));
    expect(await asyncCodeOf(store.require(lab()))).toBe('E_SIG');
  });
});

describe('the replay ledger', () => {
  const version = (number: number, note = 'a') => instructed({ version: number, note });

  test('admits a version, again, and the next ones; a gap is remembered', async () => {
    const state = folder();
    await new Ledger(state).admit(version(1));
    await new Ledger(state).admit(version(1));
    await new Ledger(state).admit(version(2));
    const record = await new Ledger(state).admit(version(5));
    expect(record).toEqual({ version: 5, digest: version(5).digest, ended: false, gaps: [[3, 4]] });
    expect(await new Ledger(state).find(version(1))).toEqual(record);
  });

  test('fault 12: refuses an older version', async () => {
    const ledger = new Ledger(folder());
    await ledger.admit(version(2));
    expect(await asyncCodeOf(ledger.admit(version(1)))).toBe('E_ROLLBACK');
  });

  test('fault 13: refuses the same version with another digest', async () => {
    const ledger = new Ledger(folder());
    await ledger.admit(version(1));
    expect(await asyncCodeOf(ledger.admit(version(1, 'b')))).toBe('E_ROLLBACK');
  });

  test('fault 12: refuses a job that ended, also under a higher version', async () => {
    const ledger = new Ledger(folder());
    await ledger.admit(version(1));
    await ledger.end(version(1));
    expect(await asyncCodeOf(ledger.admit(version(2)))).toBe('E_REPLAY');
  });

  test('remembers one extraction and no other', async () => {
    const ledger = new Ledger(folder());
    const [one, two] = [digestOf(new Uint8Array()), digestOf(new Uint8Array(1))];
    await ledger.recordExtraction(version(1), one);
    await ledger.recordExtraction(version(1), one);
    expect(await asyncCodeOf(ledger.recordExtraction(version(1), two))).toBe('E_REPLAY');
    expect((await ledger.find(version(1)))?.extraction).toBe(one);
  });

  test('fault 60: many at once forget nothing', async () => {
    const state = folder();
    const extraction = digestOf(new Uint8Array());
    await Promise.all([
      ...[1, 1, 2, 2].map((number) => new Ledger(state).admit(version(number)).catch(() => undefined)),
      new Ledger(state).recordExtraction(version(2), extraction),
      new Ledger(state).end(version(2)),
    ]);
    const record = await new Ledger(state).find(version(2));
    expect(record).toMatchObject({ extraction, ended: true });
  });

  describe('whose record of a job was altered', () => {
    const sound = { version: 1, digest: digestOf(new Uint8Array()), ended: false, gaps: [] };
    const altered = async (content: string) => {
      const state = folder();
      await new Ledger(state).admit(version(1));
      const file = join(state, 'ledger', 'siren-732829320', 'parc-2026.json');
      writeFileSync(file, content);
      return { ledger: new Ledger(state), file };
    };

    test('is believed as long as it holds all of one', async () => {
      const record = { ...sound, gaps: [[2, 3]], extraction: sound.digest };
      const { ledger } = await altered(JSON.stringify(record));
      expect(await ledger.find(version(1))).toEqual(record);
    });

    test.each(['', '{'])('refuses what is no JSON (%j) and names the file, not to forget the job', async (content) => {
      const { ledger, file } = await altered(content);
      await expect(ledger.admit(version(2))).rejects.toMatchObject({ code: 'E_JSON', place: { file } });
    });

    test.each<[string, unknown]>([
      ['nothing', null],
      ['a number', 1],
      ['a list', []],
      ['a version alone', { version: 1 }],
      ['a text as version', { ...sound, version: '1' }],
      ['a digest that is none', { ...sound, digest: 'x' }],
      ['a number as digest', { ...sound, digest: 1 }],
      ['an end that is neither true nor false', { ...sound, ended: 'no' }],
      ['no gaps', { ...sound, gaps: undefined }],
      ['one gap in place of a list', { ...sound, gaps: { 0: [2, 3] } }],
      ['a number as gap', { ...sound, gaps: [2] }],
      ['a gap without an end', { ...sound, gaps: [[2, 3], [5]] }],
      ['a gap of three numbers', { ...sound, gaps: [[2, 3, 4]] }],
      ['a gap that ends with a text', { ...sound, gaps: [[2, '3']] }],
      ['a text like a gap', { ...sound, gaps: ['23'] }],
      ['an extraction that is none', { ...sound, extraction: 'x' }],
      ['a number as extraction', { ...sound, extraction: 1 }],
    ])('refuses it where it holds %s and names the file, not to forget the job', async (_what, content) => {
      const { ledger, file } = await altered(JSON.stringify(content));
      await expect(ledger.admit(version(2))).rejects.toMatchObject({ code: 'E_SCHEMA', place: { file } });
    });
  });

  test('is written to only by what is new', async () => {
    const state = folder();
    const ledger = new Ledger(state);
    const extraction = digestOf(new Uint8Array());
    await ledger.admit(version(1));
    await ledger.recordExtraction(version(1), extraction);
    const file = join(state, 'ledger', 'siren-732829320', 'parc-2026.json');
    const { ino } = statSync(file);
    await ledger.admit(version(1));
    await ledger.recordExtraction(version(1), extraction);
    expect(statSync(file).ino).toBe(ino);
    await ledger.admit(version(2));
    expect((await ledger.find(version(2)))?.extraction).toBe(extraction);
    expect(statSync(file).ino).not.toBe(ino);
  });

  test('fault 67: what a crash left half written changes nothing, and is swept', async () => {
    const state = folder();
    await new Ledger(state).admit(version(1));
    const place = join(state, 'ledger', 'siren-732829320');
    writeFileSync(join(place, '.parc-2026.json.tmp-0123456789ab'), '{"version":9');
    expect((await new Ledger(state).admit(version(2))).version).toBe(2);
    expect(readdirSync(place)).toEqual(['parc-2026.json']);
  });
});
