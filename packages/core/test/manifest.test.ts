import { beforeAll, describe, expect, test } from 'vitest';
import { readDocument } from '../src/document.ts';
import { signDocument } from '../src/envelope.ts';
import { parseUtcTime, type UtcTime } from '../src/ids.ts';
import { claimsOf } from '../src/journal/claims.ts';
import { deadlinesOf } from '../src/journal/deadline.ts';
import { type Checkpoint, type Manifest, makeManifest, verifyManifest } from '../src/journal/manifest.ts';
import { adoptInstructions, type Story } from '../src/journal/replay.ts';
import { readableDocument } from '../src/readable-document.ts';
import { digestOf } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import type { Statement } from '../src/statement.ts';
import { followedBy, importOf, KEPT, purgeOf, revocationOf, STATIONS, storyUpTo } from './job-story.ts';
import {
  alice,
  at,
  director,
  instructed,
  instructionsMembers,
  novalis,
  otherLaboratory,
  pinnedRoster,
} from './laboratory.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

const manifestOf = (story: Story): Manifest => makeManifest(story, alice(), at('17:00'));
const verified = (manifest: Manifest): Story => verifyManifest(manifest, pinnedRoster());

describe('a manifest', () => {
  test.each(STATIONS)('of a job that is %s verifies to the same story after it was written and read', (station) => {
    const story = storyUpTo(station);
    const bytes = readableDocument(manifestOf(story));
    expect(verified(readDocument(bytes, 'sealift.manifest.v1').document)).toEqual(story);
  });

  test('fault 14: under another roster than the pinned one is refused', () => {
    expect(codeOf(() => verifyManifest(manifestOf(storyUpTo('purged')), otherLaboratory()))).toBe('E_LAB');
    const manifest = { ...manifestOf(storyUpTo('purged')), roster: otherLaboratory().document };
    expect(codeOf(() => verified(manifest))).toBe('E_LAB');
  });

  test('fault 68: without its tail does not fit its checkpoint', () => {
    const manifest = manifestOf(storyUpTo('purged'));
    for (const entries of [manifest.entries.slice(0, -1), []]) {
      expect(codeOf(() => verified({ ...manifest, entries }))).toBe('E_CHAIN');
    }
  });

  test('fault 47: with the checkpoint of an earlier manifest is refused', () => {
    const manifest = manifestOf(storyUpTo('purged'));
    const { checkpoint } = manifestOf(storyUpTo('delivered'));
    expect(codeOf(() => verified({ ...manifest, checkpoint }))).toBe('E_CHAIN');
  });

  test('whose checkpoint nobody of the vendor signed, or was changed, is refused', () => {
    const manifest = manifestOf(storyUpTo('purged'));
    const { signed, signatures } = manifest.checkpoint;
    const withCheckpoint = (checkpoint: Manifest['checkpoint']): string =>
      codeOf(() => verified({ ...manifest, checkpoint }));
    expect(withCheckpoint(signDocument(signed, novalis()))).toBe('E_ROLE');
    expect(withCheckpoint(signDocument(signed, director()))).toBe('E_ROLE');
    expect(withCheckpoint({ signed: { ...signed, time: at('18:00') }, signatures })).toBe('E_SIG');
    const changed = (changes: Partial<Checkpoint>): string =>
      withCheckpoint(signDocument({ ...signed, ...changes }, alice()));
    expect(changed({ seq: signed.seq + 1 })).toBe('E_CHAIN');
    expect(changed({ head: digestOf(new Uint8Array()) })).toBe('E_CHAIN');
  });

  test('names the entry that does not hold', () => {
    const { entries, ...manifest } = manifestOf(storyUpTo('purged'));
    const forged = entries.map((entry, index) =>
      index === 3 ? { ...entry, signed: { ...entry.signed, time: at('11:30') } } : entry,
    );
    expect(() => verified({ ...manifest, entries: forged })).toThrow('entry 3');
  });

  test('carries the version in force also before anybody acted under it', () => {
    const story = adoptInstructions(storyUpTo('delivered'), instructed({ version: 2, note: 'extended' }));
    expect(verified(manifestOf(story)).versions.map(({ signed }) => signed.version)).toEqual([1, 2]);
  });

  test('of instructions that nobody of the laboratory signed is refused', () => {
    const manifest = manifestOf(storyUpTo('purged'));
    const instructions = manifest.instructions.map(({ signed }) => signDocument(signed, novalis(), alice()));
    expect(codeOf(() => verified({ ...manifest, instructions }))).toBe('E_ROLE');
  });
});

