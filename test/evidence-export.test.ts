/** One archive for an auditor (F18, F43): what is in it, that it can be checked with stock tools and verified again, and what is not in it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireSchema } from '../packages/cli/test/harness.ts';
import { PAGE_FILE } from './rig/laboratory-page.ts';
import { SmallJob } from './rig/small-job.ts';

let job: SmallJob;
let files: Record<string, Uint8Array>;
let unpacked = '';

const text = (name: string): string => new TextDecoder().decode(files[name]);

beforeAll(async () => {
  job = await SmallJob.start('received');
  const { lab, vendor } = job.cast;
  await writeFile(lab.path('manifest.json'), await readFile(job.migration.local('manifest.json')));
  const words = ['evidence', 'export', 'manifest.json', '--lab', 'lab.roster.json', '--json'];
  const exported = await lab.migrate(words);
  expect(exported.exitCode, exported.stderr).toBe(0);
  requireSchema('evidence export', JSON.parse(exported.stdout));
  files = unzipSync(await readFile(lab.path('evidence.zip')));
  unpacked = vendor.path('unpacked');
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(unpacked, name)), { recursive: true });
    await writeFile(join(unpacked, name), bytes);
  }
}, 120_000);

afterAll(async () => {
  await job?.migration.stop();
});

describe('F18: migrate evidence export', () => {
  it('holds manifest, roster, instructions, everybody’s public identity, the report, the verification, the page and the digests', async () => {
    const names = Object.keys(files).filter((name) => !name.startsWith('identities/'));
    expect(names.sort()).toEqual([
      'README.txt',
      'SHA256SUMS',
      'instructions/version-1.json',
      'lab.roster.json',
      'manifest.json',
      'report.en.html',
      'report.fr.html',
      'sealift.html',
      'verification.en.txt',
      'verification.fr.txt',
      'verify-by-hand.md',
    ]);
    // The signer, the engineer, the purge service and the recipient.
    expect(Object.keys(files).filter((name) => name.startsWith('identities/'))).toHaveLength(4);
    expect(Buffer.from(files['manifest.json'] ?? [])).toEqual(await readFile(job.cast.lab.path('manifest.json')));
    expect((await readFile(PAGE_FILE)).equals(files['sealift.html'] ?? Buffer.of())).toBe(true);
  });

  it('is checked by sha256sum, every file of it', () => {
    const { status, stdout } = spawnSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: unpacked, encoding: 'utf8' });
    expect(status, stdout).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(Object.keys(files).length - 1);
  });

  it('is verified again with what is in it alone', async () => {
    const words = ['verify', join(unpacked, 'manifest.json'), '--lab', join(unpacked, 'lab.roster.json'), '--json'];
    const verified = await job.cast.recipient.migrate(words);
    const { claims, state } = JSON.parse(verified.stdout) as { claims: { claim: string }[]; state: string };
    expect(state).toBe('delivered');
    for (const { claim } of claims) expect(text('verification.en.txt')).toContain(claim);
    expect(text('report.fr.html')).toContain('Migration port-2026');
    expect(text('report.en.html')).toContain('names no time but those that were signed');
  });

  it('says in both languages what is proven, attested and unknown, and whose fingerprint to compare', async () => {
    const roster = await job.cast.lab.migrate(['verify', 'manifest.json', '--lab', 'lab.roster.json', '--json']);
    const { roster: fingerprint } = JSON.parse(roster.stdout) as { roster: string };
    const groups = fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ');
    expect(text('README.txt').split(groups)).toHaveLength(3);
    for (const word of ['proven:', 'attested:', 'unknown:', 'prouvé\u00a0:', 'attesté\u00a0:', 'inconnu\u00a0:']) {
      expect(text('README.txt')).toContain(word);
    }
    expect(text('verification.fr.txt')).toContain('Migration port-2026, Laboratoire du Port');
  });

  it('is the same to the byte, whenever and in whatever time zone it is made, by file or by job', async () => {
    const { lab, vendor } = job.cast;
    const digest = async (path: string) =>
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
    const words = ['evidence', 'export', 'manifest.json', '--lab', 'lab.roster.json', '-o', 'again.zip'];
    await lab.migrate(words, { env: { TZ: 'Pacific/Auckland' } });
    const byJob = await vendor.migrate(['evidence', 'export', '--job', 'port-2026', '-o', 'job.zip'], {
      env: { TZ: 'America/Lima' },
    });
    expect(byJob.exitCode, byJob.stderr).toBe(0);
    const first = await digest(lab.path('evidence.zip'));
    expect(await digest(lab.path('again.zip'))).toBe(first);
    expect(await digest(vendor.path('job.zip'))).toBe(first);
  });

  it('holds no value of a patient and no secret', async () => {
    const all = Object.entries(files)
      .filter(([name]) => name !== 'sealift.html')
      .map(([, bytes]) => new TextDecoder().decode(bytes))
      .join('\n');
    expect(job.canaries.length).toBeGreaterThan(0);
    for (const canary of job.canaries) expect(all.includes(canary)).toBe(false);
    expect(all).not.toContain('sealift.secret-identity.v1');
  });

  it('replaces no archive, and makes none of a manifest that does not hold', async () => {
    const { lab } = job.cast;
    const words = ['evidence', 'export', 'manifest.json', '--lab', 'lab.roster.json'];
    expect((await lab.migrate(words)).stderr).toContain('E_EXISTS');
    const manifest = await readFile(lab.path('manifest.json'), 'utf8');
    await writeFile(lab.path('changed.json'), manifest.replace('"malformed": 0', '"malformed": 1'));
    const refused = await lab.migrate(['evidence', 'export', 'changed.json', ...words.slice(3), '-o', 'changed.zip']);
    expect(refused.exitCode).toBe(5);
    await expect(readFile(lab.path('changed.zip'))).rejects.toThrow('ENOENT');
  });
});
