/** How far claims go, whatever happened in a job. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { SealiftError } from '../src/errors.ts';
import { parseCalendarDate, parseDatasetName, parseUtcTime, type UtcTime } from '../src/ids.ts';
import type { Claim } from '../src/journal/claim.ts';
import { claimsOf } from '../src/journal/claims.ts';
import { embed, reportImport } from '../src/journal/party-statement.ts';
import { beginStory, currentInstructions, type Story } from '../src/journal/replay.ts';
import { digestOf } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import type { ExtractedDates, Extraction, Statement } from '../src/statement.ts';
import {
  approvalOf,
  deliveryOf,
  extractionOf,
  followedBy,
  importOf,
  KEPT,
  purgeOf,
  receiptOf,
  revocationOf,
  rowsOf,
  storyUpTo,
  validationOf,
} from './job-story.ts';
import { archive, at, datasetNamed, instructed, novalis, recipientEntry } from './laboratory.ts';

beforeAll(ready);

const date = parseCalendarDate;
const dated = datasetNamed('patients', {
  disposeSource: true,
  window: {
    field: 'VISITE',
    format: 'DD/MM/YYYY',
    from: { date: date('2017-05-07'), inclusive: true },
    emptyDate: 'withhold',
    impossibleDate: 'withhold',
  },
});

const DATES: ExtractedDates = {
  field: 'VISITE',
  years: [
    { year: 2016, kept: 0, withheld: 5 },
    { year: 2017, kept: 30, withheld: 3 },
    { year: 2018, kept: KEPT - 30, withheld: 0 },
  ],
  firstKept: date('2017-05-07'),
  lastKept: date('2018-12-31'),
};

/** An extraction of `patients` with its dates, from a source that is marked for deletion. */
function extraction(story: Story): Extraction {
  const made = extractionOf(currentInstructions(story));
  const datasets = made.datasets.map((one) =>
    one.dataset === 'patients' ? { ...one, dates: DATES, source: { ...one.source, dispose: true as const } } : one,
  );
  return { ...made, datasets };
}

const begin = (): Story => beginStory(instructed({ datasets: [dated, datasetNamed('results')] }));

/** Everything that a party may say; those that a story does not allow are refused, and change nothing. */
const MOVES: Readonly<Record<string, (story: Story) => Statement>> = {
  extraction,
  approval: (story) => approvalOf(story),
  delivery: (story) => deliveryOf(story, { checks: [{ check: 'host-key', verdict: 'ok' }] }),
  receipt: (story) => receiptOf(story),
  import: (story) => importOf(story),
  validation: (story) => validationOf(story),
  purge: (story) => purgeOf(story),
  shortImport: (story) => importOf(story, KEPT - 1),
  purgeOnDeadline: (story) => purgeOf(story, 'deadline'),
  purgeOfEnded: (story) => purgeOf(story, 'ended'),
  disposal: () => ({ kind: 'disposal', dataset: parseDatasetName('patients'), bytes: 4000, outcome: 'deleted' }),
  abort: () => ({ kind: 'abort', reason: 'x' }),
  revocation: (story) => revocationOf(story),
  refusal: () => ({ kind: 'refusal', step: 'send', code: 'E_REMOTE', message: 'x' }),
  alert: () => ({ kind: 'alert', code: 'E_DEADLINE', message: 'x' }),
  repair: () => ({ kind: 'repair', removedBytes: 3, removedDigest: digestOf(new Uint8Array(3)) }),
};
const IN_ORDER = ['extraction', 'approval', 'delivery', 'receipt', 'import', 'validation', 'purge', 'disposal'];

function tried(story: Story, move: string, time: UtcTime): Story {
  try {
    const statement = MOVES[move]?.(story);
    return statement === undefined ? story : followedBy(story, statement, time);
  } catch (error) {
    // What is needed for the statement may not be there yet.
    if (error instanceof SealiftError || (error instanceof Error && error.message.includes('no extraction')))
      return story;
    throw error;
  }
}

