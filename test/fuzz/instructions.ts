/** Who acts in the migration that tests start from, and what its laboratory signs: roster and instructions. */
import { digestOf } from '@sealift/core';
import type { Dataset } from '@sealift/core/dataset';
import { signDocument } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import { parseCalendarDate, parseJobId, parseUtcTime } from '@sealift/core/ids';
import type { Instructions } from '@sealift/core/instructions';
import type { RosterDocument, VerifiedRoster } from '@sealift/core/roster';
import { person } from '../../packages/core/test/people.ts';

/** The people of the migration. */
export interface Cast {
  readonly director: SecretIdentity;
  readonly manager: SecretIdentity;
  readonly operator: SecretIdentity;
  readonly service: SecretIdentity;
  readonly recipient: SecretIdentity;
}

/** The cast, always with the same keys. Needs `await ready()`. */
export function gatherCast(): Cast {
  const cast = { director: person(1), manager: person(2), operator: person(3), service: person(4) };
  return { ...cast, recipient: person(5) };
}

/** Who appends an entry with a statement of this kind: the service purges, the operator does everything else. */
export function appenderOf(kind: unknown, { operator, service }: Cast): SecretIdentity {
  return kind === 'purge' ? service : operator;
}

/** How many rows of each dataset leave. */
export const KEPT = 90;

/** What every Ed25519 key in SSH's encoding begins with: its type, and the length of the 32 bytes that follow (RFC 8709). */
const ED25519_HEAD = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20', 'latin1');

/** The roster: two signers, and both must sign. */
export function makeRoster({ director, manager }: Cast): RosterDocument {
  return signDocument(
    {
      type: 'sealift.roster.v1',
      lab: { id: { scheme: 'siren', value: '732829320' }, name: 'Laboratoire du Parc', country: 'FR' },
      version: 1,
      signers: [director.identity.document, manager.identity.document],
      threshold: 2,
      contact: { name: 'Data protection officer', email: 'dpo@parc.example', phone: '+33 1 00 00 00 00' },
      issued: parseUtcTime('2026-01-05T08:00:00Z'),
      note: 'Both signers sign.',
    },
    director,
    manager,
  );
}

/** Instructions that use every member the format knows. */
export function instructionsOf({ operator, service, recipient }: Cast, pinned: VerifiedRoster): Instructions {
  const employee = (secret: SecretIdentity, account: string, unattended: boolean) => ({
    name: secret.identity.name,
    identity: secret.identity.document,
    sshKey: sshKey(account),
    account,
    undertaking: parseCalendarDate('2025-12-01'),
    unattended,
  });
  const { id, name } = pinned.document.signed.lab;
  return {
    type: 'sealift.instructions.v1',
    lab: { id, name },
    roster: pinned.digest,
    job: parseJobId('parc-2026'),
    version: 1,
    issued: parseUtcTime('2026-02-01T08:00:00Z'),
    notBefore: parseUtcTime('2026-03-01T00:00:00Z'),
    expires: parseUtcTime('2026-06-01T00:00:00Z'),
    proposedBy: { name: 'Ada', organisation: 'Novalis' },
    processor: {
      name: 'Vendor',
      country: 'FR',
      operators: [employee(operator, 'operator', false), employee(service, 'service', true)],
    },
    recipients: [
      {
        name: 'Novalis',
        identity: recipient.identity.document,
        sshKey: sshKey('recipient'),
        account: 'recipient',
        country: 'DE',
        expires: parseUtcTime('2026-12-31T00:00:00Z'),
      },
    ],
    contract: CONTRACT,
    transfers: { outsideEea: true, countries: ['CH'], safeguard: 'adequacy decision' },
    source: { product: 'OldLab', version: '4.2', endOfLife: true },
    suite: 'xwing-sealedbox',
    datasets: DATASETS,
    endpoint: {
      host: 'sftp.example',
      port: 22,
      country: 'FR',
      hostKey: sshKey('host'),
      folder: '/jobs',
      readBack: true,
    },
    gates: { delivery: ['approval'], purge: ['receipt', 'import', 'validation'] },
    deadlines: {
      delivery: parseUtcTime('2026-03-02T20:00:00Z'),
      purge: parseUtcTime('2026-03-02T21:00:00Z'),
      warnDays: 7,
      atPurge: 'purge',
    },
    retention: { dataDays: 0, logsDays: 365, evidenceDays: 3650 },
    revoked: [
      { identity: person(9).fingerprint, since: parseUtcTime('2026-02-01T00:00:00Z'), reason: 'left the company' },
    ],
    note: 'Read the window twice.',
  };
}

const CONTRACT: Instructions['contract'] = {
  reference: 'C-2026-7',
  digest: digestOf(new TextEncoder().encode('contract')),
  expires: parseCalendarDate('2026-12-31'),
  subjectMatter: 'Migration to a new laboratory system',
  duration: 'three months',
  nature: 'extraction and transfer',
  purpose: 'continuity of care',
  dataKinds: ['identity', 'results'],
  dataSubjects: ['patients'],
};

/** Two datasets, the second linked to the first. */
export const DATASETS: readonly Dataset[] = [
  {
    name: 'patients',
    dialect: { encoding: 'windows-1252', delimiter: ';', quote: '"', newline: 'any' },
    fields: [{ name: 'PatientId', as: 'patient_id' }, { name: 'Nom', as: 'name', note: 'birth name' }, { name: 'Vu' }],
    window: {
      field: 'Vu',
      format: 'DD/MM/YYYY',
      from: { date: '2016-01-01', inclusive: true },
      to: { date: '2026-01-01', inclusive: false },
      emptyDate: 'withhold',
      impossibleDate: 'refuse',
    },
    expected: { rows: 100, kept: KEPT },
    ceiling: { rows: 1000, bytes: 1_000_000 },
    malformed: 'withhold',
    disposeSource: true,
  },
  {
    name: 'results',
    dialect: { encoding: 'utf-8', delimiter: ',', quote: null, newline: 'lf' },
    fields: [{ name: 'PatientId' }, { name: 'Commentaire', freeText: true, purpose: 'needed to read the result' }],
    link: { field: 'PatientId', to: 'patients', toField: 'PatientId' },
    disposeSource: true,
  },
];

/** An SSH key line that differs for each account; nothing here connects with it. */
export function sshKey(account: string): string {
  return `ssh-ed25519 ${Buffer.concat([ED25519_HEAD, Buffer.alloc(32, account)]).toString('base64')}`;
}
