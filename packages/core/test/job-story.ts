/** The statements of a job that holds, and the stories they make. Needs `await ready()`. */

import { outputHeader } from '../src/allow-list.ts';
import { newDigestKey } from '../src/digest-key.ts';
import { addSignature, type SignedDocument, type Signer } from '../src/envelope.ts';
import type { SecretIdentity } from '../src/identity.ts';
import { parseDatasetName, parseKeyedDigest, type UtcTime } from '../src/ids.ts';
import type { VerifiedInstructions } from '../src/instructions.ts';
import { SEALED_MANIFEST_NAME, sealedFileName } from '../src/journal/agreement.ts';
import { type EntryDocument, nextEntry } from '../src/journal/entry.ts';
import { acknowledge, approve, embed, reportImport, revoke, validate } from '../src/journal/party-statement.ts';
import { appendToStory, beginStory, currentInstructions, type Story } from '../src/journal/replay.ts';
import { digestOf } from '../src/sha256.ts';
import { parseSshPublicKey } from '../src/ssh-public-key.ts';
import type {
  DatasetRows,
  Delivery,
  EmbeddedStatement,
  Extraction,
  PartyStatement,
  Purge,
  ReceivedDataset,
  Statement,
} from '../src/statement.ts';
import { alice, at, biologist, director, instructed, novalis } from './laboratory.ts';

export const KEPT = 90;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An extraction under the instructions: 100 rows read of each dataset, {@link KEPT} kept. */
export function extractionOf(instructions: VerifiedInstructions, changes: Partial<Extraction> = {}): Extraction {
  const { signed } = instructions;
  return {
    kind: 'extraction',
    tool: { name: 'sealift', version: '0.0.0' },
    source: { product: signed.source.product, version: signed.source.version },
    started: at('07:00'),
    finished: at('07:30'),
    suite: signed.suite,
    digestKey: newDigestKey(instructions).wraps,
    datasets: signed.datasets.map((dataset) => ({
      dataset: parseDatasetName(dataset.name),
      file: { name: sealedFileName(dataset.name), bytes: 5000, digest: digestOf(utf8(dataset.name)) },
      source: { kind: 'file', bytes: 4000 },
      plaintext: { bytes: 3000, digest: parseKeyedDigest(`hmac-sha256:${'a'.repeat(64)}`) },
      columns: { kept: outputHeader(dataset), withheld: ['MP'] },
      counts: {
        read: 100,
        kept: KEPT,
        malformed: 0,
        emptyDate: 1,
        impossibleDate: 1,
        outsideWindow: 5,
        excluded: 0,
        notLinked: 3,
      },
    })),
    ...changes,
  };
}

function extracted(story: Story): Extraction {
  const { extraction } = story.progress;
  if (extraction === undefined) throw new Error('the story has no extraction');
  return extraction.statement;
}

/** Alice's delivery of a story's extraction. */
export function deliveryOf(story: Story, changes: Partial<Delivery> = {}): Delivery {
  const { endpoint, processor } = currentInstructions(story).signed;
  const [operator] = processor.operators;
  return {
    kind: 'delivery',
    server: {
      host: endpoint.host,
      port: endpoint.port,
      address: '192.0.2.7',
      hostKey: parseSshPublicKey(endpoint.hostKey).fingerprint,
    },
    account: operator?.account ?? '',
    sshKey: parseSshPublicKey(operator?.sshKey ?? '').fingerprint,
    session: { kex: 'curve25519-sha256', cipher: 'aes256-gcm@openssh.com', mac: 'implicit' },
    files: [
      ...extracted(story).datasets.map(({ file }) => ({ ...file, readBack: true })),
      { name: SEALED_MANIFEST_NAME, bytes: 700, digest: digestOf(utf8('manifest')), readBack: true },
    ],
    ...changes,
  };
}

/** What a recipient finds in a story's files. */
export function receivedOf(story: Story): ReceivedDataset[] {
  return extracted(story).datasets.map(({ dataset, file: { bytes, digest }, counts, columns, plaintext }) => ({
    dataset,
    file: { bytes, digest },
    rows: counts.kept,
    columns: columns.kept,
    plaintext: plaintext.digest,
  }));
}

