/** Each claim in English, and why it stands as it does. */
import type { Claim, Fact } from '@sealift/core/claims';
import { english } from '../language/english.ts';
import type { ClaimWords } from './words.ts';

const { text: en, day, moment, list, count } = english;

/** A claim in words. */
export function englishClaim({ fact, standing }: Claim): ClaimWords {
  return { claim: saying(fact), reason: because(fact, standing) };
}

function saying(fact: Fact): string {
  switch (fact.says) {
    case 'instructions-signed':
      return en`${fact.lab} signed these instructions (version ${fact.version}): ${list(fact.signers)}.`;
    case 'entries-signed':
      return en`Every entry of the journal (${fact.entries}) is signed by a person or service of ${fact.processor} that the instructions name.`;
    case 'approval':
      return 'The laboratory approved the extraction, its rows and columns.';
    case 'no-approval':
      return 'The laboratory has not approved the extraction.';
    case 'revocation':
      return en`The laboratory revoked the job: ${fact.reason}`;
    case 'abort':
      return en`${fact.processor} gave the job up: ${fact.reason}`;
    case 'true-time':
      return 'Whether the clocks were right.';
    case 'columns-kept':
      return en`The columns that left (${fact.columns}) are those of the signed list, and no other.`;
    case 'rows-kept':
      return en`${fact.dataset}: ${count(fact.rows, 'row')} left.`;
    case 'rows-withheld':
      return en`${fact.dataset}: ${fact.rows} of ${count(fact.read, 'row')} stayed, each counted under one reason.`;
    case 'columns-withheld':
      return en`${fact.dataset}: ${count(fact.columns, 'column')} of the source stayed.`;
    case 'rows-by-year':
      return byYear(fact);
    case 'no-extraction':
      return 'Nothing was extracted.';
    case 'source-completeness':
      return 'Whether the source held everything that the laboratory has.';
    case 'delivery':
      return en`${count(fact.files, 'sealed file')} went to ${fact.host}, port ${String(fact.port)}, whose key is the one in the instructions.`;
    case 'no-checks':
      return 'How the server and the sending machine were set up.';
    case 'checks':
      return checks(fact);
    case 'no-delivery':
      return 'Nothing was delivered.';
    case 'deadline':
      return deadline(fact);
    case 'other-copies':
      return 'Whether other copies of the sealed files exist.';
    case 'receipt':
    case 'no-receipt':
    case 'import':
    case 'no-import':
      return recipientSaying(fact);
    case 'short-import':
      return en`${fact.recipient} loaded ${fact.loaded} of the ${count(fact.rows, 'row')} of ${fact.dataset}; the rest is missing.`;
    case 'validation':
      return 'The laboratory validated the result.';
    case 'witness':
      return witness(fact);
    case 'purge':
      return en`The processor’s copies (${fact.copies}) were deleted, on its machine and on the server, and looked for again.`;
    case 'no-purge':
      return 'Nothing was purged.';
    case 'disposal':
      return disposal(fact);
    case 'traces':
      return 'Whether the storage still holds traces, or somebody kept a copy.';
  }
}

function witness(fact: Extract<Fact, { says: 'witness' }>): string {
  if (fact.entries === 1) {
    return en`The first entry is the one that ${list(fact.by)} saw and signed; it can’t have been rewritten since.`;
  }
  return en`The first ${fact.entries} entries are those that ${list(fact.by)} saw and signed; they can’t have been rewritten since.`;
}

/** The days of what left, and the years of what stayed; the number of each year is in the report. */
function byYear({ dataset, field, years, firstKept, lastKept }: Extract<Fact, { says: 'rows-by-year' }>): string {
  const left =
    firstKept === undefined || lastKept === undefined
      ? 'no row with a date left'
      : en`the rows that left are of ${day(firstKept)} to ${day(lastKept)}`;
  const stayed = years.filter(({ withheld }) => withheld > 0).map(({ year }) => String(year));
  const [first, last] = [stayed[0], stayed.at(-1)];
  if (first === undefined || last === undefined) return en`${dataset}, by ${field}: ${left}; none with a date stayed.`;
  return en`${dataset}, by ${field}: ${left}; those that stayed are of ${first === last ? first : en`${first} to ${last}`}.`;
}

