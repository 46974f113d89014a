/** Delivery and reception: the wrong person, the wrong server, the wrong moment, and files that are not what was sealed. */
import { copyFile, cp, link, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { readableDocument, signDocument } from '@sealift/core/document';
import { APPROVAL, authorisation, DELIVERY, extraction, RECEPTION, rosterFingerprintOf } from '@sealift/demo/cast';
import { newSshKeyPair } from '@sealift/demo/ssh-keygen';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changedInstructions, give, identityOf, manifestOf, sealedForRecipients } from '../rig/forger.ts';
import { SmallJob } from '../rig/small-job.ts';

const OPERATOR = ['--identity', 'jean.key.json'];
const SEND = ['send', ...OPERATOR, '--ssh-key', 'jean.ssh'];
const WITHOUT_IDENTITY = ['receive', '--instructions', 'lab.json', '--ssh-key', 'novalis.ssh', '--into', 'received'];
const RECEIVE = [...WITHOUT_IDENTITY, '--identity', 'novalis.key.json'];
const SEALED = ['patients.csv.sealed', 'results.csv.sealed', 'manifest.json.sealed'];

/** Turns one bit in the middle of a file. */
async function alter(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

describe('delivery and reception that must not happen', () => {
  let job: SmallJob;

  beforeAll(async () => {
    job = await SmallJob.start('delivered');
  }, 120_000);
  afterAll(() => job?.migration.stop());

  describe('before the approval', () => {
    beforeEach(() => job.migration.restore('extracted'));

    it('the approval is missing', async () => {
      await job.refuse({ who: 'vendor', words: SEND, code: 'E_WAITING', recorded: 'send' });
      await job.migration.play([...APPROVAL, ...DELIVERY]);
    });

    it('fault 58: the recipient approves in the name of the laboratory', async () => {
      const { recipient, vendor, lab } = job.cast;
      for (const file of ['manifest.json', 'lab.roster.json']) await copyFile(lab.path(file), recipient.path(file));
      const words = ['approve', 'manifest.json', '--lab', 'lab.roster.json', '--identity', 'novalis.key.json'];
      await job.refuse({ who: 'recipient', words, code: 'E_ROLE' });

      await job.migration.play(APPROVAL.slice(0, 1));
      const { signed } = JSON.parse(await readFile(lab.path('approval.json'), 'utf8')) as { signed: { type: string } };
      const forged = signDocument(signed, await identityOf(recipient, 'novalis.key.json'));
      await give(vendor, 'approval.json', forged);
      const accept = ['accept', 'approval.json', ...OPERATOR];
      await job.refuse({ who: 'vendor', words: accept, code: 'E_ROLE', recorded: 'accept approval' });
      await job.refuse({ who: 'vendor', words: SEND, code: 'E_WAITING', recorded: 'send' });
      await job.migration.play([...APPROVAL.slice(1), ...DELIVERY]);
    });

    it('an approval altered on its way', async () => {
      const { lab, vendor } = job.cast;
      await job.migration.play(APPROVAL.slice(0, 1));
      const text = await readFile(lab.path('approval.json'), 'utf8');
      await writeFile(vendor.path('approval.json'), text.replace(/"rows": \d/, '"rows": 9'));
      const accept = ['accept', 'approval.json', ...OPERATOR];
      await job.refuse({ who: 'vendor', words: accept, code: 'E_SIG', recorded: 'accept approval' });
      await job.migration.play(APPROVAL.slice(1));
      await job.refuse({ who: 'vendor', words: accept, code: 'E_REPLAY', recorded: 'accept approval' });
    });

    it('nothing was delivered yet, and the recipient comes too early', async () => {
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_WAITING' });
      await job.migration.play([...APPROVAL, ...DELIVERY, ...RECEPTION]);
    });
  });

  describe('sending', () => {
    beforeEach(() => job.migration.restore('approved'));

    it('an operator whom the instructions do not name', async () => {
      const words = ['send', '--identity', 'stranger.key.json', '--ssh-key', 'jean.ssh'];
      await job.refuse({ who: 'vendor', words, code: 'E_ROLE' });
      await job.migration.play(DELIVERY);
    });

    it('an SSH key that is not the one of the instructions', async () => {
      const { vendor } = job.cast;
      await writeFile(vendor.path('other.ssh'), newSshKeyPair().privateKey, { mode: 0o600 });
      for (const key of ['other.ssh', 'purge.ssh']) {
        const words = ['send', ...OPERATOR, '--ssh-key', key];
        await job.refuse({
          who: 'vendor',
          words,
          code: 'E_SSH_KEY',
          recorded: 'send',
        });
      }
      await job.migration.play(DELIVERY);
    });

    it('no SSH key at all, and no agent', async () => {
      await job.refuse({ who: 'vendor', words: ['send', ...OPERATOR], code: 'E_SSH_KEY', recorded: 'send' });
    });

    it.each(SEALED.slice(0, 2))('fault 40: %s was altered or cut before it was sent', async (name) => {
      const path = job.migration.local('out', name);
      const good = await readFile(path);
      await alter(path);
      await job.refuse({ who: 'vendor', words: SEND, code: 'E_MISMATCH', recorded: 'send' });
      await truncate(path, good.length - 100);
      await job.refuse({ who: 'vendor', words: SEND, code: 'E_MISMATCH' });
      await writeFile(path, good);
      await job.migration.play(DELIVERY);
    });

    it('fault 55: the server holds something else under the name', async () => {
      const path = job.migration.remote('out', 'results.csv.sealed');
      await writeFile(path, 'something else');
      await job.refuse({ who: 'vendor', words: SEND, code: 'E_EXISTS', recorded: 'send' });
      expect(await readFile(path, 'utf8')).toBe('something else');
      await rm(path);
      await job.migration.play(DELIVERY);
    });

    it('a second delivery of the same job', async () => {
      await job.migration.play(DELIVERY);
      await job.refuse({ who: 'vendor', words: SEND, code: 'E_STATE', recorded: 'send' });
    });
  });

  describe('another host key', () => {
    beforeEach(() => job.migration.restore('authorised'));

    it('fault 50: neither sends to nor receives from a server that is not the pinned one', async () => {
      const { cast, migration } = job;
      const document = await changedInstructions(migration, job.lab, ({ endpoint }) => {
        endpoint.hostKey = newSshKeyPair().publicKey;
      });
      await give(cast.lab, 'lab.json', document);
      await migration.play(authorisation(await rosterFingerprintOf(cast.lab)).filter((step) => 'hand' in step));
      await migration.play([...extraction(migration.job), ...APPROVAL]);
      await job.refuse({ who: 'vendor', words: SEND, code: 'E_HOSTKEY', recorded: 'send' });
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_HOSTKEY' });
    });
  });

  describe('receiving', () => {
    beforeEach(() => job.migration.restore('delivered'));

    it('fault 43: a recipient whom the instructions do not name', async () => {
      const words = [...WITHOUT_IDENTITY, '--identity', 'stranger.key.json'];
      await job.refuse({ who: 'recipient', words, code: 'E_ROLE' });
      await cp(job.cast.vendor.path('jean.key.json'), job.cast.recipient.path('jean.key.json'));
      const operator = [...WITHOUT_IDENTITY, '--identity', 'jean.key.json'];
      await job.refuse({ who: 'recipient', words: operator, code: 'E_ROLE' });
      await job.migration.play(RECEPTION);
    });

    it.each(SEALED.slice(0, 2))('fault 39, 40: %s was altered or cut on the server', async (name) => {
      const path = job.migration.remote('out', name);
      const good = await readFile(path);
      await alter(path);
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_MISMATCH' });
      await truncate(path, good.length - 1);
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_MISMATCH' });
      await writeFile(path, good);
      await job.migration.play(RECEPTION);
    });

    it('fault 40: the two sealed files were exchanged on the server', async () => {
      const [a = '', b = ''] = SEALED.map((name) => job.migration.remote('out', name));
      await rename(a, `${a}.kept`);
      await rename(b, a);
      await rename(`${a}.kept`, b);
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_MISMATCH' });
    });

    it('fault 40, 47: the sealed manifest was altered, or is another file', async () => {
      const path = job.migration.remote('out', 'manifest.json.sealed');
      const good = await readFile(path);
      await alter(path);
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_AUTH' });
      await writeFile(path, await readFile(job.migration.remote('out', 'results.csv.sealed')));
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_MISMATCH' });
      await writeFile(path, good);
      await job.migration.play(RECEPTION);
    });

    // Sealing proves nothing about who sealed: anybody can, who has the recipient's public identity. The manifest does.
    it('fault 44: a file that somebody else sealed for the recipient, with whatever content', async () => {
      const path = job.migration.remote('out', 'results.csv.sealed');
      const good = await readFile(path);
      const received = job.cast.recipient.path('received', 'results.csv');
      await job.migration.play(RECEPTION);
      const plaintext = await readFile(received);
      await job.migration.restore('delivered');
      const forged = Buffer.from(plaintext);
      forged[forged.length - 3] = 0x21;
      // Of the same size as the true one; then longer; then with the very content, but not by the processor.
      for (const content of [forged, Buffer.concat([forged, forged]), plaintext]) {
        await writeFile(path, await sealedForRecipients(job.migration, 'results', content));
        await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_MISMATCH' });
      }
      await writeFile(path, good);
      await job.migration.play(RECEPTION);
    });

    it('fault 44: a manifest that somebody else sealed and signed, with files to match', async () => {
      const path = job.migration.remote('out', 'manifest.json.sealed');
      const good = await readFile(path);
      const manifest = structuredClone(await manifestOf(job.migration));
      const stranger = await identityOf(job.cast.vendor, 'stranger.key.json');
      const entries = manifest.entries.map(({ signed }) => signDocument(signed, stranger));
      const forged = readableDocument({ ...manifest, entries });
      await writeFile(path, await sealedForRecipients(job.migration, 'manifest', forged));
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_ROLE' });
      await writeFile(path, good);
      await job.migration.play(RECEPTION);
    });

    it('a sealed file is missing on the server', async () => {
      const path = job.migration.remote('out', 'results.csv.sealed');
      await link(path, `${path}.kept`);
      await rm(path);
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_NOT_FOUND' });
      await rename(`${path}.kept`, path);
      await job.migration.play(RECEPTION);
    });

    it('fault 12: a version of the instructions under which nothing was delivered', async () => {
      const newer = await changedInstructions(job.migration, job.lab, (signed) => {
        signed.version = 2;
      });
      await give(job.cast.recipient, 'lab.json', newer);
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_MISMATCH' });
    });

    it('another file lies where the data go, and stays', async () => {
      const { recipient } = job.cast;
      await mkdir(recipient.path('received'), { recursive: true });
      await writeFile(recipient.path('received', 'results.csv'), 'mine\n');
      await job.refuse({ who: 'recipient', words: RECEIVE, code: 'E_EXISTS' });
      await rm(recipient.path('received'), { recursive: true });
      await job.migration.play(RECEPTION);
    });
  });
});