/** So many rows of each dataset. */
export function rowsOf(story: Story, rows: number = KEPT): DatasetRows[] {
  return currentInstructions(story).signed.datasets.map(({ name }) => ({ dataset: parseDatasetName(name), rows }));
}

/** A purge of every copy. */
export function purgeOf(story: Story, basis: Purge['basis'] = 'statements'): Purge {
  const files = [...currentInstructions(story).signed.datasets.map(({ name }) => sealedFileName(name))];
  const gone = [...files, SEALED_MANIFEST_NAME].map((name) => ({ name, outcome: 'deleted' as const }));
  return { kind: 'purge', basis, local: gone, remote: gone };
}

/** A controller's document with the second signature of the biologist. */
function bySecondSigner<T extends PartyStatement>(document: SignedDocument<T>): SignedDocument<T> {
  return addSignature(document, biologist());
}

const stating = (time: UtcTime, signer: Signer = director()): { signer: Signer; time: UtcTime } => ({ signer, time });

export function approvalOf(story: Story, time: UtcTime = at('10:00')): EmbeddedStatement {
  return embed(bySecondSigner(approve(story, stating(time))));
}

export function receiptOf(
  story: Story,
  by: SecretIdentity = novalis(),
  time: UtcTime = at('12:00'),
): EmbeddedStatement {
  return embed(acknowledge(story, receivedOf(story), stating(time, by)));
}

export function importOf(
  story: Story,
  rows: number = KEPT,
  by: SecretIdentity = novalis(),
  time: UtcTime = at('13:00'),
): EmbeddedStatement {
  return embed(reportImport(story, rowsOf(story, rows), stating(time, by)));
}

export function validationOf(story: Story, rows: number = KEPT, time: UtcTime = at('14:00')): EmbeddedStatement {
  return embed(bySecondSigner(validate(story, rowsOf(story, rows), stating(time))));
}

export function revocationOf(story: Story, time: UtcTime = at('15:00')): EmbeddedStatement {
  return embed(bySecondSigner(revoke(story, 'a data breach at the vendor', stating(time))));
}

/** The next entry of a story, by Alice. */
export function entryOf(story: Story, statement: Statement, time: UtcTime, signer: Signer = alice()): EntryDocument {
  return nextEntry(story.chain, statement, { signer, instructions: currentInstructions(story).digest, time });
}

/** A story and one entry more. */
export function followedBy(story: Story, statement: Statement, time: UtcTime, signer: Signer = alice()): Story {
  return appendToStory(story, entryOf(story, statement, time, signer));
}

/** The stations of a job, in order. */
export const STATIONS = [
  'authorised',
  'extracted',
  'approved',
  'delivered',
  'received',
  'imported',
  'validated',
  'purged',
] as const;
export type Station = (typeof STATIONS)[number];

const STEPS: Readonly<Record<Exclude<Station, 'authorised'>, (story: Story) => Story>> = {
  extracted: (story) => followedBy(story, extractionOf(currentInstructions(story)), at('09:00')),
  approved: (story) => followedBy(story, approvalOf(story), at('10:00')),
  delivered: (story) => followedBy(story, deliveryOf(story), at('11:00')),
  received: (story) => followedBy(story, receiptOf(story), at('12:00')),
  imported: (story) => followedBy(story, importOf(story), at('13:00')),
  validated: (story) => followedBy(story, validationOf(story), at('14:00')),
  purged: (story) => followedBy(story, purgeOf(story), at('16:00')),
};

/** The story of a job up to a station. */
export function storyUpTo(station: Station, instructions: VerifiedInstructions = instructed()): Story {
  let story = beginStory(instructions);
  for (const step of STATIONS.slice(1, STATIONS.indexOf(station) + 1)) {
    if (step !== 'authorised') story = STEPS[step](story);
  }
  return story;
}