type RecipientFact = Extract<Fact, { says: 'receipt' | 'no-receipt' | 'import' | 'no-import' }>;

function recipientSaying(fact: RecipientFact): string {
  switch (fact.says) {
    case 'receipt':
      return en`${fact.recipient} opened and checked every file.`;
    case 'no-receipt':
      return en`${fact.recipient} has given no receipt.`;
    case 'import':
      return en`${fact.recipient} loaded every row into the new system.`;
    case 'no-import':
      return en`${fact.recipient} has not stated what it loaded.`;
  }
}

function checks(fact: Extract<Fact, { says: 'checks' }>): string {
  return fact.warned.length === 0
    ? en`${count(fact.checks, 'check')} of the server and the sending machine before the delivery, every one passed.`
    : en`${count(fact.checks, 'check')} of the server and the sending machine before the delivery, none failed, with a warning for: ${list(fact.warned)}.`;
}

function disposal(fact: Extract<Fact, { says: 'disposal' }>): string {
  return fact.outcome === 'deleted'
    ? en`${fact.dataset}: the source file was deleted.`
    : en`${fact.dataset}: the source file was gone already when it was to be deleted.`;
}

function deadline({ step, due, deadline: standing, at }: Extract<Fact, { says: 'deadline' }>): string {
  const name = `The ${step}`;
  if (standing === 'passed') return en`${name} was due by ${moment(due)}, and none is recorded up to ${moment(at)}.`;
  const verb = standing === 'kept' ? 'kept' : 'missed';
  return en`${name} of ${moment(at)} ${verb} its deadline of ${moment(due)}.`;
}

const ONLY_PROCESSOR = 'Only the processor says so; nobody else could see it.';
const NO_STATEMENT = 'The journal holds no such statement.';

function because(fact: Fact, standing: Claim['standing']): string {
  switch (fact.says) {
    case 'instructions-signed':
      return en`The signatures hold under the laboratory’s roster, which asks for ${fact.threshold}.`;
    case 'entries-signed':
      return 'Each signature was checked, and the chain of digests that joins the entries.';
    case 'approval':
    case 'revocation':
    case 'validation':
      return en`Signed for the laboratory by ${list(fact.signers)}.`;
    case 'abort':
      return 'The processor says so, and why.';
    case 'true-time':
      return 'Each time is the one that its signer’s own clock gave; nothing here can check it.';
    case 'columns-kept':
    case 'rows-kept':
      return standing === 'proven'
        ? 'The processor stated it, and a recipient opened the files, counted again and signed the same.'
        : 'Only the processor says so; no recipient has opened the files yet.';
    case 'rows-withheld':
    case 'rows-by-year':
    case 'columns-withheld':
      return ONLY_PROCESSOR;
    case 'source-completeness':
      return 'The source came from the old system; nothing here can tell what it lacked.';
    case 'delivery':
      return 'The processor says so; the files are those of the extraction, by size and digest.';
    case 'deadline':
      return 'By the times that the entries carry, which are the processor’s own.';
    case 'other-copies':
    case 'traces':
      return 'The absence of something can’t be shown from afar.';
    case 'receipt':
      return 'Its signed receipt names the same files, rows, columns and digests as the extraction.';
    case 'import':
    case 'short-import':
      return 'Only the recipient says so, over its signature.';
    case 'witness':
      return 'Another party signed the digest of the journal at that point, and it leads to the same entries.';
    case 'purge':
    case 'disposal':
      return 'Only the processor says so; a deletion can’t be proven.';
    case 'checks':
      return ONLY_PROCESSOR;
    case 'no-checks':
    case 'no-approval':
    case 'no-extraction':
    case 'no-delivery':
    case 'no-receipt':
    case 'no-import':
    case 'no-purge':
      return NO_STATEMENT;
  }
}
