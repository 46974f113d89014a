/** Instructions (doc/format.md §7): every rule of that section, one broken at a time. */

import { encodeBase64 } from '../../packages/core/src/base64.ts';
import { documentDigest } from '../../packages/core/src/envelope.ts';
import { identityFromSeed } from '../../packages/core/src/identity.ts';
import { digestOf } from '../../packages/core/src/sha256.ts';
import { encodeUtf8 } from '../../packages/core/src/utf8.ts';
import { changed, type Edit, fileOf, type Short, signedBy } from './edit.ts';
import {
  CLOCK,
  instructions,
  instructionsContent,
  operatorEntry,
  otherRoster,
  recipientEntry,
  rosterOfThreeContent,
} from './job.ts';
import { aliasOf, CREATED, fixedBytes, type PersonId, person, sshKeyOf } from './people.ts';
import { brokenSshKeys, misspeltSshKeys, soundSshKeys } from './ssh-keys.ts';
import { accepted, type Family, type Layer, type MadeVector, type Run, refused } from './vector.ts';

type Instructed = Extract<Run, { run: 'instructions' }>;

const RUN: Instructed = { run: 'instructions', roster: '../common/roster.json', clock: CLOCK };

/** A document, and how it is looked at. */
interface Case {
  readonly name: string;
  readonly what: string;
  readonly expect: 'accept' | readonly [Layer, string];
  readonly edits?: readonly Edit[];
  readonly by?: readonly PersonId[];
  readonly run?: Partial<Instructed>;
}

function vectorOf({ name, what, expect, edits = [], by = ['signer1'], run = {} }: Case): MadeVector {
  const content = fileOf(signedBy(instructionsContent(...edits), ...by));
  const how = { ...RUN, ...run };
  return expect === 'accept' ? accepted(name, what, content, how) : refused(name, what, expect, content, how);
}

const ofLayer = (layer: Layer, folder: string, cases: readonly Short[]): Case[] =>
  cases.map(([name, what, code, ...edits]) => ({ name: `${folder}/${name}`, what, expect: [layer, code], edits }));

const field = (index: number, member: string): string => `/datasets/0/fields/${index}/${member}`;

const SCOPE: readonly Short[] = [
  ['wildcard', 'A field is listed with a star.', 'E_SCOPE', [field(1, 'name'), '*']],
  ['question-mark', 'A field name holds a question mark.', 'E_SCOPE', [field(1, 'name'), 'NO?']],
  ['empty-list', 'The allow-list is empty.', 'E_SCOPE', ['/datasets/0/fields', []]],
  ['field-twice', 'A field is listed twice.', 'E_SCOPE', [field(1, 'name'), 'NUMERO']],
  ['output-name-of-another', 'A field leaves under the name of another.', 'E_SCOPE', [field(0, 'as'), 'NOM']],
  [
    'dataset-twice',
    'Two datasets have one name.',
    'E_SCOPE',
    ['/datasets/1/name', 'patients'],
    ['/datasets/1/link', undefined],
  ],
  ['link-to-nothing', 'A link leads to a dataset that is not there.', 'E_SCOPE', ['/datasets/1/link/to', 'orders']],
  ['link-to-itself', 'A link leads to its own dataset.', 'E_SCOPE', ['/datasets/1/link/to', 'results']],
  [
    'link-in-a-circle',
    'Two datasets link to each other.',
    'E_SCOPE',
    ['/datasets/0/link', { field: 'NUMERO', to: 'results', toField: 'PATIENT' }],
  ],
  [
    'header-names-twice',
    'Two columns of a source without a header have one name.',
    'E_SCOPE',
    ['/datasets/1/dialect/header', ['NUMERO', 'NUMERO']],
  ],
  [
    'header-lacks-field',
    'A source without a header has no column of a field that is listed.',
    'E_SCOPE',
    ['/datasets/1/dialect/header', ['NUMERO']],
  ],
  ['quote-is-delimiter', 'One character is delimiter and quote.', 'E_SCOPE', ['/datasets/0/dialect/quote', ';']],
  [
    'free-text-unmarked',
    'A field that the dictionary knows as free text is listed like any other.',
    'E_SCOPE',
    [field(1, 'name'), 'COMMENTAIRE P'],
  ],
  [
    'free-text-without-purpose',
    'Free text is marked, and its purpose is missing.',
    'E_SCOPE',
    [field(1, 'freeText'), true],
  ],
  [
    'free-text-marked-false',
    'Free text is marked as none.',
    'E_SCOPE',
    [field(1, 'name'), 'REMARQUES'],
    [field(1, 'freeText'), false],
  ],
  ['credential', 'A password column of the source product is listed.', 'E_CREDENTIAL', [field(1, 'name'), 'MP']],
  ['credential-word', 'A portal login is listed.', 'E_CREDENTIAL', [field(1, 'name'), 'userLogin']],
  [
    'credential-accents',
    'A password column with other spacing and letters is listed.',
    'E_CREDENTIAL',
    [field(1, 'name'), 'Mot  de passé'],
  ],
  [
    'credential-full-width',
    'A password column in full-width letters is listed.',
    'E_CREDENTIAL',
    [field(1, 'name'), 'ＭＤＰ'],
  ],
  [
    'credential-renamed',
    'A password column leaves under a harmless name.',
    'E_CREDENTIAL',
    [field(1, 'name'), 'MDP_WEB'],
    [field(1, 'as'), 'code'],
  ],
];