/** A story of these moves, a minute apart, and past every deadline from one of them on. */
function storyOf(moves: readonly string[], lateFrom: number): Story {
  return moves.reduce((story, move, index) => {
    const day = index < lateFrom ? '2026-03-02' : '2026-05-20';
    return tried(story, move, parseUtcTime(`${day}T17:${String(index).padStart(2, '0')}:00Z`));
  }, begin());
}

const worlds = fc
  .record({
    before: fc.nat({ max: IN_ORDER.length }),
    after: fc.array(fc.constantFrom(...Object.keys(MOVES)), { maxLength: 10 }),
    lateFrom: fc.nat({ max: 18 }),
  })
  .map(({ before, after, lateFrom }) => storyOf([...IN_ORDER.slice(0, before), ...after], lateFrom));

/** All that signatures and digests can show. */
const PROVABLE = new Set<string>([
  'instructions-signed',
  'entries-signed',
  'approval',
  'revocation',
  'columns-kept',
  'rows-kept',
  'receipt',
  'validation',
  'witness',
] satisfies Claim['fact']['says'][]);

/** What nobody can say of a story. */
function unknownIn({ progress: { extraction: extracted, delivery, purge } }: Story): string[] {
  return [
    'true-time',
    ...(extracted === undefined ? [] : ['source-completeness']),
    ...(delivery === undefined ? [] : ['other-copies']),
    purge === undefined ? 'no-purge' : 'traces',
  ];
}

describe('claims', () => {
  test('F29 no state of the world proves a deletion, the absence of copies, a time or what the source lacked', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(worlds, (story) => {
        const claims = claimsOf(story);
        for (const { group, standing, fact } of claims) {
          seen.add(fact.says);
          if (standing !== 'proven') continue;
          expect(PROVABLE).toContain(fact.says);
          expect(group).not.toBe('deletion');
        }
        const unknown = claims.flatMap(({ standing, fact }) => (standing === 'unknown' ? [fact.says] : []));
        expect(unknown).toEqual(expect.arrayContaining(unknownIn(story)));
      }),
      { numRuns: 50, seed: 6 },
    );
    const never = ['purge', 'disposal', 'traces', 'other-copies', 'true-time', 'deadline', 'source-completeness'];
    for (const says of [...never, 'rows-withheld', 'columns-withheld', 'rows-by-year', 'import', 'short-import']) {
      expect(seen).toContain(says);
      expect(PROVABLE).not.toContain(says);
    }
    for (const says of PROVABLE) expect(seen).toContain(says);
  });

  test('F08 attest the rows of each year that left and stayed, also once a recipient has counted them all', () => {
    const byYear = (moves: readonly string[]) =>
      claimsOf(storyOf(moves, 18)).filter(({ fact }) => fact.says === 'rows-by-year');
    const claim = {
      group: 'extraction',
      standing: 'attested',
      fact: { says: 'rows-by-year', dataset: 'patients', ...DATES },
      entry: 0,
    };
    expect(byYear(['extraction'])).toEqual([claim]);
    expect(byYear(IN_ORDER)).toEqual([claim]);
    expect(byYear([])).toEqual([]);
  });
});

