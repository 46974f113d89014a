/**
 * What a verified manifest says, claim by claim, and how far it goes: *proven* by signatures and digests, *attested* by one
 * party, or *unknown*. Deletion, the absence of other copies, true time and the completeness of the source are never proven.
 */
import { verifiedSigners } from '../envelope.ts';
import type { Fingerprint } from '../ids.ts';
import type { Delivery, EmbeddedStatement, Statement } from '../statement.ts';
import type { Claim, ClaimGroup, Fact, Provable, Standpoint } from './claim.ts';
import { deadlinesOf } from './deadline.ts';
import type { EntryDocument } from './entry.ts';
import { currentInstructions, type Story } from './replay.ts';

/** Every claim of a story, in the order of its groups. */
export function claimsOf(story: Story): Claim[] {
  const groups: readonly [ClaimGroup, Standpoint[]][] = [
    ['authority', authority(story)],
    ['extraction', extraction(story)],
    ['transfer', transfer(story)],
    ['acknowledgement', acknowledgement(story)],
    ['deletion', deletion(story)],
  ];
  return groups.flatMap(([group, standpoints]) => standpoints.map((standpoint) => ({ group, ...standpoint })));
}

function authority(story: Story): Standpoint[] {
  const { signed, signedBy, roster } = currentInstructions(story);
  const signers = [...signedBy].map((key) => roster.signers.get(key)?.name ?? key);
  const { threshold } = roster.document.signed;
  const { name: lab } = signed.lab;
  return [
    proven({ says: 'instructions-signed', lab, version: signed.version, signers, threshold }),
    proven({ says: 'entries-signed', processor: signed.processor.name, entries: story.entries.length }),
    ...(signed.gates.delivery.includes('approval') ? approvalClaim(story) : []),
    ...endClaims(story),
    unknown({ says: 'true-time' }),
  ];
}

function approvalClaim(story: Story): Standpoint[] {
  const found = embedded(story, 'approval');
  if (found === undefined) return [unknown({ says: 'no-approval' })];
  return [proven({ says: 'approval', signers: controllersOf(story, found.statement) }, found.entry)];
}

function endClaims(story: Story): Standpoint[] {
  const revocation = embedded(story, 'revocation');
  if (revocation !== undefined) {
    const { reason } = revocation.statement.document.signed;
    return [
      proven({ says: 'revocation', signers: controllersOf(story, revocation.statement), reason }, revocation.entry),
    ];
  }
  const abort = own(story, 'abort');
  if (abort === undefined) return [];
  const processor = currentInstructions(story).signed.processor.name;
  return [attested({ says: 'abort', processor, reason: abort.statement.reason }, abort.entry)];
}

function extraction(story: Story): Standpoint[] {
  const found = own(story, 'extraction');
  if (found === undefined) return [unknown({ says: 'no-extraction' })];
  const { entry, statement } = found;
  // What left was opened and counted by another party; what stayed, only the processor saw.
  const stated = story.progress.receipts.size > 0 ? proven : attested;
  const columns = statement.datasets.reduce((sum, { columns: { kept } }) => sum + kept.length, 0);
  return [
    stated({ says: 'columns-kept', columns }, entry),
    ...statement.datasets.flatMap(({ dataset, columns: { withheld }, counts: { read, kept }, dates }) => [
      stated({ says: 'rows-kept', dataset, rows: kept }, entry),
      attested({ says: 'rows-withheld', dataset, rows: read - kept, read }, entry),
      ...(dates === undefined ? [] : [attested({ says: 'rows-by-year', dataset, ...dates }, entry)]),
      attested({ says: 'columns-withheld', dataset, columns: withheld.length }, entry),
    ]),
    unknown({ says: 'source-completeness' }),
  ];
}

function transfer(story: Story): Standpoint[] {
  const found = own(story, 'delivery');
  if (found === undefined) return [unknown({ says: 'no-delivery' }), ...deadline(story, 'delivery')];
  const { server, files } = found.statement;
  return [
    attested({ says: 'delivery', files: files.length, host: server.host, port: server.port }, found.entry),
    checked(found.statement, found.entry),
    ...deadline(story, 'delivery'),
    unknown({ says: 'other-copies' }),
  ];
}

/** What the processor says that it looked at before it sent (F29). */
function checked({ checks = [] }: Delivery, entry: number): Standpoint {
  if (checks.length === 0) return unknown({ says: 'no-checks' });
  const warned = checks.filter(({ verdict }) => verdict === 'warn').map(({ check }) => check);
  return attested({ says: 'checks', checks: checks.length, warned }, entry);
}

function acknowledgement(story: Story): Standpoint[] {
  const { recipients } = currentInstructions(story);
  const validation = embedded(story, 'validation');
  return [
    ...[...recipients].flatMap(([key, { entry }]) => recipientClaims(story, key, entry.name)),
    ...(validation === undefined
      ? []
      : [proven({ says: 'validation', signers: controllersOf(story, validation.statement) }, validation.entry)]),
    ...witnessClaim(story),
  ];
}

function recipientClaims(story: Story, key: Fingerprint, recipient: string): Standpoint[] {
  const receipt = first(story.entries, isKind('receipt'), ({ document }) => document.signed.recipient === key);
  if (receipt === undefined) return [unknown({ says: 'no-receipt', recipient })];
  return [proven({ says: 'receipt', recipient }, receipt.entry), ...importClaims(story, key, recipient)];
}

