/**
 * Instructions: the controller-signed document that authorises one migration (doc/format.md section 7; GDPR Art. 28(3)(a)).
 */
import { checkAllowList } from './allow-list.ts';
import { requireController } from './controller.ts';
import type { Dataset } from './dataset.ts';
import { documentDigest, type SignedDocument } from './envelope.ts';
import { SealiftError } from './errors.ts';
import type { CalendarDate, Digest, Fingerprint, JobId, UtcTime } from './ids.ts';
import { type LabId, sameLab } from './lab.ts';
import { checkLinks } from './link.ts';
import { checkCountries, readParties } from './party.ts';
import type { Operator, OperatorEntry } from './processor.ts';
import type { Recipient, RecipientEntry } from './recipient.ts';
import type { MachineRequirement } from './requirement.ts';
import type { VerifiedRoster } from './roster.ts';
import { parseSshPublicKey } from './ssh-public-key.ts';
import { checkDateRule, windowsOf } from './window.ts';
import type { Suite } from './wrap.ts';

/** The particulars that Art. 28(3) of the GDPR asks for. */
export interface Contract {
  readonly reference: string;
  readonly digest: Digest;
  /** The last day on which the contract holds. */
  readonly expires: CalendarDate;
  readonly subjectMatter: string;
  readonly duration: string;
  readonly nature: string;
  readonly purpose: string;
  readonly dataKinds: readonly string[];
  readonly dataSubjects: readonly string[];
}

/** Whether data may go outside the European Economic Area, where to and under which safeguard (F07). */
export type Transfers =
  | { readonly outsideEea: false }
  | { readonly outsideEea: true; readonly countries: readonly string[]; readonly safeguard: string };

/** The SFTP server, its pinned host key, and the folder below which jobs lie. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly country: string;
  readonly hostKey: string;
  readonly folder: string;
  /** Whether the whole digest of each file is read back after the upload. */
  readonly readBack: boolean;
}

/** Which statements must be there before delivery and before the purge. */
export interface Gates {
  readonly delivery: readonly 'approval'[];
  readonly purge: readonly ('receipt' | 'import' | 'validation')[];
}

/** The members of an instructions document. */
export interface Instructions {
  readonly type: 'sealift.instructions.v1';
  readonly lab: { readonly id: LabId; readonly name: string };
  readonly roster: Digest;
  readonly job: JobId;
  readonly version: number;
  readonly issued: UtcTime;
  readonly notBefore: UtcTime;
  readonly expires: UtcTime;
  readonly proposedBy: { readonly name: string; readonly organisation: string };
  readonly processor: { readonly name: string; readonly country: string; readonly operators: readonly OperatorEntry[] };
  readonly recipients: readonly RecipientEntry[];
  readonly contract: Contract;
  readonly transfers: Transfers;
  readonly source: { readonly product: string; readonly version: string; readonly endOfLife: boolean };
  readonly suite: Suite;
  readonly datasets: readonly Dataset[];
  readonly endpoint: Endpoint;
  readonly gates: Gates;
  readonly deadlines: {
    readonly delivery: UtcTime;
    readonly purge: UtcTime;
    readonly warnDays: number;
    readonly atPurge: 'purge' | 'keep';
  };
  /** Days for which data, logs and evidence are kept, each apart (F42). */
  readonly retention: { readonly dataDays: number; readonly logsDays: number; readonly evidenceDays: number };
  readonly revoked?: readonly { readonly identity: Fingerprint; readonly since: UtcTime; readonly reason: string }[];
  /** Checks of the sending machine that must be ok before anything is sent (F34). */
  readonly requires?: readonly MachineRequirement[];
  readonly note?: string;
}

/** Instructions as a file holds them. */
export type InstructionsDocument = SignedDocument<Instructions>;

/** Instructions that the controller signed and whose own rules hold; whether they are in force depends on the time. */
export interface VerifiedInstructions {
  readonly document: InstructionsDocument;
  readonly digest: Digest;
  readonly signed: Instructions;
  readonly roster: VerifiedRoster;
  readonly signedBy: ReadonlySet<Fingerprint>;
  readonly operators: ReadonlyMap<Fingerprint, Operator>;
  readonly recipients: ReadonlyMap<Fingerprint, Recipient>;
}

/** The highest version that instructions or rosters may carry, so that nobody can use up the numbers. */
const MAX_VERSION = 1_000_000;

/**
 * Verifies instructions under the pinned roster: authority first, then everything that does not depend on the time.
 * @throws E_UNSIGNED, E_SIG, E_ROLE, E_THRESHOLD, E_LAB, E_ROLLBACK and what {@link checkInstructions} throws
 */