describe('the claims of a job', () => {
  const said = (story: Story): unknown[][] =>
    claimsOf(story).map(({ group, standing, entry, fact: { says, ...fact } }) => [group, standing, says, fact, entry]);
  const signers = ['Person 1', 'Person 2'];
  const deadline = (step: 'delivery' | 'purge', due: string, time: string) => [
    ...['attested', 'deadline', { step, due: parseUtcTime(due), deadline: 'kept', at: at(time) }],
  ];

  test('that went through every step name each of them, who stands for it, and the entry that it rests on', () => {
    const ofDataset = (dataset: string) => [
      ['extraction', 'proven', 'rows-kept', { dataset, rows: KEPT }, 0],
      ['extraction', 'attested', 'rows-withheld', { dataset, rows: 10, read: 100 }, 0],
      ['extraction', 'attested', 'columns-withheld', { dataset, columns: 1 }, 0],
    ];
    expect(said(storyUpTo('purged'))).toEqual([
      [
        ...['authority', 'proven', 'instructions-signed'],
        ...[{ lab: 'Laboratoire du Parc', version: 1, signers, threshold: 2 }, undefined],
      ],
      ['authority', 'proven', 'entries-signed', { processor: 'Vendor', entries: 7 }, undefined],
      ['authority', 'proven', 'approval', { signers }, 1],
      ['authority', 'unknown', 'true-time', {}, undefined],
      ['extraction', 'proven', 'columns-kept', { columns: 4 }, 0],
      ...ofDataset('patients'),
      ...ofDataset('results'),
      ['extraction', 'unknown', 'source-completeness', {}, undefined],
      ['transfer', 'attested', 'delivery', { files: 3, host: 'sftp.example', port: 22 }, 2],
      ['transfer', 'unknown', 'no-checks', {}, undefined],
      ['transfer', ...deadline('delivery', '2026-04-01T00:00:00Z', '11:00'), 2],
      ['transfer', 'unknown', 'other-copies', {}, undefined],
      ['acknowledgement', 'proven', 'receipt', { recipient: 'Person 5' }, 3],
      ['acknowledgement', 'attested', 'import', { recipient: 'Person 5' }, 4],
      ['acknowledgement', 'proven', 'validation', { signers }, 5],
      ['acknowledgement', 'proven', 'witness', { by: signers, entries: 5 }, 5],
      ['deletion', 'attested', 'purge', { copies: 6, basis: 'statements' }, 6],
      ['deletion', ...deadline('purge', '2026-05-01T00:00:00Z', '16:00'), 6],
      ['deletion', 'unknown', 'traces', {}, undefined],
    ]);
  });

  test('in which nothing was done yet say who authorised it, and of each step that nobody knows it', () => {
    expect(said(storyUpTo('authorised')).slice(1)).toEqual([
      ['authority', 'proven', 'entries-signed', { processor: 'Vendor', entries: 0 }, undefined],
      ['authority', 'unknown', 'no-approval', {}, undefined],
      ['authority', 'unknown', 'true-time', {}, undefined],
      ['extraction', 'unknown', 'no-extraction', {}, undefined],
      ['transfer', 'unknown', 'no-delivery', {}, undefined],
      ['acknowledgement', 'unknown', 'no-receipt', { recipient: 'Person 5' }, undefined],
      ['deletion', 'unknown', 'no-purge', {}, undefined],
    ]);
  });

  test('that rest on no entry name none', () => {
    const [found] = claimsOf(storyUpTo('authorised')).filter(({ fact }) => fact.says === 'entries-signed');
    const fact = { says: 'entries-signed', processor: 'Vendor', entries: 0 };
    expect(found).toStrictEqual({ group: 'authority', standing: 'proven', fact });
  });

  test('in which nothing was extracted say nothing of deadlines: there is nothing to deliver, nor to delete', () => {
    const alert: Statement = { kind: 'alert', code: 'E_DEADLINE', message: 'the delivery was due' };
    const story = followedBy(storyUpTo('authorised'), alert, parseUtcTime('2026-05-20T00:00:00Z'));
    expect(claimsOf(story).filter(({ fact }) => fact.says === 'deadline')).toEqual([]);
  });

  test('that was revoked before its first entry have no witness: there was nothing to see', () => {
    const story = storyUpTo('authorised');
    const revoked = followedBy(story, revocationOf(story), at('15:00'));
    expect(claimsOf(revoked).filter(({ fact }) => fact.says === 'witness')).toEqual([]);
  });

  test('of which a part was loaded say so of the datasets that are short, and of no other', () => {
    const story = storyUpTo('received');
    const [patients, ...others] = rowsOf(story);
    const short = others.map((one) => ({ ...one, rows: KEPT - 7 }));
    const datasets = patients === undefined ? [] : [patients, ...short];
    const statement = embed(reportImport(story, datasets, { signer: novalis(), time: at('13:00') }));
    const loaded = claimsOf(followedBy(story, statement, at('13:00'))).filter(({ fact }) =>
      fact.says.endsWith('import'),
    );
    expect(loaded.map(({ fact }) => fact)).toEqual([
      { says: 'short-import', recipient: 'Person 5', dataset: 'results', loaded: KEPT - 7, rows: KEPT },
    ]);
  });

  test('that needs no approval say nothing of one', () => {
    const story = beginStory(instructed({ gates: { delivery: [], purge: ['receipt'] } }));
    expect(claimsOf(story).filter(({ fact }) => fact.says.endsWith('approval'))).toEqual([]);
  });

  test('that was revoked name who did it and why, and what was seen before', () => {
    const story = storyUpTo('delivered');
    expect(said(followedBy(story, revocationOf(story), at('15:00')))).toEqual(
      expect.arrayContaining([
        ['authority', 'proven', 'revocation', { signers, reason: 'a data breach at the vendor' }, 3],
        ['acknowledgement', 'proven', 'witness', { by: signers, entries: 3 }, 3],
      ]),
    );
  });

  describe('of several recipients', () => {
    const acknowledged = (story: Story): unknown[] =>
      said(story).flatMap(([group, ...claim]) => (group === 'acknowledgement' ? [claim] : []));
    const delivered = (): Story =>
      storyUpTo('delivered', instructed({ recipients: [recipientEntry(novalis(), 5), recipientEntry(archive(), 6)] }));

    test('are of each by itself, with the last that it said of its rows', () => {
      let story = delivered();
      story = followedBy(story, receiptOf(story, archive()), at('12:00'));
      expect(acknowledged(story)).toEqual([
        ['unknown', 'no-receipt', { recipient: 'Person 5' }, undefined],
        ['proven', 'receipt', { recipient: 'Person 6' }, 3],
        ['unknown', 'no-import', { recipient: 'Person 6' }, undefined],
        ['proven', 'witness', { by: ['Person 6'], entries: 3 }, 3],
      ]);
      story = followedBy(story, receiptOf(story), at('12:10'));
      story = followedBy(story, importOf(story, KEPT - 2, archive()), at('13:00'));
      story = followedBy(story, importOf(story, KEPT - 1, archive()), at('13:10'));
      story = followedBy(story, importOf(story), at('13:20'));
      const short = (dataset: string) => [
        'attested',
        'short-import',
        { recipient: 'Person 6', dataset, loaded: KEPT - 1, rows: KEPT },
        6,
      ];
      expect(acknowledged(story)).toEqual([
        ['proven', 'receipt', { recipient: 'Person 5' }, 4],
        ['attested', 'import', { recipient: 'Person 5' }, 7],
        ['proven', 'receipt', { recipient: 'Person 6' }, 3],
        short('patients'),
        short('results'),
        ['proven', 'witness', { by: ['Person 5'], entries: 7 }, 7],
      ]);
    });

    test('call the first of those who saw as much a witness, and not who saw less after it', () => {
      const story = delivered();
      const first = followedBy(story, receiptOf(story, archive()), at('12:00'));
      const second = followedBy(first, receiptOf(story), at('12:10'));
      expect(acknowledged(second).at(-1)).toEqual(['proven', 'witness', { by: ['Person 6'], entries: 3 }, 3]);
      const third = followedBy(second, importOf(second), at('13:00'));
      const late = followedBy(third, importOf(second, KEPT, archive()), at('13:10'));
      expect(acknowledged(late).at(-1)).toEqual(['proven', 'witness', { by: ['Person 5'], entries: 5 }, 5]);
      const last = followedBy(third, importOf(first, KEPT, archive()), at('13:10'));
      expect(acknowledged(last).at(-1)).toEqual(['proven', 'witness', { by: ['Person 5'], entries: 5 }, 5]);
    });
  });
});