const window = (member: string): string => `/datasets/1/window/${member}`;

const WINDOWS: readonly Short[] = [
  ['no-year', 'The date format has no year.', 'E_DATE', [window('format'), 'DD/MM HH:mm']],
  ['month-twice', 'The date format has the month twice.', 'E_DATE', [window('format'), 'YYYY-MM-MM-DD']],
  ['minutes-without-hours', 'The date format has minutes and no hours.', 'E_DATE', [window('format'), 'YYYY-MM-DD mm']],
  ['no-bound', 'The window has no bound.', 'E_DATE', [window('from'), undefined]],
  ['reversed', 'The window ends before it begins.', 'E_DATE', [window('to'), { date: '2015-12-31', inclusive: true }]],
  [
    'empty',
    'No day lies between two bounds that are not inclusive.',
    'E_DATE',
    [window('from'), { date: '2016-01-01', inclusive: false }],
    [window('to'), { date: '2016-01-02', inclusive: false }],
  ],
];

/** Windows over instants, years of two digits, and several windows. */
const RULE = '/datasets/1/window';
const instant = (offset: string): object => ({ date: '2016-01-01', offset, inclusive: true });
const windowOf = (members: object): object => ({
  field: 'DATE',
  format: 'DD/MM/YYYY',
  from: { date: '2016-01-01', inclusive: true },
  emptyDate: 'withhold',
  impossibleDate: 'withhold',
  ...members,
});
const OFFSET_WINDOW = windowOf({ format: 'YYYY-MM-DDTHH:mm:ssXXX', from: instant('+01:00') });

const DATE_RULES: readonly Short[] = [
  ['two-digits-without-pivot', 'No pivot for years of two digits.', 'E_DATE', [window('format'), 'DD/MM/YY']],
  ['pivot-without-two-digits', 'A pivot, and years of four digits.', 'E_DATE', [window('pivot'), 1930]],
  [
    'year-twice',
    'Years of four and of two digits.',
    'E_DATE',
    [RULE, windowOf({ format: 'YYYYMMDD YY', pivot: 1930 })],
  ],
  [
    'zone-inside',
    'The zone does not end the date format.',
    'E_DATE',
    [RULE, windowOf({ format: 'YYYY-MM-DDZ HH:mm', from: instant('+01:00') })],
  ],
  [
    'zone-without-time',
    'A zone without hours and minutes.',
    'E_DATE',
    [RULE, windowOf({ format: 'YYYY-MM-DDZ', from: instant('+01:00') })],
  ],
  ['fraction-without-seconds', 'A fraction without seconds.', 'E_DATE', [window('format'), 'YYYY-MM-DD HH:mm.SSS']],
  [
    'instant-without-offset',
    'Dates name instants, and the bound has no offset.',
    'E_DATE',
    [window('format'), 'YYYY-MM-DDTHH:mm:ssZ'],
  ],
  [
    'epoch-without-offset',
    'Dates count from 1970, and the bound has no offset.',
    'E_DATE',
    [window('format'), 'epoch-seconds'],
  ],
  [
    'offset-without-instant',
    'The bound has an offset, and dates name no zone.',
    'E_DATE',
    [window('from'), instant('+01:00')],
  ],
  [
    'no-instant',
    'The last day ends before the first begins, at their offsets.',
    'E_DATE',
    [
      RULE,
      windowOf({
        format: 'epoch-milliseconds',
        from: instant('-05:00'),
        to: { ...instant('+14:00'), inclusive: false },
      }),
    ],
  ],
  [
    'second-of-any',
    'The second of several windows has no bound.',
    'E_DATE',
    [RULE, { any: [windowOf({}), windowOf({})] }],
    ['/datasets/1/window/any/1/from', undefined],
  ],
];

