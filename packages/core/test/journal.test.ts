import { beforeAll, describe, expect, test } from 'vitest';
import { addSignature, documentDigest, type Signer, signDocument } from '../src/envelope.ts';
import { type Digest, type JobId, parseJobId, parseUtcTime } from '../src/ids.ts';
import { type Instructions, type VerifiedInstructions, verifyInstructions } from '../src/instructions.ts';
import { checkChain, type EntryDocument, nextEntry } from '../src/journal/entry.ts';
import { embed } from '../src/journal/party-statement.ts';
import {
  adoptInstructions,
  appendToStory,
  beginStory,
  currentInstructions,
  replayJournal,
  type Story,
} from '../src/journal/replay.ts';
import { ready } from '../src/sodium.ts';
import type { EmbeddedStatement, Statement } from '../src/statement.ts';
import { approvalOf, entryOf, extractionOf, followedBy, importOf, KEPT, receiptOf, storyUpTo } from './job-story.ts';
import {
  alice,
  archive,
  at,
  biologist,
  bruno,
  datasetNamed,
  director,
  instructed,
  instructionsMembers,
  novalis,
  otherLaboratory,
  recipientEntry,
  stranger,
} from './laboratory.ts';
import { codeOf, refusal } from './refusal.ts';

beforeAll(ready);

const alert: Statement = { kind: 'alert', code: 'E_CLOCK', message: 'the clocks differ' };
const replayed = (story: Story, entries: readonly EntryDocument[]): Story => replayJournal(story.versions, entries);
const without = (story: Story, index: number): EntryDocument[] => story.entries.filter((_, at) => at !== index);

/** The entries from an index on, chained and signed again by an operator, as if they followed others. */
function rechained(story: Story, entries: readonly EntryDocument[]): EntryDocument[] {
  let chain = beginStory(currentInstructions(story)).chain;
  return entries.map(({ signed: { statement, time, instructions } }) => {
    const entry = nextEntry(chain, statement, { signer: bruno(), instructions, time });
    chain = { job: chain.job, seq: chain.seq + 1, head: documentDigest(entry.signed), time };
    return entry;
  });
}