export function verifyInstructions(document: InstructionsDocument, roster: VerifiedRoster): VerifiedInstructions {
  const { signed } = document;
  const { lab } = roster.document.signed;
  if (!sameLab(signed.lab.id, lab.id) || signed.lab.name !== lab.name) {
    throw new SealiftError(
      'E_LAB',
      `these instructions are of ${signed.lab.name}, another laboratory than the roster's`,
      {
        hint: 'pin that laboratory with "migrate trust add" if you work for it',
      },
    );
  }
  const signedBy = requireController(roster, document);
  if (signed.roster !== roster.digest) {
    throw new SealiftError('E_LAB', 'these instructions were signed under another version of the roster', {
      hint: 'pin the current roster, or let the laboratory sign the instructions again',
    });
  }
  return { ...checkInstructions(signed, roster), document, signedBy };
}

/**
 * Checks the content of instructions, signed or not yet: parties, countries, allow-lists, windows, links and times that
 * follow each other.
 * @throws E_ROLLBACK, E_KEY, E_KEY_WEAK, E_SSH_KEY, E_SHARED, E_ROLE, E_COUNTRY, E_SCOPE, E_CREDENTIAL, E_DATE, E_TIME
 */
export function checkInstructions(
  signed: Instructions,
  roster: VerifiedRoster,
): Omit<VerifiedInstructions, 'document' | 'signedBy'> {
  if (signed.version > MAX_VERSION) {
    throw new SealiftError('E_ROLLBACK', `version ${signed.version} is above ${MAX_VERSION}`, {
      place: { path: '/signed/version' },
    });
  }
  checkTimes(signed);
  parseSshPublicKey(signed.endpoint.hostKey);
  const parties = readParties(signed, roster);
  checkCountries(signed);
  checkDatasets(signed.datasets);
  return { digest: documentDigest(signed), signed, roster, ...parties };
}

function checkTimes(signed: Instructions): void {
  if (signed.notBefore >= signed.expires) {
    throw new SealiftError('E_TIME', 'the instructions expire before they begin', {
      place: { path: '/signed/expires' },
    });
  }
  if (signed.deadlines.purge < signed.deadlines.delivery) {
    throw new SealiftError('E_TIME', 'the purge deadline lies before the delivery deadline', {
      place: { path: '/signed/deadlines/purge' },
    });
  }
}

function checkDatasets(datasets: readonly Dataset[]): void {
  const names = new Set<string>();
  for (const [index, dataset] of datasets.entries()) {
    const pointer = `/signed/datasets/${index}`;
    if (names.has(dataset.name)) {
      throw new SealiftError('E_SCOPE', `dataset ${dataset.name} is there twice`, { place: { path: pointer } });
    }
    names.add(dataset.name);
    if (dataset.dialect.quote === dataset.dialect.delimiter) {
      throw new SealiftError('E_SCOPE', `dataset ${dataset.name} uses one character as delimiter and as quote`, {
        place: { path: `${pointer}/dialect` },
      });
    }
    checkHeader(dataset, pointer);
    checkAllowList(dataset, pointer);
    if (dataset.window !== undefined) checkDateRule(dataset.window);
  }
  checkLinks(datasets);
}

/** Names that the instructions give to the columns of a source without a header: each once, and all that are asked for among them. */
function checkHeader({ name, dialect, fields, window, link }: Dataset, pointer: string): void {
  const { header } = dialect;
  if (header === undefined) return;
  const names = new Set(header);
  const place = { path: `${pointer}/dialect/header` };
  if (names.size < header.length) {
    throw new SealiftError('E_SCOPE', `dataset ${name} gives two columns of its source the same name`, { place });
  }
  const asked = [
    ...fields.map((field) => field.name),
    ...(window === undefined ? [] : windowsOf(window).map((one) => one.field)),
    ...(link === undefined ? [] : [link.field]),
  ];
  const unknown = asked.find((field) => !names.has(field));
  if (unknown !== undefined) {
    throw new SealiftError('E_SCOPE', `dataset ${name} asks for "${unknown}", which its header does not name`, {
      place,
    });
  }
}

/**
 * Requires that the instructions are in force at a time: their own dates and the contract's (F06).
 * @throws E_TIME with both dates, E_CONTRACT
 */
export function requireInForce(instructions: VerifiedInstructions, now: UtcTime): void {
  const { notBefore, expires, contract } = instructions.signed;
  if (now < notBefore || now >= expires) {
    const which = now < notBefore ? 'not valid yet' : 'expired';
    throw new SealiftError(
      'E_TIME',
      `the instructions are ${which} at ${now}: they hold from ${notBefore} until ${expires}`,
      {
        hint: 'ask the laboratory for instructions with other dates; no option overrides them',
      },
    );
  }
  if (now.slice(0, 10) > contract.expires) {
    throw new SealiftError('E_CONTRACT', `the contract ${contract.reference} expired on ${contract.expires}`, {
      hint: 'without a contract in force (Art. 28(3) GDPR) nothing is read; ask the laboratory for new instructions',
    });
  }
}