const GOOD_DATE_RULES: readonly (readonly [name: string, what: string, ...edits: readonly Edit[]])[] = [
  ['two-digits', 'Years of two digits with their pivot.', [RULE, windowOf({ format: 'DD/MM/YY', pivot: 1930 })]],
  ['offset', 'Dates with a zone, and a bound with its offset.', [RULE, OFFSET_WINDOW]],
  ['fraction', 'Dates with a fraction of a second.', [RULE, windowOf({ format: 'YYYYMMDD HH:mm:ss.SSSSSS' })]],
  [
    'epoch',
    'Dates that count milliseconds from 1970.',
    [RULE, windowOf({ format: 'epoch-milliseconds', from: instant('+00:00') })],
  ],
  ['all', 'A row lies in each of two windows.', [RULE, { all: [windowOf({}), OFFSET_WINDOW] }]],
  ['any', 'A row lies in one of two windows.', [RULE, { any: [windowOf({}), windowOf({ field: 'FIN' })] }]],
];

const PERMISSIONS: readonly Case[] = [
  {
    name: 'good/permissions',
    what: 'Malformed rows may be left out, and the source may be deleted.',
    expect: 'accept',
    edits: [
      ['/datasets/0/malformed', 'withhold'],
      ['/datasets/0/disposeSource', true],
    ],
  },
];

const SCHEMA: readonly Short[] = [
  ['malformed-refuse', 'The default is written out.', 'E_SCHEMA', ['/datasets/0/malformed', 'refuse']],
  [
    'dispose-source-false',
    'The source may not be deleted, written out.',
    'E_SCHEMA',
    ['/datasets/0/disposeSource', false],
  ],
  ['one-window-of-any', 'A single window is joined to none.', 'E_SCHEMA', [RULE, { any: [windowOf({})] }]],
  [
    'window-all-and-any',
    'Windows are joined in two ways.',
    'E_SCHEMA',
    [RULE, { all: [windowOf({}), windowOf({})], any: [windowOf({}), windowOf({})] }],
  ],
  [
    'bound-offset',
    'The offset of a bound is over 14 hours.',
    'E_SCHEMA',
    [RULE, windowOf({ format: 'epoch-seconds', from: instant('+14:30') })],
  ],
  [
    'bound-offset-minus-zero',
    'The offset of a bound is zero, and written with a minus.',
    'E_SCHEMA',
    [RULE, windowOf({ format: 'epoch-seconds', from: instant('-00:00') })],
  ],
  [
    'bound-31-february',
    'A bound is a day that no calendar has.',
    'E_SCHEMA',
    [window('from'), { date: '2017-02-31', inclusive: true }],
  ],
  [
    'bound-without-inclusive',
    'A bound does not say whether its day belongs to the window.',
    'E_SCHEMA',
    [window('from'), { date: '2017-02-01' }],
  ],
  ['no-contract-reference', 'The contract has no reference.', 'E_SCHEMA', ['/contract/reference', undefined]],
  ['purge-without-receipt', 'The purge does not wait for the receipt.', 'E_SCHEMA', ['/gates/purge', ['validation']]],
  ['unknown-suite', 'The suite is unknown.', 'E_SCHEMA', ['/suite', 'rsa']],
  [
    'dataset-path',
    'A dataset is named as a path.',
    'E_SCHEMA',
    ['/datasets/0/name', 'a/b'],
    ['/datasets/1/link', undefined],
  ],
  ['folder-climbs', 'The folder on the server climbs.', 'E_SCHEMA', ['/endpoint/folder', '/jobs/../etc']],
  ['host-key-empty', 'The host key is empty.', 'E_SCHEMA', ['/endpoint/hostKey', '']],
  [
    'countries-without-safeguard',
    'Countries outside the EEA are allowed, and no safeguard is named.',
    'E_SCHEMA',
    ['/transfers', { outsideEea: true, countries: ['US'] }],
  ],
  ['wildcard-list', 'The allow-list is a text.', 'E_SCHEMA', ['/datasets/0/fields', '*']],
];

