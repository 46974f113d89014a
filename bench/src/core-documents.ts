/** `bench core`: documents signed and verified beside the platform's own means, and the manifest of a long journal. */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { join } from 'node:path';
import { ready } from '@sealift/core';
import { documentDigest, readDocument, type Signable, signDocument, verifiedSigners } from '@sealift/core/document';
import { type SecretIdentity, unlockIdentity } from '@sealift/core/identity';
import { utcTime } from '@sealift/core/ids';
import { type VerifiedInstructions, verifyInstructions } from '@sealift/core/instructions';
import { type ChainHead, type EntryDocument, nextEntry, replayJournal } from '@sealift/core/journal';
import { makeManifest, verifyManifest } from '@sealift/core/manifest';
import { canonicalLine, readDocumentFile, readIdentityFile } from '@sealift/core/node';
import { verifyRoster } from '@sealift/core/roster';
import { type Comparison, compareRates, compareTimes, medians } from './comparison.ts';

const DOCUMENTS = 500;
const ENTRIES = 10_000;
/** A manifest of {@link ENTRIES} must be verified in less. */
const GOAL_MS = 6000;

/** @param folder where the stage has prepared a job */
export async function compareDocuments(folder: string, rounds: number): Promise<Comparison[]> {
  await ready();
  const operator = await unlockIdentity(await readIdentityFile(join(folder, 'operator.key.json')), undefined);
  const { document } = await readDocumentFile(join(folder, 'lab.roster.json'), 'sealift.roster.v1');
  const roster = verifyRoster(document);
  const draft = await readDocumentFile(join(folder, 'lab.json'), 'sealift.instructions.v1');
  const instructions = verifyInstructions(draft.document, roster);
  return [
    await compareSigning(instructions.signed, operator, rounds),
    await compareVerification(instructions, operator, rounds),
  ];
}

/** The job's instructions as canonical JSON, signed and verified; the peer writes JSON as it comes. */
async function compareSigning(signed: Signable, operator: SecretIdentity, rounds: number): Promise<Comparison> {
  const keys = new Map([[operator.fingerprint, operator.identity]]);
  const ours = (): boolean => verifiedSigners(signDocument(signed, operator), keys).size === 1;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bytes = (): Buffer => Buffer.from(JSON.stringify(signed));
  const theirs = (): boolean => verify(null, bytes(), publicKey, sign(null, bytes(), privateKey));
  const times = await medians(
    [
      { name: 'ours', run: async () => timeOf(() => repeat(DOCUMENTS, ours)) },
      { name: 'theirs', run: async () => timeOf(() => repeat(DOCUMENTS, theirs)) },
    ],
    rounds,
  );
  const [mine, other] = [times.get('ours') ?? Number.NaN, times.get('theirs') ?? Number.NaN];
  return compareRates(
    'canonicalise, sign, verify',
    'JSON.stringify and Ed25519 of node:crypto',
    mine,
    other,
    DOCUMENTS,
  );
}

function repeat(count: number, step: () => boolean): void {
  for (let done = 0; done < count; done += 1) if (!step()) throw new Error('a signature does not hold');
}

/** From the bytes of `manifest.json` to the verdict. */
async function compareVerification(
  instructions: VerifiedInstructions,
  operator: SecretIdentity,
  rounds: number,
): Promise<Comparison> {
  const bytes = manifestOf(instructions, operator);
  const run = async (): Promise<number> =>
    timeOf(() => {
      const { document } = readDocument(bytes, 'sealift.manifest.v1');
      if (verifyManifest(document, instructions.roster).chain.seq !== ENTRIES) throw new Error('entries are missing');
    });
  const times = await medians([{ name: 'ours', run }], rounds);
  const name = `verify a manifest of ${ENTRIES} entries`;
  return compareTimes(name, 'the goal', times.get('ours') ?? Number.NaN, GOAL_MS);
}

/** A manifest whose journal holds nothing but alerts, which a job may have any number of. */
function manifestOf(instructions: VerifiedInstructions, operator: SecretIdentity): Uint8Array {
  const time = utcTime(new Date());
  const entries: EntryDocument[] = [];
  let chain: ChainHead = { job: instructions.signed.job, seq: 0, head: instructions.digest, time: undefined };
  while (entries.length < ENTRIES) {
    const statement = { kind: 'alert', code: 'E_CLOCK', message: `alert ${chain.seq}` } as const;
    const entry = nextEntry(chain, statement, { signer: operator, instructions: instructions.digest, time });
    entries.push(entry);
    chain = { job: chain.job, seq: chain.seq + 1, head: documentDigest(entry.signed), time };
  }
  return canonicalLine(makeManifest(replayJournal([instructions], entries), operator, time));
}

function timeOf(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}
