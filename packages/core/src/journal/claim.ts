/**
 * Claims: what a verified manifest says to a reader, as facts without words, and how far each goes. The words, in each language, are
 * the report's (packages/report).
 */
import type { UtcTime } from '../ids.ts';
import type { ExtractedDates } from '../statement.ts';
import type { DeadlineStanding } from './deadline.ts';

/** How far a claim goes: it follows from signatures and digests, one party says so, or nobody can say. */
export type Standing = 'proven' | 'attested' | 'unknown';

/** The questions that a reader has. */
export type ClaimGroup = 'authority' | 'extraction' | 'transfer' | 'acknowledgement' | 'deletion';

/** Who authorised it. */
type AuthorityFact =
  | {
      readonly says: 'instructions-signed';
      readonly lab: string;
      readonly version: number;
      readonly signers: readonly string[];
      readonly threshold: number;
    }
  | { readonly says: 'entries-signed'; readonly processor: string; readonly entries: number }
  | { readonly says: 'approval'; readonly signers: readonly string[] }
  | { readonly says: 'no-approval' }
  | { readonly says: 'revocation'; readonly signers: readonly string[]; readonly reason: string }
  | { readonly says: 'abort'; readonly processor: string; readonly reason: string }
  | { readonly says: 'true-time' };

/** What left, and what stayed. */
type ExtractionFact =
  | { readonly says: 'columns-kept'; readonly columns: number }
  | { readonly says: 'rows-kept'; readonly dataset: string; readonly rows: number }
  | { readonly says: 'rows-withheld'; readonly dataset: string; readonly rows: number; readonly read: number }
  | { readonly says: 'columns-withheld'; readonly dataset: string; readonly columns: number }
  /** Of the rows whose date in this field could be read. */
  | (ExtractedDates & { readonly says: 'rows-by-year'; readonly dataset: string })
  | { readonly says: 'no-extraction' }
  | { readonly says: 'source-completeness' };

/** Where it went. */
type TransferFact =
  | { readonly says: 'delivery'; readonly files: number; readonly host: string; readonly port: number }
  | { readonly says: 'no-delivery' | 'no-checks' }
  | { readonly says: 'checks'; readonly checks: number; readonly warned: readonly string[] }
  | DeadlineFact
  | { readonly says: 'other-copies' };

/** A deadline, by the times that the entries carry; `at` is the step's, or the last entry's where the step has not come. */
interface DeadlineFact {
  readonly says: 'deadline';
  readonly step: 'delivery' | 'purge';
  readonly due: UtcTime;
  readonly deadline: Extract<DeadlineStanding, 'kept' | 'missed' | 'passed'>;
  readonly at: UtcTime;
}

/** Who acknowledged it. A `witness` is another party that signed the head of the journal up to an entry. */
type AcknowledgementFact =
  | { readonly says: 'receipt'; readonly recipient: string }
  | { readonly says: 'no-receipt' | 'import' | 'no-import'; readonly recipient: string }
  | {
      readonly says: 'short-import';
      readonly recipient: string;
      readonly dataset: string;
      readonly loaded: number;
      readonly rows: number;
    }
  | { readonly says: 'validation'; readonly signers: readonly string[] }
  | { readonly says: 'witness'; readonly by: readonly string[]; readonly entries: number };

/** What was deleted. */
type DeletionFact =
  | { readonly says: 'purge'; readonly copies: number; readonly basis: 'statements' | 'deadline' | 'ended' }
  | { readonly says: 'no-purge' }
  | { readonly says: 'disposal'; readonly dataset: string; readonly outcome: 'deleted' | 'absent' }
  | DeadlineFact
  | { readonly says: 'traces' };

/** What a claim says. */
export type Fact = AuthorityFact | ExtractionFact | TransferFact | AcknowledgementFact | DeletionFact;

/** What signatures and digests can show. A deletion, the absence of copies, a true time or the completeness of the source is none of it. */
export type Provable = Extract<
  Fact,
  {
    readonly says:
      | 'instructions-signed'
      | 'entries-signed'
      | 'approval'
      | 'revocation'
      | 'columns-kept'
      | 'rows-kept'
      | 'receipt'
      | 'validation'
      | 'witness';
  }
>;

/** A claim without its group. */
export type Standpoint = (
  | { readonly standing: 'proven'; readonly fact: Provable }
  | { readonly standing: Exclude<Standing, 'proven'>; readonly fact: Fact }
) & {
  /** The journal entry that it rests on, by number, where there is one. */
  readonly entry?: number;
};

/** One claim. */
export type Claim = Standpoint & { readonly group: ClaimGroup };