const WELL_KNOWN: readonly Short[] = [
  ['processor', 'The processor is outside the EEA.', 'E_COUNTRY', ['/processor/country', 'US']],
  ['recipient', 'A recipient is outside the EEA.', 'E_COUNTRY', ['/recipients/0/country', 'CH']],
  ['endpoint', 'The server is outside the EEA.', 'E_COUNTRY', ['/endpoint/country', 'GB']],
  [
    'overseas-country',
    'The server is in French Polynesia, which belongs to France and not to the EEA.',
    'E_COUNTRY',
    ['/endpoint/country', 'PF'],
  ],
];

/** Regions of the EEA that have a code of their own. */
function regionCases(): Case[] {
  return [
    {
      name: 'country/regions',
      what: 'Guadeloupe, Martinique, French Guiana and Åland belong to the EEA.',
      expect: 'accept',
      edits: [
        ['/processor/country', 'GP'],
        ['/endpoint/country', 'MQ'],
        ['/recipients/0/country', 'GF'],
        ['/recipients/-', { ...recipientEntry('recipient2', 'second'), country: 'AX' }],
      ],
    },
    {
      name: 'country/more-regions',
      what: 'Réunion, Mayotte and Saint-Martin belong to the EEA.',
      expect: 'accept',
      edits: [
        ['/processor/country', 'RE'],
        ['/endpoint/country', 'YT'],
        ['/recipients/0/country', 'MF'],
      ],
    },
  ];
}

/** Somebody must be there who may purge unwatched. */
function unattendedCases(): Case[] {
  const watched: Edit = ['/processor/operators/0/unattended', false];
  return [
    {
      name: 'unattended/nobody',
      what: 'No operator is unattended.',
      expect: ['parties', 'E_ROLE'],
      edits: [watched],
    },
    {
      name: 'unattended/one-of-two',
      what: 'One operator of two is unattended.',
      expect: 'accept',
      edits: [watched, ['/processor/operators/-', operatorEntry('operator2', 'ysolde')]],
    },
  ];
}

function sharedCases(): Case[] {
  const renamed = identityFromSeed(fixedBytes('recipient1'), 'Encore un autre', CREATED).identity.document;
  const second = recipientEntry('recipient2', 'second');
  return ofLayer('parties', 'shared', [
    [
      'recipient-twice',
      'Two recipients have one identity.',
      'E_SHARED',
      ['/recipients/-', { ...second, identity: person('recipient1').identity.document }],
    ],
    [
      'recipient-renamed',
      'Two recipients have the same keys under two names.',
      'E_SHARED',
      ['/recipients/-', { ...second, identity: renamed }],
    ],
    [
      'operator-is-recipient',
      'An operator is a recipient.',
      'E_SHARED',
      ['/recipients/-', { ...second, identity: person('operator1').identity.document }],
    ],
    [
      'signing-key',
      'A recipient has an operator’s signing key, and receiving keys of its own.',
      'E_SHARED',
      ['/recipients/-', { ...second, identity: aliasOf('operator1', 'recipient2') }],
    ],
    [
      'operator-has-signers-key',
      'An operator has the signing key of a signer of the laboratory.',
      'E_SHARED',
      ['/processor/operators/0/identity', aliasOf('signer1', 'operator1')],
    ],
    [
      'operator-is-signer',
      'An operator is a signer of the laboratory.',
      'E_SHARED',
      ['/processor/operators/-', operatorEntry('signer1', 'odile')],
    ],
    [
      'ssh-key',
      'A recipient uses an operator’s SSH key.',
      'E_SHARED',
      ['/recipients/-', { ...second, sshKey: sshKeyOf('operator1') }],
    ],
    ['account', 'Two recipients use one account.', 'E_SHARED', ['/recipients/-', { ...second, account: 'nouveau' }]],
  ]);
}

