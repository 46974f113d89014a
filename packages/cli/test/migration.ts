/** A laboratory, its vendor and its recipient, as far as the commands before the extraction need them. */
import { createHash } from 'node:crypto';
import { ready } from '@sealift/core';
import { readableDocument, readDocument, signDocument } from '@sealift/core/document';
import { unlockIdentity } from '@sealift/core/identity';
import { parseUtcTime } from '@sealift/core/ids';
import { Machine, type Parsed } from './harness.ts';

export const SIREN = '732829320';
const OTHER_SIREN = '552100554';

/** `migrate lab init` with everything it needs. */
export function labInit(...more: string[]): string[] {
  const base = ['lab', 'init', '--name', 'Laboratoire du Parc', '--siren', SIREN, '--signer', 'Claire Petit'];
  return [...base, '--dpo', 'Paul Noir', '--dpo-email', 'dpo@parc.example', '--no-passphrase', ...more];
}

/** A machine with a laboratory, one operator and one recipient, their SSH keys and a contract. */
export async function newMigration(): Promise<Machine> {
  const machine = new Machine();
  await machine.migrate(...labInit());
  for (const name of ['operator', 'recipient']) {
    await machine.migrate('keygen', '--name', `The ${name}`, '-o', `${name}.key.json`, '--no-passphrase');
    await machine.migrate('identity', 'show', `${name}.key.json`, '--export', `${name}.json`);
  }
  for (const name of ['operator', 'recipient', 'server']) {
    machine.write(`${name}.ssh.pub`, `${sshKey(name)} ${name}@machine\n`);
  }
  machine.write(
    'server.ssh',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nnot a public key\n-----END OPENSSH PRIVATE KEY-----\n',
  );
  machine.write('contract.txt', 'contract');
  machine.write('outline.json', outline());
  return machine;
}

/** An Ed25519 public key as OpenSSH writes it (RFC 8709 section 4), of bytes that nobody has the secret of. */
function sshKey(name: string): string {
  const word = (bytes: Uint8Array) => Buffer.concat([Uint8Array.of(0, 0, 0, bytes.length), bytes]);
  const key = createHash('sha256').update(name).digest();
  return `ssh-ed25519 ${Buffer.concat([word(Buffer.from('ssh-ed25519')), word(key)]).toString('base64')}`;
}

/** Another laboratory on the same machine, in the folder `other`. */
export async function otherLab(machine: Machine): Promise<void> {
  const words = ['lab', 'init', '--name', 'Autre laboratoire', '--siren', OTHER_SIREN, '--signer', 'Luc Blanc'];
  await machine.migrate(
    ...words,
    '--dpo',
    'D',
    '--dpo-email',
    'd@autre.example',
    '--no-passphrase',
    '--folder',
    'other',
  );
}

/** An outline that becomes good instructions. */
export function outline(): Parsed {
  return {
    recipients: [
      {
        name: 'Nouveau SIL',
        identity: 'file:recipient.json',
        sshKey: 'file:recipient.ssh.pub',
        account: 'nsil',
        country: 'FR',
      },
    ],
    job: 'parc-2026',
    version: 1,
    notBefore: '2026-11-01T00:00:00Z',
    expires: '2027-03-01T00:00:00Z',
    proposedBy: { name: 'Jean Vert', organisation: 'Nouveau SIL' },
    processor: {
      name: 'Ancien Éditeur',
      country: 'FR',
      operators: [
        {
          name: 'Alice Martin',
          identity: 'file:operator.json',
          sshKey: 'file:operator.ssh.pub',
          account: 'alice',
          undertaking: '2026-03-01',
          unattended: true,
        },
      ],
    },
    contract: {
      reference: 'C-2026-17',
      digest: 'file:contract.txt',
      expires: '2027-06-30',
      subjectMatter: 'reprise des données',
      duration: 'quatre mois',
      nature: 'extraction, chiffrement, remise, effacement',
      purpose: 'changement de logiciel',
      dataKinds: ['identité', 'résultats'],
      dataSubjects: ['patients'],
    },
    transfers: { outsideEea: false },
    source: { product: 'Ancien SIL', version: '8.2', endOfLife: true },
    suite: 'xwing-sealedbox',
    datasets: [
      {
        name: 'patients',
        dialect: { encoding: 'windows-1252', delimiter: ';', quote: '"', newline: 'crlf' },
        fields: [
          { name: 'IPP' },
          { name: 'NAISSANCE', as: 'birth_date' },
          { name: 'COMMENTAIRE P', freeText: true, purpose: 'allergies connues' },
        ],
        window: {
          field: 'DERNIERE VISITE',
          format: 'DD/MM/YYYY',
          from: { date: '2017-05-07', inclusive: true },
          emptyDate: 'withhold',
          impossibleDate: 'refuse',
        },
        expected: { rows: 129276, kept: 120873 },
      },
    ],
    endpoint: {
      host: 'sftp.parc.example',
      port: 2222,
      country: 'FR',
      hostKey: 'file:server.ssh.pub',
      folder: '/depot',
      readBack: true,
    },
    gates: { delivery: ['approval'], purge: ['receipt', 'import'] },
    deadlines: { delivery: '2026-12-15T12:00:00Z', purge: '2027-02-01T12:00:00Z', warnDays: 7, atPurge: 'purge' },
    retention: { dataDays: 30, logsDays: 365, evidenceDays: 3650 },
  };
}

/** Writes the draft `lab.json` of an outline, the good one by default. */
export async function draft(machine: Machine, changed: unknown = outline()): Promise<void> {
  machine.write('outline.json', changed);
  await machine.migrate('instructions', 'draft', 'outline.json', '--lab', 'lab.roster.json', '-o', 'lab.json');
}

/** Writes and signs `lab.json`. */
export async function signedDraft(machine: Machine, changed: unknown = outline()): Promise<void> {
  await draft(machine, changed);
  await machine.migrate('instructions', 'sign', 'lab.json', '--lab', 'lab.roster.json', '--identity', 'lab.key.json');
}

/** Writes `two.roster.json`, of two signers who must both sign, with `lab.key.json` and a new `second.key.json`. */
export async function rosterOfTwo(machine: Machine): Promise<void> {
  await ready();
  await machine.migrate('keygen', '--name', 'Denis Roux', '-o', 'second.key.json', '--no-passphrase');
  const signers = await Promise.all(
    ['lab.key.json', 'second.key.json'].map(async (name) => {
      const bytes = new TextEncoder().encode(machine.read(name));
      return unlockIdentity(readDocument(bytes, 'sealift.secret-identity.v1').document, undefined);
    }),
  );
  const roster = {
    type: 'sealift.roster.v1',
    lab: { id: { scheme: 'siren', value: SIREN }, name: 'Laboratoire du Parc', country: 'FR' },
    version: 1,
    signers: signers.map(({ identity }) => identity.document),
    threshold: 2,
    contact: { name: 'Paul Noir', email: 'dpo@parc.example' },
    issued: parseUtcTime('2026-11-22T10:00:00Z'),
  } as const;
  machine.write('two.roster.json', readableDocument(signDocument(roster, ...signers)));
}
