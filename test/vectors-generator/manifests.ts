/** Manifests (doc/format.md §13): roster, instructions, entries and checkpoint in one file. */
import { documentDigest } from '../../packages/core/src/envelope.ts';
import type { EntryDocument } from '../../packages/core/src/journal/entry.ts';
import type { Manifest } from '../../packages/core/src/journal/manifest.ts';
import { entriesOf, type FreshParts, honest, manifestOf, type Step, until, withStep } from './chain.ts';
import { changed, type Edit, fileOf, laidOut, signedBy, text } from './edit.ts';
import {
  instructions,
  instructionsContent,
  operatorEntry,
  otherRoster,
  roster,
  rosterOfThree,
  rosterOfThreeContent,
} from './job.ts';
import { person } from './people.ts';
import { accepted, type Family, type Layer, type MadeVector, type Run, refused } from './vector.ts';

type ManifestRun = Extract<Run, { run: 'manifest' }>;
const RUN: ManifestRun = { run: 'manifest', roster: '../common/roster.json' };

function good(name: string, what: string, manifest: Manifest, run: Partial<ManifestRun>): MadeVector {
  return accepted(name, what, fileOf(manifest), { ...RUN, ...run });
}

function bad(
  name: string,
  what: string,
  expect: readonly [Layer, string],
  manifest: unknown,
  run: Partial<ManifestRun> = {},
): MadeVector {
  return refused(name, what, expect, fileOf(manifest), { ...RUN, ...run });
}

function goodVectors(steps: readonly Step[], fresh: FreshParts): MadeVector[] {
  const entries = entriesOf(steps);
  const second = instructions(['/version', 2], ['/deadlines/warnDays', 14]);
  const versions = [instructions(), second];
  const later = entriesOf(
    until(steps, 'delivery').map((step, index) => (index === 2 ? { ...step, version: 1 } : step)),
    versions,
  );
  return [
    good('good/whole-job', 'The whole job.', manifestOf(entries), { state: 'purged' }),
    good('good/empty', 'Before the first entry.', manifestOf([]), { state: 'authorised' }),
    good('good/second-version', 'The delivery was made under a newer version.', manifestOf(later, { versions }), {
      state: 'delivered',
    }),
    accepted('good/laid-out', 'Laid out for people.', text(laidOut(manifestOf(entries))), { ...RUN, state: 'purged' }),
    good('good/witness', 'A witness saw the chain after three entries.', manifestOf(entries), {
      state: 'purged',
      witness: headAfter(entries, 3),
    }),
    good(
      'good/two-of-three',
      'A laboratory of which two of three must sign.',
      manifestOfThree(fresh, ['signer1', 'signer3']),
      { roster: '../common/roster-of-three.json', state: 'approved' },
    ),
  ];
}

function headAfter(entries: readonly EntryDocument[], seq: number) {
  return { seq, head: documentDigest(entries[seq - 1]?.signed ?? instructions().signed) };
}

/** A manifest up to the approval, under the roster of three. */
function manifestOfThree(
  fresh: FreshParts,
  authors: Step['authors'],
  by: Step['authors'] = ['signer1', 'signer2'],
): Manifest {
  const content = instructionsContent(['/roster', documentDigest(rosterOfThreeContent())]);
  const versions = [signedBy(content, ...by)];
  const steps = honest(fresh, ['recipient1', 'signer1', 'signer2', 'signer3']);
  const entries = entriesOf(withStep(until(steps, 'approval'), 'approval', { authors }), versions);
  return manifestOf(entries, { roster: rosterOfThree(), versions });
}

