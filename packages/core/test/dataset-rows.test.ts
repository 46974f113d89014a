/** Each dataset is held to its own rows, in whatever order the laboratory and the other parties name them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { signDocument } from '../src/envelope.ts';
import { acknowledge, approve, embed, reportImport, validate } from '../src/journal/party-statement.ts';
import type { Story } from '../src/journal/replay.ts';
import { ready } from '../src/sodium.ts';
import type { DatasetRows } from '../src/statement.ts';
import {
  approvalOf,
  deliveryOf,
  extractionOf,
  followedBy,
  KEPT,
  purgeOf,
  receiptOf,
  receivedOf,
  storyUpTo,
} from './job-story.ts';
import { at, biologist, datasetNamed, director, instructed, novalis } from './laboratory.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

/** An extraction of `results` and then of `patients`, of which more was kept. */
function extracted(): Story {
  const instructions = instructed({ datasets: [datasetNamed('results'), datasetNamed('patients')] });
  const { datasets, ...extraction } = extractionOf(instructions);
  const uneven = datasets.map((one) =>
    one.dataset === 'results' ? { ...one, counts: { ...one.counts, kept: KEPT - 10, notLinked: 13 } } : one,
  );
  return followedBy(storyUpTo('authorised', instructions), { ...extraction, datasets: uneven }, at('09:00'));
}

function delivered(): Story {
  const story = extracted();
  const approved = followedBy(story, approvalOf(story), at('10:00'));
  return followedBy(approved, deliveryOf(approved), at('11:00'));
}

const received = (story = delivered()): Story => followedBy(story, receiptOf(story), at('12:00'));

const rowsOf = (story: Story): DatasetRows[] => receivedOf(story).map(({ dataset, rows }) => ({ dataset, rows }));

/** The same datasets, each with the rows of the other. */
function exchanged<T extends { readonly rows: number }>(datasets: readonly T[]): T[] {
  const rows = datasets.map((one) => one.rows).toReversed();
  return datasets.map((one, index) => ({ ...one, rows: rows[index] ?? 0 }));
}

describe('the rows of each dataset', () => {
  test('are approved as they were extracted', () => {
    const story = extracted();
    const { signed } = approve(story, { signer: director(), time: at('10:00') });
    const approving = (datasets: typeof signed.datasets): Story =>
      followedBy(story, embed(signDocument({ ...signed, datasets }, director(), biologist())), at('10:00'));
    expect(approving(signed.datasets.toReversed()).progress.approved).toBe(true);
    expect(codeOf(() => approving(exchanged(signed.datasets)))).toBe('E_COUNT');
  });

  test('are received as they were extracted', () => {
    const story = delivered();
    const receiving = (datasets: ReturnType<typeof receivedOf>): Story =>
      followedBy(story, embed(acknowledge(story, datasets, { signer: novalis(), time: at('12:00') })), at('12:00'));
    expect(receiving(receivedOf(story).toReversed()).progress.receipts.size).toBe(1);
    expect(codeOf(() => receiving(exchanged(receivedOf(story))))).toBe('E_ACK');
  });

  test('are loaded as they were received', () => {
    const story = received();
    const loading = (datasets: readonly DatasetRows[]): Story =>
      followedBy(story, embed(reportImport(story, datasets, { signer: novalis(), time: at('13:00') })), at('13:00'));
    expect(loading(rowsOf(story).toReversed()).progress.imports.size).toBe(1);
    expect(codeOf(() => loading(exchanged(rowsOf(story))))).toBe('E_COUNT');
  });

  test('are validated as they were extracted', () => {
    const story = received();
    const loaded = followedBy(
      story,
      embed(reportImport(story, rowsOf(story), { signer: novalis(), time: at('13:00') })),
      at('13:00'),
    );
    const validating = (datasets: readonly DatasetRows[]): Story => {
      const { signed } = validate(loaded, datasets, { signer: director(), time: at('14:00') });
      return followedBy(loaded, embed(signDocument(signed, director(), biologist())), at('14:00'));
    };
    expect(validating(rowsOf(story).toReversed()).progress.validation?.datasets).toHaveLength(2);
    expect(codeOf(() => validating(exchanged(rowsOf(story))))).toBe('E_COUNT');
  });

  test('are not asked for where nothing was extracted: such a job is purged of nothing once it has ended', () => {
    const aborted = followedBy(storyUpTo('authorised'), { kind: 'abort', reason: 'x' }, at('09:00'));
    const nothing = { ...purgeOf(aborted, 'ended'), local: [], remote: [] };
    expect(followedBy(aborted, nothing, at('10:00')).progress.purge).toEqual(nothing);
  });
});
