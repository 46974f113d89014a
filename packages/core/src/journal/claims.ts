/**
 * What a verified manifest says, claim by claim, and how far it goes: *proven* by signatures and digests, *attested* by one
 * party, or *unknown*. Deletion, the absence of other copies, true time and the completeness of the source are never proven.
 */
import type { Fingerprint, UtcTime } from '../ids.ts';
import type { Delivery } from '../statement.ts';
import { type Deadline, deadlinesOf } from './deadline.ts';
import type { EntryDocument } from './entry.ts';
import { currentInstructions, procedureOf, type Story } from './replay.ts';
import { waitingFor } from './state.ts';

/** How far a claim goes. */
export type Standing = 'proven' | 'attested' | 'unknown';

/** The questions that a reader has. */
export type ClaimGroup = 'authority' | 'extraction' | 'transfer' | 'acknowledgement' | 'deletion';

/** One claim, the standing of it, and the journal entry it rests on (by number), where there is one. */
export interface Claim {
  readonly group: ClaimGroup;
  readonly standing: Standing;
  readonly claim: string;
  readonly entry?: number;
}

/** Every claim of a story, in the order of its groups. */
export function claimsOf(story: Story): Claim[] {
  return [...authority(story), ...extraction(story), ...transfer(story), ...acknowledgement(story), ...deletion(story)];
}

function authority(story: Story): Claim[] {
  const { signed, signedBy, roster } = currentInstructions(story);
  const names = [...signedBy].map((key) => roster.signers.get(key)?.name ?? key).join(', ');
  const approval = entryOf(story, 'approval');
  const approvalClaims: Claim[] = signed.gates.delivery.includes('approval')
    ? [
        approval === undefined
          ? { group: 'authority', standing: 'unknown', claim: 'the laboratory has not approved the extraction' }
          : {
              group: 'authority',
              standing: 'proven',
              claim: 'the laboratory approved the extraction, its rows and columns',
              entry: approval.signed.seq,
            },
      ]
    : [];
  return [
    { group: 'authority', standing: 'proven', claim: `${signed.lab.name} signed these instructions (${names})` },
    {
      group: 'authority',
      standing: 'proven',
      claim: `every entry is signed by an operator of ${signed.processor.name} that they name`,
    },
    ...approvalClaims,
    ...endClaims(story),
  ];
}

function endClaims(story: Story): Claim[] {
  const revocation = entryOf(story, 'revocation');
  if (revocation !== undefined) {
    const claim = 'the laboratory revoked the job';
    return [{ group: 'authority', standing: 'proven', claim, entry: revocation.signed.seq }];
  }
  const abort = entryOf(story, 'abort');
  if (abort === undefined) return [];
  const claim = `${currentInstructions(story).signed.processor.name} gave the job up`;
  return [{ group: 'authority', standing: 'attested', claim, entry: abort.signed.seq }];
}

function extraction(story: Story): Claim[] {
  const entry = entryOf(story, 'extraction');
  const statement = story.progress.extraction?.statement;
  if (entry === undefined || statement === undefined) {
    return [{ group: 'extraction', standing: 'unknown', claim: 'nothing was extracted yet' }];
  }
  const at = entry.signed.seq;
  // What left was opened and counted by another party; what stayed, only the processor saw.
  const standing: Standing = story.progress.receipts.size > 0 ? 'proven' : 'attested';
  return [
    {
      group: 'extraction',
      standing,
      claim: 'the columns that left are those of the signed list, and no other',
      entry: at,
    },
    ...statement.datasets.flatMap(({ dataset, counts: { read, kept } }): Claim[] => [
      { group: 'extraction', standing, claim: `${dataset}: ${kept} rows left`, entry: at },
      {
        group: 'extraction',
        standing: 'attested',
        claim: `${dataset}: ${read - kept} of ${read} rows stayed, each counted under one reason`,
        entry: at,
      },
    ]),
    { group: 'extraction', standing: 'unknown', claim: 'whether the source held everything that the laboratory has' },
  ];
}

function transfer(story: Story): Claim[] {
  const { delivery } = story.progress;
  const at = entryOf(story, 'delivery')?.signed.seq;
  if (delivery === undefined || at === undefined)
    return [
      { group: 'transfer', standing: 'unknown', claim: 'nothing was delivered yet' },
      ...deadline(story, 'delivery'),
    ];
  const { host, port } = delivery.server;
  return [
    {
      group: 'transfer',
      standing: 'attested',
      claim: `${delivery.files.length} sealed files went to ${host}:${port}, whose host key is the pinned one`,
      entry: at,
    },
    checked(delivery, at),
    ...deadline(story, 'delivery'),
    { group: 'transfer', standing: 'unknown', claim: 'whether other copies of the sealed files exist' },
  ];
}

/** What the processor says that it looked at before it sent (F29). */
function checked({ checks = [] }: Delivery, entry: number): Claim {
  const group = 'transfer';
  if (checks.length === 0) {
    return { group, standing: 'unknown', claim: 'how the server and the sending machine were set up' };
  }
  const warned = checks.filter(({ verdict }) => verdict === 'warn').map(({ check }) => check);
  const but = warned.length === 0 ? 'all of them ok' : `with a warning for: ${warned.join(', ')}`;
  return {
    group,
    standing: 'attested',
    claim: `${checks.length} checks of the server and the sending machine before the delivery, none failed, ${but}`,
    entry,
  };
}

