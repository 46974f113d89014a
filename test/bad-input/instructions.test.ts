/** Instructions that are not what a laboratory signed, and people whom they don't name. */
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { parseUtcTime } from '@sealift/core/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changedInstructions, give, identityOf } from '../rig/forger.ts';
import { SmallJob } from '../rig/small-job.ts';

const OPERATOR = ['--identity', 'jean.key.json'];
const EXTRACT = ['extract', '--instructions', 'lab.json', ...OPERATOR];
/** What is refused so is refused before a source is even looked for. */
const BEFORE_READING = [...EXTRACT, '--source', 'patients=absent.csv'];

describe('instructions that must not be acted under', () => {
  let job: SmallJob;

  beforeAll(async () => {
    job = await SmallJob.start('authorised');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('authorised'));

  it('fault 1: unsigned', async () => {
    const draft = JSON.parse(await readFile(job.cast.lab.path('lab.json'), 'utf8')) as object;
    await give(job.cast.vendor, 'lab.json', { ...draft, signatures: [] });
    await job.refuse({ who: 'vendor', words: BEFORE_READING, code: 'E_UNSIGNED' });
    await job.extractAfterAll();
  });

  it.each([
    ['a purpose', 'continuity of care', 'continuity of sale'],
    ['the first day of the window', '2017-05-07', '2007-05-07'],
    ['a field of the list', '"SEXE"', '"SEX3"'],
  ])('fault 2: altered after the signature, %s', async (_, from, to) => {
    const text = await readFile(job.cast.lab.path('lab.json'), 'utf8');
    expect(text).toContain(from);
    await writeFile(job.cast.vendor.path('lab.json'), text.replace(from, to));
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_SIG' });
    await job.extractAfterAll();
  });

  it('fault 3: a second member of the same name', async () => {
    const text = await readFile(job.cast.lab.path('lab.json'), 'utf8');
    await writeFile(job.cast.vendor.path('lab.json'), text.replace('"fields":', '"fields": [], "fields":'));
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_JSON_DUP' });
  });

  it('fault 9: signed by the recipient', async () => {
    const recipient = await identityOf(job.cast.recipient, 'novalis.key.json');
    await give(job.cast.vendor, 'lab.json', await changedInstructions(job.migration, recipient, () => undefined));
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_ROLE' });
    await job.extractAfterAll();
  });

  it.each([
    ['expired', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
    ['not valid yet', '2126-01-01T00:00:00Z', '2126-02-01T00:00:00Z'],
  ])('fault 11: %s, and both dates are shown', async (which, notBefore, expires) => {
    const document = await changedInstructions(job.migration, job.lab, (signed) => {
      signed.notBefore = parseUtcTime(notBefore);
      signed.expires = parseUtcTime(expires);
    });
    await give(job.cast.vendor, 'lab.json', document);
    const { stderr } = await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_TIME' });
    for (const shown of [which, notBefore, expires]) expect(stderr).toContain(shown);
    await job.extractAfterAll();
  });

  it('fault 12: older than instructions that were seen before', async () => {
    const newer = await changedInstructions(job.migration, job.lab, (signed) => {
      signed.version = 2;
    });
    await give(job.cast.vendor, 'lab-2.json', newer);
    const seen = ['extract', '--instructions', 'lab-2.json', ...OPERATOR, '--source', 'patients=absent.csv'];
    await job.refuse({ who: 'vendor', words: seen, code: 'E_SOURCE', recorded: 'extract' });
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_ROLLBACK' });
    await job.refuse({ who: 'vendor', words: [...EXTRACT, '--workspace', 'other'], code: 'E_ROLLBACK' });
    const result = await job.cast.vendor.migrate(['extract', '--instructions', 'lab-2.json', ...OPERATOR]);
    expect(result).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('error') });
  });

  it('fault 13: another document under the same version, and a version over a million', async () => {
    await job.refuse({ who: 'vendor', words: BEFORE_READING, code: 'E_SOURCE', recorded: 'extract' });
    const second = await changedInstructions(job.migration, job.lab, (signed) => {
      signed.note = 'the same number again';
    });
    await give(job.cast.vendor, 'lab.json', second);
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_ROLLBACK' });
    const beyond = await changedInstructions(job.migration, job.lab, (signed) => {
      signed.version = 1_000_001;
    });
    await give(job.cast.vendor, 'lab.json', beyond);
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_ROLLBACK' });
    await job.extractAfterAll();
  });

  it('fault 14: of a laboratory that nobody pinned, or that signs for another', async () => {
    const other = ['lab', 'init', '--name', 'Autre laboratoire', '--siren', '552100554', '--signer', 'Luc Blanc'];
    const dpo = ['--dpo', 'D', '--dpo-email', 'd@autre.example', '--no-passphrase', '--folder', 'other'];
    expect((await job.cast.lab.migrate([...other, ...dpo])).exitCode).toBe(0);
    const signer = await identityOf(job.cast.lab, 'other/lab.key.json');

    const theirs = await changedInstructions(job.migration, signer, (signed) => {
      signed.lab.id = { scheme: 'siren', value: '552100554' };
    });
    await give(job.cast.vendor, 'lab.json', theirs);
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_TRUST' });

    await give(job.cast.vendor, 'lab.json', await changedInstructions(job.migration, signer, () => undefined));
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_ROLE' });
    await job.extractAfterAll();

    const wrong = ['verify', 'manifest.json', '--lab', 'other/lab.roster.json'];
    await job.refuse({ who: 'lab', words: wrong, code: 'E_LAB' });
  });

  it.each([
    ['a pattern', '*'],
    ['a pattern in a name', 'PRESC_?'],
  ])('fault 15: the list holds %s', async (_, name) => {
    const document = await changedInstructions(job.migration, job.lab, ({ datasets }) => {
      datasets[0]?.fields.push({ name });
    });
    await give(job.cast.vendor, 'lab.json', document);
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_SCOPE' });
    await job.extractAfterAll();
  });

  it.each(['MP', 'IDENTIFIANT SR'])(
    'fault 16: the credential column %s, drafted, signed or extracted',
    async (name) => {
      const { lab, vendor } = job.cast;
      const outline = JSON.parse(await readFile(lab.path('outline.json'), 'utf8')) as {
        datasets: [{ fields: { name: string }[] }];
      };
      outline.datasets[0].fields.push({ name });
      await writeFile(lab.path('outline.json'), JSON.stringify(outline));
      const roster = ['--lab', 'lab.roster.json'];
      const draft = ['instructions', 'draft', 'outline.json', ...roster, '-o', 'more.json'];
      await job.refuse({ who: 'lab', words: draft, code: 'E_CREDENTIAL' });

      const document = await changedInstructions(job.migration, job.lab, ({ datasets }) => {
        datasets[0]?.fields.push({ name });
      });
      await give(lab, 'more.json', { ...document, signatures: [] });
      const sign = ['instructions', 'sign', 'more.json', ...roster, '--identity', 'lab.key.json'];
      await job.refuse({ who: 'lab', words: sign, code: 'E_CREDENTIAL' });

      await give(vendor, 'lab.json', document);
      await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_CREDENTIAL' });
      await job.extractAfterAll();
    },
  );

  it('fault 20: the contract has expired', async () => {
    const document = await changedInstructions(job.migration, job.lab, ({ contract }) => {
      Object.assign(contract, { expires: '2026-01-31' });
    });
    await give(job.cast.vendor, 'lab.json', document);
    await job.refuse({ who: 'vendor', words: BEFORE_READING, code: 'E_CONTRACT' });
    await job.extractAfterAll();
  });

  it('fault 24: an identity file that others can read', async () => {
    await chmod(job.cast.vendor.path('jean.key.json'), 0o644);
    const { stderr } = await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_PERM' });
    expect(stderr).toContain('chmod 600');
    await chmod(job.cast.vendor.path('jean.key.json'), 0o600);
    await job.extractAfterAll();
  });

  it('an operator whom the instructions do not name, and the recipient, extract nothing', async () => {
    await cp(job.cast.recipient.path('novalis.key.json'), job.cast.vendor.path('novalis.key.json'));
    for (const identity of ['stranger.key.json', 'novalis.key.json']) {
      const words = ['extract', '--instructions', 'lab.json', '--identity', identity];
      await job.refuse({ who: 'vendor', words, code: 'E_ROLE' });
    }
    await job.extractAfterAll();
  });

  it('fault 12: the same job a second time, in the same workspace or another', async () => {
    await job.extractAfterAll();
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_STATE', recorded: 'extract' });
    const sources = ['patients', 'results'].flatMap((name) => ['--source', `${name}=${name}.csv`]);
    const elsewhere = [...EXTRACT, '--workspace', 'other', ...sources];
    await job.refuse({ who: 'vendor', words: elsewhere, code: 'E_REPLAY' });
  });
});
