/** Journals (doc/format.md §11, §12 and §14): the chain, who signs what, the order of steps, and whether the statements agree. */
import { canonicalJson } from '../../packages/core/src/canonical.ts';
import { documentDigest } from '../../packages/core/src/envelope.ts';
import type { InstructionsDocument } from '../../packages/core/src/instructions.ts';
import type { EntryDocument } from '../../packages/core/src/journal/entry.ts';
import { digestOf } from '../../packages/core/src/sha256.ts';
import {
  digestKeyFor,
  entriesOf,
  type FreshParts,
  honest,
  importBody,
  receiptBody,
  type Step,
  until,
  withStep,
} from './chain.ts';
import { changed, type Edit, fileOf, signedBy, text } from './edit.ts';
import { instructions, operatorEntry, recipientEntry } from './job.ts';
import { type PersonId, person } from './people.ts';
import { joined } from './sealed-file.ts';
import { accepted, type Family, type Layer, type MadeFile, type MadeVector, type Run, refused } from './vector.ts';

type Journal = Extract<Run, { run: 'journal' }>;
const RUN: Journal = { run: 'journal', roster: '../common/roster.json', instructions: ['instructions/one.json'] };

const RESULTS_WINDOW = {
  field: 'DATE',
  format: 'DD/MM/YYYY',
  from: { date: '2016-01-01', inclusive: true },
  emptyDate: 'withhold',
  impossibleDate: 'withhold',
};

/** Other instructions that journals are made under. */
function variants(): Record<string, InstructionsDocument> {
  const scope: readonly Edit[] = [['/version', 2]];
  return {
    one: instructions(),
    second: instructions(...scope, ['/deadlines/warnDays', 14]),
    third: instructions(['/version', 3]),
    'second-other-scope': instructions(...scope, ['/datasets/0/fields/-', { name: 'PRENOM' }]),
    'second-lower-version': instructions(['/note', 'again']),
    'no-approval': instructions(['/gates/delivery', []]),
    'receipt-alone': instructions(['/gates/purge', ['receipt']]),
    'two-recipients': instructions(['/recipients/-', recipientEntry('recipient2', 'second')]),
    'two-operators': instructions(
      ['/processor/operators/-', operatorEntry('operator2', 'ysolde')],
      ['/revoked', [{ identity: person('operator2').fingerprint, since: '2026-03-10T09:30:00Z', reason: 'left' }]],
    ),
    'purged-by-service': instructions(
      ['/processor/operators/0/unattended', false],
      ['/processor/operators/-', operatorEntry('operator2', 'ysolde')],
    ),
    'recipient-expires': instructions(['/recipients/0/expires', '2026-03-10T11:00:00Z']),
    'keep-at-deadline': instructions(['/deadlines/atPurge', 'keep']),
    'contract-ended': instructions(['/contract/expires', '2026-03-09']),
    'read-back': instructions(['/endpoint/readBack', true]),
    'requires-encryption': instructions(['/requires', ['disk-encryption']]),
    'all-windows': instructions(['/datasets/1/window', { all: [RESULTS_WINDOW, { ...RESULTS_WINDOW, field: 'FIN' }] }]),
    'source-may-go': instructions(['/datasets/0/disposeSource', true]),
    'malformed-may-stay': instructions(['/datasets/0/malformed', 'withhold']),
    'any-window': instructions(['/datasets/1/window', { any: [RESULTS_WINDOW, { ...RESULTS_WINDOW, field: 'FIN' }] }]),
    instants: instructions([
      '/datasets/1/window',
      {
        ...RESULTS_WINDOW,
        format: 'YYYY-MM-DDTHH:mm:ssXXX',
        from: { date: '2016-01-01', offset: '+02:00', inclusive: true },
        to: { date: '2024-02-28', offset: '+01:00', inclusive: true },
      },
    ]),
  };
}

const lines = (entries: readonly EntryDocument[]): Uint8Array => joined(...entries.map(fileOf));

/** Makes vectors from steps or entries. */
class Maker {
  readonly steps: readonly Step[];
  /** The same with two recipients. */
  readonly stepsOfTwo: readonly Step[];
  readonly versions: Readonly<Record<string, InstructionsDocument>> = variants();
  readonly fresh: FreshParts;

  constructor(fresh: FreshParts) {
    this.fresh = fresh;
    this.steps = honest(fresh);
    this.stepsOfTwo = honest(fresh, ['recipient1', 'recipient2', 'signer1']);
  }

  /** The run under some of the instructions. */
  run(...names: readonly string[]): Journal {
    return { ...RUN, instructions: names.map((name) => `instructions/${name}.json`) };
  }

  entries(steps: readonly Step[], ...names: readonly string[]): EntryDocument[] {
    return entriesOf(
      steps,
      names.map((name) => this.versions[name] ?? instructions()),
    );
  }

  good(name: string, what: string, state: string, steps: readonly Step[], ...names: readonly string[]): MadeVector {
    const under = names.length === 0 ? ['one'] : names;
    return accepted(name, what, lines(this.entries(steps, ...under)), { ...this.run(...under), state });
  }

  bad(
    name: string,
    what: string,
    expect: readonly [Layer, string],
    steps: readonly Step[],
    ...names: readonly string[]
  ): MadeVector {
    const under = names.length === 0 ? ['one'] : names;
    return refused(name, what, expect, lines(this.entries(steps, ...under)), this.run(...under));
  }

  /** The job up to a step, whose statement or document is changed before it is signed. */
  agreement(
    kind: Step['kind'],
    cases: readonly (readonly [name: string, what: string, code: string, ...edits: readonly Edit[]])[],
  ): MadeVector[] {
    return cases.map(([name, what, code, ...edits]) =>
      this.bad(`${kind}/${name}`, what, ['agreement', code], until(withStep(this.steps, kind, { edits }), kind)),
    );
  }
}

const own = (kind: Step['kind'], time: string, body: object): Step => ({
  kind,
  time,
  signers: ['operator1'],
  authors: [],
  body,
});
const at = (clock: string): string => `2026-03-10T${clock}:00Z`;

