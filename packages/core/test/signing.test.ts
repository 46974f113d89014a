import { beforeAll, describe, expect, test } from 'vitest';
import { readDraft } from '../src/draft.ts';
import { signDocument } from '../src/envelope.ts';
import { parseCalendarDate, parseUtcTime } from '../src/ids.ts';
import { type Instructions, type InstructionsDocument, verifyInstructions } from '../src/instructions.ts';
import { approve, embed } from '../src/journal/party-statement.ts';
import { verifySuccessor } from '../src/roster.ts';
import { countersign, requireOfRoster, requireSignable, requireSigner, signDraft } from '../src/signing.ts';
import { ready } from '../src/sodium.ts';
import { followedBy, storyUpTo } from './job-story.ts';
import {
  alice,
  at,
  biologist,
  datasetNamed,
  director,
  instructionsDocument,
  instructionsMembers,
  novalis,
  otherLaboratory,
  pinnedRoster,
  rosterDocument,
  stranger,
} from './laboratory.ts';
import { codeOf, refusal } from './refusal.ts';

beforeAll(ready);

const unsigned = (changes: Partial<Instructions> = {}): InstructionsDocument => ({
  signed: instructionsMembers(changes),
  signatures: [],
});
const draftOf = (document: InstructionsDocument) =>
  readDraft(new TextEncoder().encode(JSON.stringify(document, null, 2)), 'lab.json');

describe('who may sign', () => {
  test('F14 is whoever the roster names, and neither a recipient nor an operator nor a stranger', () => {
    for (const signer of [director(), biologist()]) {
      expect(() => requireSigner(signer.identity, pinnedRoster())).not.toThrow();
    }
    for (const other of [novalis(), alice(), stranger()]) {
      const { code, message } = refusal(() => requireSigner(other.identity, pinnedRoster()));
      expect([code, message]).toEqual([
        'E_ROLE',
        `the identity of ${other.identity.name} is not a signer of Laboratoire du Parc`,
      ]);
    }
  });
});

describe('before a signature, instructions', () => {
  const told = (document: InstructionsDocument, roster = pinnedRoster()): [string, string] => {
    const { code, message } = refusal(() => requireOfRoster(document, roster));
    return [code, message];
  };

  test('fault 14: are of the laboratory that signs, under its name and its present roster', () => {
    expect(() => requireOfRoster(unsigned(), pinnedRoster())).not.toThrow();
    expect(told(unsigned(), otherLaboratory())).toEqual([
      'E_LAB',
      'these instructions are of Laboratoire du Parc, and the roster is that of Autre laboratoire',
    ]);
    const { id } = instructionsMembers().lab;
    expect(told(unsigned({ lab: { id, name: 'Labo du Parc' } }))).toEqual([
      'E_LAB',
      'these instructions call the laboratory Labo du Parc, and the roster Laboratoire du Parc',
    ]);
    const next = verifySuccessor(pinnedRoster(), rosterDocument({ version: 2, previous: pinnedRoster().digest }));
    expect(told(unsigned(), next)).toEqual(['E_LAB', expect.stringContaining('another version of the roster')]);
  });

  const signable = (document: InstructionsDocument, now = at('08:00')) =>
    codeOf(() => requireSignable(document, pinnedRoster(), now));

  test('may lie in the future, and not in the past', () => {
    for (const now of ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z', '2026-05-31T23:59:59Z']) {
      expect(() => requireSignable(unsigned(), pinnedRoster(), parseUtcTime(now))).not.toThrow();
    }
    expect(signable(unsigned(), parseUtcTime('2026-06-01T00:00:00Z'))).toBe('E_TIME');
  });

  test('fault 20: need a contract that is in force when they are, not only today', () => {
    const ending = (day: string) =>
      unsigned({ contract: { ...instructionsMembers().contract, expires: parseCalendarDate(day) } });
    expect(signable(ending('2026-02-28'), parseUtcTime('2026-02-01T00:00:00Z'))).toBe('E_CONTRACT');
    expect(() =>
      requireSignable(ending('2026-03-01'), pinnedRoster(), parseUtcTime('2026-02-01T00:00:00Z')),
    ).not.toThrow();
  });

  test('fault 2: bear no signature that does not hold', () => {
    const { signatures } = instructionsDocument();
    expect(() => requireSignable(instructionsDocument(), pinnedRoster(), at('08:00'))).not.toThrow();
    expect(signable({ ...unsigned({ note: 'changed' }), signatures })).toBe('E_SIG');
  });

  test('fault 16: are those that everyone else would accept', () => {
    expect(signable(unsigned({ datasets: [datasetNamed('patients', { fields: [{ name: 'MP' }] })] }))).toBe(
      'E_CREDENTIAL',
    );
  });
});

describe('a draft of two signers', () => {
  test('fault 10: says how many are missing, and is accepted once nobody is', () => {
    const first = signDraft(draftOf(unsigned()), pinnedRoster(), biologist());
    expect([[...first.signedBy], first.missing]).toEqual([[biologist().fingerprint], 1]);
    expect(codeOf(() => verifyInstructions(first.draft.document, pinnedRoster()))).toBe('E_THRESHOLD');
    const again = signDraft(first.draft, pinnedRoster(), biologist());
    expect([again.signedBy.size, again.missing]).toEqual([1, 1]);
    const second = signDraft(first.draft, pinnedRoster(), director());
    expect([second.signedBy.size, second.missing]).toEqual([2, 0]);
    expect(verifyInstructions(second.draft.document, pinnedRoster()).signedBy).toEqual(second.signedBy);
  });

  test('that nobody would accept is not handed out with its last signature', () => {
    const forbidden = unsigned({ datasets: [datasetNamed('patients', { fields: [{ name: 'MP' }] })] });
    const first = signDraft(draftOf(forbidden), pinnedRoster(), biologist());
    expect(codeOf(() => signDraft(first.draft, pinnedRoster(), director()))).toBe('E_CREDENTIAL');
  });
});

describe('a second signature on a statement', () => {
  test('counts with the first, whenever the second signer looked at the same manifest', () => {
    const story = storyUpTo('extracted');
    const first = approve(story, { signer: director(), time: at('10:00') });
    const made = approve(story, { signer: biologist(), time: at('10:30') });
    const both = countersign(first, made, biologist(), 'approval.json');
    expect(both.signed).toEqual(first.signed);
    expect(both.signatures.map(({ key }) => key)).toEqual([director().fingerprint, biologist().fingerprint]);
    const approved = followedBy(story, embed({ signed: first.signed, signatures: both.signatures }), at('11:00'));
    expect(approved.progress.approved).toBe(true);
  });

  test('F13 is refused where the first says something else than this manifest shows', () => {
    const story = storyUpTo('extracted');
    const made = approve(story, { signer: biologist(), time: at('10:30') });
    const datasets = made.signed.datasets.map((dataset) => ({ ...dataset, rows: dataset.rows + 1 }));
    const first = signDocument({ ...made.signed, datasets }, director());
    const { code, message } = refusal(() => countersign(first, made, biologist(), 'approval.json'));
    expect([code, message]).toEqual(['E_MISMATCH', 'approval.json states something else than this manifest shows']);
  });
});
