/** Runs a vector through core, and says what came out. The same code serves the tests and `generate.mjs --check`. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBase64, encodeBase64 } from '../../packages/core/src/base64.ts';
import { canonicalJson } from '../../packages/core/src/canonical.ts';
import { requireController } from '../../packages/core/src/controller.ts';
import { type DocumentType, type DocumentTypes, readDocument } from '../../packages/core/src/document.ts';
import { documentDigest } from '../../packages/core/src/envelope.ts';
import { SealiftError } from '../../packages/core/src/errors.ts';
import { identityFromSeed, readIdentity, type SecretIdentity } from '../../packages/core/src/identity.ts';
import { parseDigest, parseFingerprint, parseJobId, parseUtcTime } from '../../packages/core/src/ids.ts';
import { requireInForce, verifyInstructions } from '../../packages/core/src/instructions.ts';
import { verifyManifest } from '../../packages/core/src/journal/manifest.ts';
import { currentInstructions, procedureOf, replayJournal, type Story } from '../../packages/core/src/journal/replay.ts';
import { stateOf } from '../../packages/core/src/journal/state.ts';
import { requireWitness } from '../../packages/core/src/journal/witness.ts';
import { parseJson } from '../../packages/core/src/json.ts';
import { readJournalFile } from '../../packages/core/src/node/journal-file.ts';
import { Ledger } from '../../packages/core/src/node/ledger.ts';
import { requireOperator } from '../../packages/core/src/processor.ts';
import { requireRecipients } from '../../packages/core/src/recipient.ts';
import { type VerifiedRoster, verifyRoster, verifySuccessor } from '../../packages/core/src/roster.ts';
import { Opener } from '../../packages/core/src/sealed/open.ts';
import { unlockIdentity } from '../../packages/core/src/secret-identity.ts';
import { digestOf } from '../../packages/core/src/sha256.ts';
import type { Suite, WrappedKey } from '../../packages/core/src/wrap.ts';
import { unwrapKey } from '../../packages/core/src/wrap.ts';
import type { TestOnlyIdentity } from './people.ts';
import { type Expectation, type Index, LAYERS, type Run, type Stage, type Vector, type Witness } from './vector.ts';

/** What came out: nothing wrong, or how far the file got and the code of the error. `wrong` is a result that differs. */
export type Outcome = 'accept' | { readonly stage: Stage; readonly code: string } | { readonly wrong: string };

type Of<Kind extends Run['run']> = Extract<Vector, { run: Kind }>;

/** A vector that is being run. */
class Running {
  readonly folder: string;
  readonly bytes: Uint8Array;
  stage: Stage = 'reader';

  constructor(folder: string, bytes: Uint8Array) {
    this.folder = folder;
    this.bytes = bytes;
  }

  /** Reads the vector's file: the stage tells the reader and the schema apart. */
  read<T extends DocumentType>(type: T): DocumentTypes[T] {
    this.stage = 'reader';
    parseJson(this.bytes, { maxBytes: 64 << 20 });
    this.stage = 'schema';
    const { document } = readDocument(this.bytes, type);
    this.stage = 'rules';
    return document;
  }

  async file(path: string): Promise<Uint8Array> {
    return new Uint8Array(await readFile(join(this.folder, path)));
  }

  async roster(path: string): Promise<VerifiedRoster> {
    return verifyRoster(readDocument(await this.file(path), 'sealift.roster.v1').document);
  }

  async canonical(path: string | undefined, value: unknown): Promise<void> {
    if (path !== undefined)
      same('canonical form', Buffer.from(canonicalJson(value)), Buffer.from(await this.file(path)));
  }
}

/** A result that is not the one that the vector names. */
class Difference extends Error {}

function same(what: string, found: unknown, wanted: unknown): void {
  const equal = Buffer.isBuffer(found) && Buffer.isBuffer(wanted) ? found.equals(wanted) : found === wanted;
  if (wanted !== undefined && !equal) throw new Difference(`the ${what} differs: ${String(found)}`);
}

/** Reads the index of a folder of vectors. */
export async function readIndex(folder: string): Promise<Index> {
  return JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as Index;
}

