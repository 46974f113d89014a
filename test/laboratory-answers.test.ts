/** What the page's workers do for a laboratory's signers, in this process: the same code, the same files, and the commands' judgement of both. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ready } from '@sealift/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newMigration, rosterOfTwo } from '../packages/cli/test/migration.ts';
import { answer, question } from '../packages/verifier/src/work/answer.ts';
import { instructions, sign } from '../packages/verifier/src/work/instructions.ts';
import { recognise } from '../packages/verifier/src/work/recognise.ts';
import { SmallJob } from './rig/small-job.ts';

const PASSPHRASE = 'five calm herons cross rivers';
const fileAt = (path: string): File => new File([readFileSync(path)], basename(path));

beforeAll(ready);

describe('answers to an extraction', () => {
  let job: SmallJob;

  beforeAll(async () => {
    job = await SmallJob.start('received');
  }, 120_000);

  afterAll(async () => {
    await job?.migration.stop();
  });

  async function evidence(stage: 'extracted' | 'approved' | 'received') {
    await job.migration.restore(stage);
    const { lab } = job.cast;
    return { manifest: fileAt(job.migration.local('manifest.json')), roster: fileAt(lab.path('lab.roster.json')) };
  }

  const by = (identity: string) => ({ identity: fileAt(identity), passphrase: PASSPHRASE, reason: '' });
  const lab = () => by(job.cast.lab.path('lab.key.json'));

  it('offer what is possible at each stage, and nothing else', async () => {
    expect((await question(await evidence('extracted'))).possible).toEqual(['approval', 'revocation']);
    expect((await question(await evidence('approved'))).possible).toEqual(['revocation']);
  });

  it('end a job: the vendor takes the revocation in', async () => {
    const shown = await evidence('extracted');
    const revoked = await answer({ ...shown, ...lab(), kind: 'revocation', reason: 'other software was chosen' });
    expect(revoked).toMatchObject({ name: 'revocation.json', missing: 0 });
    const { vendor } = job.cast;
    writeFileSync(vendor.path(revoked.name), revoked.text);
    const accepted = await vendor.migrate(['accept', revoked.name, '--identity', 'jean.key.json']);
    expect(accepted.exitCode, accepted.stderr).toBe(0);
    const status = await vendor.migrate(['status', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ jobs: [{ state: 'revoked' }] });
  });

  it('refuse an operator or a stranger before a passphrase is tried, and what is not possible', async () => {
    const shown = await evidence('extracted');
    const operator = { ...shown, ...by(job.cast.vendor.path('jean.key.json')), kind: 'approval' as const };
    await expect(answer(operator)).rejects.toMatchObject({ code: 'E_ROLE' });
    await expect(answer({ ...shown, ...lab(), kind: 'validation' })).rejects.toMatchObject({ code: 'E_STATE' });
  });

  it('add a signature only to a statement of the same extraction', async () => {
    const shown = await evidence('extracted');
    const first = await answer({ ...shown, ...lab(), kind: 'approval' });
    const former = new File([first.text], first.name);
    expect(JSON.parse((await answer({ ...shown, ...lab(), kind: 'approval', former })).text).signatures).toHaveLength(
      1,
    );
    const other = new File([first.text.replace(/"rows": \d+/, '"rows": 1')], first.name);
    await expect(answer({ ...shown, ...lab(), kind: 'approval', former: other })).rejects.toMatchObject({
      code: 'E_MISMATCH',
    });
  });
});

describe('instructions that two must sign', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are signed by one after the other, and are in force for the commands only then', async () => {
    const machine = await newMigration();
    await rosterOfTwo(machine);
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(machine.now) });
    await machine.migrate('instructions', 'draft', 'outline.json', '--lab', 'two.roster.json', '-o', 'lab.json');
    const roster = fileAt(machine.path('two.roster.json'));
    const signedBy = async (key: string) => {
      const draft = fileAt(machine.path('lab.json'));
      const signed = await sign({ draft, roster, identity: fileAt(machine.path(key)), passphrase: '' });
      machine.write('lab.json', signed.text);
      return signed;
    };
    expect(await signedBy('lab.key.json')).toMatchObject({ missing: 1, signers: ['Claire Petit'] });
    const read = await instructions({ draft: fileAt(machine.path('lab.json')), roster, language: 'fr' });
    expect(read.status).toMatchObject({ state: 'incomplete' });
    expect(await signedBy('second.key.json')).toMatchObject({ missing: 0, signers: ['Claire Petit', 'Denis Roux'] });
    const checked = await machine.migrate('instructions', 'check', 'lab.json', '--lab', 'two.roster.json');
    expect(checked.data.signedBy).toHaveLength(2);
  });

  it('are refused with the reason while they list a credential or have expired', async () => {
    const machine = await newMigration();
    await machine.migrate('instructions', 'draft', 'outline.json', '--lab', 'lab.roster.json', '-o', 'lab.json');
    const roster = fileAt(machine.path('lab.roster.json'));
    const identity = fileAt(machine.path('lab.key.json'));
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2030-01-01T00:00:00Z') });
    const draft = fileAt(machine.path('lab.json'));
    await expect(sign({ draft, roster, identity, passphrase: '' })).rejects.toMatchObject({ code: 'E_TIME' });
    vi.setSystemTime(new Date(machine.now));
    const credential = new File([machine.read('lab.json').replace('"name": "IPP"', '"name": "MDP"')], 'lab.json');
    const read = await instructions({ draft: credential, roster, language: 'fr' });
    expect(read.problem).toMatchObject({ code: 'E_CREDENTIAL' });
    await expect(sign({ draft: credential, roster, identity, passphrase: '' })).rejects.toMatchObject({
      code: 'E_CREDENTIAL',
    });
  });
});

describe('what a file is', () => {
  it.each([
    ['text', 'a contract', 'E_JSON'],
    ['another document', '{"type":"sealift.checkpoint.v9"}', 'E_SCHEMA'],
    ['a key twice', '{"type":"a","type":"b"}', 'E_JSON_DUP'],
  ])('is told for %s by its content, with the reason why it is of no use', async (_, content, code) => {
    expect(await recognise(new File([content], 'file.json'))).toMatchObject({ kind: 'other', failure: { code } });
  });
});
