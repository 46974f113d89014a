/** The outline of instructions that the demo's laboratory writes, for the dump of make-dump.mjs. */

const DAY_MS = 86_400_000;

/** The first day on which a last visit lets a patient's row leave (CNIL SAN-2022-009 §44). */
export const FIRST_DAY = '2017-05-07';

/** 14 of the 28 columns of the dump's patients: no free text, no credential. */
export const PATIENT_FIELDS: readonly string[] = [
  ...['ID_PATIENT', 'NIR', 'NOM', 'PRENOMS', 'SEXE', 'DATE_NAISSANCE', 'ADRESSE', 'CODE_POSTAL', 'VILLE', 'TELEPHONE'],
  ...['EMAIL', 'DATE_DERNIERE_VISITE', 'PRESC_NOM', 'PRESC_PRENOM'],
];
/** 8 of the 9 columns of the dump's results. */
export const RESULT_FIELDS: readonly string[] = [
  ...['ID_PATIENT', 'NUM_DOSSIER', 'DATE_PRELEVEMENT', 'CODE_NABM', 'LIBELLE', 'RESULTAT', 'UNITE', 'NORME'],
];

/** A person or service, by the files that they handed to the laboratory. */
export interface Party {
  readonly name: string;
  readonly account: string;
  /** File name of the public identity and of the SSH public key, beside the outline. */
  readonly identity: string;
  readonly sshKey: string;
}

/** What the outline depends on. */
export interface OutlineOptions {
  readonly job: string;
  readonly now: Date;
  readonly operators: readonly (Party & { readonly unattended: boolean })[];
  readonly recipients: readonly Party[];
  readonly endpoint: {
    readonly host: string;
    readonly port: number;
    readonly folder: string;
    readonly hostKey: string;
  };
  readonly dialect?: Partial<Record<'encoding' | 'delimiter' | 'newline', string>>;
  /** Instead of the dump's patients and results. */
  readonly datasets?: readonly Record<string, unknown>[];
  /** Members instead of those here, and beside those that the draft proposes. */
  readonly members?: Readonly<Record<string, unknown>>;
}

const time = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
const party = ({ name, account, identity, sshKey }: Party): Record<string, string> => ({
  name,
  identity: `file:${identity}`,
  sshKey: `file:${sshKey}`,
  account,
});

/** The outline, as the person writes it: `migrate instructions draft` fills in the rest. */
export function outline(options: OutlineOptions): Record<string, unknown> {
  const { job, now, operators, recipients, endpoint } = options;
  const inDays = (days: number): Date => new Date(now.getTime() + days * DAY_MS);
  return {
    job,
    version: 1,
    notBefore: time(inDays(-1)),
    expires: time(inDays(30)),
    proposedBy: { name: 'Jean Petit', organisation: 'Logilab Services' },
    processor: {
      name: 'Logilab Services',
      country: 'FR',
      operators: operators.map((operator) => ({
        ...party(operator),
        undertaking: '2026-01-05',
        unattended: operator.unattended,
      })),
    },
    recipients: recipients.map((recipient) => ({ ...party(recipient), country: 'FR' })),
    contract: contract(inDays(365)),
    source: { product: 'MegaBus', version: '7.2', endOfLife: true },
    datasets: options.datasets ?? dumpDatasets(options),
    endpoint: {
      host: endpoint.host,
      port: endpoint.port,
      country: 'FR',
      hostKey: endpoint.hostKey,
      folder: endpoint.folder,
      readBack: true,
    },
    deadlines: { delivery: time(inDays(14)), purge: time(inDays(28)), warnDays: 7, atPurge: 'purge' },
    retention: { dataDays: 30, logsDays: 365, evidenceDays: 3650 },
    ...options.members,
  };
}

function contract(expires: Date): Record<string, unknown> {
  return {
    reference: 'Avenant Art. 28 n° 2026-014',
    digest: 'file:contract.txt',
    expires: time(expires).slice(0, 10),
    subjectMatter: 'Migration of the laboratory information system',
    duration: 'three months',
    nature: 'extraction, transfer, deletion',
    purpose: 'continuity of care in the new system',
    dataKinds: ['identity', 'contact details', 'laboratory results'],
    dataSubjects: ['patients', 'prescribers'],
  };
}

function dumpDatasets({ dialect }: OutlineOptions): Record<string, unknown>[] {
  const read = { encoding: 'windows-1252', delimiter: ';', quote: '"', newline: 'crlf', ...dialect };
  return [
    {
      name: 'patients',
      dialect: read,
      fields: PATIENT_FIELDS.map((name) => ({ name })),
      window: {
        field: 'DATE_DERNIERE_VISITE',
        format: 'DD/MM/YYYY',
        from: { date: FIRST_DAY, inclusive: true },
        emptyDate: 'withhold',
        impossibleDate: 'withhold',
      },
    },
    {
      name: 'results',
      dialect: read,
      fields: RESULT_FIELDS.map((name) => ({ name })),
      link: { field: 'ID_PATIENT', to: 'patients', toField: 'ID_PATIENT' },
    },
  ];
}
