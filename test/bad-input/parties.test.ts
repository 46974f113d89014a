/** Identities that must not be trusted, and persons who are not one, as they reach the laboratory and the vendor. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import type { ErrorCode } from '@sealift/core';
import { signDocument } from '@sealift/core/document';
import type { IdentityDocument } from '@sealift/core/identity';
import { type Fingerprint, parseFingerprint, parseUtcTime } from '@sealift/core/ids';
import type { Instructions } from '@sealift/core/instructions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changedInstructions, type Draft, give, identityOf } from '../rig/forger.ts';
import { SmallJob } from '../rig/small-job.ts';

/** Before any of these tests is run. */
const SINCE = parseUtcTime('2026-01-01T00:00:00Z');
/** Nothing of a source is read before the parties are known to be right: it is not even looked for. */
const EXTRACT = ['extract', '--instructions', 'lab.json', '--source', 'patients=absent.csv'];
const AS_JEAN = [...EXTRACT, '--identity', 'jean.key.json'];
const ROSTER = ['--lab', 'lab.roster.json'];
const DRAFT = ['instructions', 'draft', 'outline.json', ...ROSTER, '-o', 'more.json'];

type PublicKeys = Pick<Draft<IdentityDocument['signed']>, 'sign' | 'box' | 'kem'>;