function checkpointVectors(steps: readonly Step[]): MadeVector[] {
  const entries = entriesOf(until(steps, 'import'));
  const checkpoint: readonly [Layer, string] = ['checkpoint', 'E_CHAIN'];
  const whole = manifestOf(entries);
  const edited = (name: string, what: string, ...edits: readonly Edit[]): MadeVector =>
    bad(`checkpoint/${name}`, what, checkpoint, manifestOf(entries, {}, { edits }));
  const signedAs = (name: string, what: string, ...signers: Step['signers']): MadeVector =>
    bad(`checkpoint/${name}`, what, ['role', 'E_ROLE'], manifestOf(entries, {}, { signers }));
  return [
    bad('checkpoint/tail-cut', 'The last entry was taken out; the checkpoint is the old one.', checkpoint, {
      ...whole,
      entries: entries.slice(0, -1),
    }),
    bad('checkpoint/older', 'An older checkpoint, whose signature holds.', checkpoint, {
      ...whole,
      checkpoint: manifestOf(entries.slice(0, 3)).checkpoint,
    }),
    edited('seq', 'The checkpoint counts one entry more.', ['/seq', entries.length + 1]),
    edited('head', 'The checkpoint names the head before the last.', [
      '/head',
      documentDigest(entries.at(-2)?.signed ?? instructions().signed),
    ]),
    edited('job', 'The checkpoint is of another job.', ['/job', 'vectors-2027']),
    bad(
      'checkpoint/changed',
      'The checkpoint’s time changed after signing.',
      ['signature', 'E_SIG'],
      changed(whole, ['/checkpoint/signed/time', '2026-03-10T16:00:00Z']),
    ),
    signedAs('by-signer', 'The laboratory’s signer signed the checkpoint.', 'signer1'),
    bad(
      'witness/tail-cut',
      'The processor cut the tail that a witness saw, and signed a new checkpoint.',
      ['witness', 'E_CHAIN'],
      manifestOf(entries.slice(0, 3)),
      { witness: headAfter(entries, 4) },
    ),
    bad(
      'witness/rewritten',
      'The processor wrote the chain anew behind what the witness saw, and signed a new checkpoint.',
      ['witness', 'E_CHAIN'],
      manifestOf(entriesOf(withStep(until(steps, 'import'), 'receipt', { time: '2026-03-10T11:01:00Z' }))),
      { witness: headAfter(entries, 4) },
    ),
  ];
}

function entryVectors(steps: readonly Step[], fresh: FreshParts): MadeVector[] {
  const entries = entriesOf(until(steps, 'import'));
  const chain: readonly [Layer, string] = ['chain', 'E_CHAIN'];
  const agreement: readonly [Layer, string] = ['agreement', 'E_COUNT'];
  const edited = entries.map((one, index) =>
    index === entries.length - 1 ? changed(one, ['/signed/time', '2026-03-10T12:00:01Z']) : one,
  );
  const made = (kind: Step['kind'], ...edits: readonly Edit[]): Manifest =>
    manifestOf(entriesOf(until(withStep(steps, kind, { edits }), kind)));
  return [
    bad(
      'entries/removed',
      'An entry was taken out, and the checkpoint made anew.',
      chain,
      manifestOf(entries.toSpliced(3, 1)),
    ),
    bad(
      'entries/reordered',
      'Two entries changed places, and the checkpoint was made anew.',
      chain,
      manifestOf([...entries.slice(0, 3), ...entries.slice(3, 5).toReversed(), ...entries.slice(5)]),
    ),
    bad('entries/edited', 'The last entry’s time was changed after signing.', ['signature', 'E_SIG'], {
      ...manifestOf(entries),
      entries: edited,
    }),
    bad(
      'entries/counts-do-not-close',
      'The counts do not add up.',
      agreement,
      made('extraction', ['/datasets/1/counts/impossibleDate', 2]),
    ),
    bad(
      'entries/column-beyond-the-list',
      'A column left that is not in the allow-list.',
      ['agreement', 'E_SCOPE'],
      made('extraction', ['/datasets/1/columns/kept/-', 'MP']),
    ),
    bad(
      'entries/receipt-of-other-file',
      'The receipt is of another file.',
      ['agreement', 'E_ACK'],
      made('receipt', ['/datasets/1/file/bytes', 1]),
    ),
    bad(
      'entries/import-of-more',
      'The import names more rows than the receipt.',
      agreement,
      made('import', ['/datasets/0/rows', 4000]),
    ),
    bad(
      'entries/delivery-before-approval',
      'The delivery comes before the approval.',
      ['state', 'E_WAITING'],
      manifestOf(entriesOf(withStep(until(steps, 'delivery'), 'approval', undefined))),
    ),
    bad(
      'entries/approval-by-recipient',
      'The recipient approved.',
      ['role', 'E_ROLE'],
      manifestOf(entriesOf(withStep(until(steps, 'approval'), 'approval', { authors: ['recipient1'] }))),
    ),
    bad(
      'entries/approval-by-one-of-three',
      'One signer approved where two must.',
      ['threshold', 'E_THRESHOLD'],
      manifestOfThree(fresh, ['signer2']),
      { roster: '../common/roster-of-three.json' },
    ),
  ];
}

