/** Digest keys (doc/format.md §8 and §10): wrapped as file keys are, for another purpose. Made once, like sealed files. */
import { decodeBase64, encodeBase64 } from '../../packages/core/src/base64.ts';
import type { Suite, WrappedKey } from '../../packages/core/src/wrap.ts';
import type { FreshParts } from './chain.ts';
import { fileOf, flipped } from './edit.ts';
import { JOB } from './job.ts';
import { DIGEST_KEY_PURPOSE, fixedBytes, type PersonId } from './people.ts';
import { sorted, type WrapPlace, wrap } from './sealed-file.ts';
import { accepted, type Family, type Layer, type MadeVector, type Run, refused } from './vector.ts';

const PLACE: WrapPlace = { purpose: 'digest', job: JOB, dataset: '' };
const RUN: Extract<Run, { run: 'digest-key' }> = { run: 'digest-key', identity: 'recipient1', job: JOB };
const HYBRID = 'xwing-sealedbox';

function wraps(suite: Suite, place = PLACE, ids: readonly PersonId[] = ['recipient1', 'signer1']): WrappedKey[] {
  return sorted(ids.map((id) => wrap(fixedBytes(DIGEST_KEY_PURPOSE), id, suite, place)));
}

/** The digest key of the job, wrapped anew. */
export function freshParts(): FreshParts {
  const ids = ['recipient1', 'recipient2', 'signer1', 'signer2', 'signer3', 'outsider'] as const;
  const key = fixedBytes(DIGEST_KEY_PURPOSE);
  return {
    digestKey: Object.fromEntries(ids.map((id) => [id, wrap(key, id, 'sealedbox', PLACE)])),
  };
}

/** Every vector of digest keys, made anew. */
export function digestKeyFamily(): Family {
  const key = { key: encodeBase64(fixedBytes(DIGEST_KEY_PURPOSE)) };
  const file = (suite: Suite, digestKey: readonly WrappedKey[]): Uint8Array => fileOf({ suite, digestKey });
  const bad = (
    name: string,
    what: string,
    expect: readonly [Layer, string],
    content: Uint8Array,
    run: Run = RUN,
  ): MadeVector => refused(name, what, expect, content, run);
  const altered = wraps(HYBRID).map((one) => ({ ...one, box: encodeBase64(flipped(decodeBase64(one.box), 10)) }));
  const otherJob = { ...PLACE, job: 'vectors-2027' };
  return {
    name: 'digest-keys',
    files: [],
    vectors: [
      accepted('hybrid', 'A digest key in the default suite.', file(HYBRID, wraps(HYBRID)), { ...RUN, ...key }),
      accepted('hybrid-signer', 'The same, opened by a signer of the roster.', file(HYBRID, wraps(HYBRID)), {
        ...RUN,
        identity: 'signer1',
        ...key,
      }),
      accepted('plain', 'A digest key in the plain suite.', file('sealedbox', wraps('sealedbox')), { ...RUN, ...key }),
      accepted(
        'plain-binds-no-job',
        'A plain wrap of another job opens: the signature on its statement is what binds it.',
        file('sealedbox', wraps('sealedbox', otherJob)),
        { ...RUN, ...key },
      ),
      bad(
        'hybrid-of-another-job',
        'A hybrid wrap of another job.',
        ['wrap', 'E_ENVELOPE'],
        file(HYBRID, wraps(HYBRID, otherJob)),
      ),
      bad(
        'hybrid-of-a-file',
        'A hybrid wrap that was made for a file key.',
        ['wrap', 'E_ENVELOPE'],
        file(HYBRID, wraps(HYBRID, { ...PLACE, purpose: 'file' })),
      ),
      bad('altered', 'One bit of the wrap changed.', ['wrap', 'E_ENVELOPE'], file(HYBRID, altered)),
      bad(
        'no-match',
        'The reader is neither a recipient nor a signer.',
        ['wrap', 'E_NO_MATCH'],
        file(HYBRID, wraps(HYBRID)),
        { run: 'digest-key', identity: 'operator1', job: JOB },
      ),
      bad(
        'other-suite',
        'A plain wrap in a statement of the hybrid suite.',
        ['wrap', 'E_SUITE'],
        file(HYBRID, wraps('sealedbox')),
      ),
    ],
  };
}
