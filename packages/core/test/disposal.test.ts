import { beforeAll, describe, expect, test } from 'vitest';
import { parseDatasetName, parseUtcTime, type UtcTime } from '../src/ids.ts';
import { claimsOf } from '../src/journal/claims.ts';
import { currentInstructions, type Story } from '../src/journal/replay.ts';
import { ready } from '../src/sodium.ts';
import type { Disposal } from '../src/statement.ts';
import {
  approvalOf,
  deliveryOf,
  extractionOf,
  followedBy,
  importOf,
  purgeOf,
  receiptOf,
  revocationOf,
  storyUpTo,
  validationOf,
} from './job-story.ts';
import { at, datasetNamed, instructed } from './laboratory.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

const disposalOf = (dataset = 'patients'): Disposal => ({
  kind: 'disposal',
  dataset: parseDatasetName(dataset),
  bytes: 4000,
  outcome: 'deleted',
});

/** A delivered job whose source of `patients` was marked for deletion, and that of `results` was not. */
function marked(): Story {
  const allowing = instructed({
    datasets: [datasetNamed('patients', { disposeSource: true }), datasetNamed('results')],
  });
  const authorised = storyUpTo('authorised', allowing);
  const { datasets, ...extraction } = extractionOf(currentInstructions(authorised));
  const [patients, ...others] = datasets;
  if (patients === undefined) throw new Error('no dataset');
  const dispose = { ...patients, source: { ...patients.source, dispose: true } } as const;
  const extracted = followedBy(authorised, { ...extraction, datasets: [dispose, ...others] }, at('09:00'));
  const approved = followedBy(extracted, approvalOf(extracted), at('10:00'));
  return followedBy(approved, deliveryOf(approved), at('11:00'));
}

/** {@link marked}, with every statement that gates the purge. */
function acknowledged(): Story {
  const delivered = marked();
  const received = followedBy(delivered, receiptOf(delivered), at('12:00'));
  const imported = followedBy(received, importOf(received), at('13:00'));
  return followedBy(imported, validationOf(imported), at('14:00'));
}

const disposing = (story: Story, disposal = disposalOf(), time: UtcTime = at('15:00')) =>
  codeOf(() => followedBy(story, disposal, time));

describe('the disposal of a source', () => {
  test('F09 a source is marked for it only where the instructions allow that, and only a file', () => {
    const kinds = [
      [undefined, 'file', 'E_SCOPE'],
      [true, 'pipe', 'E_MISMATCH'],
    ] as const;
    for (const [disposeSource, kind, outcome] of kinds) {
      const allowed = disposeSource === undefined ? {} : { disposeSource };
      const authorised = storyUpTo('authorised', instructed({ datasets: [datasetNamed('patients', allowed)] }));
      const extraction = extractionOf(currentInstructions(authorised));
      const datasets = extraction.datasets.map((one) => ({
        ...one,
        source: { kind, bytes: 4000, dispose: true } as const,
      }));
      const code = codeOf(() => followedBy(authorised, { ...extraction, datasets }, at('09:00')));
      expect(code).toBe(outcome);
    }
  });

  test('F09 is of a marked source, once, after every statement that gates the purge; the claims attest it', () => {
    const disposed = followedBy(acknowledged(), disposalOf(), at('15:00'));
    expect([...disposed.progress.disposed]).toEqual(['patients']);
    expect(claimsOf(disposed).filter(({ fact }) => fact.says === 'disposal')).toEqual([
      {
        group: 'deletion',
        standing: 'attested',
        fact: { says: 'disposal', dataset: 'patients', outcome: 'deleted' },
        entry: 6,
      },
    ]);
    expect(disposing(disposed)).toBe('E_REPLAY');
    const purged = followedBy(disposed, purgeOf(disposed), at('16:00'));
    expect(claimsOf(purged).filter(({ fact }) => fact.says === 'disposal')).toHaveLength(1);
  });

  test('may come after the purge', () => {
    const story = acknowledged();
    const purged = followedBy(story, purgeOf(story), at('14:30'));
    expect([...followedBy(purged, disposalOf(), at('15:00')).progress.disposed]).toEqual(['patients']);
  });

  test('F09 of a source that was not marked, or of no dataset of the job, is refused', () => {
    expect(disposing(acknowledged(), disposalOf('results'))).toBe('E_MISMATCH');
    expect(disposing(acknowledged(), disposalOf('other'))).toBe('E_MISMATCH');
  });

  test('F09 before the last of those statements is refused, also when a purge on the deadline came first', () => {
    const [delivered, deadline] = [marked(), parseUtcTime('2026-05-01T00:00:00Z')];
    expect(disposing(delivered)).toBe('E_WAITING');
    const received = followedBy(delivered, receiptOf(delivered), at('12:00'));
    expect(disposing(received)).toBe('E_WAITING');
    const purged = followedBy(delivered, purgeOf(delivered, 'deadline'), deadline);
    expect(disposing(purged, disposalOf(), deadline)).toBe('E_WAITING');
  });

  test('F09 of a job that was not delivered, or that has ended, is refused: the source may be the only copy', () => {
    for (const story of [storyUpTo('authorised'), storyUpTo('extracted'), storyUpTo('approved')]) {
      expect(disposing(story)).toBe('E_STATE');
    }
    const delivered = marked();
    const revoked = followedBy(delivered, revocationOf(delivered), at('15:00'));
    expect(disposing(revoked)).toBe('E_STATE');
    const aborted = followedBy(delivered, { kind: 'abort', reason: 'x' }, at('15:00'));
    expect(disposing(aborted)).toBe('E_STATE');
  });
});