describe('identities and persons that are not what they should be', () => {
  let job: SmallJob;
  let novalis: IdentityDocument;
  let stranger: IdentityDocument;

  beforeAll(async () => {
    job = await SmallJob.start('authorised');
    novalis = (await identityOf(job.cast.recipient, 'novalis.key.json')).identity.document;
    stranger = (await identityOf(job.cast.recipient, 'stranger.key.json')).identity.document;
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('authorised'));

  const refusedSigned = async (change: (signed: Draft<Instructions>) => void, code: ErrorCode): Promise<string> => {
    await give(job.cast.vendor, 'lab.json', await changedInstructions(job.migration, job.lab, change));
    return (await job.refuse({ who: 'vendor', words: AS_JEAN, code })).stderr;
  };
  /** The laboratory does not draft with this identity as its recipient's; and signed, the vendor does not extract for it. */
  const refusedAsRecipient = async (identity: IdentityDocument, code: ErrorCode): Promise<void> => {
    await give(job.cast.lab, 'novalis.identity.json', identity);
    await job.refuse({ who: 'lab', words: DRAFT, code });
    await refusedSigned(({ recipients: [first] }) => Object.assign(first ?? {}, { identity }), code);
  };
  const withKeys = (keys: Partial<PublicKeys>): IdentityDocument => ({
    ...novalis,
    signed: { ...novalis.signed, ...keys },
  });
  const bytes = (length: number, first: number): string => Buffer.alloc(length).fill(first, 0, 1).toString('base64');

  it('fault 21: a signing key of small order', async () => {
    for (const first of [0, 1]) await refusedAsRecipient(withKeys({ sign: bytes(32, first) }), 'E_KEY_WEAK');
    await job.extractAfterAll();
  });

  it('fault 22: a receiving key of zeros, with its top bit set, of 31 bytes', async () => {
    const topBit = Buffer.from(novalis.signed.box, 'base64');
    topBit[31] = (topBit[31] ?? 0) | 0x80;
    for (const box of [bytes(32, 0), topBit.toString('base64'), bytes(31, 9)]) {
      await refusedAsRecipient(withKeys({ box }), 'E_KEY');
    }
    await job.extractAfterAll();
  });

  it('fault 22: the secret half where the public one is wanted, which is said', async () => {
    await copyFile(job.cast.recipient.path('novalis.key.json'), job.cast.lab.path('novalis.identity.json'));
    const { stderr } = await job.refuse({ who: 'lab', words: DRAFT, code: 'E_KEY' });
    expect(stderr).toContain('never hand this file on');
  });

  it('fault 23: a hybrid key that is not canonical', async () => {
    const kem = Buffer.from(novalis.signed.kem, 'base64').fill(0xff, 0, 3).toString('base64');
    await refusedAsRecipient(withKeys({ kem }), 'E_KEY');
    await job.extractAfterAll();
  });

  it('fault 23: a secret identity of which the disk turned one bit', async () => {
    const path = job.cast.vendor.path('jean.key.json');
    const good = await readFile(path, 'utf8');
    const file = JSON.parse(good) as { secret: { seed: string } };
    const seed = Buffer.from(file.secret.seed, 'base64');
    seed[7] = (seed[7] ?? 0) ^ 1;
    await writeFile(path, JSON.stringify({ ...file, secret: { ...file.secret, seed: seed.toString('base64') } }));
    const { stderr } = await job.refuse({ who: 'vendor', words: AS_JEAN, code: 'E_KEY' });
    expect(stderr).not.toContain(seed.toString('base64'));
    await writeFile(path, good);
    await job.extractAfterAll();
  });

  it('fault 25: a wrong passphrase and an altered file are told with the same words', async () => {
    const { lab } = job.cast;
    await copyFile(lab.path('lab.json'), lab.path('more.json'));
    const sign = {
      who: 'lab',
      words: ['instructions', 'sign', 'more.json', ...ROSTER, '--identity', 'lab.key.json'],
    } as const;
    const passphrase = await readFile(lab.path('passphrase.txt'), 'utf8');
    await writeFile(lab.path('passphrase.txt'), 'six calm herons cross rivers\n');
    const wrong = await job.refuse({ ...sign, code: 'E_PASS' });
    await writeFile(lab.path('passphrase.txt'), passphrase);
    const file = JSON.parse(await readFile(lab.path('lab.key.json'), 'utf8')) as { secret: { sealed: string } };
    const sealed = Buffer.from(file.secret.sealed, 'base64');
    sealed[0] = (sealed[0] ?? 0) ^ 1;
    await writeFile(
      lab.path('lab.key.json'),
      JSON.stringify({ ...file, secret: { ...file.secret, sealed: sealed.toString('base64') } }),
    );
    const altered = await job.refuse({ ...sign, code: 'E_PASS' });
    expect(altered.stderr).toBe(wrong.stderr);
    expect(wrong.stderr).not.toContain('herons');
  });

  it.each<[string, (signed: Draft<Instructions>, operator: Fingerprint) => void, string | undefined]>([
    [
      'a recipient who was revoked',
      (signed) => {
        signed.revoked = [{ identity: parseFingerprint(job.migration.recipient), since: SINCE, reason: 'left' }];
      },
      'extract',
    ],
    ['a recipient who expired', ({ recipients: [first] }) => Object.assign(first ?? {}, { expires: SINCE }), 'extract'],
    [
      'an operator who was revoked',
      (signed, operator) => {
        signed.revoked = [{ identity: operator, since: SINCE, reason: 'left' }];
      },
      undefined,
    ],
  ])('fault 26: %s', async (_, change, recorded) => {
    const { fingerprint } = await identityOf(job.cast.vendor, 'jean.key.json');
    const document = await changedInstructions(job.migration, job.lab, (signed) => change(signed, fingerprint));
    await give(job.cast.vendor, 'lab.json', document);
    await job.refuse({ who: 'vendor', words: AS_JEAN, code: 'E_REVOKED', recorded });
  });

  it('fault 27: an identity whose encryption keys its own signature does not cover', async () => {
    await refusedAsRecipient(withKeys({ box: stranger.signed.box }), 'E_KEY');
    await refusedAsRecipient(withKeys({ kem: stranger.signed.kem }), 'E_KEY');
    await refusedAsRecipient(
      signDocument(novalis.signed, await identityOf(job.cast.recipient, 'stranger.key.json')),
      'E_KEY',
    );
    await job.extractAfterAll();
  });

  it('fault 28: two persons with one identity, SSH key or account', async () => {
    for (const member of ['identity', 'sshKey', 'account'] as const) {
      const share = ({ recipients: [recipient], processor }: Draft<Instructions>): void => {
        const [jean] = processor.operators;
        Object.assign(recipient ?? {}, { [member]: jean?.[member] });
      };
      expect(await refusedSigned(share, 'E_SHARED')).toContain('shared by Jean Petit and Novalis SIL');
    }
    await copyFile(job.cast.lab.path('jean.identity.json'), job.cast.lab.path('novalis.identity.json'));
    await job.refuse({ who: 'lab', words: DRAFT, code: 'E_SHARED' });
    await job.extractAfterAll();
  });
});