const disposal = own('disposal', at('14:30'), { dataset: 'patients', bytes: 12_000, outcome: 'deleted' });
const marked = (steps: readonly Step[]): Step[] =>
  withStep(steps, 'extraction', { edits: [['/datasets/0/source/dispose', true]] });

function disposalVectors(make: Maker): MadeVector[] {
  const steps = marked(make.steps);
  const revocation: Step = {
    ...own('revocation', at('14:20'), { reason: 'the contract has ended' }),
    authors: ['signer1'],
  };
  return [
    make.bad(
      'disposal/not-marked',
      'A source is disposed of that was not marked for it.',
      ['agreement', 'E_MISMATCH'],
      [...make.steps, disposal],
      'source-may-go',
    ),
    make.bad(
      'disposal/twice',
      'A source is disposed of twice.',
      ['state', 'E_REPLAY'],
      [...steps, disposal, { ...disposal, time: at('14:40') }],
      'source-may-go',
    ),
    make.bad(
      'disposal/before-its-gates',
      'A source is disposed of before the receipt.',
      ['state', 'E_WAITING'],
      [...until(steps, 'delivery'), disposal],
      'source-may-go',
    ),
    make.bad(
      'disposal/after-revocation',
      'A source is disposed of after the laboratory revoked.',
      ['state', 'E_STATE'],
      [...until(steps, 'delivery'), revocation, disposal],
      'source-may-go',
    ),
  ];
}

function goodVectors(make: Maker): MadeVector[] {
  const { steps } = make;
  const removed = digestOf(text('torn'));
  const alert = own('alert', at('08:10'), { code: 'E_REMOTE', message: 'the server can not be reached' });
  const refusal = own('refusal', at('08:20'), { step: 'send', code: 'E_WAITING', message: 'the approval is missing' });
  const repair = own('repair', at('08:30'), { removedBytes: 4, removedDigest: removed });
  const revocation: Step = {
    ...own('revocation', at('08:40'), { reason: 'the contract has ended' }),
    authors: ['signer1'],
  };
  const abort = own('abort', at('08:40'), { reason: 'the source was the wrong one' });
  const ended = changed(steps.at(-1) ?? abort, ['/edits', [['/basis', 'ended']]]);
  const states = ['extraction', 'approval', 'delivery', 'receipt', 'import', 'validation', 'purge'] as const;
  const names = ['extracted', 'approved', 'delivered', 'received', 'imported', 'validated', 'purged'] as const;
  const second = until(steps, 'delivery').map((step, index) => (index === 2 ? { ...step, version: 1 } : step));
  return [
    accepted('good/empty', 'A journal without entries.', new Uint8Array(0), { ...RUN, state: 'authorised' }),
    ...states.map((kind, index) =>
      make.good(`good/until-${kind}`, `The job up to the ${kind}.`, names[index] ?? '', until(steps, kind)),
    ),
    make.good(
      'good/with-side-notes',
      'Alert, refusal, repair and disposal change no state.',
      'purged',
      [...marked(steps).slice(0, 1), alert, refusal, repair, ...steps.slice(1), disposal],
      'source-may-go',
    ),
    make.good('good/revoked-and-purged', 'The laboratory revokes, and the processor purges.', 'purged', [
      ...steps.slice(0, 1),
      revocation,
      { ...ended, time: at('09:00') },
    ]),
    make.good('good/aborted', 'The processor gives up.', 'aborted', [...steps.slice(0, 1), abort]),
    make.good(
      'good/no-approval-needed',
      'The instructions ask for no approval.',
      'delivered',
      withStep(until(steps, 'delivery'), 'approval', undefined),
      'no-approval',
    ),
    make.good(
      'good/partial-import',
      'An import of fewer rows is taken in and does not count.',
      'received',
      withStep(until(steps, 'import'), 'import', { edits: [['/datasets/0/rows', 39]] }),
    ),
    make.good(
      'good/second-version',
      'The delivery is made under a newer version with the same scope.',
      'delivered',
      second,
      'one',
      'second',
    ),
    make.good(
      'good/purged-by-service',
      'A person does everything but the purge; a service purges.',
      'purged',
      withStep(steps, 'purge', { signers: ['operator2'] }),
      'purged-by-service',
    ),
    make.good('good/purge-on-deadline', 'The purge comes on the deadline, without a receipt.', 'purged', [
      ...until(steps, 'delivery'),
      { ...ended, edits: [['/basis', 'deadline']], time: '2026-05-01T00:00:00Z' },
    ]),
    make.good(
      'good/two-recipients',
      'Two recipients; the second has not acknowledged.',
      'delivered',
      until(make.stepsOfTwo, 'receipt'),
      'two-recipients',
    ),
    make.good(
      'good/operator-revoked-later',
      'The operator is revoked after the entry was made.',
      'approved',
      withStep(until(steps, 'approval'), 'approval', { signers: ['operator2'] }),
      'two-operators',
    ),
  ];
}

function lineVectors(make: Maker): MadeVector[] {
  const entries = make.entries(until(make.steps, 'delivery'), 'one');
  const whole = new TextDecoder().decode(lines(entries));
  const all = whole.split('\n');
  const bad = (name: string, what: string, content: string): MadeVector =>
    refused(`line/${name}`, what, ['chain', 'E_CHAIN'], text(content), RUN);
  const first = all[0] ?? '';
  return [
    bad('not-canonical', 'A line has a space after a colon.', whole.replace('":{', '": {')),
    bad(
      'laid-out',
      'The members of a line are in another order.',
      whole.replace(first, JSON.stringify({ signed: entries[0]?.signed, signatures: entries[0]?.signatures })),
    ),
    bad('crlf', 'Lines end with CRLF.', whole.replaceAll('\n', '\r\n')),
    bad('empty-line', 'An empty line stands between two entries.', whole.replace('\n', '\n\n')),
    bad('duplicate-member', 'A line has a member twice.', whole.replace('"seq":', '"seq":0,"seq":')),
    bad('unknown-kind', 'A statement is of an unknown kind.', whole.replace('"kind":"delivery"', '"kind":"erasure"')),
    bad('unknown-type', 'An entry is of a newer type.', whole.replace('sealift.entry.v1', 'sealift.entry.v2')),
    bad(
      'cut-in-the-middle',
      'The middle of a line is missing.',
      whole.replace(first, first.slice(0, 400) + first.slice(500)),
    ),
    bad('two-on-a-line', 'Two entries stand on one line.', whole.replace('\n', '')),
  ];
}

