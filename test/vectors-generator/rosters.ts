/** Rosters (doc/format.md §6): by themselves, and as successors of a pinned one. */
import { documentDigest } from '../../packages/core/src/envelope.ts';
import { identityFromSeed } from '../../packages/core/src/identity.ts';
import { rosterFingerprint } from '../../packages/core/src/roster.ts';
import { digestOf } from '../../packages/core/src/sha256.ts';
import { changed, type Edit, fileOf, signedBy, text } from './edit.ts';
import { roster, rosterContent, rosterOfThree, rosterOfThreeContent } from './job.ts';
import { aliasOf, CREATED, fixedBytes, type PersonId, person } from './people.ts';
import { accepted, type Family, type Layer, type MadeVector, type Run, refused } from './vector.ts';

const RUN: Extract<Run, { run: 'roster' }> = { run: 'roster' };

type Case = readonly [
  name: string,
  what: string,
  expect: 'accept' | readonly [Layer, string],
  edits: readonly Edit[],
  by?: readonly PersonId[],
];

function vectorsOf(cases: readonly Case[], base: typeof rosterContent, run: Run): MadeVector[] {
  return cases.map(([name, what, expect, edits, by = ['signer1', 'signer2']]) => {
    const content = fileOf(signedBy(base(...edits), ...by));
    return expect === 'accept' ? accepted(name, what, content, run) : refused(name, what, expect, content, run);
  });
}

/** The digest of a document that nobody has. */
const ANOTHER = digestOf(text('another roster'));

/** What a roster of one signer shows as well. */
const SMALL: readonly Case[] = [
  ['threshold-zero', 'Nobody must sign.', ['schema', 'E_SCHEMA'], [['/threshold', 0]]],
  ['no-signers', 'Nobody may sign.', ['schema', 'E_SCHEMA'], [['/signers', []]]],
  ['version-zero', 'The version is 0.', ['schema', 'E_SCHEMA'], [['/version', 0]]],
  ['version-too-high', 'The version is above a million.', ['schema', 'E_SCHEMA'], [['/version', 1_000_001]]],
  ['siren-check-digit', 'The check digit of the SIREN is wrong.', ['lab', 'E_LAB'], [['/lab/id/value', '123456789']]],
  ['siren-letters', 'The SIREN has a letter.', ['schema', 'E_SCHEMA'], [['/lab/id/value', '12345678A']]],
  [
    'finess-8-characters',
    'The FINESS number has 8 characters.',
    ['schema', 'E_SCHEMA'],
    [['/lab/id', { scheme: 'finess', value: '67001234' }]],
  ],
  ['unknown-scheme', 'The lab id is of an unknown scheme.', ['schema', 'E_SCHEMA'], [['/lab/id/scheme', 'siret']]],
  ['country-lower-case', 'The country is in small letters.', ['schema', 'E_SCHEMA'], [['/lab/country', 'fr']]],
  ['no-contact', 'Nobody is named for incidents.', ['schema', 'E_SCHEMA'], [['/contact', undefined]]],
  ['first-with-a-link', 'Version 1 names a version before it.', ['rollback', 'E_MISMATCH'], [['/previous', ANOTHER]]],
  ['later-without-a-link', 'Version 2 names no version before it.', ['rollback', 'E_MISMATCH'], [['/version', 2]]],
  [
    'later',
    'Version 2, with its link, by itself.',
    'accept',
    [
      ['/version', 2],
      ['/previous', ANOTHER],
    ],
  ],
  [
    'finess',
    'A laboratory known by its FINESS number, in Corsica.',
    'accept',
    [['/lab/id', { scheme: 'finess', value: '2A0012345' }]],
  ],
];

function aloneCases(): Case[] {
  const renamed = identityFromSeed(fixedBytes('signer1'), 'Quelqu’un d’autre', CREATED).identity.document;
  const one = person('signer1').identity.document;
  return [
    [
      'same-signer-twice',
      'One signer is named twice.',
      ['parties', 'E_SHARED'],
      [['/signers/1', one]],
      ['signer1', 'signer3'],
    ],
    [
      'one-fingerprint-two-names',
      'Two names have the same keys.',
      ['parties', 'E_SHARED'],
      [['/signers/1', renamed]],
      ['signer1', 'signer3'],
    ],
    [
      'one-signing-key-two-identities',
      'Two signers have one signing key, and other receiving keys: two fingerprints.',
      ['parties', 'E_SHARED'],
      [['/signers/1', aliasOf('signer1', 'outsider')]],
      ['signer1', 'signer3'],
    ],
    ['threshold-above-signers', 'Four of three signers must sign.', ['threshold', 'E_THRESHOLD'], [['/threshold', 4]]],
    [
      'signer-key-not-covered',
      'A signer’s identity is not signed by itself.',
      ['identity', 'E_KEY'],
      [['/signers/2/signed/name', 'Clémence Haltefors']],
    ],
    ['below-threshold', 'One signer signed where two must.', ['threshold', 'E_THRESHOLD'], [], ['signer3']],
    ['signed-by-others', 'Somebody outside the roster signed it.', ['role', 'E_ROLE'], [], ['outsider']],
    ['two-of-three', 'Two of three signers signed.', 'accept', []],
  ];
}

