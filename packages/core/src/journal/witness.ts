/** What a reader remembers of a chain, against which a later one is held (doc/format.md section 13, step 10). */
import { SealiftError } from '../errors.ts';
import type { Digest } from '../ids.ts';
import type { Story } from './replay.ts';

/** A head that somebody saw: an earlier checkpoint, or what they saw when they signed. */
export interface Witness {
  /** The number of entries up to it; 0 is before the first, where the head is the digest of the first instructions. */
  readonly seq: number;
  readonly head: Digest;
}

/**
 * Requires that a story continues what a witness saw. A checkpoint is the processor's own and can be signed again over a
 * journal with its tail cut off or with other entries; a witness can't be.
 * @throws E_CHAIN
 */
export function requireWitness(story: Story, { seq, head }: Witness): void {
  if (story.heads.get(head) === seq) return;
  const [what, hint] =
    story.chain.seq < seq
      ? [`the journal has ${story.chain.seq} entries, and a witness saw ${seq}`, 'entries were removed from its end']
      : [`after entry ${seq - 1} the journal is not the one that a witness saw`, 'entries up to there were exchanged'];
  throw new SealiftError('E_CHAIN', what, { hint: `${hint} since: keep both files, and tell the laboratory` });
}