function chainVectors(make: Maker): MadeVector[] {
  const { steps } = make;
  const entries = make.entries(until(steps, 'import'), 'one');
  const chain = (
    name: string,
    what: string,
    list: readonly EntryDocument[],
    expect: readonly [Layer, string] = ['chain', 'E_CHAIN'],
  ): MadeVector => refused(`chain/${name}`, what, expect, lines(list), RUN);
  const entry = (kind: Step['kind'], ...entryEdits: readonly Edit[]): EntryDocument[] =>
    make.entries(until(withStep(steps, kind, { entryEdits }), kind), 'one');
  const other = documentDigest(instructions(['/note', 'other']).signed);
  const edited = entries.map((one, index) =>
    index === entries.length - 1 ? changed(one, ['/signed/time', '2026-03-10T12:00:01Z']) : one,
  );
  const alert = make.entries([own('alert', at('10:30'), { code: 'E_REMOTE', message: 'inserted' })], 'one');
  return [
    chain('removed', 'An entry was taken out.', entries.toSpliced(2, 1)),
    chain('reordered', 'Two entries changed places.', [
      ...entries.slice(0, 3),
      ...entries.slice(3, 5).toReversed(),
      ...entries.slice(5),
    ]),
    chain('duplicated', 'An entry is there twice.', entries.toSpliced(2, 0, ...entries.slice(2, 3))),
    chain('inserted', 'An entry that starts a chain of its own was put in.', entries.toSpliced(3, 0, ...alert)),
    chain('edited', 'The last entry’s time was changed after it was signed.', edited, ['signature', 'E_SIG']),
    chain(
      'signature-of-another-entry',
      'An entry has the signature of another.',
      entries.map((one, index) => (index === 1 ? { ...one, signatures: entries[0]?.signatures ?? [] } : one)),
      ['signature', 'E_SIG'],
    ),
    chain('seq-gap', 'A number was left out.', entry('approval', ['/seq', 2])),
    chain('other-job', 'An entry is of another job.', entry('extraction', ['/job', 'vectors-2027'])),
    chain(
      'prev-of-the-one-before',
      'An entry follows from the one before the last.',
      entry('approval', ['/prev', documentDigest(instructions().signed)]),
    ),
    chain(
      'first-prev',
      'The first entry does not follow from the instructions.',
      entry('extraction', ['/prev', other]),
    ),
    chain(
      'time-falls',
      'An entry is a second older than the one before.',
      entry('approval', ['/time', '2026-03-10T07:59:59Z']),
    ),
    chain(
      'instructions-unknown',
      'An entry names instructions that are not there.',
      entry('approval', ['/instructions', other]),
    ),
    make.bad(
      'chain/instructions-unused',
      'There are two versions under which nobody acted.',
      ['chain', 'E_CHAIN'],
      until(steps, 'approval'),
      'one',
      'second',
      'third',
    ),
    make.good(
      'chain/instructions-not-used-yet',
      'One newer version is in force under which nobody has acted yet.',
      'approved',
      until(steps, 'approval'),
      'one',
      'second',
    ),
    make.bad(
      'chain/second-version-not-higher',
      'The second version has the number of the first.',
      ['rollback', 'E_ROLLBACK'],
      until(steps, 'approval').map((step, index) => ({ ...step, version: index })),
      'one',
      'second-lower-version',
    ),
    make.bad(
      'chain/scope-changes',
      'The newer version lists a field more, after the extraction.',
      ['state', 'E_STATE'],
      until(steps, 'approval').map((step, index) => ({ ...step, version: index })),
      'one',
      'second-other-scope',
    ),
    make.bad(
      'chain/back-to-the-first-version',
      'An entry goes back to the version before.',
      ['chain', 'E_CHAIN'],
      until(steps, 'delivery').map((step, index) => ({ ...step, version: index === 1 ? 1 : 0 })),
      'one',
      'second',
    ),
  ];
}

type Signed = readonly [
  name: string,
  what: string,
  expect: readonly [Layer, string],
  kind: Step['kind'],
  change: Partial<Step>,
  under?: string,
];

const ROLE: readonly [Layer, string] = ['role', 'E_ROLE'];

function roleCases(): Signed[] {
  const signers = (...ids: readonly PersonId[]): Partial<Step> => ({ signers: ids });
  const authors = (...ids: readonly PersonId[]): Partial<Step> => ({ authors: ids });
  return [
    ['entry-by-signer', 'The laboratory’s signer appended an entry.', ROLE, 'extraction', signers('signer1')],
    ['entry-by-recipient', 'The recipient appended an entry.', ROLE, 'receipt', signers('recipient1')],
    ['entry-by-outsider', 'A stranger appended an entry.', ROLE, 'extraction', signers('outsider')],
    [
      'entry-by-two',
      'Two operators signed an entry.',
      ROLE,
      'approval',
      signers('operator1', 'operator2'),
      'two-operators',
    ],
    [
      'entry-by-operator-and-stranger',
      'A stranger signed an entry beside the operator.',
      ROLE,
      'extraction',
      signers('operator1', 'outsider'),
    ],
    [
      'entry-by-revoked-operator',
      'An operator appended an entry after the revocation.',
      ['parties', 'E_REVOKED'],
      'delivery',
      signers('operator2'),
      'two-operators',
    ],
    ['approval-by-recipient', 'The recipient approved.', ROLE, 'approval', authors('recipient1')],
    ['approval-by-operator', 'The operator approved.', ROLE, 'approval', authors('operator1')],
    [
      'receipt-by-signer',
      'The laboratory’s signer signed the recipient’s receipt.',
      ROLE,
      'receipt',
      authors('signer1'),
    ],
    ['receipt-by-operator', 'The operator signed the recipient’s receipt.', ROLE, 'receipt', authors('operator1')],
    [
      'receipt-of-stranger',
      'A stranger gave a receipt of his own.',
      ROLE,
      'receipt',
      { authors: ['outsider'], body: receiptBody('outsider') },
    ],
    [
      'receipt-by-the-other-recipient',
      'One recipient signed the receipt of the other.',
      ROLE,
      'receipt',
      { ...authors('recipient2') },
      'two-recipients',
    ],
    [
      'receipt-of-expired-recipient',
      'The recipient had expired when it gave the receipt.',
      ['parties', 'E_REVOKED'],
      'receipt',
      {},
      'recipient-expires',
    ],
    ['import-by-operator', 'The operator signed the import.', ROLE, 'import', authors('operator1')],
    ['validation-by-recipient', 'The recipient validated.', ROLE, 'validation', authors('recipient1')],
    [
      'purge-by-person',
      'An operator purged that the instructions do not mark as unattended.',
      ROLE,
      'purge',
      {},
      'purged-by-service',
    ],
  ];
}

