import { beforeAll, describe, expect, test } from 'vitest';
import { readDocument } from '../src/document.ts';
import { signDocument } from '../src/envelope.ts';
import { parseJobId, parseUtcTime } from '../src/ids.ts';
import { claimsOf } from '../src/journal/claims.ts';
import { deadlinesOf } from '../src/journal/deadline.ts';
import { type Checkpoint, type Manifest, makeManifest, verifyManifest } from '../src/journal/manifest.ts';
import { outcomeOf, troublesOf } from '../src/journal/outcome.ts';
import { adoptInstructions, type Story } from '../src/journal/replay.ts';
import { readableDocument } from '../src/readable-document.ts';
import { digestOf } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import type { Statement } from '../src/statement.ts';
import { deliveryOf, followedBy, importOf, KEPT, purgeOf, revocationOf, STATIONS, storyUpTo } from './job-story.ts';
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
    expect(changed({ job: parseJobId('other-job') })).toBe('E_CHAIN');
  });

  test('fault 26: whose checkpoint is of an operator who was revoked by then is refused', () => {
    const revoked = [{ identity: alice().fingerprint, since: at('16:30'), reason: 'left' }];
    const story = storyUpTo('purged', instructed({ revoked }));
    expect(verified(makeManifest(story, alice(), at('16:29:59'))).entries).toHaveLength(7);
    expect(codeOf(() => verified(makeManifest(story, alice(), at('16:30'))))).toBe('E_REVOKED');
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
    const never = ['purge', 'disposal', 'traces', 'other-copies', 'source-completeness', 'true-time', 'rows-withheld'];
    for (const story of stories()) {
      for (const { group, standing, fact } of claimsOf(story)) {
        if (group === 'deletion' || never.includes(fact.says)) expect(standing).not.toBe('proven');
      }
    }
    const unknown = claimsOf(storyUpTo('purged')).filter(({ standing }) => standing === 'unknown');
    expect(unknown.map(({ fact }) => fact.says)).toEqual([
      'true-time',
      'source-completeness',
      'no-checks',
      'other-copies',
      'traces',
    ]);
  });

  test('fault 59: show an import of fewer rows than were received, and one that is missing', () => {
    const received = storyUpTo('received');
    const loaded = (story: Story) => claimsOf(story).find(({ fact }) => fact.says.endsWith('import'));
    expect(loaded(received)).toMatchObject({ standing: 'unknown', fact: { says: 'no-import' } });
    const short = followedBy(received, importOf(received, KEPT - 1), at('13:00'));
    expect(loaded(short)).toMatchObject({
      standing: 'attested',
      fact: { says: 'short-import', loaded: KEPT - 1, rows: KEPT },
      entry: 4,
    });
    expect(loaded(storyUpTo('imported'))).toMatchObject({ standing: 'attested', fact: { says: 'import' }, entry: 4 });
  });

  test('F29 attest what the processor looked at before it sent, and name what it was warned of', () => {
    const story = storyUpTo('approved');
    const checks = [
      { check: 'disk-encryption', verdict: 'ok' },
      { check: 'swap', verdict: 'warn' },
    ] as const;
    const delivered = followedBy(story, deliveryOf(story, { checks }), at('11:00'));
    expect(claimsOf(delivered)).toContainEqual({
      group: 'transfer',
      standing: 'attested',
      fact: { says: 'checks', checks: 2, warned: ['swap'] },
      entry: 2,
    });
  });

  test('prove what left once a recipient has opened it, and attest it before', () => {
    const standings = (station: (typeof STATIONS)[number]): string[] =>
      claimsOf(storyUpTo(station)).flatMap(({ fact, standing }) =>
        fact.says === 'rows-kept' || fact.says === 'rows-withheld' ? [`${fact.says} ${fact.rows}: ${standing}`] : [],
      );
    expect(new Set(standings('delivered'))).toEqual(new Set(['rows-kept 90: attested', 'rows-withheld 10: attested']));
    expect(new Set(standings('received'))).toEqual(new Set(['rows-kept 90: proven', 'rows-withheld 10: attested']));
  });

  test('fault 63: attest that deadlines were kept or missed, by the times of the entries', () => {
    const about = (story: Story): unknown[] =>
      claimsOf(story).flatMap(({ fact, standing, entry }) =>
        fact.says === 'deadline' ? [[standing, fact.step, fact.deadline, fact.at, entry]] : [],
      );
    const { delivery, purge } = instructionsMembers().deadlines;
    expect(about(storyUpTo('authorised'))).toEqual([]);
    expect(about(storyUpTo('extracted'))).toEqual([]);
    expect(about(storyUpTo('purged'))).toEqual([
      ['attested', 'delivery', 'kept', at('11:00'), 2],
      ['attested', 'purge', 'kept', at('16:00'), 6],
    ]);
    const alert: Statement = { kind: 'alert', code: 'E_DEADLINE', message: 'the purge was due' };
    const later = parseUtcTime('2026-05-02T00:00:00Z');
    expect(about(followedBy(storyUpTo('delivered'), alert, later)).at(-1)).toEqual([
      ...['attested', 'purge', 'passed', later],
      3,
    ]);
    expect(about(followedBy(storyUpTo('extracted'), alert, delivery))).toEqual([
      ['attested', 'delivery', 'passed', delivery, 1],
    ]);
    const validated = storyUpTo('validated');
    expect(about(followedBy(validated, purgeOf(validated), later)).at(-1)).toMatchObject({ 2: 'missed', 3: later });
    const extracted = storyUpTo('extracted');
    const revoked = followedBy(extracted, revocationOf(extracted), later);
    expect(about(revoked)).toMatchObject([{ 1: 'purge', 2: 'passed' }]);
    expect(purge < later).toBe(true);
  });

  test('fault 63: list a purge on the deadline as one without every statement, and its receipts as missing', () => {
    const story = storyUpTo('delivered');
    const { purge } = instructionsMembers().deadlines;
    const purged = followedBy(story, purgeOf(story, 'deadline'), purge);
    const marks = troublesOf(purged, purge).map(({ trouble }) => trouble);
    expect(marks).toContain('missing');
    expect(marks).toContain('unacknowledged');
    expect(marks).not.toContain('late');
    expect(outcomeOf(purged)).toBe('incomplete');
  });

  test('call a job complete only when nothing is missing of it', () => {
    const outcomes = STATIONS.map((station) => outcomeOf(storyUpTo(station)));
    expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(['incomplete']));
    expect(outcomes.at(-1)).toBe('complete');
    expect(stories().slice(-4).map(outcomeOf)).toEqual(['incomplete', 'ended', 'incomplete', 'ended']);
  });

  test('list what was refused, once with its number of times, and leave out what was only asked for again', () => {
    const refusal: Statement = { kind: 'refusal', step: 'send', code: 'E_REMOTE', message: 'the line was cut' };
    const again: Statement = { kind: 'refusal', step: 'accept', code: 'E_REPLAY', message: 'approved already' };
    const twice = followedBy(followedBy(storyUpTo('approved'), refusal, at('10:10')), refusal, at('10:20'));
    const story = followedBy(twice, again, at('10:30'));
    const refused = troublesOf(story, at('10:30')).filter(({ trouble }) => trouble === 'refused');
    expect(refused).toMatchObject([{ step: 'send', code: 'E_REMOTE', times: 2, entry: 2 }]);
  });

  test('fault 63: measure a step by the instructions that it was done under, not by newer ones', () => {
    const story = storyUpTo('delivered');
    const deadlines = { ...instructionsMembers().deadlines, delivery: at('10:59') };
    const newer = adoptInstructions(story, instructed({ version: 2, deadlines }));
    expect(deadlinesOf(newer, at('12:00')).delivery).toMatchObject({ standing: 'kept' });
  });

  test('name the entry that each rests on', () => {
    const claims = claimsOf(storyUpTo('purged'));
    const entry = (says: string) => claims.find(({ fact }) => fact.says === says)?.entry;
    expect([entry('receipt'), entry('validation'), entry('witness')]).toEqual([3, 5, 5]);
  });

  test('say that the job was ended, and by whom', () => {
    const [revoked, aborted] = [stories().at(-4), stories().at(-2)].map((story) => story && claimsOf(story));
    expect(revoked).toContainEqual(
      expect.objectContaining({ standing: 'proven', fact: expect.objectContaining({ says: 'revocation' }) }),
    );
    expect(aborted).toContainEqual(
      expect.objectContaining({ standing: 'attested', fact: { says: 'abort', processor: 'Vendor', reason: 'x' } }),
    );
  });
});
