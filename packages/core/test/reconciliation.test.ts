/** The counts of a job's parties, beside each other. */
import { beforeAll, describe, expect, test } from 'vitest';
import { countColumns, type Recount, reconcile } from '../src/journal/reconciliation.ts';
import { currentInstructions, type Story } from '../src/journal/replay.ts';
import { ready } from '../src/sodium.ts';
import {
  approvalOf,
  deliveryOf,
  extractionOf,
  followedBy,
  importOf,
  KEPT,
  receiptOf,
  type Station,
  storyUpTo,
} from './job-story.ts';
import { archive, at, datasetNamed, instructed, instructionsMembers, novalis, recipientEntry } from './laboratory.ts';

beforeAll(ready);

describe('the counts of all parties', () => {
  test('stand beside each other, and what differs is named', () => {
    const received = storyUpTo('received');
    const short = followedBy(received, importOf(received, KEPT - 1), at('13:00'));
    const [first] = reconcile(short, [{ dataset: 'patients', read: 101, kept: KEPT }]);
    expect(first?.counts.map(({ by }) => by)).toEqual(
      expect.arrayContaining(['recomputed', 'extraction', 'receipt', 'import']),
    );
    expect(first?.differences).toEqual(
      expect.arrayContaining([
        { by: 'recomputed', of: 'read', rows: 101, extraction: 100 },
        expect.objectContaining({ by: 'import', of: 'kept', rows: KEPT - 1, extraction: KEPT }),
      ]),
    );
    expect(first?.agreement).toBe('different');
  });

  test('are called equal only where another party has counted', () => {
    const agreements = (station: Station, recounts: readonly Recount[] = []) =>
      reconcile(storyUpTo(station), recounts).map(({ dataset, agreement }) => `${dataset} ${agreement}`);
    expect(agreements('authorised')).toEqual(['patients none', 'results none']);
    expect(agreements('delivered')).toEqual(['patients single', 'results single']);
    expect(agreements('delivered', [{ dataset: 'patients', read: 100, kept: KEPT }])).toEqual([
      'patients equal',
      'results single',
    ]);
    expect(agreements('received')).toEqual(['patients equal', 'results equal']);
  });

  test('stand in columns: of the source only where somebody else counted it', () => {
    const columnsOf = (recounts: readonly Recount[]) => countColumns(reconcile(storyUpTo('validated'), recounts));
    const stated = ['kept extraction', 'kept receipt', 'kept import', 'kept validation'];
    expect(columnsOf([]).map(({ of, by }) => `${of} ${by}`)).toEqual(stated);
    const columns = columnsOf([{ dataset: 'patients', read: 101, kept: KEPT }]);
    expect(columns.map(({ of, by }) => `${of} ${by}`)).toEqual([
      'read recomputed',
      'read extraction',
      'kept recomputed',
      ...stated,
    ]);
    expect(columns.map(({ counts }) => counts[0])).toEqual([101, 100, ...Array(5).fill(KEPT)]);
    expect(columns.map(({ counts }) => counts[1])).toEqual([undefined, 100, undefined, ...Array(4).fill(KEPT)]);
  });

  test('of each recipient stand beside the extraction’s, of its imports the last', () => {
    const recipients = [recipientEntry(novalis(), 5), recipientEntry(archive(), 6)];
    let story = storyUpTo('received', instructed({ recipients }));
    story = followedBy(story, receiptOf(story, archive()), at('12:30'));
    story = followedBy(story, importOf(story, KEPT - 2, archive()), at('13:00'));
    story = followedBy(story, importOf(story, KEPT - 1, archive()), at('13:10'));
    const ofBoth = ['patients', 'results'].map((dataset) => ({
      dataset,
      counts: [
        { by: 'extraction', read: 100, kept: KEPT },
        { by: 'receipt', recipient: 'Person 5', kept: KEPT },
        { by: 'receipt', recipient: 'Person 6', kept: KEPT },
        { by: 'import', recipient: 'Person 6', kept: KEPT - 1 },
      ],
      differences: [{ by: 'import', recipient: 'Person 6', of: 'kept', rows: KEPT - 1, extraction: KEPT }],
      agreement: 'different',
    }));
    expect(reconcile(story)).toStrictEqual(ofBoth);
    const column = (by: string, rows: number, recipient?: string) => ({
      ...{ by, of: 'kept', counts: [rows, rows] },
      ...(recipient === undefined ? {} : { recipient }),
    });
    expect(countColumns(reconcile(story))).toStrictEqual([
      column('extraction', KEPT),
      column('receipt', KEPT, 'Person 5'),
      column('receipt', KEPT, 'Person 6'),
      column('import', KEPT - 1, 'Person 6'),
    ]);
  });

  test('have the laboratory’s expectation and its validation beside them', () => {
    const [patients, results] = instructionsMembers().datasets;
    if (patients === undefined || results === undefined) throw new Error('two datasets');
    const datasets = [
      { ...patients, expected: { rows: 101, kept: KEPT } },
      { ...results, expected: { kept: 89 } },
    ];
    const reconciled = reconcile(storyUpTo('validated', instructed({ datasets })));
    expect(reconciled.map(({ counts }) => counts[0])).toStrictEqual([
      { by: 'expected', read: 101, kept: KEPT },
      { by: 'expected', kept: 89 },
    ]);
    expect(reconciled[0]?.counts.at(-1)).toEqual({ by: 'validation', kept: KEPT });
    expect(reconciled.map(({ differences }) => differences)).toStrictEqual([
      [{ by: 'expected', of: 'read', rows: 101, extraction: 100 }],
      [{ by: 'expected', of: 'kept', rows: 89, extraction: KEPT }],
    ]);
  });

  test('are each dataset’s own', () => {
    let story: Story = storyUpTo('authorised');
    const { datasets, ...extraction } = extractionOf(currentInstructions(story));
    const uneven = datasets.map((one) =>
      one.dataset === 'results' ? { ...one, counts: { ...one.counts, kept: KEPT - 10, notLinked: 13 } } : one,
    );
    story = followedBy(story, { ...extraction, datasets: uneven }, at('09:00'));
    story = followedBy(story, approvalOf(story), at('10:00'));
    story = followedBy(story, deliveryOf(story), at('11:00'));
    story = followedBy(story, receiptOf(story), at('12:00'));
    const counted = (dataset: string, kept: number) => ({
      dataset,
      counts: [
        { by: 'extraction', read: 100, kept },
        { by: 'receipt', recipient: 'Person 5', kept },
      ],
      differences: [],
      agreement: 'equal',
    });
    expect(reconcile(story)).toStrictEqual([counted('patients', KEPT), counted('results', KEPT - 10)]);
  });

  test('are each recipient’s own', () => {
    const recipients = [recipientEntry(novalis(), 5), recipientEntry(archive(), 6)];
    let story = storyUpTo('received', instructed({ recipients }));
    story = followedBy(story, receiptOf(story, archive()), at('12:30'));
    story = followedBy(story, importOf(story, KEPT - 1), at('13:00'));
    story = followedBy(story, importOf(story, KEPT - 2, archive()), at('13:10'));
    expect(countColumns(reconcile(story)).map(({ by, recipient, counts }) => [by, recipient, counts[0]])).toEqual([
      ['extraction', undefined, KEPT],
      ['receipt', 'Person 5', KEPT],
      ['receipt', 'Person 6', KEPT],
      ['import', 'Person 5', KEPT - 1],
      ['import', 'Person 6', KEPT - 2],
    ]);
  });

  test('are none before the extraction: what the laboratory expects stands alone, and differs from nothing', () => {
    const datasets = [datasetNamed('patients', { expected: { rows: 101 } }), datasetNamed('results')];
    expect(reconcile(storyUpTo('authorised', instructed({ datasets })))).toStrictEqual([
      { dataset: 'patients', counts: [{ by: 'expected', read: 101 }], differences: [], agreement: 'none' },
      { dataset: 'results', counts: [], differences: [], agreement: 'none' },
    ]);
  });

  test('stand in the order of a job, also where the first dataset lacks one of them', () => {
    const datasets = [datasetNamed('patients'), datasetNamed('results', { expected: { kept: KEPT } })];
    const reconciled = reconcile(storyUpTo('received', instructed({ datasets })));
    expect(countColumns(reconciled).map(({ by, counts }) => [by, ...counts])).toEqual([
      ['expected', undefined, KEPT],
      ['extraction', KEPT, KEPT],
      ['receipt', KEPT, KEPT],
    ]);
  });
});