function roleVectors(make: Maker): MadeVector[] {
  const cases = roleCases().map(([name, what, expect, kind, change, under = 'one']) =>
    make.bad(
      `role/${name}`,
      what,
      expect,
      until(withStep(under === 'two-recipients' ? make.stepsOfTwo : make.steps, kind, change), kind),
      under,
    ),
  );
  const revocation: Step = { ...own('revocation', at('08:40'), { reason: 'we say so' }), authors: ['recipient1'] };
  const approved = make.entries(until(make.steps, 'approval'), 'one');
  const altered = approved.map((one, index) =>
    index === 1 ? resigned(changed(one, ['/signed/statement/document/signed/datasets/0/rows', 41])) : one,
  );
  return [
    ...cases,
    make.bad('role/revocation-by-recipient', 'The recipient revoked.', ROLE, [...make.steps.slice(0, 1), revocation]),
    refused(
      'role/approval-altered',
      'The operator changed the approval before embedding it.',
      ['signature', 'E_SIG'],
      lines(altered),
      RUN,
    ),
  ];
}

/** An entry signed again by the operator. */
function resigned({ signed }: EntryDocument): EntryDocument {
  return signedBy(signed, 'operator1');
}

function seenVectors(make: Maker): MadeVector[] {
  const { steps } = make;
  const head = documentDigest(instructions(['/note', 'another journal']).signed);
  const other = digestOf(text('other instructions'));
  const seen = (
    name: string,
    what: string,
    expect: readonly [Layer, string],
    kind: Step['kind'],
    ...edits: readonly Edit[]
  ): MadeVector => make.bad(`seen/${name}`, what, expect, until(withStep(steps, kind, { edits }), kind));
  return [
    seen(
      'receipt-of-another-chain',
      'The receipt names a head that this chain never had.',
      ['chain', 'E_CHAIN'],
      'receipt',
      ['/head', head],
    ),
    seen(
      'approval-of-another-chain',
      'The approval names a head that this chain never had.',
      ['chain', 'E_CHAIN'],
      'approval',
      ['/head', head],
    ),
    make.bad(
      'seen/rewritten-after-receipt',
      'The delivery was written anew after the recipient had seen it.',
      ['chain', 'E_CHAIN'],
      rewrittenBehind(make),
    ),
    seen(
      'approval-before-extraction',
      'The approval names a head before the extraction.',
      ['chain', 'E_CHAIN'],
      'approval',
      ['/head', documentDigest(instructions().signed)],
    ),
    seen('receipt-of-another-job', 'The receipt is of another job.', ['agreement', 'E_ACK'], 'receipt', [
      '/job',
      'vectors-2027',
    ]),
    seen('receipt-of-other-instructions', 'The receipt names other instructions.', ['agreement', 'E_ACK'], 'receipt', [
      '/instructions',
      other,
    ]),
    seen(
      'approval-from-the-future',
      'The approval is dated two hours after the entry that took it in.',
      ['time', 'E_CLOCK'],
      'approval',
      ['/time', at('11:00')],
    ),
    seen(
      'approval-within-the-hour',
      'The approval is dated an hour and a second after the entry that took it in.',
      ['time', 'E_CLOCK'],
      'approval',
      ['/time', '2026-03-10T10:00:01Z'],
    ),
    make.good(
      'seen/clocks-differ-by-an-hour',
      'The approval is dated an hour after the entry that took it in.',
      'approved',
      until(withStep(steps, 'approval', { edits: [['/time', at('10:00')]] }), 'approval'),
    ),
    make.good(
      'seen/older-head',
      'The validation names the head that its signer saw, two entries before.',
      'validated',
      until(
        withStep(steps, 'validation', {
          body: (chain: { heads: readonly string[] }) => ({
            ...stepBody(make, 'validation'),
            head: chain.heads.at(-3),
          }),
        }),
        'validation',
      ),
    ),
  ];
}

function stepBody(make: Maker, kind: Step['kind']): object {
  const body = make.steps.find((step) => step.kind === kind)?.body;
  return typeof body === 'object' ? body : {};
}

/** The receipt is of the honest chain; the delivery before it has another time. */
function rewrittenBehind(make: Maker): Step[] {
  const honestHead = documentDigest(
    make.entries(until(make.steps, 'delivery'), 'one').at(-1)?.signed ?? instructions().signed,
  );
  const steps = withStep(until(make.steps, 'receipt'), 'delivery', { time: at('10:01') });
  return withStep(steps, 'receipt', { edits: [['/head', honestHead]] });
}

/** The import of the second recipient. */
function importOfSecond(steps: readonly Step[]): Step {
  const step = steps.find(({ kind }) => kind === 'import') ?? own('import', at('12:00'), {});
  return { ...step, authors: ['recipient2'], body: importBody('recipient2') };
}

