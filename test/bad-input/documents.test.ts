/** Documents that can not be read as what they should be, as they reach a command. */
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode } from '@sealift/core';
import type { Instructions } from '@sealift/core/instructions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changedInstructions, type Draft, give } from '../rig/forger.ts';
import { SmallJob } from '../rig/small-job.ts';

const EXTRACT = ['extract', '--instructions', 'lab.json', '--identity', 'jean.key.json'];

describe('documents that must not be read on', () => {
  let job: SmallJob;
  let text: string;

  beforeAll(async () => {
    job = await SmallJob.start('authorised');
    text = await readFile(job.cast.lab.path('lab.json'), 'utf8');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('authorised'));

  /** Requires that an extraction under these bytes fails; what was said. */
  const refused = async (bytes: string | Uint8Array, code: ErrorCode): Promise<string> => {
    await writeFile(job.cast.vendor.path('lab.json'), bytes);
    return (await job.refuse({ who: 'vendor', words: EXTRACT, code })).stderr;
  };
  /** Requires that an extraction under these instructions, signed by the laboratory, fails. */
  const refusedSigned = async (change: (signed: Draft<Instructions>) => void, code: ErrorCode): Promise<string> => {
    await give(job.cast.vendor, 'lab.json', await changedInstructions(job.migration, job.lab, change));
    return (await job.refuse({ who: 'vendor', words: EXTRACT, code })).stderr;
  };
  const changed = (from: string | RegExp, to: string): string => {
    const other = text.replace(from, to);
    expect(other).not.toBe(text);
    return other;
  };

  it('fault 4: a member that could reach a prototype', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      expect(await refused(changed('"signed": {', `"signed": { "${name}": { "version": 1 },`), 'E_JSON')).toMatch(
        /^place: .*lab\.json:\d+:\d+ \/signed/m,
      );
    }
    await job.extractAfterAll();
  });

  it('fault 5: a byte order mark, bytes that are no UTF-8, half a surrogate pair, each with its place', async () => {
    const invalid = Buffer.from(text);
    const at = invalid.indexOf('continuity');
    invalid[at] = 0xff;
    expect(await refused(`\uFEFF${text}`, 'E_ENCODING')).toMatch(/byte order mark/);
    expect(await refused(invalid, 'E_ENCODING')).toContain(`byte offset ${at}`);
    expect(await refused(changed('continuity', '\\ud800'), 'E_ENCODING')).toMatch(
      /^place: .*lab\.json:\d+:\d+ \/signed/m,
    );
    await job.extractAfterAll();
  });

  it('fault 6: numbers that are not whole, or too large to be exact', async () => {
    for (const number of ['1e400', '9007199254740993', '1.5', '1e0', '-0']) {
      await refused(changed(/"version": 1\b/, `"version": ${number}`), 'E_NUMBER');
    }
    await job.extractAfterAll();
  });

  it('fault 7: 200 MB, and 10,000 lists in each other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealift-large-'));
    try {
      const large = join(folder, 'large.json');
      await writeFile(large, text);
      await truncate(large, 200_000_000);
      const words = ['extract', '--instructions', large, '--identity', 'jean.key.json'];
      await job.refuse({ who: 'vendor', words, code: 'E_LIMIT' });
    } finally {
      await rm(folder, { recursive: true });
    }
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    await refused(changed('"signed": {', `"signed": { "deep": ${deep},`), 'E_LIMIT');
    await job.extractAfterAll();
  });

  it('fault 8: a newer version, and a member that this one does not know, though the laboratory signed it', async () => {
    await refused(changed('sealift.instructions.v1', 'sealift.instructions.v2'), 'E_VERSION');
    await refusedSigned((signed) => Object.assign(signed, { mayAlsoLeave: 'everything' }), 'E_SCHEMA');
    await refusedSigned(({ datasets: [first] }) => Object.assign(first ?? {}, { pattern: '.*' }), 'E_SCHEMA');
    await job.extractAfterAll();
  });

  it('fault 10: the same signature twice', async () => {
    const { signed, signatures } = JSON.parse(text) as { signed: object; signatures: object[] };
    expect(await refused(JSON.stringify({ signed, signatures: [...signatures, ...signatures] }), 'E_SCHEMA')).toMatch(
      /signed twice by the same key/,
    );
    await job.extractAfterAll();
  });

  it('fault 49: a signature in another base64, that would decode to the same', async () => {
    const { signatures } = JSON.parse(text) as { signatures: { sig: string }[] };
    const sig = signatures[0]?.sig ?? '';
    for (const other of [sig.replace(/=+$/, ''), `${sig.slice(0, 40)} ${sig.slice(40)}`, sig.replace(/.==$/, '/==')]) {
      await refused(changed(sig, other), 'E_ENCODING');
    }
    await job.extractAfterAll();
  });
});