/** What a recipient says of the rows it loaded; a statement of fewer than it received is a discrepancy, not an import. */
function importClaims({ progress, entries }: Story, recipient: Fingerprint, name: string): Claim[] {
  const group = 'acknowledgement';
  const entry = entries.findLast(
    ({ signed: { statement } }) => statement.kind === 'import' && statement.document.signed.recipient === recipient,
  );
  const statement = entry?.signed.statement;
  if (entry === undefined || statement?.kind !== 'import') {
    return [{ group, standing: 'unknown', claim: `${name} has not stated what it loaded` }];
  }
  const { seq } = entry.signed;
  if (progress.imports.has(recipient)) {
    return [{ group, standing: 'attested', claim: `${name} loaded every row into the new system`, entry: seq }];
  }
  return (progress.receipts.get(recipient)?.datasets ?? []).flatMap(({ dataset, rows }): Claim[] => {
    const loaded = statement.document.signed.datasets.find((stated) => stated.dataset === dataset)?.rows ?? 0;
    if (loaded === rows) return [];
    return [
      {
        group,
        standing: 'attested',
        claim: `${name} loaded ${loaded} of the ${rows} rows of ${dataset}; the rest is missing`,
        entry: seq,
      },
    ];
  });
}

function acknowledgement(story: Story): Claim[] {
  const { recipients } = currentInstructions(story);
  const { receipts, validation } = story.progress;
  const name = (key: Fingerprint): string => recipients.get(key)?.entry.name ?? key;
  const claims: Claim[] = [];
  for (const key of recipients.keys()) {
    claims.push(
      receipts.has(key)
        ? {
            group: 'acknowledgement',
            standing: 'proven',
            claim: `${name(key)} opened and checked every file`,
            ...entryNumber(story, 'receipt', key),
          }
        : { group: 'acknowledgement', standing: 'unknown', claim: `${name(key)} has given no receipt` },
    );
    if (receipts.has(key)) claims.push(...importClaims(story, key, name(key)));
  }
  const at = entryOf(story, 'validation')?.signed.seq;
  if (validation !== undefined && at !== undefined) {
    claims.push({
      group: 'acknowledgement',
      standing: 'proven',
      claim: 'the laboratory validated the result',
      entry: at,
    });
  }
  return claims;
}

function deletion(story: Story): Claim[] {
  const purge = entryOf(story, 'purge');
  const { purge: statement } = story.progress;
  if (purge === undefined || statement === undefined) {
    const missing = waitingFor(story.progress, procedureOf(currentInstructions(story)));
    const next = [...new Set(missing.map(({ kind }) => kind))].join(', ');
    const claim = `nothing was purged; the job waits for: ${next}`;
    return [{ group: 'deletion', standing: 'unknown', claim }, ...deadline(story, 'purge')];
  }
  const files = statement.local.length + statement.remote.length;
  return [
    {
      group: 'deletion',
      standing: 'attested',
      claim: `${files} copies were deleted, here and on the server, and looked for again`,
      entry: purge.signed.seq,
    },
    ...deadline(story, 'purge'),
    {
      group: 'deletion',
      standing: 'unknown',
      claim: 'whether the storage still holds traces, or somebody kept a copy',
    },
  ];
}

/** Times are the parties' own: a deadline is attested as kept or missed, by the last entry where the step is still to come. */
function deadline(story: Story, step: 'delivery' | 'purge'): Claim[] {
  const { entries, chain, progress } = story;
  if (chain.time === undefined || progress.extraction === undefined) return [];
  const found = deadlinesOf(story, chain.time)[step];
  const claim = deadlineClaim(step, found, chain.time);
  const group = step === 'delivery' ? 'transfer' : 'deletion';
  const entry = found.entry?.signed.seq ?? entries.length - 1;
  return claim === undefined ? [] : [{ group, standing: 'attested', claim, entry }];
}

function deadlineClaim(
  step: 'delivery' | 'purge',
  { due, standing, entry }: Deadline,
  last: UtcTime,
): string | undefined {
  if (standing === 'passed') return `the ${step} was due by ${due}, and none is recorded up to ${last}`;
  if (entry === undefined) return undefined;
  const { statement, time } = entry.signed;
  if (standing === 'missed') return `the ${step} of ${time} missed its deadline of ${due}`;
  return statement.kind === 'purge' && statement.basis === 'deadline'
    ? `the ${step} of ${time} came on its deadline of ${due}, without every statement that gates it`
    : `the ${step} of ${time} kept its deadline of ${due}`;
}

function entryOf(story: Story, kind: EntryDocument['signed']['statement']['kind']): EntryDocument | undefined {
  return story.entries.find((entry) => entry.signed.statement.kind === kind);
}

function entryNumber(story: Story, kind: 'receipt' | 'import', recipient: Fingerprint): { entry?: number } {
  const entry = story.entries.findLast(
    ({ signed: { statement } }) => statement.kind === kind && statement.document.signed.recipient === recipient,
  );
  return entry === undefined ? {} : { entry: entry.signed.seq };
}