function stateVectors(make: Maker): MadeVector[] {
  const { steps } = make;
  const state = (
    name: string,
    what: string,
    code: string,
    list: readonly Step[],
    ...under: readonly string[]
  ): MadeVector => make.bad(`state/${name}`, what, ['state', code], list, ...under);
  const without = (kind: Step['kind'], last: Step['kind']): Step[] => until(withStep(steps, kind, undefined), last);
  const again = (kind: Step['kind']): Step[] => [...until(steps, kind), ...until(steps, kind).slice(-1)];
  const ended = { ...(steps.at(-1) as Step), edits: [['/basis', 'ended']] as const };
  const abort = own('abort', at('08:40'), { reason: 'given up' });
  return [
    state(
      'delivery-before-approval',
      'The delivery comes before the approval that gates it.',
      'E_WAITING',
      without('approval', 'delivery'),
    ),
    state(
      'receipt-before-delivery',
      'The receipt comes before the delivery.',
      'E_STATE',
      without('delivery', 'receipt'),
    ),
    state('import-before-receipt', 'The import comes before the receipt.', 'E_STATE', without('receipt', 'import')),
    state(
      'validation-before-import',
      'The validation comes before the import that gates the purge.',
      'E_STATE',
      without('import', 'validation'),
    ),
    state('purge-before-receipt', 'The purge comes before the receipt.', 'E_WAITING', [
      ...until(steps, 'delivery'),
      ...steps.slice(-1),
    ]),
    state('purge-before-validation', 'The purge comes before the validation.', 'E_WAITING', [
      ...until(steps, 'import'),
      ...steps.slice(-1),
    ]),
    state(
      'purge-after-partial-import',
      'The purge comes after an import of fewer rows.',
      'E_WAITING',
      [...withStep(until(steps, 'import'), 'import', { edits: [['/datasets/1/rows', 0]] }), ...steps.slice(-1)],
      'one',
    ),
    state(
      'purge-before-second-receipt',
      'The purge comes before the second recipient’s receipt.',
      'E_WAITING',
      [...until(make.stepsOfTwo, 'receipt'), ...steps.slice(-1)],
      'two-recipients',
    ),
    state('purge-before-delivery', 'The purge comes before the delivery.', 'E_STATE', [
      ...until(steps, 'approval'),
      ...steps.slice(-1),
    ]),
    state('purge-called-ended', 'The purge says that the job was ended, and it was not.', 'E_STATE', [
      ...until(steps, 'validation'),
      ended,
    ]),
    state(
      'delivery-before-extraction',
      'The delivery comes before the extraction.',
      'E_STATE',
      steps.slice(2, 3),
      'no-approval',
    ),
    state(
      'import-without-receipt-of-its-own',
      'A recipient reports an import, and only the other one has given a receipt.',
      'E_STATE',
      [...until(make.stepsOfTwo, 'receipt'), { ...importOfSecond(steps) }],
      'two-recipients',
    ),
    state(
      'purge-of-aborted-called-statements',
      'The purge of an aborted job says that every statement is there: they are, and the job had ended.',
      'E_STATE',
      [...until(steps, 'validation'), { ...abort, time: at('13:30') }, ...steps.slice(-1)],
    ),
    state('second-abort', 'The job is given up twice.', 'E_STATE', [...steps.slice(0, 1), abort, abort]),
    state('second-extraction', 'The job is extracted twice.', 'E_STATE', again('extraction')),
    state('second-approval', 'The same approval is taken in twice.', 'E_REPLAY', again('approval')),
    state('second-receipt', 'The same receipt is taken in twice.', 'E_REPLAY', again('receipt')),
    state('second-import', 'The same import is taken in twice.', 'E_REPLAY', again('import')),
    state('second-purge', 'The job is purged twice.', 'E_REPLAY', again('purge')),
    state(
      'approval-not-asked-for',
      'The instructions ask for no approval, and one is there.',
      'E_STATE',
      until(steps, 'approval'),
      'no-approval',
    ),
    state('delivery-after-abort', 'The delivery comes after the job was given up.', 'E_STATE', [
      ...until(steps, 'approval'),
      { ...abort, time: at('09:30') },
      ...steps.slice(2, 3),
    ]),
    state('abort-after-purge', 'The job is given up after the purge.', 'E_STATE', [
      ...steps,
      { ...abort, time: at('15:00') },
    ]),
  ];
}

function timeVectors(make: Maker): MadeVector[] {
  const { steps } = make;
  const time = (name: string, what: string, list: readonly Step[], ...under: readonly string[]): MadeVector =>
    make.bad(`time/${name}`, what, ['time', 'E_TIME'], list, ...under);
  const moved = (kind: Step['kind'], when: string): Step[] => until(withStep(steps, kind, { time: when }), kind);
  const deadline = (when: string): Step[] => [
    ...until(steps, 'delivery'),
    { ...(steps.at(-1) as Step), edits: [['/basis', 'deadline']], time: when },
  ];
  return [
    time(
      'extraction-before',
      'The extraction is a second before the instructions begin.',
      withStep(steps.slice(0, 1), 'extraction', {
        time: '2026-03-01T23:59:59Z',
        edits: [
          ['/started', '2026-03-01T23:59:59Z'],
          ['/finished', '2026-03-01T23:59:59Z'],
        ],
      }),
    ),
    time(
      'extraction-after',
      'The extraction is at the second of their end.',
      moved('extraction', '2026-06-01T00:00:00Z'),
    ),
    time('approval-after', 'The approval is given after their end.', moved('approval', '2026-06-01T00:00:00Z')),
    time('delivery-after', 'The delivery is made after their end.', moved('delivery', '2026-06-01T00:00:00Z')),
    time('receipt-after', 'The receipt is given after their end.', moved('receipt', '2026-06-02T00:00:00Z')),
    time(
      'extraction-begun-before',
      'The extraction began a second before the instructions, and ended in time.',
      withStep(steps.slice(0, 1), 'extraction', { edits: [['/started', '2026-03-01T23:59:59Z']] }),
    ),
    time(
      'extraction-ends-before-it-begins',
      'The extraction ended a second before it began.',
      withStep(steps.slice(0, 1), 'extraction', { edits: [['/finished', '2026-03-10T07:58:59Z']] }),
    ),
    time(
      'extraction-ends-after-its-entry',
      'The extraction ended a second after it was recorded.',
      withStep(steps.slice(0, 1), 'extraction', { edits: [['/finished', '2026-03-10T08:00:01Z']] }),
    ),
    make.good(
      'time/extraction-within-a-second',
      'The extraction began, ended and was recorded in one second.',
      'extracted',
      withStep(steps.slice(0, 1), 'extraction', { edits: [['/started', '2026-03-10T08:00:00Z']] }),
    ),
    make.good(
      'time/approval-taken-in-after',
      'The approval was given in time, and taken in after the end of the instructions.',
      'approved',
      withStep(until(steps, 'approval'), 'approval', {
        time: '2026-06-01T00:00:00Z',
        edits: [['/time', at('09:00')]],
      }),
    ),
    make.bad(
      'time/contract-expired',
      'The contract ended on the day before the extraction.',
      ['time', 'E_CONTRACT'],
      steps.slice(0, 1),
      'contract-ended',
    ),
    time('purge-before-deadline', 'The purge on the deadline is a second before it.', deadline('2026-04-30T23:59:59Z')),
    time(
      'purge-on-deadline-not-wanted',
      'The instructions keep the data at the deadline.',
      deadline('2026-05-02T00:00:00Z'),
      'keep-at-deadline',
    ),
  ];
}