function identityCases(): Case[] {
  return ofLayer('identity', 'identity', [
    [
      'recipient-keys-not-covered',
      'A recipient’s receiving key was replaced by another.',
      'E_KEY',
      ['/recipients/0/identity/signed/box', person('outsider').identity.document.signed.box],
    ],
    [
      'operator-renamed',
      'An operator’s name was changed in the identity.',
      'E_KEY',
      ['/processor/operators/0/identity/signed/name', 'Niels Varangot'],
    ],
    [
      'weak-operator',
      'An operator’s signing key has small order.',
      'E_KEY_WEAK',
      ['/processor/operators/0/identity/signed/sign', encodeBase64(new Uint8Array(32))],
    ],
  ]);
}

const at = (clock: string): Partial<Instructed> => ({ clock });

const TIMES: readonly Case[] = [
  { name: 'time/first-second', what: 'The first second in force.', expect: 'accept', run: at('2026-03-02T00:00:00Z') },
  { name: 'time/last-second', what: 'The last second in force.', expect: 'accept', run: at('2026-05-31T23:59:59Z') },
  {
    name: 'time/before',
    what: 'A second before they begin.',
    expect: ['time', 'E_TIME'],
    run: at('2026-03-01T23:59:59Z'),
  },
  {
    name: 'time/at-the-end',
    what: 'The very second of the end.',
    expect: ['time', 'E_TIME'],
    run: at('2026-06-01T00:00:00Z'),
  },
  {
    name: 'time/empty-span',
    what: 'They end when they begin.',
    expect: ['time', 'E_TIME'],
    edits: [['/expires', '2026-03-02T00:00:00Z']],
  },
  {
    name: 'time/purge-before-delivery',
    what: 'The purge is due before the delivery.',
    expect: ['time', 'E_TIME'],
    edits: [['/deadlines/purge', '2026-03-31T00:00:00Z']],
  },
  {
    name: 'time/last-day-of-contract',
    what: 'The last day of the contract.',
    expect: 'accept',
    edits: [['/contract/expires', '2026-03-10']],
  },
  {
    name: 'time/contract-expired',
    what: 'The contract ended the day before.',
    expect: ['time', 'E_CONTRACT'],
    edits: [['/contract/expires', '2026-03-09']],
  },
];

function revocationCases(): Case[] {
  const revoked = (id: PersonId, since: string): Edit => [
    '/revoked',
    [{ identity: person(id).fingerprint, since, reason: 'left' }],
  ];
  const acting = { operator: person('operator1').fingerprint };
  return [
    {
      name: 'revoked/recipient',
      what: 'The recipient is revoked.',
      expect: ['parties', 'E_REVOKED'],
      edits: [revoked('recipient1', '2026-03-09T00:00:00Z')],
    },
    {
      name: 'revoked/recipient-this-second',
      what: 'The recipient is revoked from this second on.',
      expect: ['parties', 'E_REVOKED'],
      edits: [revoked('recipient1', CLOCK)],
    },
    {
      name: 'revoked/recipient-later',
      what: 'The recipient is revoked from a later time on.',
      expect: 'accept',
      edits: [revoked('recipient1', '2026-03-10T12:00:01Z')],
    },
    {
      name: 'revoked/recipient-expired',
      what: 'The recipient has expired.',
      expect: ['parties', 'E_REVOKED'],
      edits: [['/recipients/0/expires', CLOCK]],
    },
    {
      name: 'revoked/operator',
      what: 'The operator that acts is revoked.',
      expect: ['parties', 'E_REVOKED'],
      edits: [revoked('operator1', '2026-03-09T00:00:00Z')],
      run: acting,
    },
    {
      name: 'revoked/operator-unknown',
      what: 'Who acts is no operator.',
      expect: ['role', 'E_ROLE'],
      run: { operator: person('outsider').fingerprint },
    },
    {
      name: 'revoked/recipient-acts',
      what: 'A recipient acts as operator.',
      expect: ['role', 'E_ROLE'],
      run: { operator: person('recipient1').fingerprint },
    },
  ];
}

