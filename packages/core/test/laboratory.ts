/** A laboratory, its vendor and its recipients: a roster and instructions that hold, to be changed one member at a time. Needs `await ready()`. */
import type { Dataset } from '../src/dataset.ts';
import { signDocument } from '../src/envelope.ts';
import type { SecretIdentity } from '../src/identity.ts';
import { parseCalendarDate, parseJobId, parseUtcTime, type UtcTime } from '../src/ids.ts';
import {
  type Instructions,
  type InstructionsDocument,
  type VerifiedInstructions,
  verifyInstructions,
} from '../src/instructions.ts';
import type { OperatorEntry } from '../src/processor.ts';
import type { RecipientEntry } from '../src/recipient.ts';
import { type Roster, type RosterDocument, type VerifiedRoster, verifyRoster } from '../src/roster.ts';
import { digestOf } from '../src/sha256.ts';
import { person } from './people.ts';

const people = new Map<number, SecretIdentity>();

function known(number: number): SecretIdentity {
  const found = people.get(number) ?? person(number);
  people.set(number, found);
  return found;
}

/** Signers of the laboratory. */
export const director = (): SecretIdentity => known(1);
export const biologist = (): SecretIdentity => known(2);
/** Operators of the vendor. */
export const alice = (): SecretIdentity => known(3);
export const bruno = (): SecretIdentity => known(4);
/** Recipients. */
export const novalis = (): SecretIdentity => known(5);
export const archive = (): SecretIdentity => known(6);
/** Nobody of this migration. */
export const stranger = (): SecretIdentity => known(7);

/** A moment of the migration's day, `hh:mm` or `hh:mm:ss`. */
export function at(time: string): UtcTime {
  return parseUtcTime(`2026-03-02T${time.length === 5 ? `${time}:00` : time}Z`);
}

/** An ed25519 key line of SSH that differs for each number; nothing connects with it. */
export function sshKey(number: number): string {
  const blob = Buffer.concat([Buffer.from('0000000b7373682d6564323535313900000020', 'hex'), Buffer.alloc(32, number)]);
  return `ssh-ed25519 ${blob.toString('base64')}`;
}

/** A roster of the director and the biologist, both of whom must sign. */
export function rosterMembers(changes: Partial<Roster> = {}): Roster {
  return {
    type: 'sealift.roster.v1',
    lab: { id: { scheme: 'siren', value: '732829320' }, name: 'Laboratoire du Parc', country: 'FR' },
    version: 1,
    signers: [director().identity.document, biologist().identity.document],
    threshold: 2,
    contact: { name: 'Paul Noir', email: 'dpo@parc.example' },
    issued: parseUtcTime('2026-01-05T08:00:00Z'),
    ...changes,
  };
}

/** {@link rosterMembers}, signed by both. */
export function rosterDocument(changes: Partial<Roster> = {}): RosterDocument {
  return signDocument(rosterMembers(changes), director(), biologist());
}

/** The pinned roster of the laboratory. */
export function pinnedRoster(): VerifiedRoster {
  return verifyRoster(rosterDocument());
}

/** The roster of another laboratory, with signers of its own. */
export function otherLaboratory(): VerifiedRoster {
  const members = rosterMembers({
    lab: { id: { scheme: 'finess', value: '2A0012345' }, name: 'Autre laboratoire', country: 'FR' },
    signers: [stranger().identity.document],
    threshold: 1,
  });
  return verifyRoster(signDocument(members, stranger()));
}

/** An operator of the vendor; the number is the account's, too. */
export function operatorEntry(secret: SecretIdentity, number: number): OperatorEntry {
  return {
    name: secret.identity.name,
    identity: secret.identity.document,
    sshKey: sshKey(number),
    account: `account${number}`,
    undertaking: parseCalendarDate('2025-12-01'),
    unattended: true,
  };
}

/** A recipient; the number is the account's, too. */
export function recipientEntry(secret: SecretIdentity, number: number): RecipientEntry {
  return {
    name: secret.identity.name,
    identity: secret.identity.document,
    sshKey: sshKey(number),
    account: `account${number}`,
    country: 'FR',
  };
}

/** A dataset of two fields, under changes. */
export function datasetNamed(name: string, changes: Partial<Dataset> = {}): Dataset {
  return {
    name,
    dialect: { encoding: 'utf-8', delimiter: ';', quote: '"', newline: 'any' },
    fields: [{ name: 'IPP', as: 'patient_id' }, { name: 'NAISSANCE' }],
    ...changes,
  };
}

/** Good instructions under a roster: two operators, one recipient, datasets `patients` and `results`. */
export function instructionsMembers(
  changes: Partial<Instructions> = {},
  roster: VerifiedRoster = pinnedRoster(),
): Instructions {
  const { id, name } = roster.document.signed.lab;
  return {
    type: 'sealift.instructions.v1',
    lab: { id, name },
    roster: roster.digest,
    job: parseJobId('parc-2026'),
    version: 1,
    issued: parseUtcTime('2026-02-01T08:00:00Z'),
    notBefore: parseUtcTime('2026-03-01T00:00:00Z'),
    expires: parseUtcTime('2026-06-01T00:00:00Z'),
    proposedBy: { name: 'Jean Vert', organisation: 'Novalis' },
    processor: { name: 'Vendor', country: 'FR', operators: [operatorEntry(alice(), 3), operatorEntry(bruno(), 4)] },
    recipients: [recipientEntry(novalis(), 5)],
    contract: {
      reference: 'C-2026-17',
      digest: digestOf(new Uint8Array()),
      expires: parseCalendarDate('2026-12-31'),
      subjectMatter: 'migration',
      duration: 'four months',
      nature: 'extraction, sealing, delivery, deletion',
      purpose: 'a new laboratory system',
      dataKinds: ['identity', 'results'],
      dataSubjects: ['patients'],
    },
    transfers: { outsideEea: false },
    source: { product: 'OldLab', version: '4.2', endOfLife: true },
    suite: 'xwing-sealedbox',
    datasets: [datasetNamed('patients'), datasetNamed('results', { ceiling: { rows: 1000, bytes: 100_000 } })],
    endpoint: {
      host: 'sftp.example',
      port: 22,
      country: 'FR',
      hostKey: sshKey(99),
      folder: '/jobs',
      readBack: true,
    },
    gates: { delivery: ['approval'], purge: ['receipt', 'import', 'validation'] },
    deadlines: {
      delivery: parseUtcTime('2026-04-01T00:00:00Z'),
      purge: parseUtcTime('2026-05-01T00:00:00Z'),
      warnDays: 7,
      atPurge: 'purge',
    },
    retention: { dataDays: 30, logsDays: 365, evidenceDays: 3650 },
    ...changes,
  };
}

/** {@link instructionsMembers}, signed by both signers. */
export function instructionsDocument(changes: Partial<Instructions> = {}): InstructionsDocument {
  return signDocument(instructionsMembers(changes), director(), biologist());
}

/** {@link instructionsDocument}, verified under the pinned roster. */
export function instructed(changes: Partial<Instructions> = {}): VerifiedInstructions {
  return verifyInstructions(instructionsDocument(changes), pinnedRoster());
}