function brokenVectors(): MadeVector[] {
  const good = rosterOfThree();
  const [first, second] = good.signatures;
  return [
    refused('unsigned', 'Nobody signed.', ['schema', 'E_UNSIGNED'], fileOf({ ...good, signatures: [] }), RUN),
    refused(
      'third-signature-broken',
      'Two good signatures and one of a signer that does not hold.',
      ['signature', 'E_SIG'],
      fileOf({ ...good, signatures: [first, second, { key: person('signer3').fingerprint, sig: first?.sig }] }),
      RUN,
    ),
    refused(
      'threshold-lowered',
      'The threshold was lowered after signing.',
      ['signature', 'E_SIG'],
      fileOf(changed(good, ['/signed/threshold', 1])),
      RUN,
    ),
  ];
}

/** The next version of the roster of one signer, which makes it one of three. */
function successorCases(): Case[] {
  const next: readonly Edit[] = [
    ['/version', 2],
    ['/previous', documentDigest(rosterContent())],
  ];
  const other = documentDigest(rosterContent(['/note', 'another']));
  return [
    ['by-both-thresholds', 'Signed by the threshold of the pinned version and by that of the new one.', 'accept', next],
    ['version-gap', 'A version is left out; the link is to the pinned one.', 'accept', [...next, ['/version', 7]]],
    [
      'by-the-old-alone',
      'Signed by the pinned version’s signer alone.',
      ['threshold', 'E_THRESHOLD'],
      next,
      ['signer1'],
    ],
    ['by-the-new-alone', 'Signed by new signers alone.', ['role', 'E_ROLE'], next, ['signer2', 'signer3']],
    ['same-version', 'The version is that of the pinned one.', ['rollback', 'E_ROLLBACK'], [...next, ['/version', 1]]],
    ['other-lab', 'The roster is of another laboratory.', ['lab', 'E_LAB'], [...next, ['/lab/id/value', '987654324']]],
    ['no-link', 'The version before is not named.', ['rollback', 'E_MISMATCH'], [['/version', 2]]],
    [
      'link-to-another',
      'Another document is named as the version before.',
      ['rollback', 'E_MISMATCH'],
      [...next, ['/previous', other]],
    ],
  ];
}

/** Going back from a roster of three, version 2, to anything older. */
function backVectors(): MadeVector[] {
  const pinned: Run = { ...RUN, pinned: 'version-2.json' };
  const older = rosterContent(['/previous', documentDigest(version2().signed)]);
  return [
    refused(
      'successor/back-to-the-first',
      'The first version comes after the second.',
      ['rollback', 'E_ROLLBACK'],
      fileOf(roster()),
      pinned,
    ),
    refused(
      'successor/first-with-a-link',
      'The first version, made again with a link to the second.',
      ['rollback', 'E_ROLLBACK'],
      fileOf(signedBy(older, 'signer1', 'signer2')),
      pinned,
    ),
    refused(
      'successor/threshold-of-the-pinned',
      'One of the pinned version’s three signers makes himself the only one.',
      ['threshold', 'E_THRESHOLD'],
      fileOf(signedBy(rosterContent(['/version', 3], ['/previous', documentDigest(version2().signed)]), 'signer1')),
      pinned,
    ),
  ];
}

function version2() {
  return signedBy(
    rosterOfThreeContent(['/version', 2], ['/previous', documentDigest(rosterContent())]),
    'signer1',
    'signer2',
  );
}

/** Every vector of rosters. */
export function rosterFamily(): Family {
  const first = roster();
  const successors = successorCases().map(([name, ...rest]): Case => [`successor/${name}`, ...rest]);
  return {
    name: 'rosters',
    files: [{ path: 'version-2.json', content: fileOf(version2()) }],
    vectors: [
      accepted('one-signer', 'A roster of one signer.', fileOf(first), {
        ...RUN,
        fingerprint: rosterFingerprint(first),
      }),
      ...vectorsOf(
        SMALL.map(([name, what, expect, edits]): Case => [name, what, expect, edits, ['signer1']]),
        rosterContent,
        RUN,
      ),
      ...vectorsOf(aloneCases(), rosterOfThreeContent, RUN),
      ...brokenVectors(),
      ...vectorsOf(successors, rosterOfThreeContent, { ...RUN, pinned: '../common/roster.json' }),
      ...backVectors(),
    ],
  };
}