function authorityCases(): Case[] {
  const three = { roster: '../common/roster-of-three.json' };
  const underThree: Edit = ['/roster', documentDigest(rosterOfThreeContent())];
  return [
    {
      name: 'authority/by-recipient',
      what: 'The recipient signed them.',
      expect: ['role', 'E_ROLE'],
      by: ['recipient1'],
    },
    { name: 'authority/by-operator', what: 'The operator signed them.', expect: ['role', 'E_ROLE'], by: ['operator1'] },
    {
      name: 'authority/two-of-three',
      what: 'Two of three signers signed them.',
      expect: 'accept',
      edits: [underThree],
      by: ['signer2', 'signer3'],
      run: three,
    },
    {
      name: 'authority/one-of-three',
      what: 'One signer and the operator signed them, where two signers must.',
      expect: ['threshold', 'E_THRESHOLD'],
      edits: [underThree],
      by: ['signer2', 'operator1'],
      run: three,
    },
    {
      name: 'lab/another-lab',
      what: 'They are another laboratory’s, signed by its signer.',
      expect: ['lab', 'E_LAB'],
      edits: [
        ['/lab/id/value', '987654324'],
        ['/roster', documentDigest(otherRoster().signed)],
      ],
      by: ['outsider'],
    },
    {
      name: 'lab/another-lab-own-signer',
      what: 'They name another laboratory, and this one’s signer signed.',
      expect: ['lab', 'E_LAB'],
      edits: [['/lab/id/value', '987654324']],
    },
    {
      name: 'lab/another-name',
      what: 'They call the laboratory by another name than the roster.',
      expect: ['lab', 'E_LAB'],
      edits: [['/lab/name', 'Laboratoire d’Exemples']],
    },
    {
      name: 'lab/another-roster',
      what: 'They were made under another version of the roster.',
      expect: ['lab', 'E_LAB'],
      edits: [['/roster', digestOf(encodeUtf8('another'))]],
    },
    {
      name: 'rollback/version-too-high',
      what: 'The version is above a million.',
      expect: ['rollback', 'E_ROLLBACK'],
      edits: [['/version', 1_000_001]],
    },
    {
      name: 'rollback/highest-version',
      what: 'The version is a million.',
      expect: 'accept',
      edits: [['/version', 1_000_000]],
    },
  ];
}

function seenCases(): Case[] {
  const seen = (file: string): Partial<Instructed> => ({ seen: `seen/${file}.json` });
  return [
    {
      name: 'rollback/older-version',
      what: 'A newer version was seen before.',
      expect: ['rollback', 'E_ROLLBACK'],
      run: seen('version-3'),
    },
    {
      name: 'rollback/same-version-other-document',
      what: 'Another document with this version was seen before.',
      expect: ['rollback', 'E_ROLLBACK'],
      edits: [
        ['/version', 3],
        ['/note', 'changed'],
      ],
      run: seen('version-3'),
    },
    {
      name: 'rollback/same-document',
      what: 'The same document was seen before.',
      expect: 'accept',
      edits: [['/version', 3]],
      run: seen('version-3'),
    },
    {
      name: 'rollback/gap',
      what: 'A version was left out.',
      expect: 'accept',
      edits: [['/version', 5]],
      run: seen('version-3'),
    },
  ];
}

