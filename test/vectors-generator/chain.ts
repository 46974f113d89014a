/** The journal of the job, step by step, honest but for what a vector changes. Written from the format, not by core's journal. */
import { documentDigest, type SignedDocument } from '../../packages/core/src/envelope.ts';
import type { Digest } from '../../packages/core/src/ids.ts';
import type { InstructionsDocument } from '../../packages/core/src/instructions.ts';
import type { Entry, EntryDocument } from '../../packages/core/src/journal/entry.ts';
import type { Checkpoint, Manifest } from '../../packages/core/src/journal/manifest.ts';
import { keyedDigestOf } from '../../packages/core/src/keyed-digest.ts';
import type { RosterDocument } from '../../packages/core/src/roster.ts';
import { digestOf } from '../../packages/core/src/sha256.ts';
import { encodeUtf8 } from '../../packages/core/src/utf8.ts';
import type { WrappedKey } from '../../packages/core/src/wrap.ts';
import { changed, type Edit, signedBy } from './edit.ts';
import { instructions, JOB, roster } from './job.ts';
import { DIGEST_KEY_PURPOSE, fixedBytes, type PersonId, person, sshKeyOf } from './people.ts';

/** The digest key of the job, wrapped for several readers: made once, for wraps are random. */
export interface FreshParts {
  readonly digestKey: Readonly<Partial<Record<PersonId, WrappedKey>>>;
}

/** The kinds of statement that another party signs. */
const EMBEDDED = ['approval', 'receipt', 'import', 'validation', 'revocation'] as const;
type Embedded = (typeof EMBEDDED)[number];
type Own = 'extraction' | 'delivery' | 'purge' | 'disposal' | 'abort' | 'repair' | 'refusal' | 'alert';

/** One entry to be made, and what is wrong with it. */
export interface Step {
  readonly kind: Embedded | Own;
  readonly time: string;
  /** Who appends the entry. */
  readonly signers: readonly PersonId[];
  /** Who signs the embedded document. */
  readonly authors: readonly PersonId[];
  /** The statement without its kind, or the embedded document without type, job, instructions, head and time. */
  readonly body: object | ((chain: Chain) => object);
  /** Changes of the statement or of the embedded document, before they are signed. */
  readonly edits?: readonly Edit[];
  /** Changes of the entry before it is signed. */
  readonly entryEdits?: readonly Edit[];
  /** Which version of the instructions it is made under. */
  readonly version?: number;
}

/** The chain before an entry. */
export interface Chain {
  readonly seq: number;
  readonly heads: readonly Digest[];
  /** The digest of the extraction's entry. */
  readonly extraction: Digest;
}

/** Who may open the digest key under the plain roster and instructions. */
const READERS: readonly PersonId[] = ['recipient1', 'signer1'];

const HOLDER = { signers: ['operator1'], authors: [] } as const;

/** The whole job, from the extraction to the purge. */
export function honest(fresh: FreshParts, readers: readonly PersonId[] = READERS): Step[] {
  const day = (clock: string): string => `2026-03-10T${clock}:00Z`;
  return [
    { ...HOLDER, kind: 'extraction', time: day('08:00'), body: extractionBody(fresh, readers) },
    { ...HOLDER, kind: 'approval', time: day('09:00'), authors: ['signer1'], body: approvalBody },
    { ...HOLDER, kind: 'delivery', time: day('10:00'), body: deliveryBody() },
    { ...HOLDER, kind: 'receipt', time: day('11:00'), authors: ['recipient1'], body: receiptBody('recipient1') },
    { ...HOLDER, kind: 'import', time: day('12:00'), authors: ['recipient1'], body: importBody('recipient1') },
    { ...HOLDER, kind: 'validation', time: day('13:00'), authors: ['signer1'], body: { datasets: rows() } },
    { ...HOLDER, kind: 'purge', time: day('14:00'), body: purgeBody() },
  ];
}

/** The job up to a step, that step included. */
export function until(steps: readonly Step[], kind: Step['kind']): Step[] {
  return steps.slice(0, steps.findIndex((step) => step.kind === kind) + 1);
}

