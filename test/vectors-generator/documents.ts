/** Signed documents (doc/format.md §3 and §4): schema, signature, role and threshold, on small documents of several types. */
import { encodeBase64 } from '../../packages/core/src/base64.ts';
import { canonicalJson } from '../../packages/core/src/canonical.ts';
import { documentDigest, preAuthenticationEncoding, type SignedDocument } from '../../packages/core/src/envelope.ts';
import type { Revocation } from '../../packages/core/src/statement.ts';
import { changed, type Edit, fileOf, laidOut, signedBy, text } from './edit.ts';
import { instructionsContent, JOB, roster, rosterOfThree } from './job.ts';
import { type PersonId, person } from './people.ts';
import { signatureVectors } from './signatures.ts';
import { accepted, type Family, type Layer, type MadeFile, type MadeVector, type Run, refused } from './vector.ts';

const ROSTER = '../common/roster.json';
const ROSTER_OF_THREE = '../common/roster-of-three.json';

/** A revocation: the smallest document that the controller signs. */
function revocation(...edits: readonly Edit[]): Revocation {
  const instructions = documentDigest(instructionsContent());
  return changed(
    {
      type: 'sealift.revocation.v1',
      job: JOB,
      instructions,
      head: instructions,
      time: '2026-03-10T09:00:00Z',
      reason: 'the contract with the processor has ended',
    } as Revocation,
    ...edits,
  );
}

const AS_REVOCATION: Run = { run: 'document', type: 'sealift.revocation.v1' };

function good(): SignedDocument<Revocation> {
  return signedBy(revocation(), 'signer1');
}

type SchemaCase = readonly [name: string, what: string, code: string, edit: Edit];

const SIGNATURE_FORMS: readonly SchemaCase[] = [
  [
    'unknown-member',
    'The signed part has a member that the schema does not name.',
    'E_SCHEMA',
    ['/signed/extra', true],
  ],
  ['unknown-member-outside', 'A member beside signed and signatures.', 'E_SCHEMA', ['/comment', 'x']],
  ['unknown-member-of-signature', 'A signature has a third member.', 'E_SCHEMA', ['/signatures/0/alg', 'ed25519']],
  ['missing-member', 'The reason is missing.', 'E_SCHEMA', ['/signed/reason', undefined]],
  ['empty-text', 'The reason is empty.', 'E_SCHEMA', ['/signed/reason', '']],
  ['text-too-long', 'The reason has 2001 characters.', 'E_SCHEMA', ['/signed/reason', 'x'.repeat(2001)]],
  ['wrong-kind-of-value', 'The reason is a number.', 'E_SCHEMA', ['/signed/reason', 7]],
  ['no-signature', 'The list of signatures is empty.', 'E_UNSIGNED', ['/signatures', []]],
  ['no-signatures-member', 'There is no list of signatures.', 'E_UNSIGNED', ['/signatures', undefined]],
  ['no-type', 'The signed part has no type.', 'E_SCHEMA', ['/signed/type', undefined]],
  ['other-type', 'The type is that of another document.', 'E_SCHEMA', ['/signed/type', 'sealift.validation.v1']],
  ['job-device-name', 'The job is named as a Windows device.', 'E_SCHEMA', ['/signed/job', 'lpt1']],
  ['job-path', 'The job is a path.', 'E_SCHEMA', ['/signed/job', '../jobs']],
  ['job-too-short', 'The job has two characters.', 'E_SCHEMA', ['/signed/job', 'ab']],
  ['job-upper-case', 'The job has a capital letter.', 'E_SCHEMA', ['/signed/job', 'Vectors-2026']],
  ['job-ends-with-hyphen', 'The job ends with a hyphen.', 'E_SCHEMA', ['/signed/job', 'vectors-']],
  ['time-with-offset', 'A time is given with an offset.', 'E_SCHEMA', ['/signed/time', '2026-03-10T10:00:00+01:00']],
  [
    'time-with-fraction',
    'A time has a fraction of a second.',
    'E_SCHEMA',
    ['/signed/time', '2026-03-10T09:00:00.000Z'],
  ],
  ['time-30-february', 'A time is on 30 February.', 'E_SCHEMA', ['/signed/time', '2026-02-30T09:00:00Z']],
  [
    'time-29-february-1900',
    '29 February of a year that is no leap year.',
    'E_SCHEMA',
    ['/signed/time', '1900-02-29T09:00:00Z'],
  ],
  ['time-leap-second', 'A time has second 60.', 'E_SCHEMA', ['/signed/time', '2016-12-31T23:59:60Z']],
  ['time-hour-24', 'A time has hour 24.', 'E_SCHEMA', ['/signed/time', '2026-03-10T24:00:00Z']],
  ['time-lower-case', 'A time has a small z.', 'E_SCHEMA', ['/signed/time', '2026-03-10T09:00:00z']],
];

