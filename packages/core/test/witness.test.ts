import { beforeAll, describe, expect, test } from 'vitest';
import { makeManifest, verifyManifest } from '../src/journal/manifest.ts';
import { replayJournal, type Story } from '../src/journal/replay.ts';
import { requireWitness } from '../src/journal/witness.ts';
import { digestOf } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import { storyUpTo } from './job-story.ts';
import { alice, at, pinnedRoster } from './laboratory.ts';
import { codeOf, refusal } from './refusal.ts';

beforeAll(ready);

/** The same journal, when it had so many entries. */
const earlier = ({ versions, entries }: Story, length: number): Story =>
  replayJournal(versions, entries.slice(0, length));

describe('a witness', () => {
  test('of the beginning, of any later moment, or of the end, is continued by the whole journal', () => {
    const whole = storyUpTo('purged');
    for (const length of [0, ...whole.entries.keys(), whole.entries.length]) {
      expect(() => requireWitness(whole, earlier(whole, length).chain), String(length)).not.toThrow();
    }
  });

  test('fault 68: shows that the tail was cut, although the new checkpoint fits what is left', () => {
    const whole = storyUpTo('purged');
    const kept = whole.chain;
    const manifest = makeManifest(earlier(whole, kept.seq - 1), alice(), at('18:00'));
    const cut: Story = verifyManifest(manifest, pinnedRoster());
    const error = refusal(() => requireWitness(cut, kept));
    expect(error.code).toBe('E_CHAIN');
    expect(error.message).toBe(`the journal has ${cut.chain.seq} entries, and a witness saw ${kept.seq}`);
    expect(error.hint).toContain('entries were removed');
  });

  test('fault 47: shows that what it saw was exchanged, and where', () => {
    const story = storyUpTo('purged');
    const other = { seq: 2, head: digestOf(Uint8Array.of(1)) };
    expect(refusal(() => requireWitness(story, other))).toMatchObject({
      code: 'E_CHAIN',
      message: 'after entry 1 the journal is not the one that a witness saw',
    });
    const last = { seq: story.chain.seq, head: other.head };
    expect(refusal(() => requireWitness(story, last)).message).toBe(
      `after entry ${story.chain.seq - 1} the journal is not the one that a witness saw`,
    );
  });

  test('must have seen the head at that very place', () => {
    const story = storyUpTo('purged');
    const { head, seq } = earlier(story, 2).chain;
    expect(codeOf(() => requireWitness(story, { head, seq: seq - 1 }))).toBe('E_CHAIN');
  });
});