describe('the chain of a journal', () => {
  test('replays to the same story', () => {
    const story = storyUpTo('purged');
    expect(replayed(story, story.entries)).toEqual(story);
    expect(story.appendedBy).toEqual(story.entries.map(() => alice().fingerprint));
  });

  test('fault 68: an edited entry is found, and its index named', () => {
    const story = storyUpTo('delivered');
    const edited = story.entries.map((entry, index) =>
      index === 1 ? { ...entry, signed: { ...entry.signed, statement: alert } } : entry,
    );
    const { code, message } = refusal(() => replayed(story, edited));
    expect(code).toBe('E_SIG');
    expect(message).toContain('entry 1');
  });

  test('fault 68: an entry that an operator edited and signed again breaks the chain after it', () => {
    const story = storyUpTo('delivered');
    const edited = story.entries.map((entry, index) =>
      index === 0 ? signDocument({ ...entry.signed, time: at('08:45') }, bruno()) : entry,
    );
    const { code, message } = refusal(() => replayed(story, edited));
    expect(code).toBe('E_CHAIN');
    expect(message).toContain('entry 1');
  });

  test.each([0, 1, 2])('fault 68: entry %i removed is found, and its index named', (index) => {
    const story = storyUpTo('received');
    const { code, message } = refusal(() => replayed(story, without(story, index)));
    expect(code).toBe('E_CHAIN');
    expect(message).toContain(`entry ${index}`);
  });

  test('fault 68: two entries exchanged are found', () => {
    const story = storyUpTo('received');
    const [a, b, ...rest] = story.entries;
    if (a === undefined || b === undefined) throw new Error('the story is too short');
    expect(codeOf(() => replayed(story, [b, a, ...rest]))).toBe('E_CHAIN');
  });

  test('fault 68: F14 entries that operators chain anew after a party saw them no longer fit what that party signed', () => {
    const story = storyUpTo('received');
    const rewritten = rechained(story, [entryOf(storyUpTo('authorised'), alert, at('08:00')), ...story.entries]);
    const { code, message } = refusal(() => replayed(story, rewritten));
    expect(code).toBe('E_CHAIN');
    expect(message).toContain('not a continuation');
  });

  test('an entry with another number, or that follows from another, is refused as that', () => {
    const story = followedBy(storyUpTo('authorised'), alert, at('09:00'));
    const { signed } = entryOf(story, alert, at('09:00'));
    const refused = (changes: Partial<typeof signed>): string => {
      const { code, message } = refusal(() =>
        checkChain(story.chain, signDocument({ ...signed, ...changes }, alice())),
      );
      return `${code} ${message}`;
    };
    expect(refused({ seq: 0 })).toBe('E_CHAIN journal entry 1 has number 0');
    expect(refused({ seq: 2 })).toBe('E_CHAIN journal entry 1 has number 2');
    expect(refused({ prev: signed.instructions })).toBe(
      'E_CHAIN journal entry 1 does not follow from the entry before',
    );
  });

  test('whoever replays it is told what whoever appends is told, and of which entry', () => {
    const story = followedBy(storyUpTo('authorised'), alert, at('09:00'));
    const again = entryOf(story, extractionOf(instructed(), { suite: 'sealedbox' }), at('09:10'));
    const early = signDocument({ ...again.signed, time: at('08:59') }, alice());
    const appended = [again, early].map((entry) => refusal(() => appendToStory(story, entry)));
    const replays = [again, early].map((entry) => refusal(() => replayed(story, [...story.entries, entry])));
    expect(replays.map(({ code, hint }) => [code, hint])).toEqual(appended.map(({ code, hint }) => [code, hint]));
    expect(replays[1]?.hint).toBeDefined();
    expect(replays[0]?.cause).toMatchObject({ code: 'E_SUITE' });
    expect(replays.map(({ message }) => message)).toEqual([
      'journal entry 1: the extraction used another suite than instructed',
      'journal entry 1 is older than the entry before',
    ]);
  });

  test('a story without instructions is none', () => {
    expect(codeOf(() => currentInstructions({ ...storyUpTo('authorised'), versions: [] }))).toBe('E_INTERNAL');
  });

  test('an entry of another job is refused', () => {
    const story = storyUpTo('authorised');
    const { signed } = entryOf(story, alert, at('09:00'));
    const entry = signDocument({ ...signed, job: parseJobId('other-job') }, alice());
    expect(codeOf(() => appendToStory(story, entry))).toBe('E_CHAIN');
  });

  test('fault 65: time may stand still and never goes back', () => {
    const story = followedBy(storyUpTo('authorised'), alert, at('09:00'));
    expect(followedBy(story, alert, at('09:00')).chain.seq).toBe(2);
    expect(codeOf(() => entryOf(story, alert, at('08:59:59')))).toBe('E_CLOCK');
    const { signed } = entryOf(story, alert, at('09:00'));
    const backdated = signDocument({ ...signed, time: at('08:59:59') }, alice());
    expect(codeOf(() => checkChain(story.chain, backdated))).toBe('E_CHAIN');
  });
});

describe('the signature of an entry', () => {
  test('of a recipient, a stranger or two operators is refused', () => {
    const story = storyUpTo('authorised');
    for (const signer of [novalis(), stranger()]) {
      expect(codeOf(() => followedBy(story, alert, at('09:00'), signer))).toBe('E_ROLE');
    }
    const twice = addSignature(entryOf(story, alert, at('09:00')), bruno());
    expect(codeOf(() => appendToStory(story, twice))).toBe('E_ROLE');
    const beside = addSignature(entryOf(story, alert, at('09:00')), stranger());
    expect(codeOf(() => appendToStory(story, beside))).toBe('E_ROLE');
  });

  test('fault 1: is required', () => {
    const story = storyUpTo('authorised');
    const { signed } = entryOf(story, alert, at('09:00'));
    expect(codeOf(() => appendToStory(story, { signed, signatures: [] }))).toBe('E_UNSIGNED');
  });

  test('fault 26: of an operator is refused from the revocation on', () => {
    const instructions = instructed({
      revoked: [{ identity: alice().fingerprint, since: at('09:00'), reason: 'left' }],
    });
    const story = followedBy(beginStory(instructions), alert, at('08:59:59'));
    expect(codeOf(() => followedBy(story, alert, at('09:00')))).toBe('E_REVOKED');
    expect(followedBy(story, alert, at('09:00'), bruno()).entries).toHaveLength(2);
  });
});

