import { beforeAll, describe, expect, test } from 'vitest';
import { parseUtcTime, type UtcTime } from '../src/ids.ts';
import { deadlinesOf } from '../src/journal/deadline.ts';
import { adoptInstructions, type Story } from '../src/journal/replay.ts';
import { ready } from '../src/sodium.ts';
import { deliveryOf, followedBy, purgeOf, revocationOf, storyUpTo } from './job-story.ts';
import { at, instructed, instructionsMembers } from './laboratory.ts';

beforeAll(ready);

const time = parseUtcTime;
const { deadlines } = instructionsMembers();
const standingOf = (story: Story, step: 'delivery' | 'purge', now: UtcTime) => deadlinesOf(story, now)[step].standing;

describe('fault 63: a deadline', () => {
  test('is ahead until the days of warning begin, near from then on, and passed from its own second on', () => {
    const story = storyUpTo('approved');
    const standings = ['2026-03-24T23:59:59Z', '2026-03-25T00:00:00Z', '2026-03-31T23:59:59Z', '2026-04-01T00:00:00Z'];
    expect(standings.map((now) => standingOf(story, 'delivery', time(now)))).toEqual([
      'ahead',
      'near',
      'near',
      'passed',
    ]);
    expect(deadlinesOf(story, at('12:00')).delivery).toEqual({ due: deadlines.delivery, standing: 'ahead' });
  });

  test('is kept by a step in its own second, and missed by one after it', () => {
    const story = storyUpTo('approved');
    const deliveredAt = (moment: UtcTime) =>
      standingOf(followedBy(story, deliveryOf(story), moment), 'delivery', moment);
    expect(deliveredAt(deadlines.delivery)).toBe('kept');
    expect(deliveredAt(time('2026-04-01T00:00:01Z'))).toBe('missed');
  });

  test('of the purge is kept within a day by a purge that waited for it, and by no other', () => {
    const [delivered, validated] = [storyUpTo('delivered'), storyUpTo('validated')];
    const purgedAt = (story: Story, basis: 'deadline' | 'statements', moment: string) =>
      standingOf(followedBy(story, purgeOf(story, basis), time(moment)), 'purge', time(moment));
    expect(purgedAt(delivered, 'deadline', '2026-05-01T00:00:00Z')).toBe('kept');
    expect(purgedAt(delivered, 'deadline', '2026-05-02T00:00:00Z')).toBe('kept');
    expect(purgedAt(delivered, 'deadline', '2026-05-02T00:00:01Z')).toBe('missed');
    expect(purgedAt(validated, 'statements', '2026-05-01T00:00:00Z')).toBe('kept');
    expect(purgedAt(validated, 'statements', '2026-05-01T00:00:01Z')).toBe('missed');
  });

  test('of the delivery is void once a job has ended without one, that of the purge is not', () => {
    const approved = storyUpTo('approved');
    const revoked = followedBy(approved, revocationOf(approved), at('15:00'));
    expect(deadlinesOf(revoked, at('16:00'))).toEqual({
      delivery: { due: deadlines.delivery, standing: 'void' },
      purge: { due: deadlines.purge, standing: 'ahead' },
    });
    const delivered = storyUpTo('delivered');
    const ended = followedBy(delivered, revocationOf(delivered), at('15:00'));
    expect(standingOf(ended, 'delivery', at('16:00'))).toBe('kept');
  });

  test('is that of the version under which the step was done', () => {
    const hasty = instructed({ deadlines: { ...deadlines, delivery: at('10:30') } });
    const patient = adoptInstructions(storyUpTo('approved', hasty), instructed({ version: 2 }));
    const delivered = followedBy(patient, deliveryOf(patient), at('11:00'));
    expect(deadlinesOf(delivered, at('12:00')).delivery).toMatchObject({ due: deadlines.delivery, standing: 'kept' });
    const late = adoptInstructions(storyUpTo('delivered', hasty), instructed({ version: 2 }));
    expect(deadlinesOf(late, at('12:00')).delivery).toMatchObject({ due: at('10:30'), standing: 'missed' });
  });
});