const GOOD: readonly Case[] = [
  { name: 'good', what: 'Instructions.', expect: 'accept' },
  {
    name: 'good/free-text-with-purpose',
    what: 'Free text with its purpose.',
    expect: 'accept',
    edits: [
      [field(1, 'name'), 'COMMENTAIRE'],
      [field(1, 'freeText'), true],
      [field(1, 'purpose'), 'continuity of care'],
    ],
  },
  {
    name: 'good/outside-the-eea',
    what: 'A server outside the EEA, allowed with its safeguard.',
    expect: 'accept',
    edits: [
      ['/endpoint/country', 'CH'],
      ['/transfers', { outsideEea: true, countries: ['CH'], safeguard: 'adequacy decision' }],
    ],
  },
];

/** The laboratory itself is the recipient: the one signing key that may have two roles. */
function labAsRecipient(): Case[] {
  return [
    {
      name: 'good/laboratory-is-recipient',
      what: 'The laboratory’s signer is the recipient.',
      expect: 'accept',
      edits: [['/recipients/0', recipientEntry('signer1', 'odile')]],
    },
    {
      name: 'good/laboratory-receives-with-other-keys',
      what: 'The recipient has the signing key of the laboratory’s signer, and receiving keys of its own.',
      expect: 'accept',
      edits: [['/recipients/0/identity', aliasOf('signer1', 'recipient1')]],
    },
  ];
}

function goodKeyCases(): Case[] {
  const { rsa, ecdsa } = soundSshKeys();
  return [
    { name: 'ssh/rsa', what: 'RSA keys of 3072 and of 16384 bits.', expect: 'accept', edits: rsa },
    { name: 'ssh/ecdsa', what: 'ECDSA keys of the three curves.', expect: 'accept', edits: ecdsa },
  ];
}

/** A document that says two things about one field: told by its text. */
function duplicateVectors(): MadeVector[] {
  const document = instructions();
  const text = new TextDecoder().decode(fileOf(document)).replace('"fields":', '"fields":[{"name":"TOUT"}],"fields":');
  const changedDocument = changed(document, ['/signed/datasets/0/fields/1/name', 'NOMS']);
  return [
    refused(
      'document/duplicate-fields',
      'The allow-list is there twice.',
      ['reader', 'E_JSON_DUP'],
      encodeUtf8(text),
      RUN,
    ),
    refused(
      'document/one-byte-changed',
      'A field name changed after signing.',
      ['signature', 'E_SIG'],
      fileOf(changedDocument),
      RUN,
    ),
    refused(
      'document/unknown-field',
      'A member that this version does not know.',
      ['schema', 'E_SCHEMA'],
      fileOf(signedBy(instructionsContent(['/force', true]), 'signer1')),
      RUN,
    ),
  ];
}

/** Every vector of instructions. */
export function instructionsFamily(): Family {
  const version3 = instructions(['/version', 3]);
  const cases: readonly Case[] = [
    ...GOOD.map((one) => (one.name === 'good' ? { ...one, name: 'good/plain' } : one)),
    ...labAsRecipient(),
    ...authorityCases(),
    ...seenCases(),
    ...TIMES,
    ...revocationCases(),
    ...sharedCases(),
    ...identityCases(),
    ...ofLayer('parties', 'country', WELL_KNOWN),
    ...regionCases(),
    ...unattendedCases(),
    ...goodKeyCases(),
    ...ofLayer('parties', 'ssh', brokenSshKeys()),
    ...ofLayer('scope', 'scope', SCOPE),
    ...ofLayer('scope', 'window', [...WINDOWS, ...DATE_RULES]),
    ...PERMISSIONS,
    ...GOOD_DATE_RULES.map(
      ([name, what, ...edits]): Case => ({ name: `window/good-${name}`, what, expect: 'accept', edits }),
    ),
    ...ofLayer('schema', 'schema', [...SCHEMA, ...misspeltSshKeys()]),
  ];
  return {
    name: 'instructions',
    files: [{ path: 'seen/version-3.json', content: fileOf(version3) }],
    vectors: [...cases.map(vectorOf), ...duplicateVectors()],
  };
}