describe('a newer version of the instructions', () => {
  const second = (changes: Partial<Instructions> = {}): VerifiedInstructions =>
    instructed({ version: 2, note: 'extended', ...changes });

  test('with the same scope is acted under from any entry on', () => {
    const story = adoptInstructions(storyUpTo('extracted'), second());
    const later = followedBy(story, approvalOf(story), at('10:00'));
    expect(currentInstructions(later).signed.version).toBe(2);
    expect(replayed(later, later.entries)).toEqual(later);
  });

  test('takes in what a party signed under the version before', () => {
    const before = storyUpTo('extracted');
    const approval = approvalOf(before);
    const story = adoptInstructions(before, second());
    expect(followedBy(story, approval, at('10:00')).progress.approved).toBe(true);
  });

  test('fault 12: that is not higher is refused', () => {
    expect(codeOf(() => adoptInstructions(storyUpTo('extracted'), instructed({ note: 'another' })))).toBe('E_ROLLBACK');
    const story = adoptInstructions(storyUpTo('extracted'), second({ version: 3 }));
    expect(codeOf(() => adoptInstructions(story, second()))).toBe('E_ROLLBACK');
  });

  test('with another scope is refused once there is an extraction, not before', () => {
    const scopes = [
      { datasets: [datasetNamed('patients')] },
      { suite: 'sealedbox' },
      { recipients: [recipientEntry(novalis(), 5), recipientEntry(archive(), 6)] },
    ] as const;
    for (const scope of scopes) {
      expect(codeOf(() => adoptInstructions(storyUpTo('extracted'), second(scope)))).toBe('E_STATE');
      expect(adoptInstructions(storyUpTo('authorised'), second(scope)).versions).toHaveLength(2);
    }
  });

  test('of another job or another laboratory is refused', () => {
    expect(codeOf(() => adoptInstructions(storyUpTo('extracted'), second({ job: parseJobId('other-job') })))).toBe(
      'E_MISMATCH',
    );
    const roster = otherLaboratory();
    const other = verifyInstructions(signDocument(instructionsMembers({ version: 2 }, roster), stranger()), roster);
    expect(codeOf(() => adoptInstructions(storyUpTo('extracted'), other))).toBe('E_LAB');
  });

  test('may be in force before anybody acted under it; a version between that nobody used does not belong there', () => {
    const story = storyUpTo('extracted');
    const [first] = story.versions;
    if (first === undefined) throw new Error('no version');
    expect(currentInstructions(replayJournal([first, second()], story.entries)).signed.version).toBe(2);
    expect(codeOf(() => replayJournal([first, second(), second({ version: 3 })], story.entries))).toBe('E_CHAIN');
    expect(codeOf(() => replayJournal([second()], story.entries))).toBe('E_CHAIN');
    expect(codeOf(() => replayJournal([], story.entries))).toBe('E_CHAIN');
  });

  test('that an entry names and nobody adopted is refused', () => {
    const story = storyUpTo('authorised');
    const entry = nextEntry(story.chain, alert, { signer: alice(), instructions: second().digest, time: at('09:00') });
    expect(codeOf(() => appendToStory(story, entry))).toBe('E_CHAIN');
  });

  test('takes no entry under a version that is not the next', () => {
    const story = adoptInstructions(storyUpTo('authorised'), second({ version: 3 }));
    const later = followedBy(story, alert, at('09:00'));
    const [first, third] = later.versions;
    if (first === undefined || third === undefined) throw new Error('two versions');
    const refused = refusal(() => replayJournal([first, second(), third], later.entries));
    expect(refused).toMatchObject({
      code: 'E_CHAIN',
      message: 'journal entry 0 names instructions that are not in force',
    });
    expect(codeOf(() => replayJournal([first], later.entries))).toBe('E_CHAIN');
  });

  test('fault 26: that revokes a recipient refuses its receipt, also one that names the version before', () => {
    const before = storyUpTo('delivered');
    const receipt = receiptOf(before);
    const revoked = [{ identity: novalis().fingerprint, since: at('11:30'), reason: 'breach' }];
    const story = adoptInstructions(before, second({ revoked }));
    expect(codeOf(() => followedBy(story, receipt, at('12:00')))).toBe('E_REVOKED');
  });
});

