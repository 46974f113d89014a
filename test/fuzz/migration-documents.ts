/**
 * One small migration from fixed seeds, through core alone: the valid documents that tests start from. Every byte of them
 * is the same each time, so that a seed repeats a run exactly.
 */
import { digestOf, encodeBase64, keyedDigestOf } from '@sealift/core';
import { addSignature, type Signable, type SignedDocument, signDocument } from '@sealift/core/document';
import { parseDatasetName, parseUtcTime, type UtcTime } from '@sealift/core/ids';
import { type InstructionsDocument, verifyInstructions } from '@sealift/core/instructions';
import {
  appendToStory,
  nextEntry,
  replayJournal,
  SEALED_MANIFEST_NAME,
  type Story,
  sealedFileName,
} from '@sealift/core/journal';
import {
  acknowledge,
  approve,
  embed,
  type Manifest,
  makeManifest,
  reportImport,
  validate,
} from '@sealift/core/manifest';
import { type RosterDocument, type VerifiedRoster, verifyRoster } from '@sealift/core/roster';
import { parseSshPublicKey } from '@sealift/core/ssh';
import type { Extraction, PartyDocument, ReceivedDataset, Statement } from '@sealift/core/statement';
import {
  appenderOf,
  type Cast,
  DATASETS,
  gatherCast,
  instructionsOf,
  KEPT,
  makeRoster,
  sshKey,
} from './instructions.ts';

/** Everything valid that a job leaves behind. */
export interface MigrationDocuments {
  readonly cast: Cast;
  readonly roster: RosterDocument;
  readonly pinned: VerifiedRoster;
  readonly instructions: InstructionsDocument;
  /** The story after no entry, after one, and so on to the purge. */
  readonly stories: readonly Story[];
  readonly manifest: Manifest;
  /** Approval, receipt, import and validation. */
  readonly partyDocuments: readonly PartyDocument[];
}

/** The whole migration, from the roster to the purge. Needs `await ready()`. */
export function makeMigration(): MigrationDocuments {
  const cast = gatherCast();
  const roster = makeRoster(cast);
  const pinned = verifyRoster(roster);
  const instructions = signDocument(instructionsOf(cast, pinned), cast.director, cast.manager);
  let story = replayJournal([verifyInstructions(instructions, pinned)], []);
  const stories = [story];
  const partyDocuments: PartyDocument[] = [];
  for (const [clock, state] of steps(cast)) {
    const time = at(clock);
    const statement = state(story, time);
    if ('document' in statement) partyDocuments.push(statement.document);
    const by = {
      signer: appenderOf(statement.kind, cast),
      instructions: story.versions[0]?.digest ?? pinned.digest,
      time,
    };
    story = appendToStory(story, nextEntry(story.chain, statement, by));
    stories.push(story);
  }
  const manifest = makeManifest(story, cast.operator, at('18:00:00'));
  return { cast, roster, pinned, instructions, stories, manifest, partyDocuments };
}

type Step = readonly [clock: string, state: (story: Story, time: UtcTime) => Statement];

/** What is stated when, in the order of a job. */
function steps(cast: Cast): readonly Step[] {
  const { director, manager, recipient } = cast;
  const rows = DATASETS.map(({ name }) => ({ dataset: parseDatasetName(name), rows: KEPT }));
  const extraction = makeExtraction(cast);
  const withManager = <T extends Signable>(document: SignedDocument<T>): SignedDocument<T> =>
    addSignature(document, manager);
  return [
    ['09:00:00', () => extraction],
    ['09:10:00', () => ({ kind: 'refusal', step: 'send', code: 'E_WAITING', message: 'the approval is missing' })],
    ['10:00:00', (story, time) => embed(withManager(approve(story, { signer: director, time })))],
    ['11:00:00', () => deliveryOf(extraction)],
    ['12:00:00', (story, time) => embed(acknowledge(story, received(extraction), { signer: recipient, time }))],
    ['12:30:00', () => ({ kind: 'alert', code: 'E_CLOCK', message: 'the clocks differ' })],
    ['13:00:00', (story, time) => embed(reportImport(story, rows, { signer: recipient, time }))],
    ['14:00:00', (story, time) => embed(withManager(validate(story, rows, { signer: director, time })))],
    ['15:00:00', () => ({ kind: 'disposal', dataset: parseDatasetName('patients'), bytes: 9000, outcome: 'deleted' })],
    ['16:00:00', () => ({ kind: 'purge', basis: 'statements', local: purged(), remote: purged() })],
  ];
}

/** The digest key's wraps are only of the right form: opening them is another test's business, and they'd be random. */
function makeExtraction({ director, manager, recipient }: Cast): Extraction {
  const kem = encodeBase64(new Uint8Array(1120).fill(1));
  const box = encodeBase64(new Uint8Array(96).fill(2));
  return {
    kind: 'extraction',
    tool: { name: 'sealift', version: '0.0.0' },
    source: { product: 'OldLab', version: '4.2' },
    started: at('08:00:00'),
    finished: at('08:59:59'),
    suite: 'xwing-sealedbox',
    digestKey: [director, manager, recipient]
      .map((reader) => ({ recipient: reader.fingerprint, kem, box }))
      .sort((left, right) => (left.recipient < right.recipient ? -1 : 1)),
    datasets: DATASETS.map(({ name, fields }) => ({
      dataset: parseDatasetName(name),
      file: { name: sealedFileName(name), bytes: 8000, digest: digestOf(bytes(`sealed ${name}`)) },
      source: { kind: 'file', bytes: 9000, dispose: true },
      plaintext: { bytes: 7000, digest: keyedDigestOf(bytes(name), new Uint8Array(32)) },
      columns: { kept: fields.map((field) => field.as ?? field.name), withheld: ['Mot de passe'] },
      counts: {
        read: KEPT + 10,
        kept: KEPT,
        malformed: 0,
        emptyDate: 1,
        impossibleDate: 1,
        outsideWindow: 5,
        excluded: 0,
        notLinked: 3,
      },
    })),
  };
}

function deliveryOf({ datasets }: Extraction): Statement {
  const sealedManifest = { name: SEALED_MANIFEST_NAME, bytes: 900, digest: digestOf(bytes('sealed manifest')) };
  return {
    kind: 'delivery',
    server: {
      host: 'sftp.example',
      port: 22,
      address: '192.0.2.1',
      hostKey: parseSshPublicKey(sshKey('host')).fingerprint,
    },
    account: 'operator',
    sshKey: parseSshPublicKey(sshKey('operator')).fingerprint,
    session: { kex: 'curve25519-sha256', cipher: 'aes256-gcm@openssh.com', mac: 'implicit' },
    files: [...datasets.map(({ file }) => file), sealedManifest].map((file) => ({ ...file, readBack: true })),
  };
}

function received({ datasets }: Extraction): ReceivedDataset[] {
  return datasets.map(({ dataset, file, counts, columns, plaintext }) => ({
    dataset,
    file: { bytes: file.bytes, digest: file.digest },
    rows: counts.kept,
    columns: columns.kept,
    plaintext: plaintext.digest,
  }));
}

function purged(): { name: string; outcome: 'deleted' }[] {
  const names = [...DATASETS.map(({ name }) => sealedFileName(name)), SEALED_MANIFEST_NAME];
  return names.map((name) => ({ name, outcome: 'deleted' }));
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A moment of the job's only day. */
const at = (clock: string): UtcTime => parseUtcTime(`2026-03-02T${clock}Z`);