describe('the claims of a manifest', () => {
  const stories = (): Story[] => {
    const delivered = storyUpTo('delivered');
    const revoked = followedBy(delivered, revocationOf(delivered), at('15:00'));
    const aborted = followedBy(delivered, { kind: 'abort', reason: 'x' }, at('15:00'));
    const received = storyUpTo('received');
    return [
      ...STATIONS.map((station) => storyUpTo(station)),
      followedBy(received, importOf(received, 1), at('13:00')),
      revoked,
      followedBy(revoked, purgeOf(revoked, 'ended'), at('16:00')),
      aborted,
      followedBy(aborted, purgeOf(aborted, 'ended'), at('16:00')),
    ];
  };

  test('F29 never say that deletion, the absence of copies or the completeness of the source is proven', () => {
    for (const story of stories()) {
      const claims = claimsOf(story);
      for (const { group, standing, claim } of claims) {
        if (group === 'deletion' || /delet|purg|cop(y|ies)|trace|everything|stayed/.test(claim))
          expect(standing).not.toBe('proven');
      }
    }
    const unknown = claimsOf(storyUpTo('purged')).filter(({ standing }) => standing === 'unknown');
    expect(unknown.map(({ claim }) => claim)).toEqual([
      'whether the source held everything that the laboratory has',
      'whether other copies of the sealed files exist',
      'whether the storage still holds traces, or somebody kept a copy',
    ]);
  });

  test('fault 59: show an import of fewer rows than were received, and one that is missing', () => {
    const received = storyUpTo('received');
    const loaded = (story: Story): string[] =>
      claimsOf(story).flatMap(({ claim, standing, entry }) =>
        /loaded/.test(claim) ? [`${standing}: ${claim} ${entry ?? ''}`] : [],
      );
    expect(loaded(received)[0]).toMatch(/^unknown: .* has not stated what it loaded/);
    const short = followedBy(received, importOf(received, KEPT - 1), at('13:00'));
    expect(loaded(short)[0]).toMatch(/^attested: .* loaded 89 of the 90 rows of .*; the rest is missing \d+$/);
    expect(loaded(storyUpTo('imported'))[0]).toMatch(/^attested: .* loaded every row into the new system \d+$/);
  });

  test('prove what left once a recipient has opened it, and attest it before', () => {
    const standings = (station: (typeof STATIONS)[number]): (string | undefined)[] =>
      [
        'patients: 90 rows left',
        'results: 90 rows left',
        'patients: 10 of 100 rows stayed, each counted under one reason',
      ].map((text) => claimsOf(storyUpTo(station)).find(({ claim }) => claim === text)?.standing);
    expect(standings('delivered')).toEqual(['attested', 'attested', 'attested']);
    expect(standings('received')).toEqual(['proven', 'proven', 'attested']);
  });

  test('fault 63: attest that deadlines were kept or missed, by the times of the entries', () => {
    const about = (story: Story): string[][] =>
      claimsOf(story)
        .filter(({ claim }) => /deadline|due by/.test(claim))
        .map(({ standing, claim, entry }) => [standing, claim, String(entry)]);
    const { delivery, purge } = instructionsMembers().deadlines;
    expect(about(storyUpTo('authorised'))).toEqual([]);
    expect(about(storyUpTo('extracted'))).toEqual([]);
    expect(about(storyUpTo('purged'))).toEqual([
      ['attested', `the delivery of ${at('11:00')} kept its deadline of ${delivery}`, '2'],
      ['attested', `the purge of ${at('16:00')} kept its deadline of ${purge}`, '6'],
    ]);
    const alert: Statement = { kind: 'alert', code: 'E_DEADLINE', message: 'the purge was due' };
    const later = parseUtcTime('2026-05-02T00:00:00Z');
    expect(about(followedBy(storyUpTo('delivered'), alert, later)).at(-1)).toEqual([
      'attested',
      `the purge was due by ${purge}, and none is recorded up to ${later}`,
      '3',
    ]);
    expect(about(followedBy(storyUpTo('extracted'), alert, delivery))).toEqual([
      ['attested', `the delivery was due by ${delivery}, and none is recorded up to ${delivery}`, '1'],
    ]);
    const validated = storyUpTo('validated');
    expect(about(followedBy(validated, purgeOf(validated), later)).at(-1)?.[1]).toBe(
      `the purge of ${later} missed its deadline of ${purge}`,
    );
    const onDeadline = (time: UtcTime): string | undefined => {
      const story = storyUpTo('delivered');
      return about(followedBy(story, purgeOf(story, 'deadline'), time)).at(-1)?.[1];
    };
    expect(onDeadline(purge)).toBe(
      `the purge of ${purge} came on its deadline of ${purge}, without every statement that gates it`,
    );
    expect(onDeadline(parseUtcTime('2026-05-02T00:00:01Z'))).toMatch(/^the purge of .+ missed its deadline of /);
    const extracted = storyUpTo('extracted');
    const revoked = followedBy(extracted, revocationOf(extracted), later);
    expect(about(revoked).map(([, claim]) => claim)).toEqual([
      `the purge was due by ${purge}, and none is recorded up to ${later}`,
    ]);
  });

  test('fault 63: measure a step by the instructions that it was done under, not by newer ones', () => {
    const story = storyUpTo('delivered');
    const deadlines = { ...instructionsMembers().deadlines, delivery: at('10:59') };
    const newer = adoptInstructions(story, instructed({ version: 2, deadlines }));
    expect(deadlinesOf(newer, at('12:00')).delivery).toMatchObject({ standing: 'kept' });
  });

  test('name the entry that each rests on', () => {
    const claims = claimsOf(storyUpTo('purged'));
    expect(claims.find(({ claim }) => claim.includes('opened and checked'))?.entry).toBe(3);
    expect(claims.find(({ claim }) => claim.includes('validated'))?.entry).toBe(5);
  });

  test('say that the job was ended, and by whom', () => {
    const [revoked, aborted] = [stories().at(-4), stories().at(-2)].map((story) => story && claimsOf(story));
    expect(revoked).toContainEqual(
      expect.objectContaining({ group: 'authority', standing: 'proven', claim: 'the laboratory revoked the job' }),
    );
    expect(aborted).toContainEqual(
      expect.objectContaining({ group: 'authority', standing: 'attested', claim: 'Vendor gave the job up' }),
    );
  });
});
