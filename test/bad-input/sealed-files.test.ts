/** Sealed files that are not what the format says, altered on the server, or made so by a processor that signs for them. */
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorCode } from '@sealift/core';
import type { RowCounts } from '@sealift/core/dataset';
import { readableDocument } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import { parseDigest } from '@sealift/core/ids';
import { CHUNK_BYTES, sealBytes } from '@sealift/core/sealed';
import { APPROVAL, DELIVERY, extraction, RECEPTION } from '@sealift/demo/cast';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  identityOf,
  manifestOf,
  putTogether,
  rechain,
  type SealedParts,
  sealedForRecipients,
  takeApart,
} from '../rig/forger.ts';
import { SmallJob } from '../rig/small-job.ts';

const RECEIVE = [
  ...['receive', '--instructions', 'lab.json', '--ssh-key', 'novalis.ssh', '--into', 'received'],
  ...['--identity', 'novalis.key.json'],
];

describe('sealed files that are not what the format says', () => {
  let job: SmallJob;
  let operator: SecretIdentity;
  let stranger: SecretIdentity;

  beforeAll(async () => {
    job = await SmallJob.start('delivered');
    operator = await identityOf(job.cast.vendor, 'jean.key.json');
    stranger = await identityOf(job.cast.vendor, 'stranger.key.json');
  }, 120_000);
  afterAll(() => job?.migration.stop());

  // Its digest stands nowhere: what is wrong with it is found when it is opened.
  describe('the sealed manifest, altered on the server', () => {
    let path: string;
    let good: Buffer;
    let other: SealedParts;

    beforeEach(async () => {
      await job.migration.restore('delivered');
      path = job.migration.remote('out', 'manifest.json.sealed');
      good = await readFile(path);
      other = takeApart(Buffer.from(await sealedForRecipients(job.migration, 'manifest', Buffer.from('{}'))));
    });

    /** Requires that this file in its place is refused, and that the true one is received. */
    const refused = async (code: ErrorCode, ...files: readonly Uint8Array[]): Promise<void> => {
      for (const file of files) {
        await writeFile(path, file);
        await job.refuse({ who: 'recipient', words: RECEIVE, code });
      }
      await writeFile(path, good);
      await job.migration.play(RECEPTION);
    };
    const withHeader = (change: Partial<SealedParts['header']>): Buffer => {
      const parts = takeApart(good);
      return putTogether({ ...parts, header: { ...parts.header, ...change } });
    };

    it('fault 41: bytes follow a FINAL chunk, or a second one does', async () => {
      const manifest = readableDocument(await manifestOf(job.migration));
      const full = Buffer.alloc(Math.ceil(manifest.length / CHUNK_BYTES) * CHUNK_BYTES, ' ');
      full.set(manifest);
      const sealed = await sealedForRecipients(job.migration, 'manifest', full);
      const { chunks } = takeApart(Buffer.from(sealed));
      await refused('E_TRAILING', Buffer.concat([sealed, Buffer.of(0)]), Buffer.concat([sealed, ...chunks.slice(-1)]));
    });

    it('fault 42: a recipient was added to the header', async () => {
      const { suite, keys } = takeApart(good).header;
      const place = { suite, job: job.migration.job, dataset: 'manifest' };
      const theirs = takeApart(
        Buffer.from(sealBytes(Buffer.from('{}'), { ...place, recipients: [stranger.identity] })),
      );
      const added = [...keys, ...theirs.header.keys].sort((a, b) => (a.recipient < b.recipient ? -1 : 1));
      await refused('E_HEADER_MAC', withHeader({ keys: added }));
    });

    it('fault 43: it is sealed for somebody else', async () => {
      const { suite } = takeApart(good).header;
      const place = { suite, job: job.migration.job, dataset: 'manifest' };
      await refused('E_NO_MATCH', sealBytes(Buffer.from('{}'), { ...place, recipients: [stranger.identity] }));
    });

    it('fault 45: one of its keys is wrapped in another suite', async () => {
      const { keys } = takeApart(good).header;
      await refused(
        'E_SUITE',
        withHeader({ keys: keys.map(({ recipient, box }) => ({ recipient, box })) }),
        withHeader({ suite: 'sealedbox' }),
      );
    });

    it('fault 46: its recipient is given another key than the header commits to', async () => {
      await refused('E_COMMIT', withHeader({ keys: other.header.keys }));
    });

    it('fault 23: the ciphertext of its hybrid key was altered, or is too short', async () => {
      const { keys } = takeApart(good).header;
      const withCiphertext = (change: (kem: Buffer) => Buffer): Buffer =>
        withHeader({
          keys: keys.map(({ kem = '', ...wrap }) => ({
            ...wrap,
            kem: change(Buffer.from(kem, 'base64')).toString('base64'),
          })),
        });
      await refused(
        'E_SCHEMA',
        withCiphertext((kem) => kem.subarray(1)),
      );
      await refused(
        'E_ENVELOPE',
        withCiphertext((kem) => kem.fill(0, 0, 1)),
      );
    });
  });

  // The manifest lists them with their digests: nobody but the recipient, who opens them, can find it out.
  describe('a sealed file that the processor made so, and signed for', () => {
    beforeEach(() => job.migration.restore('extracted'));

    /** Delivers this file in place of the results, with a statement to match but for what is said otherwise of the counts. */
    const deliver = async (sealed: Uint8Array, counts: Partial<RowCounts> = {}): Promise<void> => {
      const { migration, cast } = job;
      await writeFile(migration.local('out', 'results.csv.sealed'), sealed);
      const digest = parseDigest(`sha256:${createHash('sha256').update(sealed).digest('hex')}`);
      await rechain(migration, operator, (entries) => {
        const [first] = entries;
        const results = first?.statement.kind === 'extraction' ? first.statement.datasets[1] : undefined;
        Object.assign(results?.file ?? {}, { bytes: sealed.length, digest });
        Object.assign(results?.counts ?? {}, counts);
        return entries;
      });
      // Its own ledger knows the true extraction: a processor that lies removes it. The step is out of order, and the manifest is
      // written anew all the same.
      await rm(join(cast.vendor.folder, '.home', 'state', 'sealift', 'ledger'), { recursive: true });
      await cast.vendor.migrate(['send', '--identity', 'jean.key.json', '--ssh-key', 'jean.ssh']);
      await migration.play([...extraction(migration.job).slice(1), ...APPROVAL, ...DELIVERY]);
    };
    /** Sealed for the recipients as it must be, of two chunks. */
    const twoChunks = async (): Promise<SealedParts> =>
      takeApart(Buffer.from(await sealedForRecipients(job.migration, 'results', Buffer.alloc(100_000, 'x'))));
    const refused = (code: ErrorCode) => job.refuse({ who: 'recipient', words: RECEIVE, code });

    it('fault 39: cut between two chunks', async () => {
      const parts = await twoChunks();
      await deliver(putTogether({ ...parts, chunks: parts.chunks.slice(0, 1) }));
      await refused('E_TRUNCATED');
    });

    it('fault 40: the first chunk there twice', async () => {
      const parts = await twoChunks();
      const [first = Buffer.of()] = parts.chunks;
      await deliver(putTogether({ ...parts, chunks: [first, ...parts.chunks] }));
      await refused('E_AUTH');
    });

    it('fault 41: a byte more after a whole FINAL chunk', async () => {
      const whole = await sealedForRecipients(job.migration, 'results', Buffer.alloc(CHUNK_BYTES, 'x'));
      await deliver(Buffer.concat([whole, Buffer.of(0)]));
      await refused('E_TRAILING');
    });

    it('fault 48: of a row less than its statement says', async () => {
      const { kept, read } = await statedCounts();
      await deliver(await readFile(job.migration.local('out', 'results.csv.sealed')), {
        kept: kept + 1,
        read: read + 1,
      });
      const { stderr } = await refused('E_COUNT');
      expect(stderr).toContain(`has ${kept} rows, and the manifest says ${kept + 1}`);
    });

    /** What the true extraction says of the results. */
    const statedCounts = async (): Promise<RowCounts> => {
      const { statement } = (await manifestOf(job.migration)).entries[0]?.signed ?? {};
      const counts = statement?.kind === 'extraction' ? statement.datasets[1]?.counts : undefined;
      return counts ?? expect.fail('no extraction of results');
    };
  });
});