describe('the times of a step', () => {
  test('fault 11: an extraction or delivery outside the instructions is refused', () => {
    const late = instructed({ expires: at('08:45') });
    expect(codeOf(() => followedBy(beginStory(late), extractionOf(late), at('09:00')))).toBe('E_TIME');
    const early = instructed({ notBefore: at('08:15') });
    expect(codeOf(() => followedBy(beginStory(early), extractionOf(early), at('09:00')))).toBe('E_TIME');
    const between = storyUpTo('approved', instructed({ expires: at('10:30') }));
    expect(codeOf(() => storyUpTo('delivered', currentInstructions(between)))).toBe('E_TIME');
  });

  test('fault 20: F06 an extraction after the end of the contract is refused', () => {
    const instructions = instructed({
      notBefore: parseUtcTime('2026-01-01T00:00:00Z'),
      expires: parseUtcTime('2027-06-01T00:00:00Z'),
    });
    const after = parseUtcTime('2027-01-01T00:00:00Z');
    expect(codeOf(() => followedBy(beginStory(instructions), extractionOf(instructions), after))).toBe('E_CONTRACT');
  });

  test('fault 26: an extraction for a recipient who expired is refused', () => {
    const recipients = [{ ...recipientEntry(novalis(), 5), expires: at('08:59') }];
    expect(codeOf(() => storyUpTo('extracted', instructed({ recipients })))).toBe('E_REVOKED');
  });

  test('fault 26: a delivery to a recipient who has expired since the extraction is refused', () => {
    const recipients = [{ ...recipientEntry(novalis(), 5), expires: at('10:30') }];
    expect(codeOf(() => storyUpTo('delivered', instructed({ recipients })))).toBe('E_REVOKED');
  });

  test('fault 11: a document is held to the version that its signer names, not to the first', () => {
    const before = storyUpTo('extracted', instructed({ expires: at('09:30') }));
    const longer = adoptInstructions(before, instructed({ version: 2 }));
    expect(followedBy(longer, approvalOf(longer), at('10:00')).progress.approved).toBe(true);
    expect(codeOf(() => followedBy(longer, approvalOf(before), at('10:00')))).toBe('E_TIME');
  });

  test('an approval or a receipt signed after the instructions expired is refused, an import is not', () => {
    const expires = at('12:30');
    const received = storyUpTo('imported', instructed({ expires }));
    expect(received.progress.imports.size).toBe(1);
    const delivered = storyUpTo('delivered', instructed({ expires }));
    expect(codeOf(() => followedBy(delivered, receiptOf(delivered, novalis(), at('12:30')), at('12:31')))).toBe(
      'E_TIME',
    );
    const extracted = storyUpTo('extracted', instructed({ expires }));
    expect(codeOf(() => followedBy(extracted, approvalOf(extracted, at('12:30')), at('12:31')))).toBe('E_TIME');
  });

  test('fault 65: a document is dated at most one hour after the entry that takes it in', () => {
    const story = storyUpTo('extracted');
    expect(followedBy(story, approvalOf(story, at('11:00')), at('10:00')).progress.approved).toBe(true);
    expect(codeOf(() => followedBy(story, approvalOf(story, at('11:00:01')), at('10:00')))).toBe('E_CLOCK');
  });

  test('fault 65: the hour also passes at the end of the last year that can be written', () => {
    const far = { notBefore: at('00:00'), expires: parseUtcTime('9999-12-31T23:59:59Z') };
    const story = storyUpTo('received', instructed(far));
    const time = parseUtcTime('9999-12-31T23:59:58Z');
    expect(followedBy(story, importOf(story, KEPT, novalis(), time), time).progress.imports.size).toBe(1);
  });
});

describe('a document of another party', () => {
  type Named = { readonly job: JobId } | { readonly instructions: Digest };
  const naming = (statement: EmbeddedStatement, changes: Named, ...signers: readonly Signer[]) =>
    embed(signDocument({ ...statement.document.signed, ...changes }, ...signers));

  test('fault 14: of another job or of instructions that the journal does not know is refused, as no acknowledgement where it should be one', () => {
    const [extracted, delivered, received] = [storyUpTo('extracted'), storyUpTo('delivered'), storyUpTo('received')];
    const others: readonly Named[] = [
      { job: parseJobId('other-job') },
      { instructions: instructed({ note: 'other' }).digest },
    ];
    for (const other of others) {
      const approval = naming(approvalOf(extracted), other, director(), biologist());
      expect(codeOf(() => followedBy(extracted, approval, at('10:00')))).toBe('E_MISMATCH');
      const receipt = naming(receiptOf(delivered), other, novalis());
      expect(codeOf(() => followedBy(delivered, receipt, at('12:00')))).toBe('E_ACK');
      const load = naming(importOf(received), other, novalis());
      expect(codeOf(() => followedBy(received, load, at('13:00')))).toBe('E_ACK');
    }
  });

  test('was signed on a journal with the extraction, however many entries came before that', () => {
    const alerted = followedBy(storyUpTo('authorised'), alert, at('08:00'));
    const extracted = followedBy(alerted, extractionOf(instructed()), at('09:00'));
    const { document } = approvalOf(extracted);
    const blind = embed(signDocument({ ...document.signed, head: alerted.chain.head }, director(), biologist()));
    expect(codeOf(() => followedBy(extracted, blind, at('10:00')))).toBe('E_CHAIN');
    expect(followedBy(extracted, approvalOf(extracted), at('10:00')).progress.approved).toBe(true);
  });
});