/** What a recipient says of the rows it loaded; a statement of fewer than it received is a discrepancy, not an import. */
function importClaims(story: Story, key: Fingerprint, recipient: string): Standpoint[] {
  const found = first(
    story.entries.toReversed(),
    isKind('import'),
    ({ document }) => document.signed.recipient === key,
  );
  if (found === undefined) return [unknown({ says: 'no-import', recipient })];
  const { entry, statement } = found;
  if (story.progress.imports.has(key)) return [attested({ says: 'import', recipient }, entry)];
  return (story.progress.receipts.get(key)?.datasets ?? []).flatMap(({ dataset, rows }) => {
    const loaded = statement.document.signed.datasets.find((stated) => stated.dataset === dataset)?.rows ?? 0;
    return loaded === rows ? [] : [attested({ says: 'short-import', recipient, dataset, loaded, rows }, entry)];
  });
}

/** How much of the journal other parties have signed the head of: the processor can't have changed it since. */
function witnessClaim(story: Story): Standpoint[] {
  const seen = story.entries.flatMap(({ signed: { seq, statement } }) => {
    if (!('document' in statement)) return [];
    const entries = story.heads.get(statement.document.signed.head) ?? 0;
    return [{ entries, seq, by: authorsOf(story, statement) }];
  });
  const entries = Math.max(0, ...seen.map((witness) => witness.entries));
  const last = seen.find((witness) => witness.entries === entries);
  if (entries === 0 || last === undefined) return [];
  return [proven({ says: 'witness', by: last.by, entries }, last.seq)];
}

function deletion(story: Story): Standpoint[] {
  const purge = own(story, 'purge');
  if (purge === undefined) {
    return [unknown({ says: 'no-purge' }), ...disposals(story), ...deadline(story, 'purge')];
  }
  const { basis, local, remote } = purge.statement;
  return [
    attested({ says: 'purge', copies: local.length + remote.length, basis }, purge.entry),
    ...disposals(story),
    ...deadline(story, 'purge'),
    unknown({ says: 'traces' }),
  ];
}

function disposals({ entries }: Story): Standpoint[] {
  return entries.flatMap(({ signed: { seq, statement } }) => {
    if (statement.kind !== 'disposal') return [];
    const { dataset, outcome } = statement;
    return [attested({ says: 'disposal', dataset, outcome }, seq)];
  });
}

/** Times are the parties' own: a deadline is attested as kept or missed, by the last entry where the step is still to come. */
function deadline(story: Story, step: 'delivery' | 'purge'): Standpoint[] {
  const { entries, chain, progress } = story;
  if (chain.time === undefined || progress.extraction === undefined) return [];
  const { due, standing, entry } = deadlinesOf(story, chain.time)[step];
  if (standing !== 'kept' && standing !== 'missed' && standing !== 'passed') return [];
  const at = entry?.signed.time ?? chain.time;
  return [attested({ says: 'deadline', step, due, deadline: standing, at }, entry?.signed.seq ?? entries.length - 1)];
}

const resting = (entry: number | undefined): Pick<Standpoint, 'entry'> => (entry === undefined ? {} : { entry });
const proven = (fact: Provable, entry?: number): Standpoint => ({ standing: 'proven', fact, ...resting(entry) });
const attested = (fact: Fact, entry?: number): Standpoint => ({ standing: 'attested', fact, ...resting(entry) });
const unknown = (fact: Fact): Standpoint => ({ standing: 'unknown', fact });

interface Found<T extends Statement> {
  readonly entry: number;
  readonly statement: T;
}

const isKind =
  <K extends Statement['kind']>(kind: K) =>
  (statement: Statement): statement is Extract<Statement, { kind: K }> =>
    statement.kind === kind;

function own<K extends Statement['kind']>(
  { entries }: Story,
  kind: K,
): Found<Extract<Statement, { kind: K }>> | undefined {
  return first(entries, isKind(kind));
}

const embedded: <K extends EmbeddedStatement['kind']>(
  story: Story,
  kind: K,
) => Found<Extract<EmbeddedStatement, { kind: K }>> | undefined = own;

function first<T extends Statement>(
  entries: readonly EntryDocument[],
  is: (statement: Statement) => statement is T,
  which: (statement: T) => boolean = () => true,
): Found<T> | undefined {
  for (const { signed } of entries) {
    if (is(signed.statement) && which(signed.statement)) return { entry: signed.seq, statement: signed.statement };
  }
  return undefined;
}

/** Who signed it for the laboratory. */
function controllersOf(story: Story, { document }: EmbeddedStatement): string[] {
  const { signers } = currentInstructions(story).roster;
  return [...verifiedSigners(document, signers)].map((key) => signers.get(key)?.name ?? key);
}

function authorsOf(story: Story, statement: EmbeddedStatement): string[] {
  if (statement.kind !== 'receipt' && statement.kind !== 'import') return controllersOf(story, statement);
  const { recipient } = statement.document.signed;
  return [currentInstructions(story).recipients.get(recipient)?.entry.name ?? recipient];
}
