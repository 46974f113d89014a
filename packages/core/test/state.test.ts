import { beforeAll, describe, expect, test } from 'vitest';
import { approve, revoke, validate } from '../src/journal/party-statement.ts';
import type { Story } from '../src/journal/replay.ts';
import { currentInstructions, procedureOf } from '../src/journal/replay.ts';
import { type JobState, missingForPurge, requireAllowed, stateOf, waitingFor } from '../src/journal/state.ts';
import { ready } from '../src/sodium.ts';
import type { Statement } from '../src/statement.ts';
import { followedBy, purgeOf, revocationOf, rowsOf, STATIONS, storyUpTo, validationOf } from './job-story.ts';
import { at, director, instructed, novalis } from './laboratory.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

test('a job waits for nobody whom the instructions do not name: their gates alone hold the purge', () => {
  const gated = (...purge: ('receipt' | 'import' | 'validation')[]): string[] => {
    const instructions = instructed({ gates: { delivery: ['approval'], purge } });
    const { progress } = storyUpTo('delivered', instructions);
    return missingForPurge(progress, procedureOf(instructions)).map(({ kind }) => kind);
  };
  expect(gated('receipt')).toEqual(['receipt']);
  expect(gated('receipt', 'import')).toEqual(['receipt', 'import']);
  expect(gated('import')).toEqual(['import']);
  expect(gated('validation')).toEqual(['validation']);
});

const KINDS = [
  'extraction',
  'approval',
  'delivery',
  'receipt',
  'import',
  'validation',
  'purge',
  'revocation',
  'abort',
] as const;
const REMARKS = ['disposal', 'repair', 'refusal', 'alert'] as const;

const [S, W, R] = ['E_STATE', 'E_WAITING', 'E_REPLAY'];
const yes = 'allowed';

/** doc/format.md section 14, for one recipient and all gates: each state, each kind of statement, allowed or how it is refused. */
const TABLE: Readonly<Record<JobState, readonly (string | undefined)[]>> = {
  //           extraction approval delivery receipt import validation purge revocation abort
  authorised: [yes, S, S, S, S, S, S, yes, yes],
  extracted: [S, yes, W, S, S, S, S, yes, yes],
  approved: [S, R, yes, S, S, S, S, yes, yes],
  delivered: [S, R, S, yes, S, S, yes, yes, yes],
  received: [S, R, S, R, yes, S, yes, yes, yes],
  imported: [S, R, S, R, R, yes, yes, yes, yes],
  validated: [S, R, S, R, R, R, yes, yes, yes],
  purged: [S, R, S, R, R, R, R, S, S],
  aborted: [S, S, S, S, S, S, yes, S, S],
  revoked: [S, S, S, S, S, S, yes, S, S],
};

const STATES = [...STATIONS, 'aborted', 'revoked'] as const;

function storyIn(state: JobState): Story {
  if (state === 'aborted') return followedBy(storyUpTo('extracted'), { kind: 'abort', reason: 'x' }, at('15:00'));
  if (state === 'revoked') {
    const story = storyUpTo('extracted');
    return followedBy(story, revocationOf(story), at('15:00'));
  }
  return storyUpTo(state);
}

function verdict(story: Story, kind: Statement['kind']): string {
  const check = (): void =>
    requireAllowed(kind, story.progress, procedureOf(currentInstructions(story)), novalis().fingerprint);
  try {
    check();
    return yes;
  } catch {
    return codeOf(check);
  }
}

describe('F20 the state machine', () => {
  test.each(STATES)('allows and refuses in state %s what the format says', (state) => {
    const story = storyIn(state);
    const row = TABLE[state];
    expect(stateOf(story.progress, procedureOf(currentInstructions(story)))).toBe(state);
    expect(Object.fromEntries(KINDS.map((kind) => [kind, verdict(story, kind)]))).toEqual(
      Object.fromEntries(KINDS.map((kind, index) => [kind, row[index]])),
    );
  });

  test.each(STATES)('lets remarks be made in state %s, and stays there', (state) => {
    const story = storyIn(state);
    for (const kind of REMARKS) expect(verdict(story, kind)).toBe(yes);
    const later = followedBy(story, { kind: 'refusal', step: 'send', code: 'E_REMOTE', message: 'x' }, at('16:30'));
    expect(later.progress).toEqual(story.progress);
  });

  test('needs no approval where none gates the delivery, and takes none', () => {
    const story = storyUpTo('extracted', instructed({ gates: { delivery: [], purge: ['receipt'] } }));
    expect(verdict(story, 'delivery')).toBe(yes);
    expect(verdict(story, 'approval')).toBe('E_STATE');
  });

  test('validates from received on where no import gates the purge; an import may still come after it', () => {
    const instructions = instructed({ gates: { delivery: ['approval'], purge: ['receipt', 'validation'] } });
    for (const station of ['authorised', 'extracted', 'approved', 'delivered'] as const) {
      expect(verdict(storyUpTo(station, instructions), 'validation'), station).toBe(S);
    }
    const received = storyUpTo('received', instructions);
    expect(verdict(received, 'validation')).toBe(yes);
    const validated = followedBy(received, validationOf(received), at('14:00'));
    expect(verdict(validated, 'import')).toBe(yes);
  });

  test('an aborted or revoked job is purged, and then over', () => {
    for (const state of ['aborted', 'revoked'] as const) {
      const story = storyIn(state);
      const purged = followedBy(story, purgeOf(story, 'ended'), at('16:00'));
      expect(waitingFor(story.progress, procedureOf(currentInstructions(story)))).toEqual([{ kind: 'purge' }]);
      expect(verdict(purged, 'purge')).toBe('E_REPLAY');
    }
  });

  test('says at every station what the job waits for', () => {
    const recipient = novalis().fingerprint;
    const receipt = { kind: 'receipt', recipient };
    const load = { kind: 'import', recipient };
    const validation = { kind: 'validation' };
    const waits = STATIONS.map((station) => {
      const story = storyUpTo(station);
      return waitingFor(story.progress, procedureOf(currentInstructions(story)));
    });
    expect(waits).toEqual([
      [{ kind: 'extraction' }],
      [{ kind: 'approval' }],
      [{ kind: 'delivery' }],
      [receipt, load, validation],
      [load, validation],
      [validation],
      [{ kind: 'purge' }],
      [],
    ]);
  });

  test('keeps the laboratory from signing what is not its turn', () => {
    const stating = { signer: director(), time: at('16:30') };
    expect(codeOf(() => approve(storyUpTo('authorised'), stating))).toBe(S);
    expect(codeOf(() => approve(storyUpTo('approved'), stating))).toBe(R);
    for (const [station, code] of [
      ['received', S],
      ['validated', R],
    ] as const) {
      const story = storyUpTo(station);
      expect(codeOf(() => validate(story, rowsOf(story), stating))).toBe(code);
    }
    expect(codeOf(() => revoke(storyUpTo('purged'), 'too late', stating))).toBe(S);
  });
});
