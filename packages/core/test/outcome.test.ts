import { beforeAll, describe, expect, test } from 'vitest';
import { parseUtcTime } from '../src/ids.ts';
import { troublesOf } from '../src/journal/outcome.ts';
import { currentInstructions, type Story } from '../src/journal/replay.ts';
import { ready } from '../src/sodium.ts';
import type { Statement } from '../src/statement.ts';
import { deliveryOf, followedBy, importOf, purgeOf, storyUpTo } from './job-story.ts';
import { archive, at, instructed, instructionsMembers, novalis, recipientEntry } from './laboratory.ts';

beforeAll(ready);

const { delivery, purge } = instructionsMembers().deadlines;
const late = (story: Parameters<typeof troublesOf>[0], now: Parameters<typeof troublesOf>[1]) =>
  troublesOf(story, now).filter(({ trouble }) => trouble === 'late');

describe('what a reader must know of a job', () => {
  test('is each step that the instructions ask for and nobody took, and whose it is', () => {
    const recipients = [recipientEntry(novalis(), 5), recipientEntry(archive(), 6)];
    const ofRecipients = (step: string) => [`${step} of Person 5`, `${step} of Person 6`];
    const missing = (story: Story): string[] =>
      troublesOf(story, at('16:00')).flatMap((one) =>
        one.trouble === 'missing' ? [one.recipient === undefined ? one.step : `${one.step} of ${one.recipient}`] : [],
      );
    const instructions = instructed({ recipients });
    const last = [...ofRecipients('import'), 'validation', 'purge'];
    expect(missing(storyUpTo('authorised', instructions))).toEqual([
      ...['extraction', 'approval', 'delivery'],
      ...[...ofRecipients('receipt'), ...last],
    ]);
    expect(missing(storyUpTo('approved', instructions))).toEqual(['delivery', ...ofRecipients('receipt'), ...last]);
    const received = storyUpTo('received', instructions);
    expect(missing(received)).toEqual(['receipt of Person 6', ...last]);
    const imported = followedBy(received, importOf(received), at('13:00'));
    expect(missing(imported)).toEqual(['receipt of Person 6', 'import of Person 6', 'validation', 'purge']);
    expect(missing(storyUpTo('purged'))).toEqual([]);
  });

  test('is no approval where the instructions ask for none, and every receipt all the same', () => {
    const story = storyUpTo('authorised', instructed({ gates: { delivery: [], purge: [] } }));
    expect(troublesOf(story, at('08:00'))).toStrictEqual([
      { trouble: 'missing', step: 'extraction' },
      { trouble: 'missing', step: 'delivery' },
      { trouble: 'missing', step: 'receipt', recipient: 'Person 5' },
      { trouble: 'missing', step: 'purge' },
    ]);
  });

  test('fault 63: is each step that came after its deadline, with the moment and the entry', () => {
    const [approved, validated] = [storyUpTo('approved'), storyUpTo('validated')];
    const delivered = followedBy(approved, deliveryOf(approved), parseUtcTime('2026-04-02T00:00:00Z'));
    expect(late(delivered, delivery)).toEqual([
      { trouble: 'late', step: 'delivery', due: delivery, done: parseUtcTime('2026-04-02T00:00:00Z'), entry: 2 },
    ]);
    const purged = followedBy(validated, purgeOf(validated), parseUtcTime('2026-05-02T00:00:00Z'));
    expect(late(purged, delivery)).toEqual([
      { trouble: 'late', step: 'purge', due: purge, done: parseUtcTime('2026-05-02T00:00:00Z'), entry: 6 },
    ]);
  });

  test('fault 63: is each step that is still to come once its deadline has passed, and not before', () => {
    const story = storyUpTo('approved');
    expect(late(story, parseUtcTime('2026-03-31T23:59:59Z'))).toEqual([]);
    expect(late(story, delivery)).toEqual([{ trouble: 'late', step: 'delivery', due: delivery }]);
    expect(late(story, purge).map((trouble) => 'step' in trouble && trouble.step)).toEqual(['delivery', 'purge']);
    expect(late(storyUpTo('purged'), purge)).toEqual([]);
  });

  test('F24 is each alert, once with the number of times, and each repair', () => {
    const alert: Statement = { kind: 'alert', code: 'E_CLOCK', message: 'the clocks differ' };
    const repair: Statement = {
      kind: 'repair',
      removedBytes: 12,
      removedDigest: currentInstructions(storyUpTo('authorised')).digest,
    };
    let story = storyUpTo('delivered');
    for (const [statement, time] of [
      [alert, at('11:10')],
      [repair, at('11:20')],
      [alert, at('11:30')],
      [{ ...alert, message: 'something else' }, at('11:40')],
      [repair, at('11:50')],
    ] as const) {
      story = followedBy(story, statement, time);
    }
    const remarks = troublesOf(story, at('12:00')).filter(({ trouble }) => trouble !== 'missing');
    expect(remarks).toEqual([
      { trouble: 'alert', code: 'E_CLOCK', message: 'the clocks differ', time: at('11:10'), times: 2, entry: 3 },
      { trouble: 'repaired', bytes: 12, time: at('11:20'), entry: 4 },
      { trouble: 'alert', code: 'E_CLOCK', message: 'something else', time: at('11:40'), times: 1, entry: 6 },
      { trouble: 'repaired', bytes: 12, time: at('11:50'), entry: 7 },
    ]);
  });

  test('is what was refused before its step was done, also once it is done', () => {
    const refusal = { step: 'send', code: 'E_STATE', message: 'x' };
    const refused = followedBy(storyUpTo('approved'), { kind: 'refusal', ...refusal }, at('10:30'));
    const delivered = followedBy(refused, deliveryOf(refused), at('11:00'));
    const found = troublesOf(delivered, at('11:00')).filter(({ trouble }) => trouble === 'refused');
    expect(found).toEqual([{ trouble: 'refused', ...refusal, time: at('10:30'), times: 1, entry: 2 }]);
  });

  test('is what was refused, but for a step that was done already', () => {
    const refusal = (step: string, code: string): Statement => ({ kind: 'refusal', step, code, message: 'x' });
    let story = storyUpTo('purged');
    for (const [step, code] of [
      ['extract', 'E_STATE'],
      ['send', 'E_STATE'],
      ['purge', 'E_STATE'],
      ['abort', 'E_STATE'],
      ['accept', 'E_STATE'],
      ['send', 'E_REMOTE'],
      ['accept', 'E_REPLAY'],
    ] as const) {
      story = followedBy(story, refusal(step, code), at('17:00'));
    }
    expect(
      troublesOf(story, at('17:00')).map(
        (trouble) => 'step' in trouble && 'code' in trouble && [trouble.step, trouble.code],
      ),
    ).toEqual([
      ['abort', 'E_STATE'],
      ['accept', 'E_STATE'],
      ['send', 'E_REMOTE'],
    ]);
  });
});
