/** The instructions of the benchmark's job: 14 of 28 columns of the patients from 7 May 2017 on. */
import { generateKeyPairSync } from 'node:crypto';

/** The columns of `patients.csv` that leave. */
export const PATIENT_FIELDS: readonly string[] = [
  ...['ID_PATIENT', 'NIR', 'NOM', 'PRENOMS', 'SEXE', 'DATE_NAISSANCE', 'ADRESSE', 'CODE_POSTAL', 'VILLE', 'TELEPHONE'],
  ...['EMAIL', 'DATE_DERNIERE_VISITE', 'PRESC_NOM', 'PRESC_PRENOM'],
];
const DIALECT = { encoding: 'windows-1252', delimiter: ';', quote: '"', newline: 'crlf' };
const DAY_MS = 86_400_000;
const ED25519_SPKI_PREFIX = 12;

const inDays = (days: number): string => `${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 19)}Z`;

/** A public key line in OpenSSH's format (RFC 8709). Nobody connects in this benchmark. */
function sshPublicKey(): string {
  const spki = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  const field = (bytes: Uint8Array): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const wire = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(spki.subarray(ED25519_SPKI_PREFIX))]);
  return `ssh-ed25519 ${wire.toString('base64')}`;
}

/** The outline, for `migrate instructions draft`; the identities and the contract are the files that it names. */
export function outline(): object {
  return {
    job: 'bench',
    version: 1,
    notBefore: inDays(-1),
    expires: inDays(30),
    proposedBy: { name: 'Jean Petit', organisation: 'Logilab Services' },
    processor: { name: 'Logilab Services', country: 'FR', operators: [{ ...party('operator'), ...OPERATOR }] },
    recipients: [{ ...party('recipient'), country: 'FR' }],
    contract: CONTRACT,
    transfers: { outsideEea: false },
    source: { product: 'MegaBus', version: '7.2', endOfLife: true },
    suite: 'xwing-sealedbox',
    datasets: [PATIENTS],
    endpoint: { host: '127.0.0.1', port: 22, country: 'FR', hostKey: sshPublicKey(), folder: '/', readBack: false },
    gates: { delivery: [], purge: ['receipt'] },
    deadlines: { delivery: inDays(14), purge: inDays(28), warnDays: 7, atPurge: 'purge' },
    retention: { dataDays: 30, logsDays: 365, evidenceDays: 3650 },
  };
}

const party = (who: string): object => ({
  name: who,
  identity: `file:${who}.identity.json`,
  sshKey: sshPublicKey(),
  account: who,
});

const OPERATOR = { undertaking: '2026-01-05', unattended: true };

const CONTRACT = {
  reference: 'bench',
  digest: 'file:contract.txt',
  expires: inDays(365).slice(0, 10),
  subjectMatter: 'Migration of the laboratory information system',
  duration: 'three months',
  nature: 'extraction',
  purpose: 'measurement on synthetic data',
  dataKinds: ['synthetic records'],
  dataSubjects: ['nobody'],
};

/** The dataset, as the instructions say it. */
export const PATIENTS: object = {
  name: 'patients',
  dialect: DIALECT,
  fields: PATIENT_FIELDS.map((name) => ({ name })),
  window: {
    field: 'DATE_DERNIERE_VISITE',
    format: 'DD/MM/YYYY',
    from: { date: '2017-05-07', inclusive: true },
    emptyDate: 'withhold',
    impossibleDate: 'withhold',
  },
};