const DATASET = '/datasets/0';
const DATES = '/datasets/1/dates';

/** Dates where several windows decide, and where dates are instants: the counts of a year are those of the first window's field. */
function joinedWindowVectors(make: Maker): MadeVector[] {
  const under = (name: string, ...edits: readonly Edit[]): readonly [readonly Step[], string] => [
    withStep(make.steps.slice(0, 1), 'extraction', { edits }),
    name,
  ];
  const good = (name: string, what: string, job: ReturnType<typeof under>): MadeVector =>
    make.good(`extraction/${name}`, what, 'extracted', ...job);
  const bad = (name: string, what: string, code: string, job: ReturnType<typeof under>): MadeVector =>
    make.bad(`extraction/${name}`, what, ['agreement', code], ...job);
  const earlier: readonly Edit[] = [
    [`${DATES}/years/0/kept`, 1],
    [`${DATES}/years/1/kept`, 49],
    [`${DATES}/firstKept`, '2015-12-31'],
  ];
  return [
    good(
      'all-windows',
      'Rows withheld for the date of the second window have one of the first.',
      under('all-windows', [`${DATES}/years/0/withheld`, 10]),
    ),
    bad(
      'all-windows-withheld',
      'More rows were withheld with a date than without one.',
      'E_COUNT',
      under('all-windows', [`${DATES}/years/0/withheld`, 11]),
    ),
    bad(
      'all-windows-kept',
      'A row was kept without the date of the first window.',
      'E_COUNT',
      under('all-windows', [`${DATES}/years/1/kept`, 49]),
    ),
    bad(
      'all-windows-outside',
      'A row was kept that lies outside the first window.',
      'E_SCOPE',
      under('all-windows', ...earlier),
    ),
    good(
      'any-window',
      'Rows were kept outside the first window, or without its date.',
      under('any-window', ...earlier, [`${DATES}/years/2/kept`, 30]),
    ),
    bad(
      'any-window-kept',
      'More rows were kept with a date than were kept.',
      'E_COUNT',
      under('any-window', [`${DATES}/years/1/kept`, 51]),
    ),
    bad(
      'any-window-withheld',
      'A row outside every window has no date of the first.',
      'E_COUNT',
      under('any-window', [`${DATES}/years/0/withheld`, 3]),
    ),
    bad(
      'any-window-field',
      'The dates are of the second window.',
      'E_MISMATCH',
      under('any-window', [`${DATES}/field`, 'FIN']),
    ),
    good(
      'instants',
      'The last instant that may leave is of the next day at the offset of the first bound.',
      under('instants'),
    ),
    bad(
      'instants-outside',
      'The last day lies after every instant that may leave.',
      'E_SCOPE',
      under('instants', [`${DATES}/lastKept`, '2024-03-01']),
    ),
  ];
}