function encodingCases(): SchemaCase[] {
  const { sig, key } = good().signatures[0] ?? { sig: '', key: '' };
  const hex = revocation().head.slice('sha256:'.length);
  const unused = sig.replace(/.==$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}==`);
  return [
    [
      'base64-unused-bits',
      'Unused bits of the last base64 character are set.',
      'E_ENCODING',
      ['/signatures/0/sig', unused],
    ],
    ['base64-no-padding', 'The base64 has no padding.', 'E_ENCODING', ['/signatures/0/sig', sig.replace(/=+$/, '')]],
    ['base64-white-space', 'The base64 ends with a line feed.', 'E_ENCODING', ['/signatures/0/sig', `${sig}\n`]],
    ['base64url', 'The base64 has the letters for URLs.', 'E_ENCODING', ['/signatures/0/sig', `-_${sig.slice(2)}`]],
    [
      'digest-upper-case',
      'A digest has capital letters.',
      'E_ENCODING',
      ['/signed/head', `sha256:${hex.toUpperCase()}`],
    ],
    ['digest-short', 'A digest has 63 digits.', 'E_ENCODING', ['/signed/head', `sha256:${hex.slice(1)}`]],
    ['digest-other-algorithm', 'A digest is of another algorithm.', 'E_ENCODING', ['/signed/head', `sha512:${hex}`]],
    ['digest-bare', 'A digest without its algorithm.', 'E_ENCODING', ['/signed/head', hex]],
    [
      'fingerprint-upper-case',
      'A fingerprint is in capital letters.',
      'E_ENCODING',
      ['/signatures/0/key', key.toUpperCase()],
    ],
    [
      'fingerprint-in-groups',
      'A fingerprint is in groups of four.',
      'E_ENCODING',
      ['/signatures/0/key', key.replace(/(.{4})(?=.)/g, '$1 ')],
    ],
    [
      'fingerprint-unused-bits',
      'Unused bits of a fingerprint are set.',
      'E_ENCODING',
      ['/signatures/0/key', `${key.slice(0, 51)}b`],
    ],
    ['fingerprint-padding', 'A fingerprint has padding.', 'E_ENCODING', ['/signatures/0/key', `${key}====`]],
    [
      'signature-63-bytes',
      'A signature has 63 bytes.',
      'E_SCHEMA',
      ['/signatures/0/sig', encodeBase64(new Uint8Array(63).fill(1))],
    ],
    [
      'signature-65-bytes',
      'A signature has 65 bytes.',
      'E_SCHEMA',
      ['/signatures/0/sig', encodeBase64(new Uint8Array(65).fill(1))],
    ],
    [
      'signatures-33',
      'There are 33 signatures.',
      'E_SCHEMA',
      ['/signatures', Array.from({ length: 33 }, () => ({ key, sig }))],
    ],
  ];
}

function schemaVectors(): MadeVector[] {
  const document = good();
  return [...SIGNATURE_FORMS, ...encodingCases()].map(([name, what, code, edit]) =>
    refused(`schema/${name}`, what, ['schema', code], fileOf(changed(document, edit)), AS_REVOCATION),
  );
}

function versionVectors(): MadeVector[] {
  const types: readonly (readonly [string, string, unknown])[] = [
    ['newer', 'A version of the type that does not exist yet.', 'sealift.revocation.v2'],
    ['unknown', 'A type that does not exist.', 'sealift.permission.v1'],
    ['other-spelling', 'The type in capital letters.', 'SEALIFT.REVOCATION.V1'],
    ['foreign', 'A type of another software.', 'application/vnd.in-toto+json'],
  ];
  return types.map(([name, what, type]) =>
    refused(
      `version/${name}`,
      what,
      ['version', 'E_VERSION'],
      fileOf(signedBy(revocation(['/type', type], ['/extra', 'something new']), 'signer1')),
      AS_REVOCATION,
    ),
  );
}

/** One value in several layouts: the same canonical form, the same digest, the same signature. */
function layoutVectors(): { vectors: MadeVector[]; files: MadeFile[] } {
  const document = signedBy(revocation(['/reason', 'Fin du contrat : été 2026 – « \u{1f512} » / "1"']), 'signer1');
  const canonical = 'layout/canonical.canonical';
  const digest = documentDigest(document.signed);
  const run: Run = { run: 'document', type: 'sealift.revocation.v1', canonical, digest };
  const { signed, signatures } = document;
  const backwards = { signatures, signed: Object.fromEntries(Object.entries(signed).reverse()) };
  const escaped = JSON.stringify(document)
    .replace(/[^ -~]/g, (unit) => `\\u${hex4(unit)}`)
    .replaceAll('/', '\\/');
  const layouts: readonly (readonly [string, string, Uint8Array])[] = [
    ['canonical', 'In canonical form.', canonicalJson(document)],
    ['line-feed', 'In canonical form with a line feed at the end.', fileOf(document)],
    ['laid-out', 'With line breaks and indents.', text(laidOut(document))],
    ['crlf-and-tabs', 'With CRLF and tabs.', text(JSON.stringify(document, undefined, '\t').replaceAll('\n', '\r\n'))],
    ['backwards', 'Members in another order.', text(laidOut(backwards))],
    ['escaped', 'Everything that can be escaped is, in capitals.', text(escaped)],
  ];
  const vectors = layouts.map(([name, what, content]) => accepted(`layout/${name}`, what, content, run));
  const controlled = accepted(
    'layout/signature-over-any-layout',
    'The signature holds whatever the layout.',
    text(escaped),
    {
      run: 'controller',
      type: 'sealift.revocation.v1',
      roster: ROSTER,
    },
  );
  return { vectors: [...vectors, controlled], files: [{ path: canonical, content: canonicalJson(document) }] };
}

const hex4 = (unit: string): string => unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

type RoleCase = readonly [
  name: string,
  what: string,
  expect: 'accept' | readonly [Layer, string],
  by: readonly PersonId[],
];

const ROLES: readonly RoleCase[] = [
  ['role/signer', 'Signed by the signer of the roster.', 'accept', ['signer1']],
  ['role/operator', 'Signed by an operator of the processor alone.', ['role', 'E_ROLE'], ['operator1']],
  ['role/recipient', 'Signed by a recipient alone.', ['role', 'E_ROLE'], ['recipient1']],
  ['role/outsider', 'Signed by somebody whom nobody knows.', ['role', 'E_ROLE'], ['outsider']],
  [
    'role/signer-of-another-roster',
    'Signed by somebody who signs in another roster.',
    ['role', 'E_ROLE'],
    ['signer2', 'signer3'],
  ],
  [
    'role/signer-and-outsider',
    'A signature of somebody unknown beside the signer’s says nothing.',
    'accept',
    ['signer1', 'outsider'],
  ],
];

const THRESHOLDS: readonly RoleCase[] = [
  ['threshold/two-of-three', 'Signed by two of three.', 'accept', ['signer3', 'signer1']],
  ['threshold/three-of-three', 'Signed by all three.', 'accept', ['signer1', 'signer2', 'signer3']],
  ['threshold/one-of-three', 'Signed by one where two must.', ['threshold', 'E_THRESHOLD'], ['signer2']],
  [
    'threshold/signer-and-operator',
    'An operator’s signature does not count.',
    ['threshold', 'E_THRESHOLD'],
    ['signer1', 'operator1'],
  ],
  [
    'threshold/signer-and-recipient',
    'A recipient’s signature does not count.',
    ['threshold', 'E_THRESHOLD'],
    ['signer1', 'recipient1'],
  ],
  [
    'threshold/signer-and-outsider',
    'A stranger’s signature does not count.',
    ['threshold', 'E_THRESHOLD'],
    ['outsider', 'signer3'],
  ],
  [
    'threshold/none-of-three',
    'Signed by three of whom none is a signer.',
    ['role', 'E_ROLE'],
    ['outsider', 'operator1', 'recipient1'],
  ],
];

function roleVectors(cases: readonly RoleCase[], rosterFile: string): MadeVector[] {
  const run: Run = { run: 'controller', type: 'sealift.revocation.v1', roster: rosterFile };
  return cases.map(([name, what, expect, by]) => {
    const content = fileOf(signedBy(revocation(), ...by));
    return expect === 'accept' ? accepted(name, what, content, run) : refused(name, what, expect, content, run);
  });
}

/** The signature of one signer twice, and a signature copied to another key. */
function countedVectors(): MadeVector[] {
  const run: Run = { run: 'controller', type: 'sealift.revocation.v1', roster: ROSTER_OF_THREE };
  const one = signedBy(revocation(), 'signer1');
  const [signature] = one.signatures;
  const twice = { ...one, signatures: [signature, signature] };
  const copied = { ...one, signatures: [signature, { ...signature, key: person('signer2').fingerprint }] };
  const unsigned = person('signer2').sign(preAuthenticationEncoding('sealift.approval.v1', canonicalJson(one.signed)));
  const confused = {
    ...one,
    signatures: [signature, { key: person('signer2').fingerprint, sig: encodeBase64(unsigned) }],
  };
  return [
    refused('threshold/same-key-twice', 'One signer signs twice.', ['signature', 'E_SCHEMA'], fileOf(twice), run),
    refused(
      'threshold/copied-signature',
      'A signature is there under a second signer’s key.',
      ['signature', 'E_SIG'],
      fileOf(copied),
      run,
    ),
    refused(
      'threshold/second-is-of-another-type',
      'The second signature was made for a document of another type.',
      ['signature', 'E_SIG'],
      fileOf(confused),
      run,
    ),
  ];
}

/** Every vector of signed documents. */
export function documentFamily(): Family {
  const layouts = layoutVectors();
  return {
    name: 'documents',
    files: layouts.files,
    vectors: [
      ...layouts.vectors,
      ...schemaVectors(),
      ...versionVectors(),
      ...signatureVectors(good(), ROSTER),
      ...roleVectors(ROLES, ROSTER),
      ...roleVectors(THRESHOLDS, ROSTER_OF_THREE),
      ...countedVectors(),
    ],
  };
}

/** What several folders of vectors share. */
export function commonRosters(): MadeFile[] {
  return [
    { path: 'roster.json', content: fileOf(roster()) },
    { path: 'roster-of-three.json', content: fileOf(rosterOfThree()) },
  ];
}