/** The job with one step made otherwise, or left out. */
export function withStep(steps: readonly Step[], kind: Step['kind'], change: Partial<Step> | undefined): Step[] {
  return steps.flatMap((step) =>
    step.kind === kind ? (change === undefined ? [] : [{ ...step, ...change }]) : [step],
  );
}

/** The entries of some steps, chained and signed. */
export function entriesOf(
  steps: readonly Step[],
  versions: readonly InstructionsDocument[] = [instructions()],
): EntryDocument[] {
  const digests = versions.map(({ signed }) => documentDigest(signed));
  const heads: Digest[] = digests.slice(0, 1);
  const entries: EntryDocument[] = [];
  let extraction = digestOf(encodeUtf8('nothing'));
  for (const step of steps) {
    const chain = { seq: entries.length, heads: [...heads], extraction };
    const entry = entryOf(step, chain, digests[step.version ?? 0] ?? extraction);
    const digest = documentDigest(entry.signed);
    if (step.kind === 'extraction') extraction = digest;
    heads.push(digest);
    entries.push(entry);
  }
  return entries;
}

function entryOf(step: Step, chain: Chain, acting: Digest): EntryDocument {
  const { kind, time, edits = [], entryEdits = [], signers, authors } = step;
  const body = { ...(typeof step.body === 'function' ? step.body(chain) : step.body) };
  const prev = chain.heads.at(-1);
  const statement = isEmbedded(kind)
    ? { kind, document: embedded({ kind, time, body, edits, authors }, acting, prev) }
    : changed({ kind, ...body }, ...edits);
  const entry = { type: 'sealift.entry.v1', job: JOB, seq: chain.seq, time, prev, instructions: acting, statement };
  return signedBy(changed(entry as unknown as Entry, ...entryEdits), ...signers);
}

function embedded(
  step: Pick<Step, 'kind' | 'time' | 'authors'> & {
    readonly body: Record<string, unknown>;
    readonly edits: readonly Edit[];
  },
  acting: Digest,
  head: Digest | undefined,
): SignedDocument<{ type: string }> {
  const { kind, time, body, edits, authors } = step;
  const signed = { type: `sealift.${kind}.v1`, job: JOB, instructions: acting, head, time, ...body };
  return signedBy(changed(signed, ...edits), ...authors);
}

function isEmbedded(kind: Step['kind']): kind is Embedded {
  return (EMBEDDED as readonly string[]).includes(kind);
}

const FILES = [
  { dataset: 'patients', bytes: 4000, kept: 40, columns: ['number', 'NOM'] },
  { dataset: 'results', bytes: 9000, kept: 90, columns: ['PATIENT', 'DATE', 'VALEUR'] },
] as const;

const fileDigest = (name: string): Digest => digestOf(encodeUtf8(`the sealed file ${name}`));
const rows = () => FILES.map(({ dataset, kept }) => ({ dataset, rows: kept }));

/** The keyed digest of a dataset's plaintext. */
function plaintextDigest(dataset: string): string {
  return keyedDigestOf(fixedBytes(`plaintext of ${dataset}`), fixedBytes(DIGEST_KEY_PURPOSE));
}

/** How the rows of the results lie in time: the window begins with 2016. */
const DATES = {
  field: 'DATE',
  years: [
    { year: 2015, kept: 0, withheld: 4 },
    { year: 2016, kept: 50, withheld: 0 },
    { year: 2024, kept: 40, withheld: 0 },
  ],
  firstKept: '2016-01-01',
  lastKept: '2024-02-29',
} as const;

/** The digest key as the extraction of a job with these readers holds it. */
export function digestKeyFor(fresh: FreshParts, readers: readonly PersonId[]): WrappedKey[] {
  const wraps = readers.flatMap((id) => fresh.digestKey[id] ?? []);
  return wraps.toSorted((left, right) => (left.recipient < right.recipient ? -1 : 1));
}

