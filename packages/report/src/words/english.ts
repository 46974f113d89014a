/** Claims, troubles and counts in English. */
import { english } from '../language/english.ts';
import { englishClaim } from './english-claims.ts';
import { englishCounts, englishDifference } from './english-counts.ts';
import type { Words } from './words.ts';

const { text: en, moment } = english;

const STEPS = {
  extraction: 'The extraction is missing.',
  approval: "The laboratory's approval of the extraction is missing.",
  delivery: 'The delivery is missing.',
  receipt: 'The receipt is missing.',
  import: 'The statement of the rows that were loaded is missing.',
  validation: "The laboratory's validation is missing.",
  purge: 'The purge is missing: copies may still lie with the processor and on the server.',
} as const;
const DUE = { delivery: 'The delivery', purge: 'The purge' } as const;

/** English. */
export const englishWords: Words = {
  groups: {
    authority: 'Who authorised it',
    extraction: 'What left, and what stayed',
    transfer: 'Where it went',
    acknowledgement: 'Who acknowledged it',
    deletion: 'What was deleted',
  },
  troubles: 'What is missing, late or refused',
  standings: { proven: 'proven', attested: 'attested', unknown: 'unknown' },
  meanings: {
    proven: 'follows from signatures and digests that you can check yourself',
    attested: 'one party says so over its signature; nobody else could check',
    unknown: 'nobody can say',
  },
  outcomes: {
    complete: 'complete: every step that the instructions ask for is there',
    incomplete: 'incomplete: steps that the instructions ask for are missing',
    ended: 'ended before its goal, and the copies are purged',
  },
  marks: {
    missing: 'missing',
    late: 'late',
    unacknowledged: 'early',
    refused: 'refused',
    alert: 'alert',
    repaired: 'repaired',
  },
  claim: englishClaim,
  trouble: (trouble) => {
    switch (trouble.trouble) {
      case 'missing':
        if (trouble.recipient === undefined) return STEPS[trouble.step];
        return trouble.step === 'import'
          ? en`The statement of ${trouble.recipient} on the rows that it loaded is missing.`
          : en`The receipt of ${trouble.recipient} is missing.`;
      case 'late':
        return trouble.done === undefined
          ? en`${DUE[trouble.step]} was due by ${moment(trouble.due)}, and none is recorded.`
          : en`${DUE[trouble.step]} came on ${moment(trouble.done)}; it was due by ${moment(trouble.due)}.`;
      case 'unacknowledged':
        return en`The copies were deleted because their deadline of ${moment(trouble.due)} had come, without every statement that they were kept for.`;
      case 'refused':
        return en`“migrate ${trouble.step ?? ''}” was refused${often(trouble.times)} on ${moment(trouble.time)}: ${trouble.message} (${trouble.code}).`;
      case 'alert':
        return en`An alert was raised${often(trouble.times)} on ${moment(trouble.time)}: ${trouble.message} (${trouble.code}).`;
      case 'repaired':
        return en`On ${moment(trouble.time)} the unfinished last line of the journal (${trouble.bytes} bytes) was taken away, as after a crash.`;
    }
  },
  counts: englishCounts,
  difference: englishDifference,
};

function often(times: number): string {
  return times === 1 ? '' : en` ${times} times, first`;
}