function agreementVectors(make: Maker): MadeVector[] {
  const digest = digestOf(text('another file'));
  const [extraction] = make.entries(until(make.steps, 'extraction'), 'one').map(({ signed }) => signed.statement);
  const first = extraction?.kind === 'extraction' ? extraction.datasets[0] : undefined;
  return [
    ...make.agreement('extraction', [
      ['counts-do-not-close', 'A row read is counted nowhere.', 'E_COUNT', [`${DATASET}/counts/read`, 51]],
      [
        'column-beyond-the-list',
        'A column left that the allow-list does not name.',
        'E_SCOPE',
        [`${DATASET}/columns/kept/-`, 'PRENOM'],
      ],
      [
        'column-missing',
        'A column of the allow-list did not leave.',
        'E_SCOPE',
        [`${DATASET}/columns/kept`, ['number']],
      ],
      [
        'column-under-its-source-name',
        'A column left under its name in the source.',
        'E_SCOPE',
        [`${DATASET}/columns/kept`, ['NUMERO', 'NOM']],
      ],
      ['dataset-missing', 'A dataset of the instructions is missing.', 'E_COUNT', ['/datasets/1', undefined]],
      [
        'dataset-beyond-the-list',
        'A dataset that the instructions do not name.',
        'E_COUNT',
        ['/datasets/1/dataset', 'orders'],
      ],
      ['dataset-twice', 'A dataset is there twice.', 'E_COUNT', ['/datasets/-', first]],
      [
        'rows-above-ceiling',
        'More rows left than the ceiling allows.',
        'E_CEILING',
        [`${DATASET}/counts/read`, 1011],
        [`${DATASET}/counts/kept`, 1001],
      ],
      [
        'bytes-above-ceiling',
        'More bytes left than the ceiling allows.',
        'E_CEILING',
        [`${DATASET}/plaintext/bytes`, 100_001],
      ],
      [
        'file-name',
        'The file has another name than the format gives it.',
        'E_MISMATCH',
        [`${DATASET}/file/name`, 'patient.csv.sealed'],
      ],
      [
        'dates-without-window',
        'Dates are given of a dataset that has no window.',
        'E_MISMATCH',
        [`${DATASET}/dates`, { field: 'DATE', years: [] }],
      ],
      [
        'dates-of-another-field',
        'The dates are of another field than the window’s.',
        'E_MISMATCH',
        [`${DATES}/field`, 'PATIENT'],
      ],
      [
        'kept-years-do-not-sum',
        'The kept rows of the years are not the rows kept.',
        'E_COUNT',
        [`${DATES}/years/1/kept`, 51],
      ],
      [
        'withheld-years-do-not-sum',
        'The withheld rows of the years are not those that have a date.',
        'E_COUNT',
        [`${DATES}/years/0/withheld`, 5],
      ],
      ['years-do-not-rise', 'A year stands after a later one.', 'E_COUNT', [`${DATES}/years/0/year`, 2020]],
      ['year-twice', 'A year is there twice.', 'E_COUNT', [`${DATES}/years/0/year`, 2016]],
      [
        'year-without-rows',
        'A year has no row.',
        'E_COUNT',
        [`${DATES}/years/-`, { year: 2025, kept: 0, withheld: 0 }],
      ],
      [
        'first-date-of-another-year',
        'The first date is not in the first year with a row kept.',
        'E_COUNT',
        [`${DATES}/firstKept`, '2017-01-01'],
      ],
      [
        'last-date-of-another-year',
        'The last date is not in the last year with a row kept.',
        'E_COUNT',
        [`${DATES}/lastKept`, '2025-01-01'],
      ],
      ['last-date-alone', 'The last date is given without the first.', 'E_COUNT', [`${DATES}/firstKept`, undefined]],
      [
        'first-date-missing',
        'Rows were kept, and no first and last date is given.',
        'E_COUNT',
        [`${DATES}/firstKept`, undefined],
        [`${DATES}/lastKept`, undefined],
      ],
      [
        'kept-date-outside-the-window',
        'The first row kept is older than the window.',
        'E_SCOPE',
        [`${DATES}/years/0/kept`, 1],
        [`${DATES}/years/0/withheld`, 4],
        [`${DATES}/years/1/kept`, 49],
        [`${DATES}/firstKept`, '2015-12-31'],
      ],
      [
        'malformed-not-instructed',
        'A malformed row was left out, and the instructions refuse such rows.',
        'E_SCOPE',
        [`${DATASET}/counts/malformed`, 1],
        [`${DATASET}/counts/emptyDate`, 2],
      ],
      [
        'disposal-not-instructed',
        'A source is marked for deletion, and the instructions do not allow it.',
        'E_SCOPE',
        [`${DATASET}/source/dispose`, true],
      ],
      ['other-suite', 'The extraction used another suite than instructed.', 'E_SUITE', ['/suite', 'xwing-sealedbox']],
      [
        'digest-key-for-a-stranger',
        'The digest key is wrapped for somebody else as well.',
        'E_MISMATCH',
        ['/digestKey', digestKeyFor(make.fresh, ['recipient1', 'signer1', 'outsider'])],
      ],
      [
        'digest-key-without-signer',
        'The digest key is not wrapped for the laboratory’s signer.',
        'E_MISMATCH',
        ['/digestKey', digestKeyFor(make.fresh, ['recipient1'])],
      ],
      [
        'withheld-column-left',
        'A column of the allow-list, which leaves under another name, is named as withheld.',
        'E_SCOPE',
        [`${DATASET}/columns/withheld/-`, 'NUMERO'],
      ],
      [
        'withheld-column-of-the-second-left',
        'A column of the second dataset is named as withheld, and left.',
        'E_SCOPE',
        ['/datasets/1/columns/withheld', ['VALEUR']],
      ],
      [
        'other-source',
        'The extraction names another product than the instructions.',
        'E_MISMATCH',
        ['/source/product', 'Autre'],
      ],
    ]),
    ...joinedWindowVectors(make),
    make.good(
      'extraction/malformed-instructed',
      'A malformed row was left out, as the instructions allow.',
      'extracted',
      withStep(make.steps.slice(0, 1), 'extraction', {
        edits: [
          [`${DATASET}/counts/malformed`, 1],
          [`${DATASET}/counts/emptyDate`, 2],
        ],
      }),
      'malformed-may-stay',
    ),
    make.bad(
      'extraction/disposal-of-a-pipe',
      'A source is marked for deletion that was no file.',
      ['agreement', 'E_MISMATCH'],
      withStep(make.steps.slice(0, 1), 'extraction', {
        edits: [[`${DATASET}/source`, { kind: 'pipe', bytes: 12_000, dispose: true }]],
      }),
      'source-may-go',
    ),
    make.good(
      'extraction/withheld-column-called-like-an-output',
      'A withheld column of the source has the name under which another one leaves.',
      'extracted',
      withStep(make.steps.slice(0, 1), 'extraction', { edits: [[`${DATASET}/columns/withheld/-`, 'number']] }),
    ),
    ...make.agreement('approval', [
      ['rows', 'The approval is of other rows.', 'E_COUNT', [`${DATASET}/rows`, 41]],
      ['columns', 'The approval is of other columns.', 'E_COUNT', [`${DATASET}/columns`, ['number']]],
      ['dataset-missing', 'The approval leaves a dataset out.', 'E_COUNT', ['/datasets/1', undefined]],
      ['other-extraction', 'The approval is of another extraction.', 'E_MISMATCH', ['/extraction', digest]],
    ]),
    ...make.agreement('delivery', [
      ['digest', 'A delivered file has another digest.', 'E_MISMATCH', ['/files/0/digest', digest]],
      ['size', 'A delivered file has another size.', 'E_MISMATCH', ['/files/0/bytes', 3999]],
      ['file-missing', 'A file was not delivered.', 'E_MISMATCH', ['/files/1', undefined]],
      ['manifest-missing', 'The sealed manifest was not delivered.', 'E_MISMATCH', ['/files/2', undefined]],
      [
        'file-beyond',
        'A file was delivered that nobody extracted.',
        'E_MISMATCH',
        ['/files/-', { name: 'orders.csv.sealed', bytes: 1, digest, readBack: true }],
      ],
      ['other-server', 'The delivery went to another server.', 'E_MISMATCH', ['/server/host', 'ailleurs.example']],
      [
        'other-host-key',
        'The delivery names another host key than the pinned one.',
        'E_MISMATCH',
        ['/server/hostKey', `SHA256:${'A'.repeat(43)}`],
      ],
      [
        'other-account',
        'The delivery was made by another account than the operator’s.',
        'E_MISMATCH',
        ['/account', 'nouveau'],
      ],
      [
        'other-ssh-key',
        'The delivery was made with another SSH key than the operator’s.',
        'E_MISMATCH',
        ['/sshKey', `SHA256:${'A'.repeat(43)}`],
      ],
    ]),
    make.bad(
      'delivery/not-read-back',
      'A file was not read back, and the instructions ask for it.',
      ['agreement', 'E_MISMATCH'],
      until(withStep(make.steps, 'delivery', { edits: [['/files/1/readBack', false]] }), 'delivery'),
      'read-back',
    ),
    make.bad(
      'delivery/required-check-missing',
      'The instructions require a check that the delivery does not name.',
      ['agreement', 'E_MISMATCH'],
      until(withStep(make.steps, 'delivery', { edits: [['/checks', [{ check: 'swap', verdict: 'ok' }]]] }), 'delivery'),
      'requires-encryption',
    ),
    make.bad(
      'delivery/required-check-warns',
      'The instructions require a check of which the delivery says that it warned.',
      ['agreement', 'E_MISMATCH'],
      until(
        withStep(make.steps, 'delivery', { edits: [['/checks', [{ check: 'disk-encryption', verdict: 'warn' }]]] }),
        'delivery',
      ),
      'requires-encryption',
    ),
    make.bad(
      'delivery/check-twice',
      'The delivery names a check twice.',
      ['agreement', 'E_MISMATCH'],
      until(
        withStep(make.steps, 'delivery', {
          edits: [['/checks', ['ok', 'warn'].map((verdict) => ({ check: 'swap', verdict }))]],
        }),
        'delivery',
      ),
    ),
    make.good(
      'delivery/required-check-ok',
      'The delivery names the check that the instructions require, and others.',
      'delivered',
      until(
        withStep(make.steps, 'delivery', {
          edits: [
            [
              '/checks',
              [
                { check: 'password', verdict: 'ok' },
                { check: 'disk-encryption', verdict: 'ok' },
                { check: 'swap', verdict: 'warn' },
              ],
            ],
          ],
        }),
        'delivery',
      ),
      'requires-encryption',
    ),
    ...make.agreement('receipt', [
      ['digest', 'The receipt names another digest of a file.', 'E_ACK', [`${DATASET}/file/digest`, digest]],
      ['size', 'The receipt names another size of a file.', 'E_ACK', [`${DATASET}/file/bytes`, 1]],
      ['rows', 'The receipt names fewer rows.', 'E_ACK', [`${DATASET}/rows`, 39]],
      ['columns', 'The receipt names other columns.', 'E_ACK', [`${DATASET}/columns`, ['NOM', 'number']]],
      [
        'plaintext',
        'The receipt names another digest of the plaintext.',
        'E_ACK',
        [`${DATASET}/plaintext`, `hmac-sha256:${'0'.repeat(64)}`],
      ],
      ['dataset-missing', 'The receipt leaves a dataset out.', 'E_ACK', ['/datasets/1', undefined]],
    ]),
    ...make.agreement('import', [
      ['more-rows', 'The import names more rows than the receipt.', 'E_COUNT', [`${DATASET}/rows`, 41]],
      ['dataset-missing', 'The import leaves a dataset out.', 'E_COUNT', ['/datasets/0', undefined]],
    ]),
    ...make.agreement('validation', [
      ['more-rows', 'The validation names more rows than were extracted.', 'E_COUNT', [`${DATASET}/rows`, 41]],
      ['fewer-rows', 'The validation names fewer rows than were extracted.', 'E_COUNT', [`${DATASET}/rows`, 39]],
    ]),
    ...make.agreement('purge', [
      [
        'local-file-left-out',
        'The purge leaves out a file on the processor’s machine.',
        'E_MISMATCH',
        ['/local/0', undefined],
      ],
      [
        'manifest-left-out',
        'The purge leaves out the sealed manifest on the server.',
        'E_MISMATCH',
        ['/remote/2', undefined],
      ],
      ['remote-file-left-out', 'The purge leaves out a file on the server.', 'E_MISMATCH', ['/remote/1', undefined]],
    ]),
  ];
}

