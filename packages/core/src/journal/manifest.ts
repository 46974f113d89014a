/** The manifest: roster, instructions, journal and checkpoint in one file, verifiable offline (doc/format.md section 13). */
import { documentDigest, type SignedDocument, type Signer, signDocument, verifiedSigners } from '../envelope.ts';
import { SealiftError } from '../errors.ts';
import type { Digest, JobId, UtcTime } from '../ids.ts';
import { type InstructionsDocument, verifyInstructions } from '../instructions.ts';
import { identitiesOf } from '../party.ts';
import { requireOperator } from '../processor.ts';
import type { RosterDocument, VerifiedRoster } from '../roster.ts';
import type { EntryDocument } from './entry.ts';
import { currentInstructions, replayJournal, type Story } from './replay.ts';

/** The members of a checkpoint: the head of a journal and the number of its entries. */
export interface Checkpoint {
  readonly type: 'sealift.checkpoint.v1';
  readonly job: JobId;
  readonly seq: number;
  readonly head: Digest;
  readonly time: UtcTime;
}

/** `manifest.json`: not a signed document itself, but made of signed documents. */
export interface Manifest {
  readonly type: 'sealift.manifest.v1';
  readonly roster: RosterDocument;
  readonly instructions: readonly InstructionsDocument[];
  readonly entries: readonly EntryDocument[];
  readonly checkpoint: SignedDocument<Checkpoint>;
}

/** Makes the manifest of a story. */
export function makeManifest(story: Story, signer: Signer, time: UtcTime): Manifest {
  const { job, seq, head } = story.chain;
  return {
    type: 'sealift.manifest.v1',
    roster: currentInstructions(story).roster.document,
    instructions: story.versions.map((version) => version.document),
    entries: story.entries,
    checkpoint: signDocument({ type: 'sealift.checkpoint.v1', job, seq, head, time }, signer),
  };
}

/**
 * Verifies a manifest under the pinned roster, completely.
 * @throws E_LAB, E_CHAIN, and everything that `verifyInstructions` and `replayJournal` throw
 */
export function verifyManifest(manifest: Manifest, roster: VerifiedRoster): Story {
  if (documentDigest(manifest.roster.signed) !== roster.digest) {
    throw new SealiftError('E_LAB', 'the manifest carries another roster than the pinned one', {
      hint: 'verify with the roster that the laboratory gave you, in the version named by the instructions',
    });
  }
  const versions = manifest.instructions.map((document) => verifyInstructions(document, roster));
  const story = replayJournal(versions, manifest.entries);
  checkCheckpoint(manifest.checkpoint, story);
  return story;
}

function checkCheckpoint(checkpoint: SignedDocument<Checkpoint>, story: Story): void {
  const { job, seq, head, time } = checkpoint.signed;
  if (job !== story.chain.job || seq !== story.chain.seq || head !== story.chain.head) {
    throw new SealiftError(
      'E_CHAIN',
      `the checkpoint is of ${seq} entries, and the journal here has ${story.chain.seq} that end elsewhere`,
      {
        hint: 'entries were removed, added or changed after the checkpoint was signed',
      },
    );
  }
  const instructions = currentInstructions(story);
  const [signer] = verifiedSigners(checkpoint, identitiesOf(instructions.operators));
  if (signer === undefined) throw new SealiftError('E_ROLE', 'the checkpoint is not signed by an operator');
  requireOperator(instructions, signer, time);
}