function extractionBody(fresh: FreshParts, readers: readonly PersonId[]): object {
  return {
    tool: { name: 'migrate', version: '0.0.0' },
    source: { product: 'Ancien', version: '1.0' },
    started: '2026-03-10T07:59:00Z',
    finished: '2026-03-10T08:00:00Z',
    suite: 'sealedbox',
    digestKey: digestKeyFor(fresh, readers),
    datasets: FILES.map(({ dataset, bytes, kept, columns }) => ({
      dataset,
      file: { name: `${dataset}.csv.sealed`, bytes, digest: fileDigest(dataset) },
      source: { kind: 'file', bytes: bytes * 3 },
      plaintext: { bytes: bytes - 1000, digest: plaintextDigest(dataset) },
      columns: { kept: columns, withheld: ['MP'] },
      counts: {
        read: kept + 10,
        kept,
        malformed: 0,
        emptyDate: 3,
        impossibleDate: 3,
        outsideWindow: 4,
        excluded: 0,
        notLinked: 0,
      },
      ...(dataset === 'results' ? { dates: DATES } : {}),
    })),
  };
}

function approvalBody({ extraction }: Chain): object {
  return { extraction, datasets: FILES.map(({ dataset, kept, columns }) => ({ dataset, rows: kept, columns })) };
}

function deliveryBody(): object {
  const names = [...FILES.map(({ dataset }) => ({ name: `${dataset}.csv.sealed`, dataset }))];
  return {
    server: {
      host: 'sftp.laboratoire.example',
      port: 22,
      address: '192.0.2.7',
      hostKey: sshFingerprint(sshKeyOf('server')),
    },
    account: 'nils',
    sshKey: sshFingerprint(sshKeyOf('operator1')),
    session: { kex: 'curve25519-sha256', cipher: 'aes256-gcm@openssh.com', mac: 'implicit' },
    files: [
      ...names.map(({ name, dataset }) => ({
        name,
        bytes: FILES.find((file) => file.dataset === dataset)?.bytes,
        digest: fileDigest(dataset),
        readBack: true,
      })),
      { name: 'manifest.json.sealed', bytes: 7000, digest: fileDigest('manifest'), readBack: true },
    ],
  };
}

/** OpenSSH's SHA256 fingerprint of a public key line. */
function sshFingerprint(line: string): string {
  const blob = Uint8Array.from(atob(line.split(' ')[1] ?? ''), (character) => character.charCodeAt(0));
  const hex = digestOf(blob).slice('sha256:'.length);
  const bytes = hex.match(/../g)?.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))) ?? [];
  return `SHA256:${btoa(bytes.join('')).replace(/=+$/, '')}`;
}

/** A receipt of a recipient. */
export function receiptBody(recipient: PersonId): object {
  return {
    recipient: person(recipient).fingerprint,
    datasets: FILES.map(({ dataset, bytes, kept, columns }) => ({
      dataset,
      file: { bytes, digest: fileDigest(dataset) },
      rows: kept,
      columns,
      plaintext: plaintextDigest(dataset),
    })),
  };
}

/** An import of a recipient. */
export function importBody(recipient: PersonId): object {
  return { recipient: person(recipient).fingerprint, datasets: rows() };
}

function purgeBody(): object {
  const files = FILES.map(({ dataset }) => ({ name: `${dataset}.csv.sealed`, outcome: 'deleted' }));
  const manifest = { name: 'manifest.json.sealed', outcome: 'deleted' };
  return { basis: 'statements', local: [...files, manifest], remote: [...files, manifest] };
}

/** A manifest of entries; its checkpoint is of exactly those. */
export function manifestOf(
  entries: readonly EntryDocument[],
  parts: { readonly roster?: RosterDocument; readonly versions?: readonly InstructionsDocument[] } = {},
  checkpoint: { readonly edits?: readonly Edit[]; readonly signers?: readonly PersonId[] } = {},
): Manifest {
  const versions = parts.versions ?? [instructions()];
  const last = entries.at(-1)?.signed ?? versions[0]?.signed;
  const signed = {
    type: 'sealift.checkpoint.v1',
    job: JOB,
    seq: entries.length,
    head: last === undefined ? '' : documentDigest(last),
    time: '2026-03-10T15:00:00Z',
  };
  return {
    type: 'sealift.manifest.v1',
    roster: parts.roster ?? roster(),
    instructions: versions,
    entries,
    checkpoint: signedBy(
      changed(signed as unknown as Checkpoint, ...(checkpoint.edits ?? [])),
      ...(checkpoint.signers ?? ['operator1']),
    ),
  };
}