function witnessVectors(make: Maker): MadeVector[] {
  const entries = make.entries(make.steps, 'one');
  const receipt = { seq: 4, head: documentDigest(entries[3]?.signed ?? instructions().signed) };
  const start = { seq: 0, head: documentDigest(instructions().signed) };
  const rewritten = make.entries(withStep(make.steps, 'receipt', { time: at('11:01') }), 'one');
  return [
    accepted('witness/whole', 'The witness saw this chain after four entries.', lines(entries), {
      ...RUN,
      witness: receipt,
      state: 'purged',
    }),
    accepted('witness/at-the-end', 'The witness saw this very chain.', lines(entries.slice(0, 4)), {
      ...RUN,
      witness: receipt,
      state: 'received',
    }),
    accepted('witness/before-the-first', 'The witness saw the instructions alone.', lines(entries), {
      ...RUN,
      witness: start,
      state: 'purged',
    }),
    refused(
      'witness/tail-cut',
      'The tail that the witness saw is gone.',
      ['witness', 'E_CHAIN'],
      lines(entries.slice(0, 3)),
      { ...RUN, witness: receipt },
    ),
    refused('witness/everything-cut', 'Every entry is gone.', ['witness', 'E_CHAIN'], new Uint8Array(0), {
      ...RUN,
      witness: receipt,
    }),
    refused(
      'witness/rewritten',
      'The chain was written anew from the entry on that the witness saw; everything in it holds.',
      ['witness', 'E_CHAIN'],
      lines(rewritten),
      { ...RUN, witness: receipt },
    ),
  ];
}

/** Every vector of journals. */
export function journalFamily(fresh: FreshParts): Family {
  const make = new Maker(fresh);
  const files: MadeFile[] = Object.entries(make.versions).map(([name, document]) => ({
    path: `instructions/${name}.json`,
    content: new Uint8Array([...canonicalJson(document), 0x0a]),
  }));
  return {
    name: 'journals',
    files,
    vectors: [
      ...goodVectors(make),
      ...disposalVectors(make),
      ...lineVectors(make),
      ...chainVectors(make),
      ...roleVectors(make),
      ...seenVectors(make),
      ...stateVectors(make),
      ...timeVectors(make),
      ...agreementVectors(make),
      ...witnessVectors(make),
    ],
  };
}
