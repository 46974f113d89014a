/** The job that most vectors are about: one laboratory, one roster, one document of instructions. */
import { documentDigest } from '../../packages/core/src/envelope.ts';
import { parseCalendarDate, parseDatasetName, parseJobId, parseUtcTime } from '../../packages/core/src/ids.ts';
import type { Instructions, InstructionsDocument } from '../../packages/core/src/instructions.ts';
import type { Roster, RosterDocument } from '../../packages/core/src/roster.ts';
import { digestOf } from '../../packages/core/src/sha256.ts';
import { encodeUtf8 } from '../../packages/core/src/utf8.ts';
import { changed, type Edit, signedBy } from './edit.ts';
import { type PersonId, person, sshKeyOf } from './people.ts';

export const JOB = parseJobId('vectors-2026');
/** A moment at which the instructions are in force. */
export const CLOCK = '2026-03-10T12:00:00Z';

/** The roster before it is signed: a small laboratory, one signer. */
export function rosterContent(...edits: readonly Edit[]): Roster {
  return changed<Roster>(
    {
      type: 'sealift.roster.v1',
      lab: { id: { scheme: 'siren', value: '123456782' }, name: 'Laboratoire d’Exemple', country: 'FR' },
      version: 1,
      signers: [person('signer1').identity.document],
      threshold: 1,
      contact: { name: 'Hermine Courtepaille', email: 'dpo@laboratoire.example' },
      issued: parseUtcTime('2026-02-01T09:00:00Z'),
    },
    ...edits,
  );
}

/** The roster of one signer. */
export function roster(...edits: readonly Edit[]): RosterDocument {
  return signedBy(rosterContent(...edits), 'signer1');
}

/** A roster of three signers, of whom two must sign. */
export function rosterOfThree(...edits: readonly Edit[]): RosterDocument {
  return signedBy(rosterOfThreeContent(...edits), 'signer1', 'signer2');
}

/** The same before it is signed. */
export function rosterOfThreeContent(...edits: readonly Edit[]): Roster {
  const others = (['signer2', 'signer3'] as const).map((id): Edit => ['/signers/-', person(id).identity.document]);
  return rosterContent(...others, ['/threshold', 2], ...edits);
}

/** Another laboratory's roster, signed by the outsider. */
export function otherRoster(): RosterDocument {
  const content = rosterContent(
    ['/lab/id/value', '987654324'],
    ['/lab/name', 'Autre Laboratoire'],
    ['/signers/0', person('outsider').identity.document],
  );
  return signedBy(content, 'outsider');
}

/** The entry of a recipient in instructions. */
export function recipientEntry(id: PersonId, account: string): Instructions['recipients'][number] {
  const { name, document } = person(id).identity;
  return { name, identity: document, sshKey: sshKeyOf(id), account, country: 'FR' };
}

/** The entry of an operator in instructions. */
export function operatorEntry(id: PersonId, account: string): Instructions['processor']['operators'][number] {
  const { name, document } = person(id).identity;
  const undertaking = parseCalendarDate('2026-01-15');
  return { name, identity: document, sshKey: sshKeyOf(id), account, undertaking, unattended: true };
}

/** The instructions before they are signed. */
export function instructionsContent(...edits: readonly Edit[]): Instructions {
  return changed<Instructions>(
    {
      type: 'sealift.instructions.v1',
      lab: { id: { scheme: 'siren', value: '123456782' }, name: 'Laboratoire d’Exemple' },
      roster: documentDigest(rosterContent()),
      job: JOB,
      version: 1,
      issued: parseUtcTime('2026-03-01T09:00:00Z'),
      notBefore: parseUtcTime('2026-03-02T00:00:00Z'),
      expires: parseUtcTime('2026-06-01T00:00:00Z'),
      proposedBy: { name: 'Nils Varangot', organisation: 'Éditeur d’Exemple' },
      processor: { name: 'Éditeur d’Exemple', country: 'FR', operators: [operatorEntry('operator1', 'nils')] },
      recipients: [recipientEntry('recipient1', 'nouveau')],
      ...particulars(),
      datasets: datasets(),
    },
    ...edits,
  );
}

function particulars(): Pick<
  Instructions,
  'contract' | 'transfers' | 'source' | 'suite' | 'endpoint' | 'gates' | 'deadlines' | 'retention'
> {
  return {
    contract: {
      reference: 'C-1',
      digest: digestOf(encodeUtf8('contract')),
      expires: parseCalendarDate('2026-12-31'),
      subjectMatter: 'migration',
      duration: 'three months',
      nature: 'extraction',
      purpose: 'change of system',
      dataKinds: ['results'],
      dataSubjects: ['patients'],
    },
    transfers: { outsideEea: false },
    source: { product: 'Ancien', version: '1.0', endOfLife: true },
    suite: 'sealedbox',
    endpoint: {
      host: 'sftp.laboratoire.example',
      port: 22,
      country: 'FR',
      hostKey: sshKeyOf('server'),
      folder: '/jobs',
      readBack: false,
    },
    gates: { delivery: ['approval'], purge: ['receipt', 'import', 'validation'] },
    deadlines: {
      delivery: parseUtcTime('2026-04-01T00:00:00Z'),
      purge: parseUtcTime('2026-05-01T00:00:00Z'),
      warnDays: 7,
      atPurge: 'purge',
    },
    retention: { dataDays: 30, logsDays: 365, evidenceDays: 1825 },
  };
}

function datasets(): Instructions['datasets'] {
  const dialect = { encoding: 'windows-1252', delimiter: ';', quote: '"', newline: 'crlf' } as const;
  return [
    {
      name: parseDatasetName('patients'),
      dialect,
      fields: [{ name: 'NUMERO', as: 'number' }, { name: 'NOM' }],
      ceiling: { rows: 1000, bytes: 100_000 },
    },
    {
      name: parseDatasetName('results'),
      dialect,
      fields: [{ name: 'PATIENT' }, { name: 'DATE' }, { name: 'VALEUR' }],
      window: {
        field: 'DATE',
        format: 'DD/MM/YYYY',
        from: { date: '2016-01-01', inclusive: true },
        emptyDate: 'withhold',
        impossibleDate: 'withhold',
      },
      link: { field: 'PATIENT', to: 'patients', toField: 'NUMERO' },
    },
  ];
}

/** The instructions, signed by the one signer. */
export function instructions(...edits: readonly Edit[]): InstructionsDocument {
  return signedBy(instructionsContent(...edits), 'signer1');
}