/** The bytes of a vector: its file, or ranges of other files one after the other. */
export async function bytesOf({ file, parts }: Vector, folder: string): Promise<Uint8Array> {
  const ranges = parts ?? (file === undefined ? [] : [{ file, from: 0, to: Number.POSITIVE_INFINITY }]);
  const pieces = ranges.map(async ({ file: path, from, to }) =>
    (await readFile(join(folder, path))).subarray(from, to),
  );
  return new Uint8Array(Buffer.concat(await Promise.all(pieces)));
}

/** Runs one vector of a folder. */
export async function outcomeOf(vector: Vector, folder: string): Promise<Outcome> {
  const running = new Running(folder, await bytesOf(vector, folder));
  try {
    await runVector(vector, running);
    return 'accept';
  } catch (cause) {
    if (cause instanceof SealiftError) return { stage: running.stage, code: cause.code };
    if (cause instanceof Difference) return { wrong: cause.message };
    throw cause;
  }
}

/** What {@link outcomeOf} must return. */
export function expectedOutcome(expect: Expectation): Outcome {
  return expect === 'accept' ? expect : { stage: LAYERS[expect.layer].stage, code: expect.code };
}

async function runVector(vector: Vector, running: Running): Promise<void> {
  switch (vector.run) {
    case 'json':
      return running.canonical(vector.canonical, parseJson(running.bytes, { maxBytes: 1 << 20 }).value);
    case 'document':
      return runDocument(vector, running);
    case 'controller':
      return void requireController(await running.roster(vector.roster), signedDocument(running.read(vector.type)));
    case 'identity':
      return same('fingerprint', readIdentity(running.read('sealift.identity.v1')).fingerprint, vector.fingerprint);
    case 'secret-identity': {
      const secret = await unlockIdentity(running.read('sealift.secret-identity.v1'), vector.passphrase);
      return same('fingerprint', secret.fingerprint, vector.fingerprint);
    }
    case 'roster':
      return runRoster(vector, running);
    case 'instructions':
      return runInstructions(vector, running);
    case 'journal':
      return runJournal(vector, running);
    case 'manifest':
      return requireStory(
        verifyManifest(running.read('sealift.manifest.v1'), await running.roster(vector.roster)),
        vector,
      );
    case 'sealed':
      return runSealed(vector, running);
    case 'digest-key':
      return runDigestKey(vector, running);
  }
}

interface AnySigned {
  readonly signed: { readonly type: string };
  readonly signatures: Parameters<typeof requireController>[1]['signatures'];
}

function signedDocument(document: object): AnySigned {
  return document as AnySigned;
}

async function runDocument(vector: Of<'document'>, running: Running): Promise<void> {
  const document = running.read(vector.type);
  await running.canonical(vector.canonical, document);
  same('digest', documentDigest(signedDocument(document).signed), vector.digest);
}

async function runRoster(vector: Of<'roster'>, running: Running): Promise<void> {
  const document = running.read('sealift.roster.v1');
  const roster =
    vector.pinned === undefined
      ? verifyRoster(document)
      : verifySuccessor(await running.roster(vector.pinned), document);
  same('fingerprint', roster.fingerprint, vector.fingerprint);
}

async function runInstructions(vector: Of<'instructions'>, running: Running): Promise<void> {
  const { clock, operator, seen } = vector;
  const roster = await running.roster(vector.roster);
  const instructions = verifyInstructions(running.read('sealift.instructions.v1'), roster);
  const now = parseUtcTime(clock);
  requireInForce(instructions, now);
  requireRecipients(instructions, now);
  if (operator !== undefined) requireOperator(instructions, parseFingerprint(operator), now);
  if (seen === undefined) return;
  const state = await mkdtemp(join(tmpdir(), 'sealift-vectors-'));
  try {
    const ledger = new Ledger(state);
    const earlier = readDocument(await running.file(seen), 'sealift.instructions.v1').document;
    await ledger.admit(verifyInstructions(earlier, roster));
    await ledger.admit(instructions);
  } finally {
    await rm(state, { recursive: true });
  }
}