function authorityVectors(steps: readonly Step[], fresh: FreshParts): MadeVector[] {
  const entries = entriesOf(until(steps, 'approval'));
  const whole = manifestOf(entries);
  const lab: readonly [Layer, string] = ['lab', 'E_LAB'];
  const under = (
    name: string,
    what: string,
    expect: readonly [Layer, string],
    edits: readonly Edit[],
    by: Step['authors'] = ['signer1'],
  ): MadeVector => {
    const versions = [signedBy(instructionsContent(...edits), ...by)];
    return bad(
      `authority/${name}`,
      what,
      expect,
      manifestOf(entriesOf(until(steps, 'approval'), versions), { versions }),
    );
  };
  return [
    bad('authority/other-roster', 'The manifest carries another laboratory’s roster.', lab, {
      ...whole,
      roster: otherRoster(),
    }),
    bad(
      'authority/roster-with-more-signers',
      'The manifest carries a roster of its own making, with the same lab id.',
      lab,
      { ...whole, roster: signedBy(roster(['/note', 'new']).signed, 'outsider') },
    ),
    bad(
      'authority/verified-under-another',
      'The manifest is whole, and the reader has pinned another laboratory.',
      lab,
      whole,
      { roster: 'other-roster.json' },
    ),
    under('by-operator', 'The operator signed the instructions.', ['role', 'E_ROLE'], [], ['operator1']),
    under('by-recipient', 'The recipient signed the instructions.', ['role', 'E_ROLE'], [], ['recipient1']),
    bad(
      'authority/one-of-three',
      'One signer signed the instructions where two must.',
      ['threshold', 'E_THRESHOLD'],
      manifestOfThree(fresh, ['signer1', 'signer2'], ['signer3']),
      { roster: '../common/roster-of-three.json' },
    ),
    bad(
      'authority/instructions-changed',
      'The instructions were changed after signing.',
      ['signature', 'E_SIG'],
      changed(whole, ['/instructions/0/signed/endpoint/host', 'ailleurs.example']),
    ),
    under('other-lab', 'The instructions are of another laboratory.', lab, [['/lab/id/value', '987654324']]),
    under('roster-of-another-version', 'The instructions were made under another version of the roster.', lab, [
      ['/roster', documentDigest(rosterOfThreeContent())],
    ]),
    under(
      'operator-is-recipient',
      'An operator is a recipient.',
      ['parties', 'E_SHARED'],
      [
        [
          '/processor/operators/-',
          { ...operatorEntry('operator2', 'ysolde'), identity: person('recipient1').identity.document },
        ],
      ],
    ),
    under(
      'credential',
      'The instructions list a password column.',
      ['scope', 'E_CREDENTIAL'],
      [['/datasets/0/fields/1/name', 'MDP']],
    ),
    bad(
      'authority/versions-fall',
      'The versions of the instructions are in the wrong order.',
      ['rollback', 'E_ROLLBACK'],
      { ...whole, instructions: [instructions(['/version', 2]), ...whole.instructions] },
    ),
    bad('authority/unused-versions', 'There are two versions under which nobody acted.', ['chain', 'E_CHAIN'], {
      ...whole,
      instructions: [...whole.instructions, instructions(['/version', 2]), instructions(['/version', 3])],
    }),
    under('other-lab-name', 'The instructions call the laboratory by another name than the roster.', lab, [
      ['/lab/name', 'Laboratoire d’Exemples'],
    ]),
  ];
}

function shapeVectors(steps: readonly Step[]): MadeVector[] {
  const whole = manifestOf(entriesOf(until(steps, 'extraction')));
  const schema: readonly [Layer, string] = ['schema', 'E_SCHEMA'];
  const duplicate = new TextDecoder().decode(fileOf(whole)).replace('"entries":', '"entries":[],"entries":');
  return [
    bad('shape/no-checkpoint', 'There is no checkpoint.', schema, changed(whole, ['/checkpoint', undefined])),
    bad('shape/unknown-member', 'A member that the schema does not name.', schema, changed(whole, ['/verified', true])),
    bad('shape/unsigned-entry', 'An entry has no signature.', schema, changed(whole, ['/entries/0/signatures', []])),
    bad(
      'shape/unknown-kind',
      'A statement is of an unknown kind.',
      schema,
      changed(whole, ['/entries/0/signed/statement/kind', 'erasure']),
    ),
    bad(
      'shape/newer-version',
      'A manifest of a newer version.',
      ['version', 'E_VERSION'],
      changed(whole, ['/type', 'sealift.manifest.v2']),
    ),
    refused('shape/entries-twice', 'The entries are there twice.', ['reader', 'E_JSON_DUP'], text(duplicate), RUN),
  ];
}

/** Every vector of manifests. */
export function manifestFamily(fresh: FreshParts): Family {
  const steps = honest(fresh);
  return {
    name: 'manifests',
    files: [{ path: 'other-roster.json', content: fileOf(otherRoster()) }],
    vectors: [
      ...goodVectors(steps, fresh),
      ...shapeVectors(steps),
      ...authorityVectors(steps, fresh),
      ...entryVectors(steps, fresh),
      ...checkpointVectors(steps),
    ],
  };
}