async function runJournal(vector: Of<'journal'>, running: Running): Promise<void> {
  running.stage = 'rules';
  const roster = await running.roster(vector.roster);
  const documents = await Promise.all(vector.instructions.map((path) => running.file(path)));
  const versions = documents.map((bytes) =>
    verifyInstructions(readDocument(bytes, 'sealift.instructions.v1').document, roster),
  );
  const { entries } = await readJournalFile(join(running.folder, vector.file ?? ''));
  requireStory(replayJournal(versions, entries), vector);
}

/** The witness's head is the chain's own after that many entries; the state is the one named. */
function requireStory(story: Story, { witness, state }: { readonly witness?: Witness; readonly state?: string }): void {
  if (witness !== undefined) requireWitness(story, { ...witness, head: parseDigest(witness.head) });
  same('state', stateOf(story.progress, procedureOf(currentInstructions(story))), state);
}

const secrets = new Map<string, Promise<SecretIdentity>>();

/** An identity of the vectors, from its published seed. */
export function identityOf(id: string, folder: string): Promise<SecretIdentity> {
  const secret = secrets.get(id) ?? readSecret(id, folder);
  secrets.set(id, secret);
  return secret;
}

async function readSecret(id: string, folder: string): Promise<SecretIdentity> {
  const text = await readFile(join(folder, '../common/identities.json'), 'utf8');
  const { identities } = JSON.parse(text) as { identities: readonly TestOnlyIdentity[] };
  const one = identities.find((identity) => identity.id === id);
  if (one === undefined) throw new Error(`there is no identity ${id}`);
  const secret = identityFromSeed(decodeBase64(one.testOnlySeed), one.name, parseUtcTime(one.created));
  same('fingerprint', secret.fingerprint, one.fingerprint);
  return secret;
}

/** Whole, in pieces, byte by byte: three readings with one outcome. */
async function runSealed(vector: Of<'sealed'>, running: Running): Promise<void> {
  running.stage = 'rules';
  const secret = await identityOf(vector.identity, running.folder);
  const lengths = [() => running.bytes.length, piecesOf(vector.name), () => 1];
  const readings = lengths.map((next) => reading(running.bytes, next, vector, secret));
  const outcomes = readings.map((one) => (one instanceof SealiftError ? one.code : digestOf(one)));
  checkSealedPieces(outcomes);
  const [whole] = outcomes;
  const [outcome] = readings;
  if (outcome instanceof SealiftError) throw outcome;
  same('length', outcome?.length, vector.plaintext?.bytes);
  same('plaintext', whole, vector.plaintext?.digest);
}

/** Every way of reading a file has the outcome of the first. */
export function checkSealedPieces([whole, ...others]: readonly string[]): void {
  for (const other of others) same('outcome of reading in pieces', other, whole);
}

/** Lengths of pieces that look random and are the same in every run. */
function piecesOf(name: string): () => number {
  let state = Array.from(name).reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
  return () => {
    state = (state * 1_103_515_245 + 12_345) >>> 0;
    return (state >>> 8) % (state & 0x80 ? 9000 : 40);
  };
}

function reading(
  bytes: Uint8Array,
  next: () => number,
  vector: Of<'sealed'>,
  secret: SecretIdentity,
): Uint8Array | SealiftError {
  const { job, dataset } = vector;
  const opener = new Opener(secret, job === undefined || dataset === undefined ? undefined : { job, dataset });
  const plaintext: Uint8Array[] = [];
  try {
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + next());
      plaintext.push(...opener.push(bytes.subarray(at, end)));
      at = end;
    }
    plaintext.push(...opener.finish());
    return new Uint8Array(Buffer.concat(plaintext));
  } catch (cause) {
    if (cause instanceof SealiftError) return cause;
    throw cause;
  }
}

async function runDigestKey(vector: Of<'digest-key'>, running: Running): Promise<void> {
  const text = new TextDecoder().decode(running.bytes);
  running.stage = 'rules';
  const { suite, digestKey } = JSON.parse(text) as { suite: Suite; digestKey: readonly WrappedKey[] };
  const secret = await identityOf(vector.identity, running.folder);
  const place = { suite, purpose: 'digest', job: parseJobId(vector.job), dataset: '' } as const;
  same('key', encodeBase64(unwrapKey(digestKey, secret, place)), vector.key);
}
